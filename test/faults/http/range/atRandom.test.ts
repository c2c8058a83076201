/**
 * Random responses, legal and broken ones, that the reader of ranges and Node's HTTP client both read. What
 * the first accepts, the second must have read alike.
 */
import { get as getByNode } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RangeConnectionPool } from '../../../../s3/http/range/RangeConnectionPool';
import { bodyBufferOf } from '../../../../s3/memory/BodyBuffer';
import { buildQueryString } from '../../../../s3/sdk';
import { seeds } from '../../../seeds';
import { oneOf, randomFrom } from '../../random';
import type { Random } from '../../random';
import { startRawServer } from './rawServer';
import type { RawServer } from './rawServer';
import { bytesFrom } from '../../../bytes';

const CASES = seeds(1000, 60_000);
/** Cases at the same time. */
const LANES = 16;
const TIMEOUTS = { connect: 5000, response: 5000, body: 5000, unused: 5000 };
/** Bytes of the buffer that a range is read into. */
const ASKED_FOR = 4000;

const content = bytesFrom(2 * ASKED_FOR, (i) => (i * 31 + 7) % 251);

const STATUS_LINES = [
	'HTTP/1.1 206 Partial Content',
	'HTTP/1.1 206 ',
	'HTTP/1.1 206',
	'HTTP/1.1 206 Caf\u00e9\tau lait',
	'HTTP/1.1 206 a\u0001b',
	'HTTP/1.1 206 a\rb',
	'HTTP/1.1 206\tOK',
	'HTTP/1.1  206 OK',
	'HTTP/1.1 2060 OK',
	'HTTP/1.1 20 OK',
	'HTTP/1.1 200 OK',
	'HTTP/1.1 304 Not Modified',
	'HTTP/1.1 100 Continue',
	'HTTP/1.1 503 Slow Down',
	'HTTP/1.0 206 OK',
	'HTTP/2.0 206 OK',
	'http/1.1 206 OK',
	' HTTP/1.1 206 OK',
	'\r\nHTTP/1.1 206 OK',
	'ICY 206 OK',
];

const FIELDS = [
	'ETag: "abc"',
	'X-A:',
	'X-A:\t  tabs \t ',
	'X-Amz-Meta-A: voil\u00c3\u00a0',
	"!#$%&'*+-.^_`|~: token",
	'Set-Cookie: a=1',
	'set-cookie: b=2',
	'Content-Range: bytes 0-9/99',
	'Content-Encoding: gzip',
	'Trailer: X-A',
	'Upgrade: h2c',
	'Connection: keep-alive',
	'Connection: close',
	'Connection: x, Close',
	'Connection: upgrade',
	'Keep-Alive: timeout=5, max=100',
	'__proto__: x',
	'constructor: y',
];

const BROKEN_FIELDS = [
	'X-A : space before the colon',
	' folded: line',
	'\tfolded',
	'no colon',
	': no name',
	'X(A): no token',
	'X-\u00e4: no token',
	'X-A: a\u0000b',
	'X-A: a\u007fb',
	'X-A: a\u001bb',
	'X-A: a\rb',
	'X-A: a\nX-B: b',
	'X-A: a\nContent-Length: 1',
	'X-A: a\rContent-Length: 1',
];

/** Node 20's client refuses a tab after the digits of a length, which RFC 9110 allows (section 5.5). */
const REFUSED_BY_NODE_20 = /\r\ncontent-length:[ \t]*\d+ *\t/i;

/** How the length of a body may be said. */
const lengthFields = (length: number): string[] => [
	`content-length:${length}`,
	`CONTENT-LENGTH: \t${length} \t`,
	`Content-Length: 00${length}`,
	`Content-Length: ${length}\r\nContent-Length: ${length}`,
	`Content-Length: ${length}\r\nContent-Length: ${length + 1}`,
	`Content-Length: ${length}, ${length}`,
	`Content-Length: +${length}`,
	`Content-Length: -${length}`,
	`Content-Length: 0x${length.toString(16)}`,
	`Content-Length: ${length}.0`,
	`Content-Length: ${length}\u00a0`,
	`Content-Length: ${length} ${length}`,
	`Content-Length: ${length + 2 ** 64}`,
	'Content-Length: 99999999999999999999999',
	'Content-Length:',
	`Content-Length : ${length}`,
	`Content-Length: ${length}\r\nTransfer-Encoding: chunked`,
	`Transfer-Encoding: identity\r\nContent-Length: ${length}`,
	`Transfer-Encoding:\r\nContent-Length: ${length}`,
	'Transfer-Encoding: chunked',
	'X-A: no length',
];

