/** Downloads where the object or the server is not as usual, and what goes on when they are given up. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { openS3 } from '../../s3/client/openS3';
import type { S3 } from '../../s3/client/S3';
import { getObject } from '../../s3/download/getObject';
import type { GetRequest } from '../../s3/download/getObject';
import { putObject } from '../../s3/upload/putObject';
import type { PutRequest } from '../../s3/upload/putObject';
import { send } from '../engine/bucket';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer, Fault } from '../servers/embedded';
import { connectionTo } from './connection';

const MiB = 1024 * 1024;
const bucket = 'edges';
const call = { signal: undefined };
const content = Buffer.from(Array.from({ length: 29 * MiB + 17 }, (_, i) => (i * 31) % 251));
const small = content.subarray(0, 3 * MiB);
const BROKEN: Fault['effect'] = { kind: 'resetAnswer', afterBytes: MiB };

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
	await store('small', small);
	await store('large', content);
	server.requests.length = 0;
});

async function store(key: string, bytes: Buffer, settings: Partial<PutRequest> = {}) {
	const open = () => Promise.resolve(Readable.from([bytes], { objectMode: false }));
	await putObject(s3, { bucket, key, source: { size: bytes.length, open }, ...settings }, call);
}

async function get(key: string, request: Partial<GetRequest> = {}, over = s3) {
	const { body } = await getObject(over, { bucket, key, ...request }, call);
	return await buffer(body);
}

/** The connection to a server that says less, or something else, of each object. */
const saying = (fields: object): S3 => ({
	connection: s3.connection,
	readMemory: s3.readMemory,
	writeMemory: s3.writeMemory,
	send: async (name, input, of) => ({ ...(await s3.send(name, input, of)), ...fields }),
});

describe('a server that gives no ETag', () => {
	const without = () => saying({ ETag: undefined });

	it('is asked for a large object once, for nothing would pin further answers to it', async () => {
		expect((await get('large', {}, without())).equals(content)).toBe(true);
		expect(server.requests).toHaveLength(1);
	});

	it('is not asked for the rest of an object: it may be another one by now', async () => {
		server.faults.add({ operation: 'GetObject', times: 1, effect: BROKEN });
		await expect(get('small', {}, without())).rejects.toMatchObject({
			kind: 'corrupt',
			message: expect.stringContaining('broke off after') as string,
		});
		expect(server.requests).toHaveLength(1);
	});
});

it('a cancel is a cancel, also where an object could not be gone on with', async () => {
	server.faults.add({ operation: 'GetObject', effect: { kind: 'stallAnswer', afterBytes: MiB } });
	const controller = new AbortController();
	const request = { bucket, key: 'small' };
	const { body } = await getObject(saying({ ETag: undefined }), request, {
		signal: controller.signal,
	});
	body.once('data', () => setImmediate(() => controller.abort()));
	await expect(buffer(body)).rejects.toMatchObject({ kind: 'cancelled' });
});

describe('a server that does not say how long an object is', () => {
	const without = () => saying({ ContentLength: undefined });

	it.each([
		['small', small],
		['large', content],
	])('gives a %s one whole', async (key, bytes) => {
		expect((await get(key, {}, without())).equals(bytes)).toBe(true);
	});

	it.each(['resetAnswer', 'truncate'] as const)('makes an error of a break (%s)', async (kind) => {
		const effect = { kind, afterBytes: MiB };
		server.faults.add({ operation: 'GetObject', times: 1, effect });
		await expect(get('small', {}, without())).rejects.toMatchObject({ kind: 'corrupt' });
	});
});

describe('what an object is gone on with', () => {
	it('is whole though an answer has fewer bytes than were asked for', async () => {
		// Where bytes are ASCII, for the answer is given as text.
		const begin = small.findIndex((byte, i) => i >= MiB && byte < 50);
		const body = small.subarray(begin, begin + 3).toString();
		const headers = { 'content-range': `bytes ${begin}-${begin + 2}/${small.length}` };
		server.faults.add(
			// Not reset: that loses bytes which a busy client has not read yet, and the next answer is fixed.
			{ operation: 'GetObject', times: 1, effect: { kind: 'truncate', afterBytes: begin } },
			{
				operation: 'GetObject',
				skip: 1,
				times: 1,
				effect: { kind: 'answer', status: 206, headers, body },
			},
		);
		expect((await get('small')).equals(small)).toBe(true);
		const last = small.length - 1;
		expect(server.requests.map((request) => request.headers.range)).toEqual([
			undefined,
			`bytes=${begin}-${last}`,
			`bytes=${begin + 3}-${last}`,
		]);
	});

	it('is asked for with its ETag as the only condition', async () => {
		const conditions = {
			ifNoneMatch: 'other',
			ifModifiedSince: new Date('2020-01-01'),
			ifUnmodifiedSince: new Date('2099-01-01'),
		};
		server.faults.add({ operation: 'GetObject', times: 1, effect: BROKEN });
		expect((await get('small', conditions)).equals(small)).toBe(true);
		const [first, second] = server.requests.map(({ headers }) =>
			Object.keys(headers).filter((name) => name.startsWith('if-')),
		);
		expect(first?.sort()).toEqual(['if-modified-since', 'if-none-match', 'if-unmodified-since']);
		expect(second).toEqual(['if-match']);
	});

	it.each(['small', 'large'])(
		'is not of another object, though If-Match is ignored (%s)',
		async (key) => {
			const forgetful: S3 = {
				connection: s3.connection,
				readMemory: s3.readMemory,
				writeMemory: s3.writeMemory,
				send: (name, input, of) => s3.send(name, { ...input, IfMatch: undefined }, of),
			};
			server.faults.add({ operation: 'GetObject', times: 1, effect: BROKEN });
			const { body } = await getObject(forgetful, { bucket, key }, call);
			const bytes = key === 'small' ? small : content;
			await store(key, Buffer.concat([bytes.subarray(1), Buffer.from('x')]));
			await expect(buffer(body)).rejects.toMatchObject({
				kind: 'corrupt',
				message: expect.stringContaining('was replaced while it was being read') as string,
			});
		},
	);

	it.each(['small', 'large'])(
		'is an error when the object is deleted meanwhile (%s)',
		async (key) => {
			server.faults.add({ operation: 'GetObject', times: 1, effect: BROKEN });
			const { body } = await getObject(s3, { bucket, key }, call);
			const { accessKeyId, secretAccessKey } = server.users.main;
			const credential = { endpoint: server.endpoint, accessKeyId, secretAccessKey };
			await send(credential, 'DELETE', `/${bucket}/${key}`);
			await expect(buffer(body)).rejects.toMatchObject({ kind: 'notFound', bucket, key });
		},
	);
});

