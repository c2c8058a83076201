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
import { proxyFor } from './proxy';
import type { Proxy } from './proxy';

type Sdk = typeof import('../sdk');

/** How connections to proxies are made. */
interface ProxyOptions extends AgentOptions {
	/** Milliseconds to wait for a connection to a proxy and for the tunnel through it. */
	readonly connectTimeout: number;
}

/**
 * Agents that send each request through the proxy for its server, or leave it to a direct one.
 * @param options of pool and TLS, for proxies and for what is behind them
 */
export function proxyAgents(
	settings: ProxySettings,
	direct: Agents,
	options: ProxyOptions,
	sdk: Sdk,
): Agents {
	const known = new Map<string, HttpAgent>();
	const agentFor = (scheme: 'http' | 'https', to: RequestOptions): HttpAgent => {
		const proxy = proxyFor(settings, `${scheme}://${hostAndPort(to)}`, sdk.getProxyForUrl);
		if (proxy === undefined) return scheme === 'https' ? direct.httpsAgent : direct.httpAgent;
		const id = JSON.stringify([scheme, proxy]);
		const agentOf = scheme === 'https' ? tunnelAgent : forwardingAgent;
		const agent = known.get(id) ?? agentOf(proxy, options, sdk);
		known.set(id, agent);
		return agent;
	};
	return {
		httpAgent: routing(new HttpAgent(options), (to) => agentFor('http', to)),
		httpsAgent: routing(new HttpsAgent(options), (to) => agentFor('https', to)),
		openSocketTo: (to) => {
			const { secure, host, port } = to;
			const scheme = secure ? 'https' : 'http';
			const url = `${scheme}://${hostAndPort({ host, port })}`;
			const proxy = proxyFor(settings, url, sdk.getProxyForUrl);
			return proxy === undefined ? direct.openSocketTo?.(to) : undefined;
		},
		proxyTo: (url) => proxyFor(settings, url, sdk.getProxyForUrl)?.name,
		proxyRefusal: (url, status, headers) => {
			if (!isOfProxy(status, headers) || url.startsWith('https:')) return undefined;
			const proxy = proxyFor(settings, url, sdk.getProxyForUrl);
			return proxy === undefined ? undefined : new ProxyError(proxy.name, status, undefined);
		},
	};
}

/** What an agent does with a request; Node does not document it, but agents of libraries rely on it. */
interface Requests {
	addRequest(request: ClientRequest, options: RequestOptions): void;
}

/** Makes an agent leave each request to the one for its server. */
function routing(agent: HttpAgent, route: (to: RequestOptions) => HttpAgent): HttpAgent {
	const secureEndpoint = agent instanceof HttpsAgent;
	const requests: Requests = {
		addRequest: (request, options) => {
			// The library's agents forget otherwise what the connections are for that they have.
			const said = { ...options, secureEndpoint };
			(route(options) as unknown as Requests).addRequest(request, said);
		},
	};
	return Object.assign(agent, requests);
}

/** For https: a tunnel that the proxy opens to the server. */
function tunnelAgent(proxy: Proxy, options: ProxyOptions, sdk: Sdk): HttpAgent {
	const agent = new sdk.HttpsProxyAgent(proxy.url, { ...options, headers: headersFor(proxy) });
	// What the tunnel leads to is spoken to with the same settings.
	Object.assign(agent.options, options);
	const openTunnel = agent.connect.bind(agent);
	agent.connect = async (request, to) => {
		let status = 200;
		request.once('proxyConnect', (answer: { statusCode: number }) => {
			status = answer.statusCode;
		});
		const settings = { ...to, ...certificateCheck(to.host ?? '') };
		const socket = await inTime(proxy, agent, options, () => openTunnel(request, settings));
		if (status === 200) return socket;
		// The library would pass the proxy's answer on as the server's.
		socket.destroy();
		throw new ProxyError(proxy.name, Number.isNaN(status) ? undefined : status, undefined);
	};
	return agent;
}

/** For plain http: requests that name the whole URL. */
function forwardingAgent(proxy: Proxy, options: ProxyOptions, sdk: Sdk): HttpAgent {
	const { hostname, protocol } = new URL(proxy.url);
	// The library does not tell a proxy that speaks TLS by which name it is asked.
	const name = isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? { servername: hostname } : {};
	const agent = new sdk.HttpProxyAgent(proxy.url, { ...options, ...name });
	// The library would make another path of one with `..` or `//` in it than the one that was signed.
	agent.setRequestProps = (request, to) => {
		// A proxy makes the header Host of this, which was signed without the port that goes without saying.
		request.path = `http://${hostAndPort(to).replace(/:80$/, '')}${request.path}`;
		for (const [name, value] of Object.entries(headersFor(proxy))) request.setHeader(name, value);
	};
	// The library would write the head of a request once more into a body that is still being sent.
	agent.connect = () =>
		inTime(proxy, agent, options, async () => {
			const secure = protocol === 'https:';
			const socket = secure ? connectTls(agent.connectOpts) : connect(agent.connectOpts);
			await once(socket, secure ? 'secureConnect' : 'connect');
			return socket;
		});
	return agent;
}

/** Connects to a proxy and gives up when that takes too long, which nothing else looks after. */
async function inTime<Socket>(
	proxy: Proxy,
	agent: { connectOpts: object },
	{ connectTimeout }: ProxyOptions,
	connect: () => Promise<Socket>,
): Promise<Socket> {
	const timeUp = new AbortController();
	// The socket is made with these before anything else can happen.
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

/** The library tells TLS the name of the server, but not its address where it has no name. */
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

/** Whether a proxy has answered itself, by what Squid and Tinyproxy say of themselves then. */
const isOfProxy = (status: number, headers: IncomingHttpHeaders): boolean =>
	status === 407 ||
	(status >= 400 &&
		(headers['x-squid-error'] !== undefined ||
			/^(squid|tinyproxy)\b/i.test(String(headers.server))));
