import type { Agent, IncomingHttpHeaders } from 'node:http';
import type { OnReadOpts, Socket } from 'node:net';
import type { ProxyError } from '../errors/proxyError';

/** A server, as URLs name it. */
export interface Origin {
	/** Whether by https. */
	readonly secure: boolean;
	/** A name or an IP address, without brackets. */
	readonly host: string;
	readonly port: number;
}

/** Opens a socket, with TLS if its server is asked by https, that reads into the buffers of the options. */
export type OpenSocket = (onread: OnReadOpts) => Socket;

/** How the requests of one connection reach servers, with its proxy and its TLS settings. */
export interface Agents {
	readonly httpAgent: Agent;
	readonly httpsAgent: Agent;
	/** How to open a socket to a server without the HTTP client; undefined if only that may. */
	readonly openSocketTo?: (to: Origin) => OpenSocket | undefined;
	/** Host and port of the proxy for a URL; undefined if there is none. */
	readonly proxyTo?: (url: string) => string | undefined;
	/** What proxies are sent to prove who asks: no error may show it. */
	readonly proxySecrets?: readonly string[];
	/** The error for a response by plain http that comes from a proxy and not from the server. */
	readonly proxyRefusal?: (
		url: string,
		status: number,
		headers: IncomingHttpHeaders,
	) => ProxyError | undefined;
}
