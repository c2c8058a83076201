import type { Agent, IncomingHttpHeaders } from 'node:http';
import type { ProxyError } from './proxy';

/** Connections to servers, each for its scheme. */
export interface Agents {
	readonly httpAgent: Agent;
	readonly httpsAgent: Agent;
	/** The name of the proxy on the way to a URL. */
	readonly proxyTo?: (url: string) => string | undefined;
	/** The failure for an answer to a request by plain http that a proxy has given itself. */
	readonly proxyRefusal?: (
		url: string,
		status: number,
		headers: IncomingHttpHeaders,
	) => ProxyError | undefined;
}
