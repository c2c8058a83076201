/** Ranges of objects that are read on connections of their own. */
import { getEventListeners } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RangeConnectionPool } from '../../../../s3/http/range/RangeConnectionPool';
import type { RangeRequest } from '../../../../s3/http/range/RangeReader';
import { bodyBufferOf } from '../../../../s3/memory/BodyBuffer';
import { buildQueryString } from '../../../../s3/sdk';
import {
	closed,
	content,
	get,
	getMany,
	head,
	IMPATIENT,
	length,
	requestOf,
	silence,
	TIMEOUTS,
	withRangeServer,
} from './ranges';
import type { Respond } from './rawServer';

const server = withRangeServer();
const { poolOf, respondWith } = server;

/** A head of so many bytes, without the line breaks at its end. */
const longHead = (bytes: number): string => {
	const others = head(length(5), 'X-A: \r\n').length - '\r\n\r\n'.length;
	return head(length(5), `X-A: ${'x'.repeat(bytes - others)}\r\n`);
};

/** Does something when what was written has been read. */
const afterPoll = (work: () => void) => setImmediate(() => setImmediate(work));

describe('a range', () => {
	it('a range is read into its buffer, one after the other on one connection', async () => {
		const pool = poolOf();
		for (let i = 0; i < 3; i++) {
			const { response, body, bytes } = await get(pool);
			expect(response).toEqual({
				isRead: true,
				head: {
					statusCode: 206,
					headers: { 'content-length': '300000', 'content-range': 'bytes 0-299999/9999999' },
				},
			});
			expect(body.failure).toBeUndefined();
			expect(bytes.equals(content)).toBe(true);
		}
		expect(server.connections).toHaveLength(1);
		expect(server.requests[2]).toBe(
			'GET /bucket/a%20key?x-id=GetObject HTTP/1.1\r\nhost: 127.0.0.1:9000\r\nrange: bytes=0-299999\r\n\r\n',
		);
	});

	it('a range is read while others are, on connections that the next ones use again', async () => {
		const pool = poolOf();
		for (let i = 0; i < 2; i++) {
			for (const { bytes } of await getMany(pool, 5)) expect(bytes.equals(content)).toBe(true);
			expect(server.connections).toHaveLength(5);
		}
	});

	it('a range is read however its response is cut', async () => {
		const pool = poolOf();
		const response = Buffer.from(`${head('X-A: 1\r\n', 'x-a: 2\r\n', length(5))}hello`);
		for (let cut = 1; cut < response.length; cut++) {
			server.responses.push((socket) => {
				socket.write(response.subarray(0, cut));
				afterPoll(() => socket.write(response.subarray(cut)));
			});
			const found = await get(pool);
			expect(found.response?.head?.headers).toEqual({ 'x-a': '1, 2', 'content-length': '5' });
			expect(found.bytes.toString()).toBe('hello');
		}
		expect(server.connections).toHaveLength(1);
	});

	it('a range may have a head of 16 KiB', async () => {
		const pool = poolOf();
		server.responses.push((socket) => {
			socket.write(longHead(16 * 1024).slice(0, 9000));
			afterPoll(() => socket.write(`${longHead(16 * 1024).slice(9000)}hello`));
		});
		expect((await get(pool)).bytes.toString()).toBe('hello');
		expect((await get(pool)).bytes.equals(content)).toBe(true);
	});

	it('a range leaves no listener on the signal, and keeps no process from ending', async () => {
		const calls: string[] = [];
		const pool = poolOf({}, (socket) => {
			for (const name of ['ref', 'unref'] as const) {
				jest.spyOn(socket, name).mockImplementation(() => {
					calls.push(name);
					return socket;
				});
			}
		});
		const { signal } = new AbortController();
		await get(pool, { signal });
		await get(pool, { signal });
		expect(getEventListeners(signal, 'abort')).toEqual([]);
		expect(calls).toEqual(['ref', 'unref', 'ref', 'unref']);
	});

	it('a range may have no bytes', async () => {
		respondWith(head(length(0)));
		const { response, body } = await get(poolOf());
		expect(response).toMatchObject({ isRead: true, head: { statusCode: 206 } });
		expect(body).toMatchObject({ filled: 0, failure: undefined });
	});

	it.each([
		['was the last', 'Connection: Close\r\n'],
		['was the last, in a list', 'Connection: x, close\r\n'],
		['allows another for a second only', 'Keep-Alive: max=9, timeout=1\r\n'],
		['allows no other', 'Keep-Alive: timeout=0\r\n'],
	])('a range is asked for on a new connection after a response that %s', async (_, field) => {
		const pool = poolOf();
		respondWith(`${head(length(1), field)}x`);
		expect((await get(pool)).bytes.toString()).toBe('x');
		expect((await get(pool)).bytes.equals(content)).toBe(true);
		expect(server.connections).toHaveLength(2);
	});
});

