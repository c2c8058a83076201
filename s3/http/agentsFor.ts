import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import * as tls from 'node:tls';
import type { Agents, OpenSocket, Origin } from './Agents';
import type { Connection } from '../Connection';
import { LruMap } from '../LruMap';
import { egressFor } from './egress';
import type { Egress } from './egress';
import { guarded } from './guardedAgent';
import { mayHaveProxy } from './proxy';
import { proxyAgents } from './proxyAgents';

/** Milliseconds to wait for a connection, with TLS. */
export const CONNECT_TIMEOUT = 10_000;
/** Milliseconds without a byte in either direction after which a connection is given up. */
export const IDLE_TIMEOUT = 120_000;
/** Milliseconds that an unused connection is kept for the next request. */
export const KEEP_ALIVE = 60_000;

/** Milliseconds; less than `CONNECT_TIMEOUT`, so that the error names the proxy and not the server. */
const PROXY_TIMEOUT = CONNECT_TIMEOUT - 1_000;
/** Sockets of an agent to one server. */
const MAX_SOCKETS = 64;
/** Sockets of an agent to all servers: on AWS each bucket is one. */
const MAX_TOTAL_SOCKETS = 128;
/** Servers of which a TLS session is kept. */
const MAX_SESSIONS = 64;

/** The authorities to trust: `ca` replaces Node's own list, so a further one is added to that. */
function trustOf(caCertificate: string | undefined): { ca?: string[] } {
	if (caCertificate === undefined) return {};
	// Node 22.15 and later also name what NODE_EXTRA_CA_CERTS added.
	const trusted: readonly string[] =
		'getCACertificates' in tls
			? (tls.getCACertificates as (type: string) => string[])('default')
			: tls.rootCertificates;
	return { ca: [...trusted, caCertificate] };
}

/**
 * Makes the keep-alive agents of a connection.
 * @param servers the rules for the servers that are asked, if they are not those of the connection, which its proxy
 * always goes by
 * @see https://nodejs.org/api/http.html#class-httpagent
 */
export async function agentsFor(
	connection: Pick<Connection, 'proxy' | 'caCertificate' | 'ignoreSslIssues' | 'egress'>,
	servers: Pick<Connection, 'egress'> = connection,
): Promise<Agents> {
	const pool = {
		keepAlive: true,
		maxSockets: MAX_SOCKETS,
		maxTotalSockets: MAX_TOTAL_SOCKETS,
		timeout: KEEP_ALIVE,
	};
	const tlsSettings = {
		...trustOf(connection.caCertificate),
		minVersion: 'TLSv1.2' as const,
		rejectUnauthorized: !connection.ignoreSslIssues,
	};
	const egress = egressFor(servers.egress);
	const { lookup } = egress;
	const withoutProxy = {
		httpAgent: guarded(refusing(new HttpAgent({ ...pool, lookup }), egress)),
		httpsAgent: guarded(refusing(new HttpsAgent({ ...pool, lookup, ...tlsSettings }), egress)),
		openSocketTo: socketOpener(tlsSettings, egress),
	};
	const settings = connection.proxy;
	if (!mayHaveProxy(settings)) return withoutProxy;
	const options = {
		...pool,
		...tlsSettings,
		connectTimeout: PROXY_TIMEOUT,
		egress: { toServers: egress, toProxy: egressFor(connection.egress) },
	};
	return proxyAgents(settings, withoutProxy, options, await import('../sdk'));
}

/** The method that opens a connection, as agents have it. */
interface Connecting {
	createConnection(
		options: { host?: string },
		callback?: (error: Error) => void,
	): Duplex | null | undefined;
}

/** Makes an agent check hosts that are addresses, which Node does not look up. */
function refusing<A extends HttpAgent>(agent: A, { refusalOf }: Egress): A {
	const connecting = agent as unknown as Connecting;
	const createConnection = connecting.createConnection.bind(agent);
	connecting.createConnection = (options, callback) => {
		const refusal = refusalOf(options.host ?? '');
		if (refusal === undefined) return createConnection(options, callback);
		callback?.(refusal);
		return undefined;
	};
	return agent;
}

/** Opens sockets to servers; those to one server share its last TLS session, as those of Node's agents do. */
function socketOpener(
	tlsSettings: tls.ConnectionOptions,
	{ lookup, refusalOf }: Egress,
): (to: Origin) => OpenSocket | undefined {
	const sessions = new LruMap<string, Buffer>(MAX_SESSIONS);
	return ({ secure, host, port }) => {
		// The HTTP client fails with the right error.
		if (refusalOf(host) !== undefined) return undefined;
		return (onread) => {
			const to = { lookup, onread, host, port };
			if (!secure) return connect(to);
			const id = `${host}:${port}`;
			const session = sessions.get(id);
			const socket = tls.connect({
				...to,
				...tlsSettings,
				...(isIP(host) === 0 && { servername: host }),
				...(session && { session }),
			});
			socket.on('session', (next) => {
				sessions.set(id, next);
			});
			// It may be the session that the server does not accept.
			socket.once('error', () => sessions.delete(id));
			return socket;
		};
	};
}
