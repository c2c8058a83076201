import { once } from 'node:events';
import { Agent as HttpAgent } from 'node:http';
import type { ClientRequest, IncomingHttpHeaders, RequestOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { AgentOptions } from 'node:https';
import { connect, isIP } from 'node:net';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import type { Agents } from './Agents';
import type { ProxySettings } from '../Connection';
import { ProxyError } from '../errors/proxyError';
import { secretsOf } from '../errors/withoutSecrets';
import type { Egress } from './egress';
import { guarded } from './guardedAgent';
import { ProxiedNames } from './proxiedNames';
import { proxyFor, proxyLogins } from './proxy';
import type { Proxy } from './proxy';

type Sdk = typeof import('../sdk');

/** How connections to proxies are made. */
interface ProxyOptions extends AgentOptions {
	/** Milliseconds to wait for a connection to a proxy and for the tunnel through it. */
	readonly connectTimeout: number;
	/** What may be connected to: servers, by proxies as well, and proxies of a credential. */
	readonly egress: { readonly toServers: Egress; readonly toProxy: Egress };
}

/**
 * Makes agents that send each request through the proxy for its server, if there is one.
 * @param withoutProxy agents for requests that need no proxy
 * @param options of the pool and of TLS, for proxies and for the servers that tunnels lead to
 */
export function proxyAgents(
	settings: ProxySettings,
	withoutProxy: Agents,
	options: ProxyOptions,
	sdk: Sdk,
): Agents {
	const { egress, ...pool } = options;
	const names = new ProxiedNames(egress.toServers);
	const isOfCredential = settings.kind === 'custom';
	const way = { ...pool, egress: { ...egress, names }, isOfCredential };
	const proxyTo = (url: string) => proxyFor(settings, url, sdk.getProxyForUrl);
	const toHttp = byProxy(proxyTo, 'http', withoutProxy.httpAgent, (proxy) =>
		forwardingAgent(proxy, way, sdk),
	);
	const toHttps = byProxy(proxyTo, 'https', withoutProxy.httpsAgent, (proxy) =>
		tunnelAgent(proxy, way, sdk),
	);
	return {
		httpAgent: routing(new HttpAgent(pool), egress.toServers, withoutProxy.httpAgent, toHttp),
		httpsAgent: routing(new HttpsAgent(pool), egress.toServers, withoutProxy.httpsAgent, toHttps),
		openSocketTo: (to) => {
			const proxy = proxyTo(`${to.secure ? 'https' : 'http'}://${hostAndPort(to)}`);
			return proxy === undefined ? withoutProxy.openSocketTo?.(to) : undefined;
		},
		proxySecrets: proxyLogins(settings).flatMap((login) =>
			secretsOf({ 'proxy-authorization': login }),
		),
		proxyTo: (url) => proxyTo(url)?.name,
		proxyRefusal: (url, status, headers) => {
			if (!isOfProxy(status, headers) || url.startsWith('https:')) return undefined;
			const proxy = proxyTo(url);
			return proxy === undefined ? undefined : new ProxyError(proxy.name, status, undefined);
		},
	};
}

/** Finds the agent for a server, one for each proxy. @param direct the agent for servers that need none */
function byProxy(
	proxyTo: (url: string) => Proxy | undefined,
	scheme: 'http' | 'https',
	direct: HttpAgent,
	agentOf: (proxy: Proxy) => HttpAgent,
): (to: RequestOptions) => HttpAgent {
	const known = new Map<string, HttpAgent>();
	return (to) => {
		const proxy = proxyTo(`${scheme}://${hostAndPort(to)}`);
		if (proxy === undefined) return direct;
		const id = JSON.stringify(proxy);
		const agent = known.get(id) ?? agentOf(proxy);
		known.set(id, agent);
		return agent;
	};
}

/** The same for one proxy. Those of the environment may be anywhere, those of a credential may not. */
interface Way extends ProxyOptions {
	readonly egress: ProxyOptions['egress'] & { readonly names: ProxiedNames };
	readonly isOfCredential: boolean;
}

/** Options for the agents of the library. */
function optionsOf({ egress, isOfCredential, ...options }: Way): Omit<ProxyOptions, 'egress'> {
	return isOfCredential ? { ...options, lookup: egress.toProxy.lookup } : options;
}

/** The method that gives an agent a request. Node does not document it, but agents of libraries rely on it. */
interface Requests {
	addRequest(request: ClientRequest, options: RequestOptions): void;
}

/**
 * Makes an agent leave each request to the one for its server.
 * @param direct the agent without a proxy, which fails with the right error for an address that is not allowed
 */
function routing(
	agent: HttpAgent,
	{ refusalOf }: Egress,
	direct: HttpAgent,
	route: (to: RequestOptions) => HttpAgent,
): HttpAgent {
	const secureEndpoint = agent instanceof HttpsAgent;
	const requests: Requests = {
		addRequest: (request, options) => {
			const isRefused = refusalOf(options.host ?? '') !== undefined;
			const other = isRefused ? direct : route(options);
			// Without this the library's agents do not find the connections that they keep.
			const said = { ...options, secureEndpoint };
			(other as unknown as Requests).addRequest(request, said);
		},
	};
	return Object.assign(agent, requests);
}

/** For https: a tunnel that the proxy opens to the server. */
function tunnelAgent(proxy: Proxy, way: Way, sdk: Sdk): HttpAgent {
	const options = optionsOf(way);
	const agent = guarded(
		new sdk.HttpsProxyAgent(proxy.url, { ...options, headers: headersFor(proxy) }),
	);
	// The server that the tunnel leads to gets the same settings.
	Object.assign(agent.options, options);
	const openTunnel = agent.connect.bind(agent);
	agent.connect = async (request, to) => {
		await way.egress.names.check(to.host ?? '');
		let status = 200;
		request.once('proxyConnect', (response: { statusCode: number }) => {
			status = response.statusCode;
		});
		const settings = { ...to, ...certificateCheck(to.host ?? '') };
		const socket = await inTime(proxy, agent, way, () => openTunnel(request, settings));
		if (status === 200) return socket;
		// The library would pass the proxy's response on as that of the server.
		socket.destroy();
		throw new ProxyError(proxy.name, Number.isNaN(status) ? undefined : status, undefined);
	};
	return agent;
}

/** For plain http: requests that name the whole URL. */
function forwardingAgent(proxy: Proxy, way: Way, sdk: Sdk): HttpAgent {
	const options = optionsOf(way);
	const { hostname, protocol } = new URL(proxy.url);
	// The library does not tell a proxy with TLS the name by which it is asked.
	const name = isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? { servername: hostname } : {};
	// It writes the head of a request when it is given one.
	const agent = guarded(new sdk.HttpProxyAgent(proxy.url, { ...options, ...name }), false);
	// The library would change a path with `..` or `//`, which has been signed as it is.
	agent.setRequestProps = (request, to) => {
		// A proxy makes the header Host of this, which was signed without the default port.
		request.path = `http://${hostAndPort(to).replace(/:80$/, '')}${request.path}`;
		for (const [name, value] of Object.entries(headersFor(proxy))) request.setHeader(name, value);
	};
	// The library would write the head of a request a second time, into a body that is still being sent.
	agent.connect = async (_, to) => {
		await way.egress.names.check(to.host ?? '');
		return inTime(proxy, agent, way, async () => {
			const secure = protocol === 'https:';
			const socket = secure ? connectTls(agent.connectOpts) : connect(agent.connectOpts);
			await once(socket, secure ? 'secureConnect' : 'connect');
			return socket;
		});
	};
	return agent;
}

/** Connects to a proxy, and gives up after a time: neither Node nor the library does. */
async function inTime<Socket>(
	proxy: Proxy,
	agent: { connectOpts: object },
	{ connectTimeout, isOfCredential, egress }: Way,
	connect: () => Promise<Socket>,
): Promise<Socket> {
	const refusal = egress.toProxy.refusalOf(new URL(proxy.url).hostname);
	if (isOfCredential && refusal !== undefined) throw unreachable(proxy, refusal);
	const timeUp = new AbortController();
	// The library makes the socket with these options, synchronously.
	Object.assign(agent.connectOpts, { signal: timeUp.signal });
	const timer = setTimeout(() => {
		timeUp.abort();
	}, connectTimeout);
	try {
		return await connect();
	} catch (cause) {
		throw timeUp.signal.aborted
			? new ProxyError(proxy.name, undefined, 'ETIMEDOUT')
			: unreachable(proxy, cause);
	} finally {
		clearTimeout(timer);
	}
}

const headersFor = ({ authorization }: Proxy): Record<string, string> =>
	authorization === undefined ? {} : { 'Proxy-Authorization': authorization };

function unreachable(proxy: Proxy, cause: unknown): ProxyError {
	const { code } = cause as { code?: unknown };
	return new ProxyError(proxy.name, undefined, typeof code === 'string' ? code : undefined);
}

/** The library tells TLS the name of the server, but not its address if it has no name. */
function certificateCheck(host: string): Pick<ConnectionOptions, 'checkServerIdentity'> {
	return isIP(host) === 0
		? {}
		: { checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate) };
}

/** As in a URL. */
function hostAndPort({ host, port }: Pick<RequestOptions, 'host' | 'port'>): string {
	const name = host ?? 'localhost';
	return `${isIP(name) === 6 ? `[${name}]` : name}:${String(port)}`;
}

/** Whether a response comes from the proxy itself, by the headers that Squid and Tinyproxy then send. */
const isOfProxy = (status: number, headers: IncomingHttpHeaders): boolean =>
	status === 407 ||
	(status >= 400 &&
		(headers['x-squid-error'] !== undefined ||
			/^(squid|tinyproxy)\b/i.test(String(headers.server))));