describe('bytes that arrive after a response', () => {
	const other = `${head(length(5))}other`;

	it.each<[string, Respond]>([
		['with it', (socket) => socket.write(`${head(length(5))}hello${other}`)],
		[
			'with the end of it',
			(socket) => {
				socket.write(`${head(length(5))}he`);
				afterPoll(() => socket.write(`llo${other}`));
			},
		],
		[
			'right after it',
			(socket) => {
				socket.write(`${head(length(5))}hello`);
				socket.write(other);
			},
		],
		['with it, and are no response', (socket) => socket.write(`${head(length(5))}hello\r\n`)],
	])(
		'bytes that arrive after a response are no response to the next request if they come %s',
		async (_, respond) => {
			const pool = poolOf();
			server.responses.push(respond);
			const { response, body, bytes } = await get(pool);
			expect(response?.isRead).toBe(true);
			expect(body.failure).toBeUndefined();
			expect(bytes.toString()).toBe('hello');
			expect((await get(pool)).bytes.equals(content)).toBe(true);
			expect(server.connections).toHaveLength(2);
		},
	);

	it('bytes that arrive after a response are no response to the next request if they come right before it', async () => {
		const pool = poolOf();
		await get(pool);
		// They are in the buffer of the operating system when the next request is made.
		server.connections[0]?.write(other);
		expect((await get(pool)).bytes.equals(content)).toBe(true);
		expect(server.connections).toHaveLength(2);
	});

	it('bytes that arrive after a response end a connection that is not in use', async () => {
		const pool = poolOf();
		await get(pool);
		server.connections[0]?.write(other);
		await closed(server.connections[0]);
		expect((await get(pool)).bytes.equals(content)).toBe(true);
		expect(server.connections).toHaveLength(2);
	});
});

