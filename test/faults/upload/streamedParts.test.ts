/** Objects whose parts are too large for memory, in small: S3's limits are some 500 times larger. */
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { putObject } from '../../../s3/upload/putObject';
import type { PutRequest } from '../../../s3/upload/putObject';
import type { Fault } from '../../servers/embedded';
import { fileSource, KiB, MiB, patterned, SMALL_LIMITS, streamOf } from './sources';
import { bucket, uploadServer } from './uploadServer';

const uploads = uploadServer();
const content = patterned(4 * MiB);

let folder: string;
/** Streams of the source that were opened. */
let opened: Readable[];
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'large-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
	opened = [];
});

/** Puts so many bytes. @param announced the size that the source says it has */
function put(
	size: number,
	settings: Partial<PutRequest> = {},
	{ announced = size, signal }: { announced?: number | 'unknown'; signal?: AbortSignal } = {},
) {
	const openStream = () => {
		const stream = streamOf(content.subarray(0, size));
		opened.push(stream);
		return Promise.resolve(stream);
	};
	const source = { size: announced === 'unknown' ? undefined : announced, open: openStream };
	const request = { bucket, key: 'key', source, multipartThreshold: 0, ...settings };
	return putObject(uploads.s3, request, { signal, retryFor: 1000 }, SMALL_LIMITS);
}

const partsSent = () => uploads.sent('UploadPart');
const numbersSent = () => partsSent().map(({ query }) => Number(query.partNumber));
const sizesSent = () => partsSent().map(({ headers }) => Number(headers['content-length']));

function expectWhole(size: number): void {
	expect(uploads.storedBytes('key').equals(content.subarray(0, size))).toBe(true);
	expect(uploads.uploadsLeft()).toEqual([]);
	expect(opened.every(({ destroyed }) => destroyed)).toBe(true);
}

function expectNothingLeft(): void {
	expect(uploads.stored('key')).toBeUndefined();
	expect(uploads.uploadsLeft()).toEqual([]);
	expect(opened.every(({ destroyed }) => destroyed)).toBe(true);
}

describe('an object whose parts are too large for memory', () => {
	const size = 3000 * KiB + 17;

	it('large parts are streamed from one reading, as large as the object needs', async () => {
		const reserve = jest.spyOn(uploads.s3.writeMemory, 'reserve');
		expect((await put(size)).parts).toBe(20);
		expectWhole(size);
		expect(sizesSent().slice(0, -1)).toEqual(Array(19).fill(151 * KiB));
		expect(opened).toHaveLength(1);
		expect(reserve).not.toHaveBeenCalled();
		reserve.mockRestore();
	});

	it('large parts have the size that was asked for', async () => {
		expect((await put(size, { partSize: 1000 * KiB })).parts).toBe(4);
		expectWhole(size);
	});

	it.each<[string, Fault['effect']]>([
		['a reset before the first byte', { kind: 'resetRequest', afterBytes: 0 }],
		['a reset within the part', { kind: 'resetRequest', afterBytes: 70_000 }],
		['a lost response', { kind: 'loseAnswer' }],
		['SlowDown', { kind: 'answer', status: 503, code: 'SlowDown' }],
		['an internal error', { kind: 'answer', status: 500, code: 'InternalError' }],
	])('a large part is repeated alone after %s', async (_, effect) => {
		uploads.server.faults.add({ operation: 'UploadPart', skip: 3, times: 1, effect });
		await put(size);
		expectWhole(size);
		const others = Array.from({ length: 16 }, (_ignored, index) => index + 5);
		expect(numbersSent()).toEqual([1, 2, 3, 4, 4, ...others]);
	});

	it.each([
		['fewer', -1, `only ${size - 1}`],
		['far fewer', -2000 * KiB, `only ${size - 2000 * KiB}`],
		['more', 1, 'gave more'],
	])(
		'large parts leave nothing if the source gives %s bytes than announced',
		async (_, by, words) => {
			await expect(put(size + by, {}, { announced: size })).rejects.toMatchObject({
				kind: 'corrupt',
				message: expect.stringContaining(words) as string,
			});
			expectNothingLeft();
		},
	);

	it('large parts leave nothing if they are cancelled', async () => {
		const controller = new AbortController();
		const when = () => {
			controller.abort();
			return true;
		};
		const effect = { kind: 'stall' } as const;
		uploads.server.faults.add({ operation: 'UploadPart', skip: 2, times: 1, when, effect });
		const writing = put(size, {}, { signal: controller.signal });
		await expect(writing).rejects.toMatchObject({ kind: 'cancelled' });
		expectNothingLeft();
	});

	it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
		'large parts have their %s in a header, not in a trailer that servers may refuse',
		async (checksum) => {
			await put(size, { checksum });
			expectWhole(size);
			expect(uploads.stored('key')?.checksum?.algorithm).toBe(checksum.toLowerCase());
			for (const { headers } of partsSent()) {
				expect(headers[`x-amz-checksum-${checksum.toLowerCase()}`]).toBeDefined();
				expect(headers['x-amz-trailer']).toBeUndefined();
				expect(headers['content-encoding']).toBeUndefined();
			}
		},
	);

	it('an object that S3 cannot hold is refused before any request', async () => {
		const most = 20 * MiB;
		await expect(put(10, {}, { announced: most + 1 })).rejects.toMatchObject({
			kind: 'invalid',
			message: expect.stringContaining(`at most ${most}`) as string,
		});
		expect(uploads.sent()).toEqual([]);
		expect(opened).toEqual([]);
	});
});

