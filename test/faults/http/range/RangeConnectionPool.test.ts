import { getEventListeners, once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
	closed,
	content,
	get,
	getMany,
	head,
	length,
	silence,
	whole,
	withRangeServer,
} from './ranges';

const server = withRangeServer();
const { poolOf, respondWith } = server;

describe('the number of connections', () => {
	/** Waits until so many requests have been sent, and a little for others that should not be. */
	const sent = async (count: number) => {
		while (server.requests.length < count) await nextTurn();
		for (let i = 0; i < 10; i++) await nextTurn();
		expect(server.requests).toHaveLength(count);
	};
	const respond = () => {
		for (const socket of server.connections) whole(socket);
	};

	it('the number of connections is at most 16 to one server; ranges beyond that wait for others', async () => {
		const pool = poolOf();
		for (let round = 1; round <= 2; round++) {
			server.responses.push(...Array.from({ length: 16 }, () => silence));
			const all = getMany(pool, 40);
			await sent(40 * round - 24);
			respond();
			for (const { bytes } of await all) expect(bytes.equals(content)).toBe(true);
			expect(server.requests).toHaveLength(40 * round);
			expect(server.connections).toHaveLength(16);
		}
	});

	it('a range waits for a connection for as long as it takes, or until it is cancelled', async () => {
		const pool = poolOf({ response: 10_000 });
		server.responses.push(...Array.from({ length: 16 }, () => silence));
		const all = getMany(pool, 16);
		await sent(16);
		const controller = new AbortController();
		const cancelled = get(pool, { signal: controller.signal });
		const waiting = get(pool);
		await nextTurn();
		controller.abort();
		await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
		expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
		expect(server.requests).toHaveLength(16);
		server.connections[3]?.destroy();
		await expect(all).rejects.toMatchObject({ code: 'ECONNRESET' });
		expect((await waiting).bytes.equals(content)).toBe(true);
		pool.destroy();
	});

	it('ranges that wait for a connection go to the HTTP client if the server turns out to need it', async () => {
		const pool = poolOf();
		server.responses.push(...Array.from({ length: 16 }, () => silence));
		const all = getMany(pool, 20);
		await sent(16);
		for (const socket of server.connections) socket.write(`HTTP/1.0 206 OK\r\n${length(1)}\r\nx`);
		const responses = (await all).map(({ response }) => response?.isRead);
		expect(responses.filter((isRead) => isRead === false)).toHaveLength(16);
		expect(responses.filter((isRead) => isRead === undefined)).toHaveLength(4);
		expect(server.requests).toHaveLength(16);
	});

	it('the number of connections does not include connections that have ended', async () => {
		const pool = poolOf();
		for (let i = 0; i < 20; i++) {
			respondWith(`${head(length(1), 'Connection: close\r\n')}x`);
			expect((await get(pool)).bytes.toString()).toBe('x');
		}
		expect(server.connections).toHaveLength(20);
	});

	it('the number of connections falls when fewer are needed: the one that was used last is used again', async () => {
		const pool = poolOf();
		await getMany(pool, 3);
		const before = server.connections.map((socket) => socket.bytesRead);
		await get(pool);
		await get(pool);
		const grown = server.connections.filter((socket, i) => socket.bytesRead > before[i]!);
		expect(grown).toHaveLength(1);
		await getMany(pool, 3);
		const counts = server.connections.map((socket, i) => socket.bytesRead / before[i]!);
		expect(counts.sort()).toEqual([2, 2, 4]);
	});

	it('the number of connections is at most 64 to all servers, of which the one unused for longest makes room', async () => {
		const pool = poolOf();
		server.responses.push(...Array.from({ length: 64 }, () => silence));
		const hosts = ['a', 'b', 'c', 'd'];
		const all = hosts.map((hostname) => getMany(pool, 16, hostname));
		await sent(64);
		const waiting = get(pool, { hostname: 'e' });
		await nextTurn();
		const [first] = server.connections;
		whole(first!);
		expect((await waiting).bytes.equals(content)).toBe(true);
		expect(server.connections).toHaveLength(65);
		await closed(first);
		for (const socket of server.connections.slice(1, 64)) whole(socket);
		await Promise.all(all);

		await get(pool, { hostname: 'f' });
		expect(server.connections).toHaveLength(66);
		// That for “e” was the first one to be unused.
		await closed(server.connections[64]);
		expect(server.connections.filter((socket) => socket.destroyed)).toHaveLength(2);
	});
});

describe('a connection that is not in use', () => {
	it.each<[string, (socket: Socket) => Promise<unknown>]>([
		['ends', (socket) => once(socket.end(), 'finish')],
		['resets', async (socket) => Promise.resolve(socket.resetAndDestroy())],
	])(
		'a connection that is not in use is not used again if the server %s it right before the next request',
		async (_, end) => {
			const pool = poolOf();
			await get(pool);
			await end(server.connections[0]!);
			expect((await get(pool)).bytes.equals(content)).toBe(true);
			expect(server.connections).toHaveLength(2);
		},
	);

	it.each<[string, number, string]>([
		['when its time is over', 50, ''],
		['a second before the server would close it', 60_000, 'Keep-Alive: timeout=2\r\n'],
		['when its time is over, if the server keeps it longer', 50, 'Keep-Alive: timeout=60\r\n'],
	])('a connection that is not in use is closed %s', async (_, unused, field) => {
		respondWith(`${head(length(1), field)}x`);
		await get(poolOf({ unused }));
		await closed(server.connections[0]);
	});

	it('a connection that is closed is left to the garbage collector', async () => {
		const sockets: WeakRef<Socket>[] = [];
		const pool = poolOf({}, (socket) => sockets.push(new WeakRef(socket)));
		await getMany(pool, 3);
		for (const socket of server.connections) socket.destroy();
		setFlagsFromString('--expose-gc');
		const collectGarbage = runInNewContext('gc') as () => void;
		const left = () => sockets.filter((socket) => socket.deref() !== undefined);
		for (let i = 0; i < 100 && left().length > 0; i++) {
			await new Promise((resolve) => setTimeout(resolve, 10));
			collectGarbage();
		}
		expect(left()).toHaveLength(0);
		expect((await get(pool)).bytes.equals(content)).toBe(true);
	});
});

it('the end of the pool closes all connections', async () => {
	const pool = poolOf();
	await getMany(pool, 3);
	server.responses.push(silence);
	const failed = expect(get(pool)).rejects.toMatchObject({ code: 'ECONNRESET' });
	while (server.requests.length < 4) await nextTurn();
	pool.destroy();
	await failed;
	await Promise.all(server.connections.map(closed));
});