describe('a response that the HTTP client has to read', () => {
	it.each<[string, string]>([
		['in chunks', `${head('Transfer-Encoding: chunked\r\n')}5\r\nhello\r\n0\r\n\r\n`],
		['in chunks, with a length', `${head('Transfer-Encoding: chunked\r\n', length(5))}5\r\n`],
		['without a length', `${head()}hello`],
		['with two lengths', `${head(length(5), length(6))}hello`],
		['with a length that is no number', `${head('Content-Length: +5\r\n')}hello`],
		['with a length before another character', `${head('Content-Length: 5\u00a0\r\n')}hello`],
		['longer than was asked for', `${head(length(content.length + 1))}hello`],
		['that is not final', 'HTTP/1.1 100 Continue\r\n\r\n'],
		['of HTTP/1.0', `HTTP/1.0 206 OK\r\n${length(5)}\r\nhello`],
		['with a field in two lines', `${head(length(5), 'X-A: 1\r\n  2\r\n')}hello`],
		['with a line that is no field', `${head(length(5), 'nonsense\r\n')}hello`],
		['with a control character', `${head(length(5), 'X-A: \u0000\r\n')}hello`],
		['with lines that end in another way', `${head('X-A: 1\n', length(5))}hello`],
		['with a head of more than 16 KiB', longHead(16 * 1024 + 1)],
		['without an end of its head', `HTTP/1.1 206 OK\r\nX-A: ${'x'.repeat(70_000)}`],
		['of another protocol', 'SSH-2.0-server\r\n\r\n'],
	])(
		'a response %s is left to the HTTP client, and no further range is asked for from that server',
		async (_, text) => {
			const pool = poolOf();
			respondWith(text);
			const { response, body } = await get(pool);
			expect(response?.isRead).toBe(false);
			expect(body.filled).toBe(0);
			expect((await get(pool)).response).toBeUndefined();
			expect(server.requests).toHaveLength(1);
			await closed(server.connections[0]);
			const { bytes } = await get(pool, { hostname: 'another-server' });
			expect(bytes.equals(content)).toBe(true);
		},
	);

	it.each<[string, number]>([
		['of the whole object', 200],
		['that the object has changed', 412],
		['that requests come too fast', 503],
	])(
		'a response %s is left to the HTTP client, and the next range is asked for as ever',
		async (_, status) => {
			const pool = poolOf();
			respondWith(`HTTP/1.1 ${status} Words\r\nRetry-After: 2\r\n${length(5)}\r\nhello`);
			const { response, body } = await get(pool);
			const headers = { 'retry-after': '2', 'content-length': '5' };
			expect(response).toEqual({ isRead: false, head: { statusCode: status, headers } });
			expect(body.filled).toBe(0);
			// Nothing of it may be taken for the next response.
			expect((await get(pool)).bytes.equals(content)).toBe(true);
			expect(server.connections).toHaveLength(2);
		},
	);

	it.each<[string, Partial<RangeRequest>]>([
		['is not a GET', { method: 'PUT' }],
		['has a header with a line break', { headers: { host: 'a\r\nx-injected: 1' } }],
		['has a path with a line break', { path: '/a\r\nx-injected:1' }],
		['has a header beyond Latin-1', { headers: { host: '€' } }],
	])('a request that %s is left to the HTTP client, and is not sent', async (_, changes) => {
		expect((await get(poolOf(), changes)).response).toBeUndefined();
		expect(server.connections).toHaveLength(0);
	});

	it('a range is left to the HTTP client if there is a proxy on the way', async () => {
		const pool = new RangeConnectionPool(() => undefined, TIMEOUTS, buildQueryString);
		expect((await get(pool)).response).toBeUndefined();
	});
});

