import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { openS3 } from '../../s3/client/openS3';
import type { S3 } from '../../s3/client/S3';
import { getObject } from '../../s3/download/getObject';
import type { GetRequest } from '../../s3/download/getObject';
import { putObject } from '../../s3/upload/putObject';
import { send } from '../engine/bucket';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer, Fault } from '../servers/embedded';
import { connectionTo } from './connection';

const MiB = 1024 * 1024;
const bucket = 'downloads';
const content = Buffer.from(Array.from({ length: 29 * MiB + 17 }, (_, i) => (i * 31) % 251));
/** One connection is enough for the first, the second is read over several. */
const objects = { small: content.subarray(0, 3 * MiB), large: content };

let server: EmbeddedServer;
let s3: S3;

beforeAll(async () => {
	server = await startEmbedded();
	server.store.makeBucket(bucket);
	s3 = await openS3(connectionTo(server));
});
afterAll(() => server.stop());
beforeEach(async () => {
	server.faults.clear();
	for (const [key, bytes] of Object.entries(objects)) await store(key, bytes);
	server.requests.length = 0;
});

async function store(key: string, bytes: Buffer): Promise<void> {
	const open = async () => await Promise.resolve(Readable.from([bytes], { objectMode: false }));
	await putObject(s3, { bucket, key, source: { size: bytes.length, open } }, { signal: undefined });
}

async function get(key: string, request: Partial<GetRequest> = {}, signal?: AbortSignal) {
	const { body } = await getObject(s3, { bucket, key, ...request }, { signal });
	return await buffer(body);
}

describe.each(['small', 'large'] as const)('the download of a %s object', (key) => {
	const bytes = objects[key];

	it.each<[string, Fault['effect']]>([
		['a reset before the first byte', { kind: 'resetAnswer', afterBytes: 0 }],
		['a reset behind the first byte', { kind: 'resetAnswer', afterBytes: 1 }],
		['a reset in the middle', { kind: 'resetAnswer', afterBytes: 1.5 * MiB }],
		['a reset before the last byte', { kind: 'resetAnswer', afterBytes: 3 * MiB - 1 }],
		['a reset behind the last byte', { kind: 'resetAnswer', afterBytes: 3 * MiB }],
		['an answer that ends short', { kind: 'truncate', afterBytes: MiB }],
		['an empty answer', { kind: 'truncate', afterBytes: 0 }],
		['no answer at all', { kind: 'resetRequest', afterBytes: 0 }],
		['SlowDown', { kind: 'answer', status: 503, code: 'SlowDown' }],
	])('is whole after %s', async (_, effect) => {
		server.faults.add({ operation: 'GetObject', times: 1, effect });
		expect((await get(key)).equals(bytes)).toBe(true);
	});

	it('is whole from a server that is slow', async () => {
		server.faults.add({
			operation: 'GetObject',
			effect: { kind: 'slow', bytesPerSecond: 20 * MiB },
		});
		expect((await get(key)).equals(bytes)).toBe(true);
	});

	it('is whole over connections that break again and again', async () => {
		server.faults.add({
			operation: 'GetObject',
			effect: { kind: 'resetAnswer', afterBytes: MiB },
			times: 25,
		});
		expect((await get(key)).equals(bytes)).toBe(true);
	});

	it('is an error, not a piece, when not a byte comes any more', async () => {
		server.faults.add(
			{ operation: 'GetObject', times: 1, effect: { kind: 'resetAnswer', afterBytes: MiB } },
			{ operation: 'GetObject', skip: 1, effect: { kind: 'resetAnswer', afterBytes: 0 } },
		);
		await expect(get(key)).rejects.toMatchObject({
			kind: 'corrupt',
			bucket,
			key,
			message: expect.stringContaining('broke off after') as string,
		});
	});

	it('is an error when the object is replaced meanwhile', async () => {
		server.faults.add({
			operation: 'GetObject',
			times: 1,
			effect: { kind: 'resetAnswer', afterBytes: MiB },
		});
		const { body } = await getObject(s3, { bucket, key }, { signal: undefined });
		await store(key, Buffer.concat([bytes.subarray(1), Buffer.from('x')]));
		await expect(buffer(body)).rejects.toMatchObject({
			kind: 'corrupt',
			message: expect.stringContaining('was replaced while it was being read') as string,
		});
	});

	it('stops when it is cancelled in the middle', async () => {
		const controller = new AbortController();
		server.faults.add({
			operation: 'GetObject',
			effect: { kind: 'slow', bytesPerSecond: 10 * MiB },
		});
		const { body } = await getObject(s3, { bucket, key }, { signal: controller.signal });
		const failed = expect(buffer(body)).rejects.toMatchObject({ kind: 'cancelled' });
		body.once('data', () => {
			controller.abort();
		});
		await failed;
	});

	it('takes nothing but what was announced from a server that ignores the range', async () => {
		server.faults.add({
			operation: 'GetObject',
			times: 1,
			effect: { kind: 'resetAnswer', afterBytes: MiB },
		});
		const { body } = await getObject(s3, { bucket, key }, { signal: undefined });
		server.faults.add({
			operation: 'GetObject',
			effect: { kind: 'answer', status: 200, body: 'x'.repeat(5000) },
		});
		await expect(buffer(body)).rejects.toMatchObject({ kind: 'corrupt' });
	});

	it('asks for no more than it needs', async () => {
		await get(key);
		const ranges = server.requests.map(({ operation, headers }) => [operation, headers.range]);
		const inParts = [
			['GetObject', `bytes=${String(MiB)}-${String(8 * MiB - 1)}`],
			['GetObject', `bytes=${String(8 * MiB)}-${String(16 * MiB - 1)}`],
			['GetObject', `bytes=${String(16 * MiB)}-${String(24 * MiB - 1)}`],
			['GetObject', `bytes=${String(24 * MiB)}-${String(content.length - 1)}`],
		];
		expect(ranges).toEqual([['GetObject', undefined], ...(key === 'small' ? [] : inParts)]);
	});

	it('gives its memory and its connection back when nobody reads it', async () => {
		for (let i = 0; i < 80; i++) {
			const { body } = await getObject(s3, { bucket, key }, { signal: undefined });
			body.destroy();
		}
		const release = await s3.readMemory.reserve(96 * MiB);
		release();
		expect((await get(key)).equals(bytes)).toBe(true);
	});
});

