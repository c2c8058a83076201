import { Readable } from 'node:stream';
import { Crc32 } from '../../s3/checksums/crc';
import { openS3 } from '../../s3/client/openS3';
import type { S3 } from '../../s3/client/S3';
import { putObject } from '../../s3/upload/putObject';
import type { PutRequest } from '../../s3/upload/putObject';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer, Fault } from '../servers/embedded';
import { asAws, connectionTo } from './connection';

const MiB = 1024 * 1024;
const bucket = 'uploads';
const content = Buffer.from(Array.from({ length: 9 * MiB }, (_, i) => (i * 31) % 251));

let server: EmbeddedServer;
let s3: S3;

beforeAll(async () => {
	server = await startEmbedded({ minimumPartSize: 1 });
	server.store.makeBucket(bucket);
	s3 = await openS3(connectionTo(server));
});
afterAll(() => server.stop());
beforeEach(() => {
	server.faults.clear();
	server.requests.length = 0;
});

/** The ways an object can go: from memory, as one stream, in parts. */
const ways: Record<string, Partial<PutRequest> & { size: number }> = {
	memory: { size: 1000 },
	stream: { size: content.length },
	parts: { size: 5 * MiB, multipartThreshold: MiB, partSize: MiB },
};

function put(
	way: string,
	key: string,
	{ signal, open }: { signal?: AbortSignal; open?: () => Readable } = {},
) {
	const { size, ...settings } = ways[way] ?? { size: 0 };
	const bytes = content.subarray(0, size);
	const source = { size, open: async () => await Promise.resolve(open?.() ?? chunks(bytes)) };
	return putObject(s3, { bucket, key, source, ...settings }, { signal });
}

const chunks = (bytes: Buffer): Readable =>
	Readable.from(
		(function* () {
			for (let offset = 0; offset < bytes.length; offset += 65_536) {
				yield bytes.subarray(offset, offset + 65_536);
			}
		})(),
		{ objectMode: false },
	);

const stored = (key: string) => server.store.bucket(bucket).get(key);

async function storedBytes(key: string): Promise<Buffer> {
	const pieces = stored(key)?.content?.pieces ?? [];
	return await Promise.resolve(Buffer.concat(pieces.filter((piece) => Buffer.isBuffer(piece))));
}

function crc32Of(bytes: Buffer): string {
	const sum = new Crc32();
	sum.update(bytes);
	return sum.digest().toString('base64');
}

const uploadsLeft = () => server.store.bucket(bucket).uploads.size;
const callOf = (way: string) => (way === 'parts' ? 'UploadPart' : 'PutObject');

describe.each(['memory', 'stream', 'parts'])('an upload from %s', (way) => {
	const { size = 0 } = ways[way] ?? {};

	it.each<[string, Fault['effect']]>([
		['a reset before the first byte', { kind: 'resetRequest', afterBytes: 0 }],
		['a reset within the body', { kind: 'resetRequest', afterBytes: 500 }],
		['a reset behind the body', { kind: 'resetRequest', afterBytes: 1e9 }],
		['a lost answer', { kind: 'loseAnswer' }],
		['SlowDown', { kind: 'answer', status: 503, code: 'SlowDown' }],
		['an internal error', { kind: 'answer', status: 500, code: 'InternalError' }],
		['a bad gateway without XML', { kind: 'answer', status: 502, body: '<html>oops</html>' }],
	])('is whole after %s', async (_, effect) => {
		server.faults.add({ operation: callOf(way), times: 1, effect });
		const result = await put(way, `whole-${way}`);
		expect(result.size).toBe(size);
		expect((await storedBytes(`whole-${way}`)).equals(content.subarray(0, size))).toBe(true);
		expect(uploadsLeft()).toBe(0);
	});

	it.each<[string, Fault['effect'], string]>([
		['resets', { kind: 'resetRequest', afterBytes: 500 }, 'unreachable'],
		['errors', { kind: 'answer', status: 500 }, 'unavailable'],
		['refusals', { kind: 'answer', status: 403, code: 'AccessDenied' }, 'denied'],
		['damage on the way', { kind: 'answer', status: 400, code: 'BadDigest' }, 'corrupt'],
	])('leaves nothing behind after lasting %s', async (_, effect, kind) => {
		server.faults.add({ operation: callOf(way), effect });
		await expect(put(way, `nothing-${way}`)).rejects.toMatchObject({
			kind,
			bucket,
			key: `nothing-${way}`,
		});
		expect(stored(`nothing-${way}`)).toBeUndefined();
		expect(uploadsLeft()).toBe(0);
	});

	it('leaves nothing behind when the source breaks', async () => {
		const open = () =>
			Readable.from(
				(function* () {
					yield content.subarray(0, Math.floor(size / 2));
					throw new Error('disk gone');
				})(),
				{ objectMode: false },
			);
		await expect(put(way, `broken-${way}`, { open })).rejects.toMatchObject({
			kind: 'corrupt',
			message: expect.stringContaining('could not be read to its end') as string,
		});
		expect(stored(`broken-${way}`)).toBeUndefined();
		expect(uploadsLeft()).toBe(0);
	});

	it.each([
		['fewer', -1, `only ${String(size - 1)}`],
		['more', 1, 'gave more'],
		['far more', 1024 * 1024, 'gave more'],
	])(
		'leaves nothing behind when the source gives %s bytes than announced',
		async (_, by, words) => {
			const open = () => chunks(Buffer.concat([content, content]).subarray(0, size + by));
			await expect(put(way, `size-${way}`, { open })).rejects.toMatchObject({
				kind: 'corrupt',
				message: expect.stringContaining(words) as string,
			});
			expect(stored(`size-${way}`)).toBeUndefined();
			expect(uploadsLeft()).toBe(0);
		},
	);

	it('leaves nothing behind when it is cancelled on the way', async () => {
		const controller = new AbortController();
		server.faults.add({
			operation: callOf(way),
			when: () => {
				controller.abort();
				return true;
			},
			effect: { kind: 'latency', ms: 50 },
		});
		await expect(put(way, `cancelled-${way}`, { signal: controller.signal })).rejects.toMatchObject(
			{ kind: 'cancelled' },
		);
		expect(uploadsLeft()).toBe(0);
	});

	it('sends nothing when it is cancelled before', async () => {
		await expect(put(way, `never-${way}`, { signal: AbortSignal.abort() })).rejects.toMatchObject({
			kind: 'cancelled',
		});
		expect(server.requests).toEqual([]);
	});
});

