import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { withServer } from '../withServer';
import { checksum } from './checksums';
import { clientOf } from './client';
import { startEmbedded } from './index';
import type { Sent } from './client';
import { bytesFrom } from '../../bytes';

// With one connection: a refused body must leave it fit for the next request.
const server = withServer({ buckets: ['b'], maxSockets: 1 });

const put = (sent: Sent) => server.send('PUT', '/b/key', sent);
const stored = () => server.store.bucket('b').get('key');

async function expectRefusal(sent: Sent, status: number, code: string): Promise<void> {
	server.store.bucket('b').remove('key', 'null');
	const reply = await put(sent);
	expect([reply.status, reply.code]).toEqual([status, code]);
	expect(stored()).toBeUndefined();
	expect((await server.send('GET', '/b/key')).code).toBe('NoSuchKey');
}

const body = 'x'.repeat(10_000);
const CRC32 = checksum('crc32', Buffer.from(body));
const TRAILER = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

const inChunks = (sizes: number[], trailer = ''): string => {
	let at = 0;
	const chunks = sizes.map((size) => {
		const chunk = body.slice(at, (at += size));
		return `${size.toString(16)}\r\n${chunk}\r\n`;
	});
	return `${chunks.join('')}0\r\n${trailer}\r\n`;
};

const chunkedHeaders = (more: Record<string, string> = {}): Record<string, string> => ({
	'content-encoding': 'aws-chunked',
	'x-amz-decoded-content-length': String(body.length),
	...more,
});

