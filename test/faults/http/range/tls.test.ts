/** Ranges of objects that are read on connections of their own, with TLS. */
import { TLSSocket } from 'node:tls';
import type { Connection } from '../../../../s3/Connection';
import { agentsFor } from '../../../../s3/http/agentsFor';
import { RangeConnectionPool } from '../../../../s3/http/range/RangeConnectionPool';
import { bodyBufferOf } from '../../../../s3/memory/BodyBuffer';
import { buildQueryString } from '../../../../s3/sdk';
import { issue } from '../../../servers/rolesAnywhere/authority';
import { startRawServer } from './rawServer';
import type { RawServer, Respond } from './rawServer';
import { bytesFrom } from '../../../bytes';

const TIMEOUTS = { connect: 2000, response: 2000, body: 2000, unused: 10_000 };
const content = bytesFrom(300_000, (i) => (i * 31) % 251);
const authority = issue({ name: 'Private CA', ca: true });
const certificate = issue({ name: 'server', hosts: ['data.localhost'] }, authority);

const whole: Respond = (socket) => {
	socket.write(`HTTP/1.1 206 Partial Content\r\nContent-Length: ${content.length}\r\n\r\n`);
	socket.write(content);
};

let server: RawServer;

beforeEach(async () => {
	server = await startRawServer(whole, { cert: certificate.pem, key: certificate.keyPem });
});
afterEach(() => {
	server.stop();
});

async function openPool(timeouts = TIMEOUTS) {
	const { openSocketTo } = await agentsFor({
		caCertificate: authority.pem,
		ignoreSslIssues: false,
		proxy: { kind: 'none' },
	} as Connection);
	return new RangeConnectionPool(openSocketTo!, timeouts, buildQueryString);
}

async function get(pool: RangeConnectionPool, { port } = server) {
	const body = bodyBufferOf(Buffer.alloc(content.length));
	const at = { protocol: 'https:', hostname: 'data.localhost', port, path: '/', headers: {} };
	const response = await pool.readInto({ method: 'GET', ...at }, body, undefined);
	return { response, bytes: body.memory.subarray(0, body.filled) };
}

const secured = () => server.connections.filter((socket) => socket instanceof TLSSocket);

it('a range is read over TLS from the server that is named, as the lookup of names does', async () => {
	const pool = await openPool();
	for (let i = 0; i < 3; i++) expect((await get(pool)).bytes.equals(content)).toBe(true);
	expect(secured().map(({ servername }) => servername)).toEqual(['data.localhost']);
});

it.each(['TLSv1.2', 'TLSv1.3'] as const)(
	'connections to a server use its TLS session again, with %s',
	async (version) => {
		server.stop();
		const tls = { cert: certificate.pem, key: certificate.keyPem, maxVersion: version };
		server = await startRawServer(whole, tls);
		const pool = await openPool();
		await get(pool);
		const together = await Promise.all([get(pool), get(pool), get(pool)]);
		for (const { bytes } of together) expect(bytes.equals(content)).toBe(true);
		expect(secured().map((socket) => socket.isSessionReused())).toEqual([false, true, true]);
		expect(secured().map((socket) => socket.getProtocol())).toEqual([version, version, version]);
	},
);

it('a response whose head has no end leaves the server to the HTTP client', async () => {
	const pool = await openPool();
	server.responses.push((socket) => socket.write(`HTTP/1.1 206 OK\r\nX-A: ${'x'.repeat(70_000)}`));
	expect((await get(pool)).response).toEqual({ isRead: false, head: undefined });
	expect((await get(pool)).response).toBeUndefined();
});

it('bytes after a response are no response to the next request', async () => {
	const pool = await openPool();
	const hello = 'HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\n\r\nhello';
	server.responses.push((socket) => socket.write(hello + hello.repeat(1000)));
	expect((await get(pool)).bytes.toString()).toBe('hello');
	expect((await get(pool)).bytes.equals(content)).toBe(true);
	expect(secured()).toHaveLength(2);
});

it('a server that does not speak TLS is given up after the time for a connection', async () => {
	const silent = await startRawServer(() => undefined);
	try {
		const pool = await openPool({ connect: 50, response: 60_000, body: 60_000, unused: 60_000 });
		await expect(get(pool, silent)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
	} finally {
		silent.stop();
	}
});
