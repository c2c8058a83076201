import { createHash } from 'node:crypto';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { openS3 } from '../../s3/client/openS3';
import type { S3 } from '../../s3/client/S3';
import type { PartLimits } from '../../s3/upload/partSizes';
import { putObject } from '../../s3/upload/putObject';
import type { PutRequest } from '../../s3/upload/putObject';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer, Fault } from '../servers/embedded';
import { connectionTo } from './connection';

const KiB = 1024;
const bucket = 'large';
/** S3's limits, some 500 times smaller. */
const limits: PartLimits = {
	maxParts: 20,
	maxPartSize: 1024 * KiB,
	usualPartSize: 16 * KiB,
	largestInMemory: 64 * KiB,
	growEvery: 4,
	step: KiB,
};
const content = Buffer.from(Array.from({ length: 4096 * KiB }, (_, i) => (i * 41) % 249));

let server: EmbeddedServer;
let s3: S3;
let folder: string;
/** Streams of the source that were opened, and those of them that are still open. */
let opened: Readable[];

beforeAll(async () => {
	server = await startEmbedded({ minimumPartSize: 1 });
	server.store.makeBucket(bucket);
	s3 = await openS3(connectionTo(server));
	folder = await mkdtemp(join(tmpdir(), 'large-'));
});
afterAll(async () => {
	await server.stop();
	await rm(folder, { recursive: true });
});
beforeEach(() => {
	server.faults.clear();
	server.requests.length = 0;
	opened = [];
});

const chunks = (bytes: Buffer): Readable =>
	Readable.from(
		(function* () {
			for (let at = 0; at < bytes.length; at += 50_001) yield bytes.subarray(at, at + 50_001);
		})(),
		{ objectMode: false },
	);

function put(
	key: string,
	size: number,
	{
		announced = size,
		signal,
		...settings
	}: Partial<PutRequest> & { announced?: number | 'unknown'; signal?: AbortSignal } = {},
) {
	const open = () => {
		const stream = chunks(content.subarray(0, size));
		opened.push(stream);
		return Promise.resolve(stream);
	};
	const source = { size: announced === 'unknown' ? undefined : announced, open };
	const request = { bucket, key, source, multipartThreshold: 0, ...settings };
	return putObject(s3, request, { signal }, limits);
}

const stored = (key: string) => server.store.bucket(bucket).get(key);
const uploadsLeft = () => server.store.bucket(bucket).uploads.size;
const partRequests = () => server.requests.filter(({ operation }) => operation === 'UploadPart');
const sizesSent = () => partRequests().map(({ headers }) => Number(headers['content-length']));

function expectWhole(key: string, size: number): void {
	const pieces = stored(key)?.content?.pieces ?? [];
	const bytes = Buffer.concat(pieces.filter((piece) => Buffer.isBuffer(piece)));
	expect(createHash('sha256').update(bytes).digest('hex')).toBe(
		createHash('sha256').update(content.subarray(0, size)).digest('hex'),
	);
	expect(uploadsLeft()).toBe(0);
	expect(opened.every(({ destroyed }) => destroyed)).toBe(true);
}

describe('an object whose parts are too large for memory', () => {
	const size = 3000 * KiB + 17;

	it('is streamed from one reading in parts as large as it needs', async () => {
		const take = jest.spyOn(s3.writeMemory, 'reserve');
		expect((await put('streamed', size)).parts).toBe(20);
		expectWhole('streamed', size);
		expect(
			sizesSent()
				.slice(0, -1)
				.every((length) => length === 151 * KiB),
		).toBe(true);
		expect(opened).toHaveLength(1);
		expect(take).not.toHaveBeenCalled();
		take.mockRestore();
	});

	it('is streamed in parts of the size that is asked for', async () => {
		expect((await put('asked', size, { partSize: 1000 * KiB })).parts).toBe(4);
		expectWhole('asked', size);
	});

	it.each<[string, Fault['effect']]>([
		['a reset before the first byte', { kind: 'resetRequest', afterBytes: 0 }],
		['a reset within the part', { kind: 'resetRequest', afterBytes: 70_000 }],
		['a lost answer', { kind: 'loseAnswer' }],
		['SlowDown', { kind: 'answer', status: 503, code: 'SlowDown' }],
		['an internal error', { kind: 'answer', status: 500, code: 'InternalError' }],
	])('repeats one part alone after %s', async (name, effect) => {
		server.faults.add({ operation: 'UploadPart', skip: 3, times: 1, effect });
		await put(`repeated-${name}`, size);
		expectWhole(`repeated-${name}`, size);
		expect(partRequests().map(({ query }) => Number(query.partNumber))).toEqual([
			...[1, 2, 3, 4, 4],
			...Array.from({ length: 16 }, (_, index) => index + 5),
		]);
	});

	it.each([
		['fewer', -1, `only ${String(size - 1)}`],
		['far fewer', -2000 * KiB, `only ${String(size - 2000 * KiB)}`],
		['more', 1, 'gave more'],
	])(
		'leaves nothing behind when the source gives %s bytes than announced',
		async (_, by, words) => {
			await expect(put('wrong', size + by, { announced: size })).rejects.toMatchObject({
				kind: 'corrupt',
				message: expect.stringContaining(words) as string,
			});
			expect(stored('wrong')).toBeUndefined();
			expect(uploadsLeft()).toBe(0);
			expect(opened.every(({ destroyed }) => destroyed)).toBe(true);
		},
	);

	it('leaves nothing behind when it is cancelled', async () => {
		const controller = new AbortController();
		server.faults.add({
			operation: 'UploadPart',
			skip: 2,
			times: 1,
			when: () => {
				controller.abort();
				return true;
			},
			effect: { kind: 'stall' },
		});
		const writing = put('cancelled', size, { signal: controller.signal });
		await expect(writing).rejects.toMatchObject({ kind: 'cancelled' });
		expect(stored('cancelled')).toBeUndefined();
		expect(uploadsLeft()).toBe(0);
		expect(opened.every(({ destroyed }) => destroyed)).toBe(true);
	});

	it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
		'takes %s, without a trailer that servers may refuse',
		async (checksum) => {
			await put(`sum-${checksum}`, size, { checksum });
			expectWhole(`sum-${checksum}`, size);
			expect(stored(`sum-${checksum}`)?.checksum?.algorithm).toBe(checksum.toLowerCase());
			for (const { headers } of partRequests()) {
				expect(headers['x-amz-trailer']).toBeUndefined();
				expect(headers['content-encoding']).toBeUndefined();
			}
		},
	);

	it('is refused before any request when S3 cannot hold it', async () => {
		const most = 20 * 1024 * KiB;
		await expect(put('too-large', 10, { announced: most + 1 })).rejects.toMatchObject({
			kind: 'invalid',
			message: expect.stringContaining(`at most ${String(most)}`) as string,
		});
		expect(server.requests).toEqual([]);
		expect(opened).toEqual([]);
	});
});