describe('bytes that are in memory already', () => {
	const putBytes = async (way: string) => {
		const { size, ...settings } = ways[way]!;
		const bytes = content.subarray(0, size);
		const open = jest.fn(() => Promise.resolve(chunks(bytes)));
		const source = { size, bytes, open };
		await putObject(
			s3,
			{ bucket, key: `bytes ${way}`, source, ...settings },
			{ signal: undefined },
		);
		expect((await storedBytes(`bytes ${way}`)).equals(bytes)).toBe(true);
		return open;
	};

	it.each(Object.keys(ways))('arrive by way of %s', async (way) => {
		const open = await putBytes(way);
		// A small object takes no stream.
		expect(open).toHaveBeenCalledTimes(way === 'memory' ? 0 : 1);
	});

	it('arrive although the connection broke', async () => {
		const effect = { kind: 'resetRequest', afterBytes: 10 } as const;
		server.faults.add({ operation: 'PutObject', times: 2, effect });
		expect(await putBytes('memory')).not.toHaveBeenCalled();
	});
});

describe('an upload in parts', () => {
	it('repeats only the part that failed', async () => {
		server.faults.add({
			operation: 'UploadPart',
			skip: 2,
			times: 1,
			effect: { kind: 'loseAnswer' },
		});
		await put('parts', 'one-part');
		const numbers = server.requests
			.filter(({ operation }) => operation === 'UploadPart')
			.map(({ query }) => query.partNumber);
		expect(numbers).toHaveLength(6);
		expect(new Set(numbers).size).toBe(5);
	});

	it('is an error when the completion answers 200 with an error, and is aborted', async () => {
		server.faults.add({
			operation: 'CompleteMultipartUpload',
			effect: { kind: 'answer', status: 200, code: 'InternalError' },
		});
		await expect(put('parts', 'error-in-200')).rejects.toMatchObject({ code: 'InternalError' });
		expect(stored('error-in-200')).toBeUndefined();
		expect(uploadsLeft()).toBe(0);
	});

	it('says what is left over when the abort is refused too', async () => {
		server.faults.add({
			operation: 'UploadPart',
			effect: { kind: 'answer', status: 400, code: 'X' },
		});
		server.faults.add({
			operation: 'AbortMultipartUpload',
			effect: { kind: 'answer', status: 403, code: 'AccessDenied' },
		});
		await expect(put('parts', 'left-over')).rejects.toMatchObject({
			code: 'X',
			advice: expect.stringMatching(/multipart upload \S+ could not be aborted/) as string,
			cause: { kind: 'denied', operation: 'AbortMultipartUpload' },
		});
		server.store.bucket(bucket).uploads.clear();
	});

	it('takes an upload for refused when it gets no ID', async () => {
		server.faults.add({
			operation: 'CreateMultipartUpload',
			effect: { kind: 'answer', status: 200, body: '<InitiateMultipartUploadResult/>' },
		});
		await expect(put('parts', 'no-id')).rejects.toMatchObject({ kind: 'corrupt' });
	});

	it('puts more than 1,000 parts together, all of them in order', async () => {
		const size = 1037 * 1024 + 11;
		const bytes = content.subarray(0, size);
		const source = { size, open: async () => await Promise.resolve(chunks(bytes)) };
		const request = { bucket, key: 'many', source, partSize: 1024, multipartThreshold: 1 };
		expect((await putObject(s3, request, { signal: undefined })).parts).toBe(1038);
		expect((await storedBytes('many')).equals(bytes)).toBe(true);
	});

	it('of one of several items leaves alone what the others of the same key are uploading', async () => {
		server.faults.add({
			operation: 'CreateMultipartUpload',
			skip: 1,
			times: 1,
			effect: { kind: 'loseAnswer' },
		});
		server.faults.add({
			operation: 'UploadPart',
			times: 4,
			effect: { kind: 'latency', ms: 1000 },
		});
		await Promise.all([put('parts', 'same'), put('parts', 'same')]);
		expect(uploadsLeft()).toBe(0);
	});

	it('that is cancelled while it begins is aborted all the same', async () => {
		const controller = new AbortController();
		server.faults.add({
			operation: 'CreateMultipartUpload',
			when: () => {
				controller.abort();
				return true;
			},
			effect: { kind: 'latency', ms: 50 },
		});
		const writing = put('parts', 'begins', { signal: controller.signal });
		await expect(writing).rejects.toMatchObject({ kind: 'cancelled' });
		expect(server.requests.map(({ operation }) => operation)).toEqual([
			'CreateMultipartUpload',
			'AbortMultipartUpload',
		]);
		expect(uploadsLeft()).toBe(0);
	});

	it('that is cancelled while others use all the memory is given up at once', async () => {
		const release = await s3.writeMemory.reserve(96 * MiB);
		const controller = new AbortController();
		const writing = put('parts', 'no memory', { signal: controller.signal });
		await new Promise(setImmediate);
		controller.abort();
		await expect(writing).rejects.toMatchObject({ kind: 'cancelled' });
		expect(server.requests).toEqual([]);
		release();
	});

	it('that is cancelled while the server does not answer is given up soon', async () => {
		const controller = new AbortController();
		server.faults.add({
			operation: 'CreateMultipartUpload',
			when: () => {
				controller.abort();
				return true;
			},
			effect: { kind: 'stall' },
		});
		const begun = performance.now();
		const writing = put('parts', 'stalls', { signal: controller.signal });
		await expect(writing).rejects.toMatchObject({ kind: 'cancelled' });
		expect(performance.now() - begun).toBeLessThan(5000);
	});
});