describe('a download that is given up', () => {
	it('ends at once, though it waits for memory that others use', async () => {
		const release = await s3.readMemory.reserve(96 * MiB);
		const controller = new AbortController();
		const request = { bucket, key: 'large' };
		const { body } = await getObject(s3, request, { signal: controller.signal });
		let bytes = 0;
		const reading = (async () => {
			for await (const chunk of body as AsyncIterable<Buffer>) {
				bytes += chunk.length;
				if (bytes >= MiB) setImmediate(() => controller.abort());
			}
		})();
		await expect(reading).rejects.toMatchObject({ kind: 'cancelled' });
		// Without memory nothing is asked for ahead.
		expect(server.requests).toHaveLength(1);
		release();
		(await s3.readMemory.reserve(96 * MiB))();
	});

	it('lets go of what is on its way when nobody reads it any more', async () => {
		const slow: Fault['effect'] = { kind: 'slow', bytesPerSecond: MiB };
		server.faults.add({ operation: 'GetObject', skip: 1, effect: slow });
		const { body } = await getObject(s3, { bucket, key: 'large' }, call);
		let bytes = 0;
		for await (const chunk of body as AsyncIterable<Buffer>) {
			bytes += chunk.length;
			if (bytes >= MiB / 2) break;
		}
		const begun = performance.now();
		(await s3.readMemory.reserve(96 * MiB))();
		// Each piece would take eight seconds.
		expect(performance.now() - begun).toBeLessThan(4000);
	});

	it('ends as soon as one of its pieces is refused, not when the turn comes to it', async () => {
		server.faults.add(
			{ operation: 'GetObject', skip: 3, effect: { kind: 'answer', status: 403 } },
			{ operation: 'GetObject', times: 1, effect: { kind: 'slow', bytesPerSecond: MiB / 8 } },
		);
		const begun = performance.now();
		await expect(get('large')).rejects.toMatchObject({ kind: 'denied' });
		// The first piece alone would take eight seconds.
		expect(performance.now() - begun).toBeLessThan(4000);
	});

	it('ends also when it is cancelled while it is asked how large the parts were', async () => {
		const odd = { checksum: 'CRC32' as const, partSize: 5 * MiB + 12_345, multipartThreshold: 0 };
		const composing: S3 = {
			connection: s3.connection,
			readMemory: s3.readMemory,
			writeMemory: s3.writeMemory,
			send: (name, input, of) => s3.send(name, { ...input, ChecksumType: undefined }, of),
		};
		const open = () => Promise.resolve(Readable.from([content], { objectMode: false }));
		const source = { size: content.length, open };
		await putObject(composing, { bucket, key: 'odd', source, ...odd }, call);
		const controller = new AbortController();
		server.faults.add({
			operation: 'GetObject',
			when: ({ query }) => {
				if (!('partNumber' in query)) return false;
				controller.abort();
				return true;
			},
			effect: { kind: 'stall' },
		});
		const request = { bucket, key: 'odd' };
		const { body } = await getObject(s3, request, { signal: controller.signal });
		await expect(buffer(body)).rejects.toMatchObject({ kind: 'cancelled' });
	});
});

it('a checksum that a server gives with a range is not taken for one of the range', async () => {
	await store('sum', content, { checksum: 'CRC32' });
	const generous = saying({ ChecksumCRC32: 'AAAAAA==', ChecksumType: 'FULL_OBJECT' });
	const range = 'bytes=5-20000000';
	const { body, verified } = await getObject(generous, { bucket, key: 'sum', range }, call);
	expect((await buffer(body)).equals(content.subarray(5, 20_000_001))).toBe(true);
	expect(verified()).toBe(false);
});