describe('a file whose parts are too large for memory', () => {
	it('is sent in several parts at a time', async () => {
		const size = 3000 * KiB;
		const path = join(folder, 'several');
		await writeFile(path, content.subarray(0, size));
		let together = 0;
		server.faults.add({
			operation: 'UploadPart',
			when: () => {
				const now = server.requests.filter(({ status }) => status === 0).length;
				together = Math.max(together, now);
				return true;
			},
			times: 4,
			effect: { kind: 'latency', ms: 300 },
		});
		const source = {
			size,
			open: () => Promise.reject(new Error('no')),
			openFile: () => open(path),
		};
		const request = { bucket, key: 'several', source, multipartThreshold: 0 };
		await putObject(s3, request, { signal: undefined }, limits);
		expectWhole('several', size);
		expect(together).toBe(4);
	});

	it('is read from where a part begins, without what is before it', async () => {
		const size = 3000 * KiB;
		const path = join(folder, 'file');
		await writeFile(path, content.subarray(0, size));
		const readings: number[] = [];
		const openFile = async () => {
			const file = await open(path);
			const read = file.read.bind(file) as (...args: unknown[]) => unknown;
			Object.assign(file, {
				read: (...args: unknown[]) => {
					readings.push(Number(args[3]));
					return read(...args);
				},
			});
			return file;
		};
		server.faults.add({
			operation: 'UploadPart',
			when: ({ query }) => query.partNumber === '4',
			times: 1,
			effect: { kind: 'resetRequest', afterBytes: 10_000 },
		});
		const source = { size, open: () => Promise.reject(new Error('not as a stream')), openFile };
		const request = {
			bucket,
			key: 'file',
			source,
			multipartThreshold: 0,
			checksum: 'SHA1' as const,
		};
		await putObject(s3, request, { signal: undefined }, limits);
		expectWhole('file', size);
		// Each part is hashed once, then sent, the fourth twice.
		const partSize = 150 * KiB;
		const begun = (part: number) => readings.filter((at) => at === part * partSize).length;
		expect([0, 1, 2, 3, 4].map(begun)).toEqual([2, 2, 2, 3, 2]);
		// Each of the four that send looks whether the file ends where it should.
		expect(readings).toHaveLength(20 * 2 + 1 + 4);
	});
});

describe('an object of unknown size', () => {
	it('comes in growing parts, and is measured before they become too large for memory', async () => {
		const size = 2500 * KiB + 5;
		const result = await put('unknown', size, { announced: 'unknown' });
		expect(result).toMatchObject({ size, parts: 20 });
		expectWhole('unknown', size);
		const sizes = new Map(
			partRequests().map(({ query, headers }) => [
				Number(query.partNumber),
				Number(headers['content-length']) / KiB,
			]),
		);
		expect([1, 5, 9, 12, 13, 19].map((number) => sizes.get(number))).toEqual([
			16, 32, 64, 64, 257, 257,
		]);
	});

	it('is not measured when it ends before', async () => {
		await put('ends', 300 * KiB, { announced: 'unknown' });
		expectWhole('ends', 300 * KiB);
		expect(opened).toHaveLength(1);
	});

	it('that ends where parts become too large is whole', async () => {
		const size = 4 * (16 + 32 + 64) * KiB;
		expect(await put('edge', size, { announced: 'unknown' })).toMatchObject({ size, parts: 12 });
		expectWhole('edge', size);
	});

	it('is measured at once when parts too large for memory are asked for', async () => {
		const size = 1000 * KiB;
		const wanted = { announced: 'unknown' as const, partSize: 300 * KiB };
		expect((await put('measured', size, wanted)).parts).toBe(4);
		expectWhole('measured', size);
	});
});