const AFTER_BODY = ['\r\n', 'x', '\u0000', 'HTTP/1.1 206 OK\r\nContent-Length: 2\r\n\r\nno'];

interface Response {
	/** What the server writes, one after the other. */
	pieces: Buffer[];
	/** Whether it then ends the connection. */
	ends: boolean;
}

const rarely = (random: Random, oneIn: number) => random(oneIn) === 0;

function fieldsOf(random: Random, said: string, others: readonly string[]): string[] {
	const fields = Array.from({ length: random(5) }, () => oneOf(random, others));
	fields.splice(random(fields.length + 1), 0, said);
	return fields;
}

/** Bytes of which HTTP/1.1 is made. */
const SYNTAX = Buffer.from('\r\n \t:,;015');

/** Changes, inserts or leaves out one byte. */
function damaged(random: Random, bytes: Buffer): Buffer {
	const at = random(bytes.length + 1);
	const byte = rarely(random, 3) ? random(256) : SYNTAX[random(SYNTAX.length)]!;
	const inserted = rarely(random, 3) ? Buffer.alloc(0) : Buffer.from([byte]);
	return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + random(2))]);
}

function cut(random: Random, bytes: Buffer): Buffer[] {
	const cuts = Array.from({ length: random(5) }, () => random(bytes.length + 1));
	const ends = [...cuts.sort((a, b) => a - b), bytes.length];
	const pieces = ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
	return pieces.filter(({ length }) => length > 0);
}

/**
 * A response as HTTP/1.1 has it; sometimes its body breaks off, sometimes there are bytes after it on a
 * connection that may stay open.
 */
function legal(random: Random, size: number): Response {
	const fields = fieldsOf(random, `Content-Length: ${size}`, FIELDS);
	const head = `${[STATUS_LINES[0], ...fields].join('\r\n')}\r\n\r\n`;
	const breaksOff = size > 0 && rarely(random, 5);
	const after = rarely(random, 6) ? oneOf(random, AFTER_BODY) : '';
	const bytes = [
		Buffer.from(head, 'latin1'),
		content.subarray(0, breaksOff ? random(size) : size),
		Buffer.from(breaksOff ? '' : after, 'latin1'),
	];
	return { pieces: cut(random, Buffer.concat(bytes)), ends: breaksOff || rarely(random, 3) };
}

/** A response with whatever can be wrong with one, after which the connection ends. */
function broken(random: Random, size: number): Response {
	const said = Math.max(0, size + (rarely(random, 4) ? random(7) - 3 : 0));
	const length = rarely(random, 2) ? oneOf(random, lengthFields(said)) : `Content-Length: ${said}`;
	const others = rarely(random, 3) ? [...FIELDS, ...BROKEN_FIELDS] : FIELDS;
	const statusLine = rarely(random, 3) ? oneOf(random, STATUS_LINES) : STATUS_LINES[0]!;
	const lineBreak = rarely(random, 20) ? '\n' : '\r\n';
	const lines = [statusLine, ...fieldsOf(random, length, others), '', ''];
	const head = Buffer.from(lines.join(lineBreak), 'latin1');
	const sent = rarely(random, 2) ? damaged(random, head) : head;
	const bytes = Buffer.concat([sent, content.subarray(0, size)]);
	const whole = rarely(random, 4) ? bytes.subarray(0, random(bytes.length)) : bytes;
	return { pieces: cut(random, whole), ends: true };
}

function responseOf(seed: number): Response {
	const random = randomFrom(seed);
	const size = oneOf(random, [0, 1, random(50), random(ASKED_FOR), ASKED_FOR, ASKED_FOR + 1]);
	return rarely(random, 3) ? legal(random, size) : broken(random, size);
}

function isRefusedByOldNode(seed: number): boolean {
	const isOld = Number.parseInt(process.versions.node, 10) < 24;
	const head = Buffer.concat(responseOf(seed).pieces).toString('latin1');
	return isOld && REFUSED_BY_NODE_20.test(head);
}

