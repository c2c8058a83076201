/**
 * A server that sends more than the response to a request: Node's HTTP client with our agents, and the reader of
 * ranges, must not take it for the response to the next one.
 */
import { Agent, request as requestHttp } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Connection } from '../../../s3/Connection';
import type { Agents } from '../../../s3/http/Agents';
import { agentsFor } from '../../../s3/http/agentsFor';
import { guarded } from '../../../s3/http/guardedAgent';
import { RangeConnectionPool } from '../../../s3/http/range/RangeConnectionPool';
import { bodyBufferOf } from '../../../s3/memory/BodyBuffer';
import { headObject } from '../../../s3/objects/headObject';
import { buildQueryString } from '../../../s3/sdk';
import { openUrl } from '../../../s3/url/openUrl';
import { connectionTo } from '../../servers/connectionTo';
import { startHttpProxy } from '../../servers/httpProxy';
import type { HttpProxy } from '../../servers/httpProxy';
import { withServer } from '../../servers/withServer';
import { seeds } from '../../seeds';
import { rejectionOf } from '../../unit/failureOf';
import { sessionOf } from '../../unit/s3/identity/machine/machine';
import { oneOf, randomFrom } from '../random';
import type { Random } from '../random';
import { proxyAt } from './proxied';
import { startRawServer } from './range/rawServer';
import type { RawServer } from './range/rawServer';

const TIMEOUTS = { connect: 5000, response: 5000, body: 5000, unused: 5000 };
const REQUESTS = seeds(400, 40_000);

const s3 = withServer();
let server: RawServer;
let proxy: HttpProxy;
/** What the server does after the response to the next requests. */
let surplus: ((socket: Socket) => void)[] = [];

const responseOf = (body: string): string =>
	`HTTP/1.1 206 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** Responds with the path of the request, and then does what a test wants. */
function respond(socket: Socket): void {
	const path = /^GET \S*?(\/\d+) /.exec(server.requests.at(-1) ?? '')?.[1] ?? '';
	socket.write(responseOf(path));
	surplus.shift()?.(socket);
}

beforeAll(async () => {
	proxy = await startHttpProxy();
});
afterAll(() => proxy.stop());
beforeEach(async () => {
	surplus = [];
	server = await startRawServer(respond);
});
afterEach(() => {
	server.stop();
});

/** Gets a path; undefined if there is no response. */
type Get = (path: string) => Promise<string | undefined>;

const throughAgent =
	({ httpAgent: agent }: Agents): Get =>
	(path) =>
		new Promise((resolve) => {
			const { port } = server;
			requestHttp({ host: '127.0.0.1', port, path, agent }, (response) => {
				text(response).then(resolve, () => {
					resolve(undefined);
				});
			})
				.on('error', () => {
					resolve(undefined);
				})
				.end();
		});

function throughRanges(): Get {
	const pool = new RangeConnectionPool(
		({ host }) =>
			(onread) =>
				connect({ host, port: server.port, onread }),
		TIMEOUTS,
		buildQueryString,
	);
	return async (path) => {
		const body = bodyBufferOf(Buffer.alloc(100));
		const place = { method: 'GET', protocol: 'http:', hostname: '127.0.0.1' };
		const request = { ...place, port: server.port, path, headers: {} };
		const response = await pool.readInto(request, body, undefined).catch(() => undefined);
		if (response?.isRead !== true || body.failure !== undefined) return undefined;
		return body.memory.toString('latin1', 0, body.filled);
	};
}

const clients: [string, () => Promise<Get>][] = [
	['the HTTP client', async () => throughAgent(await agentsFor(connectionTo(s3)))],
	[
		'the HTTP client through a proxy',
		async () => {
			const settings = { kind: 'custom', url: proxy.url, user: undefined, password: undefined };
			return throughAgent(await agentsFor(connectionTo(s3, { proxy: settings as never })));
		},
	],
	['the reader of ranges', () => Promise.resolve(throughRanges())],
];

/** Bytes that no request asked for. */
const SURPLUS = [
	responseOf('/stale'),
	`${responseOf('/stale')}${responseOf('/stale')}`,
	'\r\n',
	'x',
];

/** Lets the event loop turn a few times. */
async function turns(count: number): Promise<void> {
	for (let i = 0; i < count; i++) await nextTurn();
}

describe.each(clients)('surplus bytes and %s', (_, clientOf) => {
	it('a connection without surplus bytes is used again', async () => {
		const get = await clientOf();
		for (let i = 0; i < 5; i++) expect(await get(`/${i}`)).toBe(`/${i}`);
		expect(server.connections.length).toBe(1);
	});

	it.each<[string, (socket: Socket) => void]>([
		['with the response', (socket) => socket.write(SURPLUS[0]!)],
		['a turn later', (socket) => setImmediate(() => socket.write(SURPLUS[0]!))],
	])('a response that comes %s is not taken for that to the next request', async (__, then) => {
		const get = await clientOf();
		surplus.push(then);
		expect(await get('/1')).toBe('/1');
		for (let i = 2; i < 5; i++) expect(await get(`/${i}`)).toBe(`/${i}`);
		expect(server.connections.length).toBe(2);
	});
});

/** What the server does after a response, and what passes before the next request. */
function stepOf(random: Random): { then: (socket: Socket) => void; before: () => Promise<void> } {
	const bytes = oneOf(random, SURPLUS);
	const later = random(10);
	const isClean = random(2) === 0;
	const wait = random(3);
	let written = Promise.resolve();
	return {
		then: (socket) => {
			if (isClean) return;
			written = turns(later).then(() => {
				socket.write(bytes);
			});
		},
		before: async () => {
			// The next request may be sent before the event loop has turned again.
			await written;
			if (wait > 0) await turns(wait);
		},
	};
}

it('each client reads of a server with surplus bytes the response to each request', async () => {
	const agents = await agentsFor(connectionTo(s3));
	const { freeSockets } = agents.httpAgent;
	for (const get of [throughAgent(agents), throughRanges()]) {
		const random = randomFrom(1);
		const before = server.connections.length;
		for (let i = 0; i < REQUESTS; i++) {
			const step = stepOf(random);
			surplus = [step.then];
			// A connection that the server spoils may be an error, never the response to another request.
			expect([`/${i}`, undefined]).toContain(await get(`/${i}`));
			await step.before();
		}
		// Those without surplus bytes were used again.
		expect(server.connections.length - before).toBeLessThan(0.7 * REQUESTS);
	}
	expect(Object.keys(freeSockets).length).toBeLessThanOrEqual(1);
}, 600_000);

it.each([0, 1, 2])(
	'requests that wait for a socket are not given one with bytes that came %i turns after the response',
	async (later) => {
		const agents = await agentsFor(connectionTo(s3));
		agents.httpAgent.maxSockets = 1;
		const get = throughAgent(agents);
		surplus = [(socket) => void turns(later).then(() => socket.write(SURPLUS[0]!))];
		const paths = Array.from({ length: 5 }, (_, i) => `/${i}`);
		expect(await Promise.all(paths.map(get))).toEqual(paths);
		expect(server.connections.length).toBe(2);
	},
);

it('a request that waits for a socket is told if none connects', async () => {
	const agents = await agentsFor(connectionTo(s3));
	agents.httpAgent.maxSockets = 1;
	const get = throughAgent(agents);
	server.stop();
	await nextTurn();
	expect(await Promise.all(['/1', '/2', '/3'].map(get))).toEqual([undefined, undefined, undefined]);
});

it('an agent with as many sockets as it may have closes an unused one for another server', async () => {
	const agents = await agentsFor(connectionTo(s3));
	agents.httpAgent.maxTotalSockets = 2;
	const get = throughAgent(agents);
	await Promise.all(['/1', '/2'].map(get));
	const other = await startRawServer((socket) => socket.write(responseOf('/other')));
	const first = server;
	server = other;
	expect(await get('/3')).toBe('/other');
	await turns(5);
	expect(first.connections.filter((socket) => !socket.destroyed).length).toBe(1);
	first.stop();
});

it('interim responses without end fail a request', async () => {
	server.responses.push((socket) => {
		for (let n = 0; n < 200; n++) socket.write('HTTP/1.1 103 Early Hints\r\n\r\n');
	});
	const to = { endpoint: `http://127.0.0.1:${server.port}` };
	const asked = headObject(
		await s3.connect(to),
		{ bucket: 'bucket', key: 'key' },
		{ signal: undefined, retryFor: 0 },
	);
	expect((await rejectionOf(asked)).message).toContain(
		'it sends interim responses (1xx) without end',
	);
	expect(server.requests).toHaveLength(1);
});

