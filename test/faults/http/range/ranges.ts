/** A server of ranges that responds as a test wants, and pools of connections to it. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { RangeConnectionPool } from '../../../../s3/http/range/RangeConnectionPool';
import type { RangeRequest } from '../../../../s3/http/range/RangeReader';
import { bodyBufferOf } from '../../../../s3/memory/BodyBuffer';
import { buildQueryString } from '../../../../s3/sdk';
import { startRawServer } from './rawServer';
import type { RawServer, Respond } from './rawServer';
import { bytesFrom } from '../../../bytes';

/** Milliseconds: as long as no machine is slow. */
export const TIMEOUTS = { connect: 20_000, response: 20_000, body: 20_000, unused: 20_000 };
/** The same for tests in which the server is silent. */
export const IMPATIENT = { response: 1000, body: 1000 };
/** What the server has. */
export const content = bytesFrom(300_000, (i) => (i * 31) % 251);

/** A head with these fields. */
export const head = (...fields: string[]): string =>
	`HTTP/1.1 206 Partial Content\r\n${fields.join('')}\r\n`;
export const length = (bytes: number): string => `Content-Length: ${bytes}\r\n`;

export const whole: Respond = (socket) => {
	socket.write(head(length(content.length), 'Content-Range: bytes 0-299999/9999999\r\n'));
	socket.write(content);
};
export const silence: Respond = () => undefined;

export const requestOf = (changes: Partial<RangeRequest> = {}): RangeRequest => ({
	method: 'GET',
	protocol: 'http:',
	hostname: '127.0.0.1',
	port: 9000,
	path: '/bucket/a%20key',
	query: { 'x-id': 'GetObject' },
	headers: { host: '127.0.0.1:9000', range: 'bytes=0-299999' },
	...changes,
});

export async function get(
	pool: RangeConnectionPool,
	{ signal, ...changes }: Partial<RangeRequest> & { signal?: AbortSignal } = {},
) {
	const body = bodyBufferOf(Buffer.alloc(content.length));
	const response = await pool.readInto(requestOf(changes), body, signal);
	return { response, body, bytes: body.memory.subarray(0, body.filled) };
}

/** Reads ranges at the same time. */
export const getMany = async (pool: RangeConnectionPool, count: number, hostname = '127.0.0.1') =>
	await Promise.all(Array.from({ length: count }, () => get(pool, { hostname })));

/** Resolves when a connection is closed; not with `once` of Node, as it may have been reset. */
export const closed = async (socket: Socket | undefined) => {
	if (socket?.closed === false) await new Promise((resolve) => socket.on('close', resolve));
};

/** A server whose properties are there when a test runs; each test has a new one. */
export interface RangeServer extends RawServer {
	/** Responds to the next requests with these texts. */
	respondWith(...texts: string[]): void;
	/** A pool whose connections go to the server, whatever the request says. */
	poolOf(timeouts?: object, opened?: (socket: Socket) => void): RangeConnectionPool;
}

/** Starts a server for each test, which responds with the whole content unless it is told otherwise. */
export function withRangeServer(): RangeServer {
	const server = {
		respondWith: (...texts) => {
			const responses = texts.map(
				(text): Respond =>
					(socket) =>
						socket.write(text),
			);
			server.responses.push(...responses);
		},
		poolOf: (timeouts = {}, opened = () => undefined) =>
			new RangeConnectionPool(
				() => (onread) => {
					const socket = connect({ host: '127.0.0.1', port: server.port, onread });
					opened(socket);
					return socket;
				},
				{ ...TIMEOUTS, ...timeouts },
				buildQueryString,
			),
	} as RangeServer;
	beforeEach(async () => {
		Object.assign(server, await startRawServer(whole));
	});
	afterEach(() => {
		server.stop();
	});
	return server;
}