const connections = () => new Set(server.requests.map(({ port }) => port)).size;

it('many downloads go over one connection', async () => {
	await store('tiny', content.subarray(0, 36));
	await store('empty', content.subarray(0, 0));
	server.requests.length = 0;
	for (let i = 0; i < 10; i++) {
		for (const key of ['tiny', 'empty', 'small']) await get(key);
		await get('small', { range: 'bytes=100-' });
	}
	expect(server.requests).toHaveLength(40);
	expect(connections()).toBe(1);
});

describe('the download of a large object', () => {
	it('goes over few connections: only the first answer is left in its middle', async () => {
		for (let i = 0; i < 5; i++) await get('large');
		expect(server.requests.length).toBe(5 * 5);
		expect(connections()).toBeLessThanOrEqual(5 + 3);
	});

	const segment = 8 * MiB;

	it.each([
		['a byte before the end of the beginning', 0, MiB - 1],
		['at the end of the beginning', 0, MiB],
		['a byte behind the beginning', 0, MiB + 1],
		['before the first byte of a later segment', 1, 0],
		['behind the first byte of a later segment', 1, 1],
		['in the middle of a later segment', 2, 5 * MiB],
		['before the last byte of a later segment', 2, segment - 1],
		['behind the last byte of a later segment', 2, segment],
		['before the last byte of all', 4, content.length - 3 * segment - MiB - 1],
	])('is whole after a reset %s', async (_, skip, afterBytes) => {
		for (const kind of ['resetAnswer', 'truncate'] as const) {
			server.faults.add({
				operation: 'GetObject',
				skip,
				times: 1,
				effect: { kind, afterBytes },
			});
			expect((await get('large')).equals(content)).toBe(true);
		}
	});

	it.each<[string, Fault['effect']]>([
		['SlowDown', { kind: 'answer', status: 503, code: 'SlowDown' }],
		['InternalError', { kind: 'answer', status: 500 }],
		['no answer', { kind: 'resetRequest', afterBytes: 0 }],
	])('is whole after %s in the middle', async (_, effect) => {
		server.faults.add({ operation: 'GetObject', skip: 1, times: 3, effect });
		expect((await get('large')).equals(content)).toBe(true);
	});

	it.each<[string, Fault['effect'], string]>([
		['the session expired', { kind: 'answer', status: 400, code: 'ExpiredToken' }, 'credentials'],
		['a right was taken away', { kind: 'answer', status: 403, code: 'AccessDenied' }, 'denied'],
		['the object was deleted', { kind: 'answer', status: 404, code: 'NoSuchKey' }, 'notFound'],
		[
			'the object was replaced',
			{ kind: 'answer', status: 412, code: 'PreconditionFailed' },
			'corrupt',
		],
	])('is an error when %s in the middle', async (_, effect, kind) => {
		server.faults.add({ operation: 'GetObject', skip: 2, effect });
		await expect(get('large')).rejects.toMatchObject({ kind, bucket, key: 'large' });
	});

	it('reads the pieces of a version that is no longer the newest', async () => {
		server.store.makeBucket('versions');
		const { accessKeyId, secretAccessKey } = server.users.main;
		const credential = { endpoint: server.endpoint, accessKeyId, secretAccessKey };
		const body = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
		await send(credential, 'PUT', '/versions?versioning', { body });
		const object = { bucket: 'versions', key: 'large' };
		const open = async () => await Promise.resolve(Readable.from([content], { objectMode: false }));
		const source = { size: content.length, open };
		const { versionId } = await putObject(s3, { ...object, source }, { signal: undefined });
		const other = { open: async () => await Promise.resolve(Readable.from([Buffer.from('new')])) };
		await putObject(s3, { ...object, source: other }, { signal: undefined });
		server.faults.add({
			operation: 'GetObject',
			times: 2,
			effect: { kind: 'resetAnswer', afterBytes: MiB },
		});
		const { head, body: bytes } = await getObject(
			s3,
			{ ...object, versionId },
			{ signal: undefined },
		);
		expect((await buffer(bytes)).equals(content)).toBe(true);
		expect(head.versionId).toBe(versionId);
	});

	it('leaves what is stored as gzip as it is stored', async () => {
		const stored = gzipSync(randomBytes(20 * MiB), { level: 1 });
		const open = async () => await Promise.resolve(Readable.from([stored], { objectMode: false }));
		const source = { size: stored.length, open };
		const object = { bucket, key: 'gzip' };
		await putObject(
			s3,
			{ ...object, source, contentEncoding: 'gzip', checksum: 'CRC32' },
			{ signal: undefined },
		);
		const { head, body, verified } = await getObject(s3, object, { signal: undefined });
		expect((await buffer(body)).equals(stored)).toBe(true);
		expect(head).toMatchObject({ contentEncoding: 'gzip', size: stored.length });
		expect(verified()).toBe(true);
	});
});

