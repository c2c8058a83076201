import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A way to a server that can be cut, so that connections to it are refused. */
export interface Outage {
	endpoint: string;
	/** Breaks all connections off, and refuses new ones. */
	begin(): Promise<void>;
	/** Takes connections again. */
	end(): Promise<void>;
}

/** Opens a way to the server at an endpoint. To be ended with `begin`. */
export async function startOutage(endpoint: string): Promise<Outage> {
	const target = { host: new URL(endpoint).hostname, port: Number(new URL(endpoint).port) };
	const sockets = new Set<Socket>();
	const server = createServer((client) => {
		const upstream = connect(target);
		for (const socket of [client, upstream]) {
			sockets.add(socket);
			socket.on('error', () => undefined);
			socket.on('close', () => {
				sockets.delete(socket);
				client.destroy();
				upstream.destroy();
			});
		}
		client.pipe(upstream).pipe(client);
	});
	const listen = (port: number) =>
		new Promise<void>((resolve, reject) => {
			server.once('error', reject).listen(port, '127.0.0.1', resolve);
		});
	await listen(0);
	const { port } = server.address() as AddressInfo;
	return {
		endpoint: `http://127.0.0.1:${port}`,
		begin: async () => {
			const closed = new Promise((resolve) => server.close(resolve));
			for (const socket of sockets) socket.destroy();
			await closed;
		},
		end: () => listen(port),
	};
}