interface Read {
	status: number;
	bytes: Buffer;
	/** Whether the body came to its end. */
	isWhole: boolean;
}

/** What Node's HTTP client reads; undefined if it takes nothing for a response. */
async function readByNode(port: number, path: string): Promise<Read | undefined> {
	const request = getByNode({ host: '127.0.0.1', port, path, agent: false });
	const chunks: Buffer[] = [];
	let message: IncomingMessage | undefined;
	request.on('response', (response) => {
		message = response;
		response.on('data', (chunk: Buffer) => chunks.push(chunk));
		response.on('error', () => undefined);
	});
	request.on('error', () => undefined);
	await new Promise((resolve) => request.on('close', resolve));
	if (message === undefined) return undefined;
	const { statusCode = 0, complete } = message;
	return { status: statusCode, bytes: Buffer.concat(chunks), isWhole: complete };
}

async function readRange(
	pool: RangeConnectionPool,
	port: number,
	path: string,
): Promise<Read | undefined> {
	const body = bodyBufferOf(Buffer.alloc(ASKED_FOR));
	const request = {
		method: 'GET',
		protocol: 'http:',
		hostname: '127.0.0.1',
		port,
		path,
		headers: {},
	};
	const response = await pool.readInto(request, body, undefined).catch(() => undefined);
	if (response?.isRead !== true) {
		expect(body.filled).toBe(0);
		return undefined;
	}
	const bytes = body.memory.subarray(0, body.filled);
	return { status: response.head.statusCode, bytes, isWhole: body.failure === undefined };
}

let server: RawServer;
/** Responses that are being written, by their seed. */
const writing = new Map<string, Promise<void>[]>();

async function write(socket: Socket, { pieces, ends }: Response): Promise<void> {
	for (const piece of pieces) {
		socket.write(piece);
		// Until the piece has been read.
		await nextTurn();
		await nextTurn();
	}
	if (ends) socket.end();
}

/** Responds to `/7` with the response of seed 7, and to anything else with “good”. */
function respond(socket: Socket): void {
	const seed = /^GET \/(\d+)/.exec(server.requests.at(-1) ?? '')?.[1];
	if (seed === undefined) {
		socket.write('HTTP/1.1 206 OK\r\nContent-Length: 4\r\n\r\ngood');
		return;
	}
	const response = responseOf(Number(seed));
	writing.set(seed, [...(writing.get(seed) ?? []), write(socket, response)]);
}

beforeAll(async () => {
	server = await startRawServer(respond);
});
afterAll(() => {
	server.stop();
});

it('random responses are read as Node’s HTTP client reads them, or not at all', async () => {
	const { port } = server;
	const counts = { whole: 0, brokenOff: 0, notRead: 0, next: 0 };
	const check = async (seed: number) => {
		const pool = new RangeConnectionPool(
			({ host }) =>
				(onread) =>
					connect({ host, port, onread }),
			TIMEOUTS,
			buildQueryString,
		);
		const path = `/${seed}`;
		const byNode = readByNode(port, path);
		const range = await readRange(pool, port, path);
		const expected = await byNode;
		if (range !== undefined && !isRefusedByOldNode(seed)) expect(range).toEqual(expected);
		counts[range === undefined ? 'notRead' : range.isWhole ? 'whole' : 'brokenOff']++;
		// Nothing of the response may be taken for the next one. What the server writes even later cannot be told
		// from a response to the next request.
		await Promise.all(writing.get(String(seed)) ?? []);
		writing.delete(String(seed));
		const next = await readRange(pool, port, '/');
		if (next !== undefined) expect(next.bytes.toString()).toBe('good');
		if (next !== undefined) counts.next++;
		pool.destroy();
	};
	let seed = 1;
	const lane = async () => {
		while (seed <= CASES) {
			const mine = seed++;
			await check(mine).catch((cause: unknown) => {
				throw new Error(`Seed ${mine}`, { cause });
			});
		}
	};
	await Promise.all(Array.from({ length: LANES }, lane));
	// Otherwise the cases showed less than they seem to.
	expect(counts.whole).toBeGreaterThan(CASES / 4);
	expect(counts.brokenOff).toBeGreaterThan(CASES / 20);
	expect(counts.notRead).toBeGreaterThan(CASES / 4);
	expect(counts.next).toBeGreaterThan(CASES / 4);
}, 600_000);
