import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Something that listens where a proxy should be, and does with connections what `behave` says. */
interface Stranger {
	behave: (socket: Socket) => void;
	/** Those that are open. */
	readonly sockets: ReadonlySet<Socket>;
	/** Host and port. */
	host(): string;
}

/** Starts it for the tests of a file or a `describe`. */
export function withStranger(): Stranger {
	const sockets = new Set<Socket>();
	let server: Server;
	const stranger: Stranger = {
		behave: () => undefined,
		sockets,
		host: () => `127.0.0.1:${(server.address() as AddressInfo).port}`,
	};
	beforeAll(async () => {
		server = createServer((socket) => {
			sockets.add(socket);
			socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
			stranger.behave(socket);
		}).listen(0, '127.0.0.1');
		await once(server, 'listening');
	});
	afterAll(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	return stranger;
}