it.each([
	['the head', 'HTTP/1.1 200 OK\r\nX-A: ', 'x'],
	['interim responses', '', 'HTTP/1.1 102 Processing\r\n\r\n'],
])('a response of which %s comes in drops fails a request in time', async (_, begin, drop) => {
	server.responses.push((socket) => {
		socket.write(begin);
		const timer = setInterval(() => socket.write(drop), 5);
		socket.once('close', () => clearInterval(timer));
	});
	const agent = guarded(new Agent({ keepAlive: true }), true, 60);
	const failed = new Promise((resolve) => {
		const { port } = server;
		requestHttp({ host: '127.0.0.1', port, agent }).once('error', resolve).end();
	});
	expect(await failed).toMatchObject({ code: 'ETIMEDOUT' });
	agent.destroy();
});

it('a response whose body takes longer than its head may is read to its end', async () => {
	const agent = guarded(new Agent({ keepAlive: true }), true, 60);
	server.responses.push((socket) => {
		socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe');
		setTimeout(() => socket.write('llo'), 150);
	});
	const body = await new Promise<string>((resolve, reject) => {
		const { port } = server;
		requestHttp({ host: '127.0.0.1', port, agent }, (response) => resolve(text(response)))
			.once('error', reject)
			.end();
	});
	expect(body).toBe('hello');
	agent.destroy();
});

describe('a response that changes the protocol, for which nobody has asked', () => {
	const SWITCH =
		'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n';
	const call = { signal: undefined, retryFor: 0 };
	const origin = () => `http://127.0.0.1:${server.port}`;
	const opened = (settings: Partial<Connection> = {}) =>
		s3.connect({ endpoint: origin(), ...settings });
	const target = { bucket: 'bucket', key: 'key' };

	beforeEach(() => {
		server.responses.push((socket) => socket.write(SWITCH));
	});

	it.each<[string, () => Promise<unknown>]>([
		['a request to S3', async () => headObject(await opened(), target, call)],
		[
			'a request through a proxy',
			async () => headObject(await opened({ proxy: proxyAt(origin()) }), target, call),
		],
		['a request for a file', async () => openUrl(await opened(), { url: origin() }, target, call)],
		[
			'a request to a service of the machine',
			() => sessionOf({ kind: 'container', url: origin(), token: undefined, tokenFile: undefined }),
		],
	])('%s fails at once', async (_, run) => {
		expect(await rejectionOf(run())).toMatchObject({
			message: expect.stringContaining('it wants to speak another protocol') as string,
		});
		expect(server.requests).toHaveLength(1);
	});
});
