import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, ServerOptions, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { ServerOptions as TlsOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A service that answers on loopback. */
export interface Listening {
	/** Scheme, host and port. */
	readonly endpoint: string;
	/** Ends all connections, too. */
	stop(): Promise<void>;
}

/**
 * Has a service answer on a free port of loopback. A request that it fails to answer is broken off.
 * @param tls key and certificate; undefined: plain http
 */
export async function listen(
	handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
	tls: TlsOptions | undefined,
	options: ServerOptions = {},
): Promise<Listening> {
	const handler = (request: IncomingMessage, response: ServerResponse) => {
		handle(request, response).catch((error: unknown) => {
			response.destroy(error as Error);
		});
	};
	const server =
		tls === undefined
			? createHttpServer(options, handler)
			: createHttpsServer({ ...options, ...tls }, handler);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		endpoint: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}