describe('a file whose parts are too large for memory', () => {
	const size = 3000 * KiB;
	const partSize = 150 * KiB;

	async function writtenFile(name: string): Promise<string> {
		const path = join(folder, name);
		await writeFile(path, content.subarray(0, size));
		return path;
	}

	it('large parts of a file are sent four at a time', async () => {
		let inFlight = 0;
		const when = () => {
			inFlight = Math.max(inFlight, uploads.sent().filter(({ status }) => status === 0).length);
			return true;
		};
		const effect = { kind: 'latency', ms: 300 } as const;
		uploads.server.faults.add({ operation: 'UploadPart', when, times: 4, effect });
		await put(size, { source: fileSource(await writtenFile('several'), size) });
		expectWhole(size);
		expect(inFlight).toBe(4);
	});

	it('a large part of a file is read from where it begins, without what is before it', async () => {
		const path = await writtenFile('file');
		const readsAt: number[] = [];
		const openFile = async () => {
			const file = await open(path);
			const read = file.read.bind(file) as (...args: unknown[]) => unknown;
			const noted = (...args: unknown[]) => {
				readsAt.push(Number(args[3]));
				return read(...args);
			};
			return Object.assign(file, { read: noted });
		};
		uploads.server.faults.add({
			operation: 'UploadPart',
			when: ({ query }) => query.partNumber === '4',
			times: 1,
			effect: { kind: 'resetRequest', afterBytes: 10_000 },
		});
		const source = { ...fileSource(path, size), openFile };
		await put(size, { source, checksum: 'SHA1' });
		expectWhole(size);
		// Each part is hashed once, then sent, the fourth twice.
		const readsOf = (part: number) => readsAt.filter((at) => at === part * partSize).length;
		expect([0, 1, 2, 3, 4].map(readsOf)).toEqual([2, 2, 2, 3, 2]);
		// Each of the four that send looks whether the file ends where it should.
		expect(readsAt).toHaveLength(20 * 2 + 1 + 4);
	});
});

describe('an object of unknown size', () => {
	const announced = 'unknown' as const;

	it('parts of an unknown size grow, and the source is measured before they are too large for memory', async () => {
		const size = 2500 * KiB + 5;
		expect(await put(size, {}, { announced })).toMatchObject({ size, parts: 20 });
		expectWhole(size);
		const sizes = new Map(numbersSent().map((number, index) => [number, sizesSent()[index]]));
		expect([1, 5, 9, 12, 13, 19].map((number) => (sizes.get(number) ?? 0) / KiB)).toEqual([
			16, 32, 64, 64, 257, 257,
		]);
	});

	it('a source of unknown size is read once if it ends before parts are too large for memory', async () => {
		await put(300 * KiB, {}, { announced });
		expectWhole(300 * KiB);
		expect(opened).toHaveLength(1);
	});

	it('an object of unknown size is whole if it ends where parts become too large for memory', async () => {
		const size = 4 * (16 + 32 + 64) * KiB;
		expect(await put(size, {}, { announced })).toMatchObject({ size, parts: 12 });
		expectWhole(size);
	});

	it('a source of unknown size is measured at once if parts too large for memory are asked for', async () => {
		const size = 1000 * KiB;
		expect((await put(size, { partSize: 300 * KiB }, { announced })).parts).toBe(4);
		expectWhole(size);
	});
});