describe('a body', () => {
	it.each(['UNSIGNED-PAYLOAD', createHash('sha256').update(body).digest('hex')])(
		'a body is stored with the payload %s',
		async (payload) => {
			const reply = await put({ body, payload });
			expect(reply.headers.etag).toBe(`"${createHash('md5').update(body).digest('hex')}"`);
			expect((await server.send('GET', '/b/key')).text).toBe(body);
		},
	);

	it('a body is refused when it is not signed and said to be in chunks', async () => {
		const headers = { 'content-encoding': 'gzip,aws-chunked' };
		await expectRefusal({ body, payload: 'UNSIGNED-PAYLOAD', headers }, 400, 'InvalidArgument');
	});

	it('a body is refused when it is not what was signed', async () => {
		const payload = createHash('sha256').update('else').digest('hex');
		await expectRefusal({ body, payload }, 400, 'XAmzContentSHA256Mismatch');
	});

	it('a body is refused when it is missing and one was signed', async () => {
		const payload = createHash('sha256').update('else').digest('hex');
		const reply = await server.send('GET', '/b/key', { payload });
		expect(reply.code).toBe('XAmzContentSHA256Mismatch');
	});

	it('a body is refused without a length', async () => {
		await expectRefusal(
			{ body, payload: 'UNSIGNED-PAYLOAD', lengthless: true },
			501,
			'NotImplemented',
		);
	});

	it('a body is refused with a payload of no known kind', async () => {
		await expectRefusal({ body, payload: 'SOMETHING' }, 400, 'InvalidArgument');
	});

	it('a body is refused with more than 5 GiB before any of it comes', async () => {
		const headers = chunkedHeaders({ 'x-amz-decoded-content-length': String(5 * 1024 ** 3 + 1) });
		await expectRefusal({ headers, payload: TRAILER }, 400, 'EntityTooLarge');
	});

	it.each([
		[{ 'content-md5': createHash('md5').update('else').digest('base64') }, 'BadDigest'],
		[{ 'content-md5': 'short' }, 'InvalidDigest'],
		[{ 'x-amz-checksum-crc32': 'AAAAAA==' }, 'BadDigest'],
		[{ 'x-amz-checksum-crc32': 'AAAA' }, 'InvalidRequest'],
		[{ 'x-amz-checksum-crc32': CRC32, 'x-amz-checksum-sha1': CRC32 }, 'InvalidRequest'],
		[{ 'x-amz-sdk-checksum-algorithm': 'CRC32' }, 'InvalidRequest'],
	])('a body is refused with %j', async (headers, code) => {
		await expectRefusal({ body, headers }, 400, code);
	});

	it.each(['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const)(
		'an object keeps the %s of its body and gives it back on request',
		async (algorithm) => {
			const value = checksum(algorithm, Buffer.from(body));
			const headers = { [`x-amz-checksum-${algorithm}`]: value };
			const { headers: returned } = await put({ body, headers });
			expect(returned[`x-amz-checksum-${algorithm}`]).toBe(value);
			const asked = { 'x-amz-checksum-mode': 'ENABLED' };
			const head = await server.send('HEAD', '/b/key', { headers: asked });
			expect(head.headers[`x-amz-checksum-${algorithm}`]).toBe(value);
			expect(head.headers['x-amz-checksum-type']).toBe('FULL_OBJECT');
			const range = await server.send('GET', '/b/key', {
				headers: { ...asked, range: 'bytes=0-1' },
			});
			expect(range.headers[`x-amz-checksum-${algorithm}`]).toBeUndefined();
			const unasked = await server.send('HEAD', '/b/key');
			expect(unasked.headers[`x-amz-checksum-${algorithm}`]).toBeUndefined();
		},
	);
});

describe('a body in chunks without signatures', () => {
	const trailer = `x-amz-checksum-crc32:${CRC32}\r\n`;
	const headers = chunkedHeaders({ 'x-amz-trailer': 'x-amz-checksum-crc32' });
	const send = (chunks: string, more = {}): Sent => ({
		body: chunks,
		payload: TRAILER,
		headers: { ...headers, ...more },
	});

	it('a body in chunks without signatures is stored without its framing', async () => {
		const reply = await put(send(inChunks([8192, 1808], trailer)));
		expect(reply.status).toBe(200);
		expect(reply.headers['x-amz-checksum-crc32']).toBe(CRC32);
		const got = await server.send('GET', '/b/key');
		expect(got.text).toBe(body);
		expect(got.headers['content-encoding']).toBeUndefined();
	});

	it('a body in chunks without signatures keeps the encoding of the content', async () => {
		const more = { 'content-encoding': 'gzip,aws-chunked' };
		await put(send(inChunks([10_000], trailer), more));
		const head = await server.send('HEAD', '/b/key');
		expect(head.headers['content-encoding']).toBe('gzip');
	});

	it('a body in chunks without signatures may come without a length of the whole', async () => {
		const { 'x-amz-trailer': name } = headers;
		const sent = { body: inChunks([10_000], trailer), payload: TRAILER, lengthless: true };
		const reply = await put({ ...sent, headers: chunkedHeaders({ 'x-amz-trailer': name! }) });
		expect(reply.status).toBe(200);
	});

	it.each([
		['another checksum', inChunks([10_000], 'x-amz-checksum-crc32:AAAAAA==\r\n'), 400, 'BadDigest'],
		['no trailer', inChunks([10_000]), 400, 'MalformedTrailerError'],
		['a small chunk in the middle', inChunks([100, 9900], trailer), 403, 'InvalidChunkSizeError'],
		['fewer bytes than announced', inChunks([9999], trailer), 400, 'IncompleteBody'],
		['a size that is none', 'what\r\n', 400, 'IncompleteBody'],
		['bytes behind its end', `${inChunks([10_000], trailer)}x`, 400, 'IncompleteBody'],
	])('a body in chunks without signatures is refused with %s', async (_, chunks, status, code) => {
		await expectRefusal(send(chunks), status, code);
	});

	it('a body in chunks without signatures is refused although most of it is still to come', async () => {
		const chunks = `64\r\n${'x'.repeat(100)}\r\n64\r\n${'x'.repeat(8 * 1024 * 1024)}`;
		await expectRefusal(send(chunks), 403, 'InvalidChunkSizeError');
		const document = await server.send('POST', '/b', {
			query: { delete: '' },
			body: Buffer.alloc(32 * 1024 * 1024),
			headers: { 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==' },
		});
		expect([document.status, document.code]).toEqual([400, 'EntityTooLarge']);
	});

	it('a body in chunks without signatures is refused without the length of the content', async () => {
		const chunks = inChunks([10_000], trailer);
		const sent = send(chunks);
		const { 'x-amz-decoded-content-length': length, ...rest } = sent.headers ?? {};
		expect(length).toBe('10000');
		await expectRefusal({ ...sent, headers: rest }, 411, 'MissingContentLength');
	});
});

describe('a body that breaks off', () => {
	it('a body that breaks off leaves nothing, not even in place of what was there', async () => {
		await put({ body: 'old' });
		const url = new URL((await server.presign('PUT', '/b/key')).path, server.endpoint);
		const request = `PUT ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-length: 1000\r\n\r\nonly this`;
		const before = server.requests.length;
		await new Promise<void>((resolve) => {
			const socket = connect(Number(url.port), url.hostname, () => socket.write(request));
			const seen = setInterval(() => {
				if (server.requests[before]?.bytesReceived !== 9) return;
				clearInterval(seen);
				socket.destroy();
				resolve();
			}, 5);
		});
		expect((await server.send('GET', '/b/key')).text).toBe('old');
	});
});

describe('Expect: 100-continue', () => {
	const ask = async (path: string, user = server.users.main) => {
		const signed = await server.presign('PUT', path, { user });
		const { hostname, port, host } = new URL(server.endpoint);
		return await new Promise<string>((resolve) => {
			let text = '';
			const socket = connect(Number(port), hostname, () =>
				socket.write(
					`PUT ${signed.path} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 4\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n`,
				),
			);
			socket.on('data', (data) => {
				if (text === '' && data.includes('100 Continue')) socket.write('body');
				text += data.toString();
			});
			socket.on('close', () => resolve(text));
		});
	};

	it('a body with Expect: 100-continue is asked for once it is known that it is wanted', async () => {
		const text = await ask('/b/expected');
		expect(text).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/);
		expect((await server.send('GET', '/b/expected')).text).toBe('body');
	});

	it('a body with Expect: 100-continue is refused with the error if it is not wanted', async () => {
		expect(await ask('/b/expected', server.users.limited)).toMatch(/^HTTP\/1.1 403 Forbidden/);
	});
});

describe('objects on disk', () => {
	it('objects on disk are whole, and their files go with them', async () => {
		const { mkdtemp, readdir, rm } = await import('node:fs/promises');
		const { tmpdir } = await import('node:os');
		const directory = await mkdtemp(`${tmpdir()}/embedded-`);
		const other = await startEmbedded({ directory });
		other.store.makeBucket('b');
		const own = clientOf(other);
		const files = async () => await readdir(`${directory}/${(await readdir(directory))[0] ?? ''}`);
		const large = bytesFrom(3_000_000, (i) => (i * 31) % 251);
		for (let round = 0; round < 2; round++) await own.send('PUT', '/b/large', { body: large });
		const headers = { 'x-amz-copy-source': 'b/large' };
		await own.send('PUT', '/b/copy', { headers });
		expect((await own.send('GET', '/b/large')).body.equals(large)).toBe(true);
		await own.send('DELETE', '/b/large');
		const range = await own.send('GET', '/b/copy', { headers: { range: 'bytes=5-2000000' } });
		expect(range.body.equals(large.subarray(5, 2_000_001))).toBe(true);
		expect(await files()).toHaveLength(1);
		await own.send('DELETE', '/b/copy');
		own.close();
		await other.stop();
		expect(await readdir(directory)).toEqual([]);
		await rm(directory, { recursive: true });
	});
});
