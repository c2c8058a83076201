import type { Agent } from 'node:http';
import type { ProxyError } from './proxy';

/** Connections to servers, each for its scheme. */
export interface Agents {
	readonly httpAgent: Agent;
	readonly httpsAgent: Agent;
	/** The failure for an answer to a request by plain http that a proxy has given itself. */
	readonly proxyRefusal?: (
		url: string,
		status: number,
		contentType: string | undefined,
	) => ProxyError | undefined;
}
