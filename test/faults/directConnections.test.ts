import { getEventListeners, once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import type { Connection } from '../../s3/Connection';
import { destinationIn } from '../../s3/memory/BodyBuffer';
import { RangeConnectionPool } from '../../s3/http/range/RangeConnectionPool';
import type { DirectRequest } from '../../s3/http/range/RangeConnectionPool';
import { RequestRate } from '../../s3/retry/RequestRate';
import { newPage, readPage } from '../../s3/memory/PageBuffer';
import type { PageBuffer } from '../../s3/memory/PageBuffer';
import { PacedHttpHandler } from '../../s3/sdk';
import { agentsFor } from '../../s3/http/agentsFor';
import { issue } from '../servers/rolesAnywhere/authority';

/** What the server does with a request on a connection. */
type Answer = (socket: Socket) => void;

const TIMEOUTS = { connect: 2000, answer: 300, unused: 10_000 };
const nowhere = destinationIn(Buffer.alloc(1));
const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251));
const head = (...fields: string[]): string =>
	`HTTP/1.1 206 Partial Content\r\n${fields.join('')}\r\n`;
const length = (bytes: number): string => `Content-Length: ${String(bytes)}\r\n`;

const whole: Answer = (socket) => {
	socket.write(head(length(content.length), 'Content-Range: bytes 0-299999/9999999\r\n'));
	socket.write(content);
};

let server: Server;
let port: number;
/** Answers to come; `whole` afterwards. */
let answers: Answer[];
/** Heads of requests, and connections. */
let requests: string[];
let connections: Socket[];