describe('a connection that breaks', () => {
	it.each<[string, Respond, string]>([
		['before the response', (socket) => socket.end(), 'ECONNRESET'],
		['with a reset', (socket) => socket.resetAndDestroy(), 'ECONNRESET'],
		['within the head', (socket) => socket.end('HTTP/1.1 206 Par'), 'ECONNRESET'],
		['by silence', silence, 'ETIMEDOUT'],
	])('a connection that breaks %s is an error', async (_, respond, code) => {
		const pool = poolOf(IMPATIENT);
		server.responses.push(respond);
		await expect(get(pool)).rejects.toMatchObject({ code });
		expect((await get(pool)).bytes.equals(content)).toBe(true);
	});

	it.each<[string, (socket: Socket) => void, string]>([
		['by its end', (socket) => socket.end(), 'ECONNRESET'],
		['by silence', silence, 'ETIMEDOUT'],
	])(
		'a connection that breaks within the body %s leaves the bytes that came',
		async (_, stop, code) => {
			server.responses.push((socket) => {
				socket.write(head(length(content.length)));
				socket.write(content.subarray(0, 200_000), () => {
					stop(socket);
				});
			});
			const { response, body, bytes } = await get(poolOf(IMPATIENT));
			expect(response).toMatchObject({ isRead: true, head: { statusCode: 206 } });
			expect(body).toMatchObject({ filled: 200_000, failure: { code } });
			expect(bytes.equals(content.subarray(0, 200_000))).toBe(true);
		},
	);

	it('a connection on which a head comes in drops is given up', async () => {
		server.responses.push((socket) => {
			socket.write('HTTP/1.1 206 OK\r\nX-A: ');
			const timer = setInterval(() => socket.write('x'), 5);
			socket.once('close', () => clearInterval(timer));
		});
		const read = get(poolOf({ head: 50, response: 60_000 }));
		await expect(read).rejects.toMatchObject({ code: 'ETIMEDOUT' });
	});

	it('a connection on which a body comes in drops is given up', async () => {
		server.responses.push((socket) => {
			socket.write(head(length(content.length)));
			const timer = setInterval(() => socket.write('x'), 5);
			socket.once('close', () => clearInterval(timer));
		});
		const { body } = await get(poolOf({ body: 60_000, least: { bytes: 1000, within: 100 } }));
		expect(body).toMatchObject({ failure: { code: 'ETIMEDOUT' } });
		expect(body.filled).toBeLessThan(1000);
	});

	it('a connection on which a body is slow, but not in drops, is read to its end', async () => {
		server.responses.push((socket) => {
			socket.write(head(length(20)));
			const timer = setInterval(() => socket.write('x'), 60);
			socket.once('close', () => clearInterval(timer));
		});
		const { body } = await get(poolOf({ least: { bytes: 2, within: 500 } }));
		expect(body).toMatchObject({ filled: 20, failure: undefined });
	});

	it('a connection that cannot be made is an error', async () => {
		server.stop();
		await expect(get(poolOf())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
	});

	it('a body may be silent for less long than the response before it', async () => {
		server.responses.push((socket) => {
			setTimeout(() => socket.write(head(length(content.length))), 150);
		});
		const { response, body } = await get(poolOf({ response: 60_000, body: 50 }));
		expect(response).toMatchObject({ isRead: true });
		expect(body).toMatchObject({ filled: 0, failure: { code: 'ETIMEDOUT' } });
	});

	it('a connection that breaks by silence is an error, also if it is an old one', async () => {
		const pool = poolOf(IMPATIENT);
		await get(pool);
		server.responses.push(silence);
		await expect(get(pool)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
		expect(server.connections).toHaveLength(1);
	});
});

describe('a cancel', () => {
	it('a cancel stops waiting for a response', async () => {
		const controller = new AbortController();
		server.responses.push(() => controller.abort());
		const failed = get(poolOf({ response: 10_000 }), { signal: controller.signal });
		await expect(failed).rejects.toMatchObject({ name: 'AbortError' });
		await closed(server.connections[0]);
	});

	it('a cancel stops reading, and nothing is written into the buffer any more', async () => {
		const controller = new AbortController();
		server.responses.push((socket) => {
			socket.write(head(length(content.length)));
			socket.write(content.subarray(0, 100_000));
		});
		const body = bodyBufferOf(Buffer.alloc(content.length));
		const reading = poolOf().readInto(requestOf(), body, controller.signal);
		while (body.filled === 0) await nextTurn();
		controller.abort();
		server.connections[0]?.write(content.subarray(100_000));
		expect(await reading).toMatchObject({ isRead: true, head: { statusCode: 206 } });
		expect(body.failure).toMatchObject({ name: 'AbortError' });
		const { filled } = body;
		body.memory.fill(255);
		await closed(server.connections[0]);
		expect(body.filled).toBe(filled);
		expect(body.memory.every((byte) => byte === 255)).toBe(true);
	});

	it('a cancel before the request sends nothing', async () => {
		const failed = get(poolOf(), { signal: AbortSignal.abort() });
		await expect(failed).rejects.toMatchObject({ name: 'AbortError' });
		expect(server.requests).toHaveLength(0);
	});
});
