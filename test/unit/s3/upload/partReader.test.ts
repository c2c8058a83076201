import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { MemoryBudget } from '../../../../s3/memory/MemoryBudget';
import { partsOf, partsOfFile } from '../../../../s3/upload/partReader';

const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, i) => i % 251));

function streamOf(content: Buffer, chunkSizes: number[]): Readable {
	const chunks: Buffer[] = [];
	for (let offset = 0, i = 0; offset < content.length; i++) {
		const size = chunkSizes[i % chunkSizes.length] ?? 1;
		chunks.push(content.subarray(offset, offset + size));
		offset += size;
	}
	return Readable.from(chunks, { objectMode: false });
}

async function cut(stream: Readable, sizeOf: (partNumber: number) => number) {
	const parts: { partNumber: number; offset: number; body: Buffer; last: boolean }[] = [];
	for await (const { release, body, ...part } of partsOf(stream, sizeOf, new MemoryBudget(1e6))) {
		parts.push({ ...part, body: Buffer.from(body) });
		release();
	}
	return parts;
}

describe('cutting a stream into parts', () => {
	it.each([
		['chunks of one byte', [1]],
		['chunks that are parts', [10]],
		['chunks larger than a part', [37]],
		['uneven chunks', [1, 19, 2, 7, 30]],
	])('gives equal parts and a shorter last one from %s', async (_, chunkSizes) => {
		const content = bytes(95);
		const parts = await cut(streamOf(content, chunkSizes), () => 10);
		expect(parts.map(({ body }) => body.length)).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 10, 5]);
		expect(parts.map(({ partNumber }) => partNumber)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
		expect(parts.map(({ offset }) => offset)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
		expect(parts.map(({ last }) => last)).toEqual([...Array<boolean>(9).fill(false), true]);
		expect(Buffer.concat(parts.map(({ body }) => body)).equals(content)).toBe(true);
	});

	it('marks the last part where the content ends with a full one', async () => {
		const parts = await cut(streamOf(bytes(20), [7]), () => 10);
		expect(parts.map(({ body, last }) => [body.length, last])).toEqual([
			[10, false],
			[10, true],
		]);
	});

	it('gives one empty part for an empty stream', async () => {
		const parts = await cut(Readable.from([], { objectMode: false }), () => 10);
		expect(parts).toEqual([{ partNumber: 1, offset: 0, body: Buffer.alloc(0), last: true }]);
	});

	it('passes over empty chunks', async () => {
		const stream = Readable.from([Buffer.alloc(0), Buffer.from('ab'), Buffer.alloc(0)]);
		const parts = await cut(stream, () => 10);
		expect(parts.map(({ body }) => body.toString())).toEqual(['ab']);
	});

	it('takes no empty chunk for a part', async () => {
		const empty = Buffer.alloc(0);
		const stream = Readable.from([empty, bytes(10), empty, bytes(10), empty, empty]);
		const parts = await cut(stream, () => 10);
		expect(parts.map(({ body, last }) => [body.length, last])).toEqual([
			[10, false],
			[10, true],
		]);
	});

	it('takes text chunks as UTF-8', async () => {
		const parts = await cut(Readable.from(['ä', '😀']), () => 100);
		expect(parts.map(({ body }) => body.toString())).toEqual(['ä😀']);
	});

	it('asks for the size of every part', async () => {
		const parts = await cut(streamOf(bytes(17), [5]), (partNumber) => partNumber * 2);
		expect(parts.map(({ body }) => body.length)).toEqual([2, 4, 6, 5]);
	});

	it('reads no further ahead than the memory allows', async () => {
		const parts = partsOf(streamOf(bytes(100), [10]), () => 10, new MemoryBudget(20));
		const first = await parts.next();
		await parts.next();
		let thirdCame = false;
		const third = parts.next().then((part) => {
			thirdCame = true;
			return part;
		});
		await new Promise(setImmediate);
		expect(thirdCame).toBe(false);
		first.value?.release();
		expect((await third).value?.partNumber).toBe(3);
		await parts.return();
	});

	it('puts new parts where sent ones were, and nothing over one that is still being sent', async () => {
		const parts = partsOf(streamOf(bytes(40), [7]), () => 10, new MemoryBudget(100));
		const first = (await parts.next()).value;
		const second = (await parts.next()).value;
		first?.release();
		const third = (await parts.next()).value;
		expect(third?.body.buffer).toBe(first?.body.buffer);
		expect(third?.body).toEqual(bytes(40).subarray(20, 30));
		expect(second?.body).toEqual(bytes(40).subarray(10, 20));
		await parts.return();
	});

	it('gives the memory back when the stream breaks', async () => {
		const budget = new MemoryBudget(10);
		const broken = Readable.from(
			(function* () {
				yield bytes(5);
				throw new Error('disk gone');
			})(),
		);
		await expect(partsOf(broken, () => 10, budget).next()).rejects.toThrow('disk gone');
		const release = await budget.reserve(10);
		release();
	});
});

describe('cutting a file into parts', () => {
	let folder: string;
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'parts-'));
	});
	afterAll(async () => {
		await rm(folder, { recursive: true });
	});

	/** @param most bytes that one reading gives, however many are wanted */
	async function cutFile(
		content: Buffer,
		sizeOf: (partNumber: number) => number | undefined,
		most = Infinity,
	) {
		const path = join(folder, 'file');
		await writeFile(path, content);
		const file = await open(path);
		const read = file.read.bind(file) as (...args: unknown[]) => unknown;
		Object.assign(file, {
			read: (buffer: Buffer, offset: number, length: number, position: number) =>
				read(buffer, offset, Math.min(length, most), position),
		});
		const parts = [];
		for await (const { release, ...part } of partsOfFile(file, sizeOf, new MemoryBudget(1000))) {
			parts.push({ ...part, body: Buffer.from(part.body) });
			release();
		}
		await file.close();
		return parts;
	}

	it.each([0, 1, 9, 10, 11, 95, 100])(
		'gives the parts that a stream gives, of %d bytes',
		async (size) => {
			const content = bytes(size);
			expect(await cutFile(content, () => 10)).toEqual(await cut(streamOf(content, [7]), () => 10));
		},
	);

	it('fills parts also where a reading gives less than it is asked for', async () => {
		const content = bytes(95);
		expect(await cutFile(content, () => 10, 3)).toEqual(
			await cut(streamOf(content, [7]), () => 10),
		);
	});

	it('ends where no further part is wanted', async () => {
		const sizeOf = (partNumber: number) => (partNumber > 2 ? undefined : 10);
		expect((await cutFile(bytes(95), sizeOf)).map(({ last }) => last)).toEqual([false, false]);
	});
});
