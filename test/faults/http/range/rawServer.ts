import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsOptions } from 'node:tls';

/** What the server does with a request on a connection. */
export type Respond = (socket: Socket) => void;

/** A server that writes whatever a test wants, and not only what HTTP allows. */
export interface RawServer {
	readonly port: number;
	/** How the next requests are responded to; `usual` if there are none. */
	readonly responses: Respond[];
	/** Heads of the requests. */
	readonly requests: string[];
	readonly connections: Socket[];
	stop(): void;
}

/** Starts a server for requests without a body. */
export async function startRawServer(usual: Respond, tls?: TlsOptions): Promise<RawServer> {
	const responses: Respond[] = [];
	const requests: string[] = [];
	const connections: Socket[] = [];
	const onConnection = (socket: Socket) => {
		connections.push(socket);
		// Otherwise each further write waits until the first one is acknowledged.
		socket.setNoDelay();
		let text = '';
		socket.on('data', (chunk) => {
			text += chunk.toString('latin1');
			if (!text.endsWith('\r\n\r\n')) return;
			requests.push(text);
			text = '';
			(responses.shift() ?? usual)(socket);
		});
		socket.on('error', () => undefined);
	};
	const server =
		tls === undefined ? createServer(onConnection) : createTlsServer(tls, onConnection);
	await once(server.listen(0, '127.0.0.1'), 'listening');
	return {
		port: (server.address() as AddressInfo).port,
		responses,
		requests,
		connections,
		stop: () => {
			server.close();
			for (const socket of connections) socket.destroy();
		},
	};
}
