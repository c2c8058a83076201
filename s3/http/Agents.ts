import type { Agent, IncomingHttpHeaders } from 'node:http';
import type { OnReadOpts, Socket } from 'node:net';
import type { ProxyError } from '../errors/proxyError';

/** A server, as URLs name it. */
export interface Origin {
	readonly secure: boolean;
	readonly host: string;
	readonly port: number;
}

/** Opens a connection, whose bytes go where the options say. */
export type OpenSocket = (onread: OnReadOpts) => Socket;

/** Connections to servers, each for its scheme. */
export interface Agents {
	readonly httpAgent: Agent;
	readonly httpsAgent: Agent;
	/** How to open a connection of one's own to a server; undefined where there is a proxy on the way. */
	readonly openSocketTo?: (to: Origin) => OpenSocket | undefined;
	/** The name of the proxy on the way to a URL. */
	readonly proxyTo?: (url: string) => string | undefined;
	/** The failure for an answer to a request by plain http that a proxy has given itself. */
	readonly proxyRefusal?: (
		url: string,
		status: number,
		headers: IncomingHttpHeaders,
	) => ProxyError | undefined;
}
