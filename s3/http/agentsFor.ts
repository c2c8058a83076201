import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect, isIP } from 'node:net';
import type { OnReadOpts, Socket, TcpNetConnectOpts } from 'node:net';
import * as tls from 'node:tls';
import type { Agents, Origin } from './Agents';
import type { Connection } from '../Connection';
import { mayHaveProxy } from './proxy';
import { proxyAgents } from './proxyAgents';

/** Milliseconds to wait for a TCP and TLS connection. */
export const CONNECT_TIMEOUT = 10_000;
/** Milliseconds without a byte in either direction after which a connection is given up. */
export const IDLE_TIMEOUT = 120_000;

/** Milliseconds; less than the time for the whole way, so that it is the proxy which is named. */
const PROXY_TIMEOUT = CONNECT_TIMEOUT - 1_000;

const MAX_SOCKETS = 64;
/** Milliseconds that an unused connection is kept for the next request. */
export const KEEP_ALIVE = 60_000;

type LookupCallback = (
	error: NodeJS.ErrnoException | null,
	address: string | LookupAddress[],
	family?: number,
) => void;

/** `bucket.localhost` is loopback (RFC 6761, section 6.3), which not every system resolver knows. */
function lookup(hostname: string, options: LookupOptions, callback: LookupCallback): void {
	systemLookup(hostname.endsWith('.localhost') ? 'localhost' : hostname, options, callback);
}

/** `ca` replaces Node's own list, so a further authority is put beside those already trusted. */
function trustOf(caCertificate: string | undefined): { ca?: string[] } {
	if (caCertificate === undefined) return {};
	// Node 22.15 and later also name what NODE_EXTRA_CA_CERTS added.
	const trusted: readonly string[] =
		'getCACertificates' in tls
			? (tls.getCACertificates as (type: string) => string[])('default')
			: tls.rootCertificates;
	return { ca: [...trusted, caCertificate] };
}

/** Keep-alive agents for one connection, with its proxy and its TLS settings. */
export async function agentsFor(connection: Connection): Promise<Agents> {
	const pool = { keepAlive: true, maxSockets: MAX_SOCKETS, timeout: KEEP_ALIVE };
	const tlsSettings = {
		...trustOf(connection.caCertificate),
		minVersion: 'TLSv1.2' as const,
		rejectUnauthorized: !connection.ignoreSslIssues,
	};
	const direct = {
		httpAgent: new HttpAgent({ ...pool, lookup }),
		httpsAgent: new HttpsAgent({ ...pool, lookup, ...tlsSettings }),
		openSocketTo: (to: Origin) => (onread: OnReadOpts) =>
			openSocket(to, { lookup, onread }, tlsSettings),
	};
	const settings = connection.proxy;
	if (!mayHaveProxy(settings)) return direct;
	const options = { ...pool, ...tlsSettings, connectTimeout: PROXY_TIMEOUT };
	return proxyAgents(settings, direct, options, await import('../sdk'));
}

/** A connection to a server, for https with TLS. */
function openSocket(
	{ secure, host, port }: Origin,
	options: Pick<TcpNetConnectOpts, 'lookup' | 'onread'>,
	tlsSettings: tls.ConnectionOptions,
): Socket {
	const to = { ...options, host, port };
	if (!secure) return connect(to);
	const name = isIP(host) === 0 ? { servername: host } : {};
	return tls.connect({ ...to, ...tlsSettings, ...name });
}