describe('a stream whose source breaks', () => {
	it('is the only error there is, also where it is hashed on the way', async () => {
		const errors: unknown[] = [];
		const note = (error: unknown) => errors.push(error);
		process.on('unhandledRejection', note);
		const open = () =>
			Promise.resolve(
				Readable.from(
					(function* () {
						yield content.subarray(0, MiB);
						throw new Error('disk gone');
					})(),
				),
			);
		const source = { size: content.length, open };
		const request = { bucket, key: 'hashed', source, checksum: 'SHA256' as const };
		const writing = putObject(asAws(s3), request, { signal: undefined });
		await expect(writing).rejects.toMatchObject({ kind: 'corrupt' });
		await new Promise(setImmediate);
		process.off('unhandledRejection', note);
		expect(errors).toEqual([]);
		expect(stored('hashed')).toBeUndefined();
	});
});

describe('on AWS', () => {
	it.each([
		['from memory', 1000],
		['as a stream', content.length],
		['in parts', content.length],
	])('an object put %s is hashed on the one reading', async (way, size) => {
		let opened = 0;
		const open = () => {
			opened += 1;
			return Promise.resolve(chunks(content.subarray(0, size)));
		};
		const settings = way === 'in parts' ? { multipartThreshold: 1 } : {};
		const request = { bucket, key: `aws ${way}`, source: { size, open }, ...settings };
		const result = await putObject(asAws(s3), request, { signal: undefined });
		expect(opened).toBe(1);
		expect(result.parts).toBe(way === 'in parts' ? 2 : 1);
		expect(stored(request.key)?.checksum).toMatchObject({
			algorithm: 'crc32',
			type: 'FULL_OBJECT',
			value: crc32Of(content.subarray(0, size)),
		});
	});

	it.each([
		['never', undefined],
		['ifMatch', '0123456789abcdef0123456789abcdef'],
	] as const)('the condition %s holds for the completion of parts', async (overwrite, etag) => {
		const key = `condition ${overwrite}`;
		await put('memory', key);
		const older = stored(key);
		const source = { size: content.length, open: () => Promise.resolve(chunks(content)) };
		const request = { bucket, key, source, overwrite, etag, multipartThreshold: 1 };
		await expect(putObject(asAws(s3), request, { signal: undefined })).rejects.toMatchObject({
			operation: 'CompleteMultipartUpload',
			status: 412,
		});
		expect(stored(key)).toBe(older);
		expect(uploadsLeft()).toBe(0);
		const fitting =
			overwrite === 'never'
				? { ...request, key: `${key} free` }
				: { ...request, etag: older?.etag };
		await putObject(asAws(s3), fitting, { signal: undefined });
		expect(stored(fitting.key)?.content?.size).toBe(content.length);
	});
});