describe('the download of a range', () => {
	it('of a large object is read over several connections, pinned to one object', async () => {
		const start = 3 * MiB + 5;
		const end = start + 20 * MiB;
		const range = `bytes=${String(start)}-${String(end - 1)}`;
		expect((await get('large', { range })).equals(content.subarray(start, end))).toBe(true);
		expect(server.requests.map(({ headers }) => headers.range)).toEqual([
			range,
			`bytes=${String(start + MiB)}-${String(8 * MiB - 1)}`,
			`bytes=${String(8 * MiB)}-${String(16 * MiB - 1)}`,
			`bytes=${String(16 * MiB)}-${String(end - 1)}`,
		]);
		for (const { headers } of server.requests.slice(1)) {
			expect(headers['if-match']).toMatch(/^"?[0-9a-f]{32}"?$/);
		}
		const { body } = await getObject(s3, { bucket, key: 'large', range }, { signal: undefined });
		await store('large', Buffer.concat([content.subarray(1), Buffer.from('x')]));
		await expect(buffer(body)).rejects.toMatchObject({ kind: 'corrupt' });
	});

	it.each([
		['bytes=0-0', 0, 1],
		[`bytes=100-${String(20 * MiB)}`, 100, 20 * MiB + 1],
		['bytes=5-', 5, content.length],
		['bytes=-9', content.length - 9, content.length],
	])('%s is whole after a break', async (range, start, end) => {
		server.faults.add({
			operation: 'GetObject',
			times: 1,
			effect: { kind: 'resetAnswer', afterBytes: 0 },
		});
		expect((await get('large', { range })).equals(content.subarray(start, end))).toBe(true);
	});

	it('is an error when the server sends the whole object instead', async () => {
		server.faults.add({
			operation: 'GetObject',
			effect: { kind: 'answer', status: 200, body: 'all' },
		});
		await expect(get('small', { range: 'bytes=1-2' })).rejects.toMatchObject({
			kind: 'corrupt',
			message: expect.stringContaining('ignored the range') as string,
		});
	});
});