beforeAll(async () => {
	server = createServer((socket) => {
		connections.push(socket);
		let text = '';
		socket.on('data', (chunk) => {
			text += chunk.toString('latin1');
			if (!text.endsWith('\r\n\r\n')) return;
			requests.push(text);
			text = '';
			(answers.shift() ?? whole)(socket);
		});
		socket.on('error', () => undefined);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	({ port } = server.address() as AddressInfo);
});
beforeEach(() => {
	answers = [];
	requests = [];
	connections = [];
});
afterEach(() => {
	for (const socket of connections) socket.destroy();
});
afterAll(() => {
	server.close();
});

const direct = (timeouts = {}) =>
	new RangeConnectionPool(
		({ host, port: to }) =>
			(onread) =>
				connect({ host, port: to, onread }),
		{ ...TIMEOUTS, ...timeouts },
	);

const request = (changes: Partial<DirectRequest> = {}): DirectRequest => ({
	method: 'GET',
	protocol: 'http:',
	hostname: '127.0.0.1',
	port,
	path: '/bucket/a%20key?x-id=GetObject',
	headers: { host: `127.0.0.1:${String(port)}`, range: 'bytes=0-299999' },
	...changes,
});

async function get(
	on: RangeConnectionPool,
	{ memory = Buffer.alloc(content.length), signal }: { memory?: Buffer; signal?: AbortSignal } = {},
) {
	const destination = destinationIn(memory);
	const answer = await on.partSenderOf(request(), destination)?.(signal);
	return { answer, destination };
}

describe('a part of an object', () => {
	it('is read into the memory it is for, one after the other on one connection', async () => {
		const on = direct();
		for (let i = 0; i < 3; i++) {
			const { answer, destination } = await get(on);
			expect(answer).toEqual({
				statusCode: 206,
				headers: { 'content-length': '300000', 'content-range': 'bytes 0-299999/9999999' },
			});
			expect(destination).toMatchObject({ filled: content.length, failure: undefined });
			expect(destination.memory.equals(content)).toBe(true);
		}
		expect(connections).toHaveLength(1);
		expect(requests[2]).toBe(
			`GET /bucket/a%20key?x-id=GetObject HTTP/1.1\r\nhost: 127.0.0.1:${String(port)}\r\nrange: bytes=0-299999\r\n\r\n`,
		);
	});

	it('is read from several connections at once', async () => {
		const on = direct();
		const all = await Promise.all(Array.from({ length: 5 }, async () => await get(on)));
		for (const { destination } of all) expect(destination.memory.equals(content)).toBe(true);
		expect(connections).toHaveLength(5);
		await Promise.all(Array.from({ length: 5 }, async () => await get(on)));
		expect(connections).toHaveLength(5);
	});

	it('is read however the answer is cut', async () => {
		const on = direct();
		const answer = Buffer.from(`${head('X-A: 1\r\n', 'x-a: 2\r\n', length(5))}hello`);
		for (let cut = 1; cut < answer.length; cut++) {
			answers.push((socket) => {
				socket.write(answer.subarray(0, cut), () => {
					setImmediate(() => socket.write(answer.subarray(cut)));
				});
			});
			const { answer: found, destination } = await get(on);
			expect(found?.headers).toEqual({ 'x-a': '1, 2', 'content-length': '5' });
			expect(destination.memory.toString('latin1', 0, destination.filled)).toBe('hello');
		}
		expect(connections).toHaveLength(1);
	});

	it('leaves nothing on the signal, and keeps no process from its end', async () => {
		const calls: string[] = [];
		const on = new RangeConnectionPool(
			({ host, port: to }) =>
				(onread) => {
					const socket = connect({ host, port: to, onread });
					for (const name of ['ref', 'unref'] as const) {
						jest.spyOn(socket, name).mockImplementation(() => {
							calls.push(name);
							return socket;
						});
					}
					return socket;
				},
			TIMEOUTS,
		);
		const { signal } = new AbortController();
		await get(on, { signal });
		await get(on, { signal });
		expect(getEventListeners(signal, 'abort')).toEqual([]);
		expect(calls).toEqual(['ref', 'unref', 'ref', 'unref']);
	});

	it('may have no bytes', async () => {
		answers.push((socket) => socket.write(head(length(0))));
		const { answer, destination } = await get(direct());
		expect(answer?.statusCode).toBe(206);
		expect(destination).toMatchObject({ filled: 0, failure: undefined });
	});

	it.each([
		['was the last', 'Connection: Close\r\n'],
		['allows another for a second only', 'Keep-Alive: max=9, timeout=1\r\n'],
		['allows no other', 'Keep-Alive: timeout=0\r\n'],
	])('is asked for on a new connection behind an answer that %s', async (_, field) => {
		const on = direct();
		answers.push((socket) => socket.write(`${head(length(1), field)}x`));
		expect((await get(on)).destination.filled).toBe(1);
		expect((await get(on)).destination.filled).toBe(content.length);
		expect(connections).toHaveLength(2);
	});
});

describe('an answer that takes a real HTTP client', () => {
	it.each<[string, string]>([
		['of the whole object', `HTTP/1.1 200 OK\r\n${length(5)}\r\nhello`],
		['that is an error', `HTTP/1.1 503 Slow Down\r\n${length(5)}\r\nhello`],
		['in chunks', `${head('Transfer-Encoding: chunked\r\n')}5\r\nhello\r\n0\r\n\r\n`],
		[
			'in chunks that has a length, too',
			`${head('Transfer-Encoding: chunked\r\n', length(5))}5\r\n`,
		],
		['without a length', `${head()}hello`],
		['with two lengths', `${head(length(5), length(6))}hello`],
		['with a length that is no number', `${head('Content-Length: +5\r\n')}hello`],
		['longer than was asked for', `${head(length(content.length + 1))}hello`],
		['longer than it says', `${head(length(4))}hello`],
		['that is not final', 'HTTP/1.1 100 Continue\r\n\r\n'],
		['of HTTP/1.0', `HTTP/1.0 206 OK\r\n${length(5)}\r\nhello`],
		['with a field in two lines', `${head(length(5), 'X-A: 1\r\n  2\r\n')}hello`],
		['with a line that is no field', `${head(length(5), 'nonsense\r\n')}hello`],
		['without an end of its head', `HTTP/1.1 206 OK\r\nX-A: ${'x'.repeat(70_000)}`],
		['of another protocol', 'SSH-2.0-server\r\n\r\n'],
	])('is one %s', async (_, text) => {
		const on = direct();
		answers.push((socket) => socket.write(text));
		const { answer, destination } = await get(on);
		expect(answer).toBeUndefined();
		expect(destination.filled).toBe(0);
		// Nothing of it may be taken for the next answer.
		expect((await get(on)).destination.memory.equals(content)).toBe(true);
		expect(connections).toHaveLength(2);
	});

	it.each<[string, Partial<DirectRequest>]>([
		['is not a GET', { method: 'PUT' }],
		['has a header with a line break', { headers: { host: 'a\r\nx-injected: 1' } }],
		['has a path with a line break', { path: '/a\r\nx-injected:1' }],
		['has a header beyond Latin-1', { headers: { host: '€' } }],
	])('is that to a request which %s; it is not sent', (_, changes) => {
		expect(direct().partSenderOf(request(changes), nowhere)).toBeUndefined();
	});

	it('is any where there is a proxy on the way', () => {
		const on = new RangeConnectionPool(() => undefined, TIMEOUTS);
		expect(on.partSenderOf(request(), nowhere)).toBeUndefined();
	});
});

describe('a connection that breaks', () => {
	it.each<[string, Answer, string]>([
		['before the answer', (socket) => socket.end(), 'ECONNRESET'],
		['with a reset', (socket) => socket.resetAndDestroy(), 'ECONNRESET'],
		['within the head', (socket) => socket.end('HTTP/1.1 206 Par'), 'ECONNRESET'],
		['by silence', () => undefined, 'ETIMEDOUT'],
	])('%s is an error', async (_, answer, code) => {
		const on = direct();
		answers.push(answer);
		await expect(get(on)).rejects.toMatchObject({ code });
		expect((await get(on)).destination.memory.equals(content)).toBe(true);
	});

	it.each<[string, (socket: Socket) => void, string]>([
		['by its end', (socket) => socket.end(), 'ECONNRESET'],
		['by silence', () => undefined, 'ETIMEDOUT'],
	])('within the body %s leaves the bytes that came', async (_, stop, code) => {
		answers.push((socket) => {
			socket.write(head(length(content.length)));
			socket.write(content.subarray(0, 200_000), () => {
				stop(socket);
			});
		});
		const { answer, destination } = await get(direct());
		expect(answer?.statusCode).toBe(206);
		expect(destination).toMatchObject({ filled: 200_000, failure: { code } });
		expect(destination.memory.subarray(0, 200_000).equals(content.subarray(0, 200_000))).toBe(true);
	});

	it('while it is made is an error', async () => {
		const closed = createServer().listen(0, '127.0.0.1');
		await once(closed, 'listening');
		const { port: gone } = closed.address() as AddressInfo;
		closed.close();
		await once(closed, 'close');
		const sent = direct().partSenderOf(request({ port: gone }), nowhere)?.(undefined);
		await expect(sent).rejects.toMatchObject({ code: 'ECONNREFUSED' });
	});

	it('by silence is an error, also where it has long been there', async () => {
		const on = direct({ unused: 60_000 });
		await get(on);
		answers.push(() => undefined);
		await expect(get(on)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
		expect(connections).toHaveLength(1);
	});

	it('while nobody uses it is not used any more', async () => {
		const on = direct();
		await get(on);
		const [first] = connections;
		first?.end();
		await once(first!, 'close');
		expect((await get(on)).destination.memory.equals(content)).toBe(true);
		expect(connections).toHaveLength(2);
	});

	it('is one that says something unasked', async () => {
		const on = direct();
		await get(on);
		const [first] = connections;
		first?.write(head(length(3)) + 'old');
		await once(first!, 'close');
		expect((await get(on)).destination.memory.equals(content)).toBe(true);
		expect(connections).toHaveLength(2);
	});

	it('is closed when nobody has used it for a while', async () => {
		await get(direct({ unused: 50 }));
		await once(connections[0]!, 'close');
	});

	it('is closed before the server does so', async () => {
		answers.push((socket) => socket.write(`${head(length(1), 'Keep-Alive: timeout=2\r\n')}x`));
		await get(direct({ unused: 60_000 }));
		await once(connections[0]!, 'close');
	});

	it('is no longer kept for a server that would keep it for longer', async () => {
		answers.push((socket) => socket.write(`${head(length(1), 'Keep-Alive: timeout=60\r\n')}x`));
		await get(direct({ unused: 50 }));
		await once(connections[0]!, 'close');
	});
});

describe('a cancel', () => {
	it('stops waiting for an answer', async () => {
		const controller = new AbortController();
		answers.push(() => {
			controller.abort();
		});
		const failed = get(direct({ answer: 10_000 }), { signal: controller.signal });
		await expect(failed).rejects.toMatchObject({ name: 'AbortError' });
		await once(connections[0]!, 'close');
	});

	it('stops reading, and nothing is written to the memory any more', async () => {
		const controller = new AbortController();
		answers.push((socket) => {
			socket.write(head(length(content.length)));
			socket.write(content.subarray(0, 100_000));
		});
		const destination = destinationIn(Buffer.alloc(content.length));
		const ended = direct().partSenderOf(request(), destination)?.(controller.signal);
		while (destination.filled === 0) await nextTurn();
		controller.abort();
		connections[0]?.write(content.subarray(100_000));
		expect((await ended)?.statusCode).toBe(206);
		expect(destination.failure).toMatchObject({ name: 'AbortError' });
		const { filled } = destination;
		destination.memory.fill(255);
		await once(connections[0]!, 'close');
		expect(destination.filled).toBe(filled);
		expect(destination.memory.every((byte) => byte === 255)).toBe(true);
	});

	it('before the request sends nothing', async () => {
		const failed = get(direct(), { signal: AbortSignal.abort() });
		await expect(failed).rejects.toMatchObject({ name: 'AbortError' });
		expect(requests).toHaveLength(0);
	});
});

describe('what an answer tells the pace of its connection', () => {
	const sent = () => ({
		...request(),
		path: '/bucket/key',
		query: { 'x-id': 'GetObject' },
	});

	it('is that it was answered, once it had its turn', async () => {
		const pace = new RequestRate();
		const turn = jest.spyOn(pace, 'turn');
		const answered = jest.spyOn(pace, 'answered');
		const destination = destinationIn(Buffer.alloc(content.length));
		const handler = new PacedHttpHandler({}, pace, () => undefined, direct());
		const { response } = await handler.handle(sent() as never, { destination } as never);
		expect(response.statusCode).toBe(206);
		expect(destination.memory.equals(content)).toBe(true);
		expect(turn).toHaveBeenCalledTimes(1);
		expect(answered).toHaveBeenCalledWith(await turn.mock.results[0]?.value);
		expect(requests[0]).toMatch(/^GET \/bucket\/key\?x-id=GetObject HTTP\/1\.1\r\n/);
	});

	it('takes one turn for a request that goes another way, behind a proxy', async () => {
		const pace = new RequestRate();
		const turn = jest.spyOn(pace, 'turn');
		const destination = destinationIn(Buffer.alloc(content.length));
		const behindProxy = new RangeConnectionPool(() => undefined, TIMEOUTS);
		const handler = new PacedHttpHandler({}, pace, () => undefined, behindProxy);
		await handler.handle(sent() as never, { destination } as never);
		expect(destination.memory.equals(content)).toBe(true);
		expect(requests).toHaveLength(1);
		expect(turn).toHaveBeenCalledTimes(1);
	});
});

describe('a page of a listing', () => {
	const ok = (...fields: string[]): string => `HTTP/1.1 200 OK\r\n${fields.join('')}\r\n`;
	const CHUNKED = 'Transfer-Encoding: chunked\r\n';
	const inChunks = (...sizes: number[]): Buffer => {
		let at = 0;
		const chunks = sizes.flatMap((size) => {
			const bytes = content.subarray(at, (at += size));
			return [Buffer.from(`${size.toString(16)}\r\n`), bytes, Buffer.from('\r\n')];
		});
		return Buffer.concat([Buffer.from(ok(CHUNKED)), ...chunks, Buffer.from('0\r\n\r\n')]);
	};

	/** The answer and its body; undefined for one that takes a real HTTP client. */
	async function list(on: RangeConnectionPool, signal?: AbortSignal) {
		const answered = await on.pageSenderOf(request())?.(signal);
		if (answered === undefined) return undefined;
		const { statusCode: status, body } = answered;
		if (body instanceof Readable) return { status, bytes: await buffer(body) };
		const bytes = Buffer.from(body.bytes());
		body.giveBack();
		return { status, bytes };
	}

	it.each([
		['of known length', Buffer.concat([Buffer.from(ok(length(content.length))), content])],
		['in one chunk', inChunks(content.length)],
		['in chunks', inChunks(1, 15, 16, 70_000, 99_999, 129_969)],
	])('%s is read, one after the other on one connection', async (_, answer) => {
		const on = direct();
		for (let i = 0; i < 3; i++) {
			answers.push((socket) => socket.write(answer));
			const { status, bytes } = (await list(on))!;
			expect(status).toBe(200);
			expect(bytes.equals(content)).toBe(true);
		}
		expect(connections).toHaveLength(1);
	});

	it.each([
		['of known length', Buffer.from(`${ok(length(11))}hello world`)],
		['in chunks', Buffer.from(`${ok(CHUNKED)}5\r\nhello\r\n6\r\n world\r\n00\r\n\r\n`)],
	])('%s is read however it is cut', async (_, answer) => {
		const on = direct();
		for (let cut = 1; cut < answer.length; cut++) {
			answers.push((socket) => {
				socket.write(answer.subarray(0, cut), () => {
					setImmediate(() => socket.write(answer.subarray(cut)));
				});
			});
			expect((await list(on))?.bytes.toString()).toBe('hello world');
		}
		expect(connections).toHaveLength(1);
	});

	it.each([
		['of known length', (bytes: Buffer) => [ok(length(bytes.length)), bytes]],
		['in chunks', (b: Buffer) => [ok(CHUNKED), `${b.length.toString(16)}\r\n`, b, '\r\n0\r\n\r\n']],
	])('%s may be as long as it is', async (_, answer) => {
		const long = Buffer.concat(Array.from({ length: 10 }, () => content));
		answers.push((socket) => {
			for (const piece of answer(long)) socket.write(piece);
		});
		expect((await list(direct()))?.bytes.equals(long)).toBe(true);
	});

	it('may have no bytes', async () => {
		const on = direct();
		for (const answer of [ok(length(0)), `${ok(CHUNKED)}0\r\n\r\n`]) {
			answers.push((socket) => socket.write(answer));
			expect((await list(on))?.bytes).toHaveLength(0);
		}
		expect(connections).toHaveLength(1);
	});

	it('may be an error', async () => {
		answers.push((socket) => socket.write(`HTTP/1.1 503 Slow Down\r\n${length(5)}\r\nhello`));
		expect(await list(direct())).toEqual({ status: 503, bytes: Buffer.from('hello') });
	});

	it.each<[string, string]>([
		['with a chunk extension', `${ok(CHUNKED)}5;a=b\r\nhello\r\n0\r\n\r\n`],
		['with a trailer', `${ok(CHUNKED)}5\r\nhello\r\n0\r\nX-A: 1\r\n\r\n`],
		['with a size that is no number', `${ok(CHUNKED)}-5\r\nhello\r\n0\r\n\r\n`],
		['with a size that never ends', `${ok(CHUNKED)}${'0'.repeat(70_000)}`],
		['with a chunk longer than it says', `${ok(CHUNKED)}4\r\nhello\r\n0\r\n\r\n`],
		['with lines that end in another way', `${ok(CHUNKED)}5\nhello\n0\n\n`],
		['with more behind its last chunk', `${ok(CHUNKED)}5\r\nhello\r\n0\r\n\r\nmore`],
		['in chunks that has a length, too', `${ok(CHUNKED, length(5))}5\r\nhello\r\n0\r\n\r\n`],
		['in chunks of something else', `${ok('Transfer-Encoding: gzip, chunked\r\n')}5\r\n`],
		['that is longer than it says', `${ok(length(4))}hello`],
		['that ends with its connection', `${ok()}hello`],
		['that is not final', `HTTP/1.1 100 Continue\r\n${length(0)}\r\n`],
	])('%s takes a real HTTP client', async (_, text) => {
		const on = direct();
		answers.push((socket) => socket.write(text));
		expect(await list(on)).toBeUndefined();
		// Nothing of it may be taken for the next answer.
		answers.push((socket) => socket.write(inChunks(7)));
		expect((await list(on))?.bytes).toEqual(content.subarray(0, 7));
		expect(connections).toHaveLength(2);
	});

	it.each<[string, string]>([
		['of known length', `${ok(length(6))}hello`],
		['in chunks', `${ok(CHUNKED)}5\r\nhello\r\n`],
		['within a chunk', `${ok(CHUNKED)}6\r\nhello`],
	])('that breaks off is an error: %s', async (_, text) => {
		const on = direct();
		answers.push((socket) => socket.end(text));
		await expect(list(on)).rejects.toMatchObject({ code: 'ECONNRESET' });
		answers.push((socket) => socket.write(inChunks(7)));
		expect((await list(on))?.bytes).toEqual(content.subarray(0, 7));
	});

	it.each<[string, string, string | undefined]>([
		['taken', `${ok(length(5))}hello`, undefined],
		['an error', `HTTP/1.1 404 No\r\n${length(5)}\r\nhello`, undefined],
		['for a real HTTP client', `${ok()}hello`, undefined],
		['broken off', `${ok(length(6))}hello`, 'ECONNRESET'],
	])('leaves its memory to the next one once it is %s', async (_, text, code) => {
		const memory = newPage();
		memory.giveBack();
		answers.push((socket) => socket.end(text));
		const listed = list(direct());
		if (code === undefined) await listed;
		else await expect(listed).rejects.toMatchObject({ code });
		const next = newPage();
		next.giveBack();
		expect(next).toBe(memory);
	});

	it('is not read on when it is cancelled', async () => {
		const controller = new AbortController();
		answers.push((socket) => {
			socket.write(`${ok(length(6))}hello`, () => {
				controller.abort();
			});
		});
		const failed = list(direct({ answer: 10_000 }), controller.signal);
		await expect(failed).rejects.toMatchObject({ name: 'AbortError' });
		const [socket] = connections;
		// Not with `once` of Node, for what nobody reads any more may reset it.
		if (socket?.closed === false) await new Promise((closed) => socket.once('close', closed));
	});

	describe('on its way to the SDK', () => {
		interface Answered {
			statusCode: number;
			body: PageBuffer | Readable;
		}
		const sent = () => ({ ...request(), path: '/bucket', query: { 'list-type': '2' } });
		const handle = async (handler: PacedHttpHandler) =>
			(await handler.handle(sent() as never, { asPage: true } as never)).response as Answered;

		it('is handed over as it was read, and the pace is told', async () => {
			const pace = new RequestRate();
			const turn = jest.spyOn(pace, 'turn');
			const heard = jest.spyOn(pace, 'heard');
			const handler = new PacedHttpHandler({}, pace, () => undefined, direct());
			answers.push((socket) => socket.write(inChunks(7)));
			const { statusCode, body }: Answered = await handle(handler);
			expect(statusCode).toBe(200);
			const page = await readPage(body);
			expect(page).toBe(body);
			expect(page.bytes()).toEqual(content.subarray(0, 7));
			expect(requests[0]).toMatch(/^GET \/bucket\?list-type=2 HTTP\/1\.1\r\n/);
			expect(turn).toHaveBeenCalledTimes(1);
			expect(heard).toHaveBeenCalledWith(await turn.mock.results[0]?.value, 200, 0);
		});

		it('is a stream where it is an error, and the pace is told how long to wait', async () => {
			const pace = new RequestRate();
			const heard = jest.spyOn(pace, 'heard');
			const handler = new PacedHttpHandler({}, pace, () => undefined, direct());
			answers.push((socket) =>
				socket.write(`HTTP/1.1 503 No\r\nRetry-After: 2\r\n${length(5)}\r\nhello`),
			);
			const { statusCode, body }: Answered = await handle(handler);
			expect(statusCode).toBe(503);
			expect((await buffer(body as Readable)).toString()).toBe('hello');
			expect(heard).toHaveBeenCalledWith(expect.any(Number), 503, 2000);
			expect(requests).toHaveLength(1);
		});

		it('is asked for by a real HTTP client from then on, once it takes one', async () => {
			const answer = `${ok(CHUNKED)}5;a=b\r\nhello\r\n0\r\n\r\n`;
			const handler = new PacedHttpHandler({}, new RequestRate(), () => undefined, direct());
			for (let i = 0; i < 2; i++) {
				answers = [1, 2].map(() => (socket) => socket.write(answer));
				const page = await readPage((await handle(handler)).body);
				expect(page.bytes().toString()).toBe('hello');
				page.giveBack();
			}
			expect(requests).toHaveLength(3);
			handler.destroy();
		});
	});
});

describe('a connection with TLS', () => {
	const authority = issue({ name: 'Private CA', ca: true });
	const certificate = issue({ name: 'server', hosts: ['data.localhost'] }, authority);

	it('names the server that it is for, as the lookup of names does', async () => {
		const names: unknown[] = [];
		const secure = createTlsServer({ cert: certificate.pem, key: certificate.keyPem }, (socket) => {
			names.push(socket.servername);
			connections.push(socket);
			socket.once('data', () => {
				whole(socket);
			});
		}).listen(0, '127.0.0.1');
		await once(secure, 'listening');
		const to = (secure.address() as AddressInfo).port;
		try {
			const { openSocketTo } = await agentsFor({
				caCertificate: authority.pem,
				ignoreSslIssues: false,
				proxy: { kind: 'none' },
			} as Connection);
			const on = new RangeConnectionPool(openSocketTo!, TIMEOUTS);
			const at = { protocol: 'https:', hostname: 'data.localhost', port: to };
			const destination = destinationIn(Buffer.alloc(content.length));
			await on.partSenderOf(request(at), destination)?.(undefined);
			expect(destination.memory.equals(content)).toBe(true);
			expect(names).toEqual(['data.localhost']);
		} finally {
			secure.close();
		}
	});
});
