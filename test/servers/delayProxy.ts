import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A way to a server that is as far off as wanted. */
export interface DelayProxy {
	endpoint: string;
	stop(): Promise<void>;
}

/** Bytes on their way in one direction of one connection, beyond which the sender has to wait. */
const IN_FLIGHT = 32 * 1024 * 1024;

/**
 * Puts a round trip's time between a client and a server on this machine. Every chunk arrives half of
 * it later, in order and as fast as it was sent; a new connection costs one round trip more, as TCP's
 * handshake does; connections stay open as long as both ends keep them.
 * @param roundTrip milliseconds
 */
export async function startDelayProxy(endpoint: string, roundTrip: number): Promise<DelayProxy> {
	const { hostname, port, protocol } = new URL(endpoint);
	const target = { host: hostname, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
	const sockets = new Set<Socket>();
	const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
		const upstream = connect({ ...target, noDelay: true, allowHalfOpen: true });
		for (const socket of [client, upstream]) {
			sockets.add(socket);
			socket.once('close', () => sockets.delete(socket));
		}
		const established = performance.now() + roundTrip;
		passOn(client, upstream, roundTrip / 2, established);
		passOn(upstream, client, roundTrip / 2, established);
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject).listen(0, '127.0.0.1', resolve);
	});
	const { port: own } = server.address() as AddressInfo;
	return {
		endpoint: `${protocol}//127.0.0.1:${own}`,
		stop: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Gives one socket what another one sends, each chunk after its delay. */
function passOn(from: Socket, to: Socket, delay: number, established: number): void {
	const queue: { at: number; chunk: Buffer | undefined }[] = [];
	let bytes = 0;
	let timer: NodeJS.Timeout | undefined;
	const deliver = () => {
		timer = undefined;
		for (let [next] = queue; next !== undefined; [next] = queue) {
			const wait = next.at - performance.now();
			if (wait > 0.2) {
				timer = setTimeout(deliver, wait);
				return;
			}
			queue.shift();
			if (next.chunk === undefined) to.end();
			else to.write(next.chunk);
			bytes -= next.chunk?.length ?? 0;
			if (bytes < IN_FLIGHT) from.resume();
		}
	};
	const enqueue = (chunk: Buffer | undefined) => {
		queue.push({ at: Math.max(performance.now(), established) + delay, chunk });
		bytes += chunk?.length ?? 0;
		if (bytes >= IN_FLIGHT) from.pause();
		timer ??= setTimeout(deliver, delay);
	};
	from.on('data', enqueue);
	from.on('end', () => enqueue(undefined));
	from.on('error', () => to.destroy());
	// The other direction still delivers what is in flight.
	to.on('close', () => {
		clearTimeout(timer);
		queue.length = 0;
		from.resume();
	});
}
