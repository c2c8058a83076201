import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { MemoryBudget } from '../../../../s3/memory/MemoryBudget';
import { withParts } from '../../../../s3/upload/partReader';
import type { Part, PartSupply } from '../../../../s3/upload/partReader';
import type { PartSizes } from '../../../../s3/write/partSizes';
import type { ByteSource } from '../../../../s3/upload/PutRequest';
import { rejectionOf } from '../../failureOf';

const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, i) => i % 251));
const requestOf = (source: ByteSource) => ({ bucket: 'b', key: 'k', source });

function sourceOf(stream: Readable): ByteSource {
	return { open: () => Promise.resolve(stream) };
}

function streamOf(content: Buffer, chunkSizes: number[]): Readable {
	const chunks: Buffer[] = [];
	for (let offset = 0, i = 0; offset < content.length; i++) {
		const size = chunkSizes[i % chunkSizes.length] ?? 1;
		chunks.push(content.subarray(offset, offset + size));
		offset += size;
	}
	return Readable.from(chunks, { objectMode: false });
}

async function* partsOf({ first, rest }: PartSupply): AsyncGenerator<Part> {
	yield first;
	yield* rest;
}

/** All parts of a source, with bodies of their own. */
async function cut(source: ByteSource, sizes: PartSizes): Promise<Omit<Part, 'release'>[]> {
	const budget = new MemoryBudget(1e6);
	const call = { signal: undefined };
	return await withParts(requestOf(source), sizes, budget, call, async (supply) => {
		const parts = [];
		for await (const { release, body, ...part } of partsOf(supply)) {
			parts.push({ ...part, body: Buffer.from(body) });
			release();
		}
		return parts;
	});
}

describe('withParts for a stream', () => {
	it.each([
		['chunks of one byte', [1]],
		['chunks that are parts', [10]],
		['chunks larger than a part', [37]],
		['uneven chunks', [1, 19, 2, 7, 30]],
	])('withParts cuts %s into equal parts and a shorter last one', async (_, chunkSizes) => {
		const content = bytes(95);
		const parts = await cut(sourceOf(streamOf(content, chunkSizes)), () => 10);
		expect(parts.map(({ body }) => body.length)).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 10, 5]);
		expect(parts.map(({ partNumber }) => partNumber)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
		expect(parts.map(({ offset }) => offset)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
		expect(parts.map(({ last }) => last)).toEqual([...Array<boolean>(9).fill(false), true]);
		expect(Buffer.concat(parts.map(({ body }) => body)).equals(content)).toBe(true);
	});

	it('withParts marks a full part as the last one if the content ends with it', async () => {
		const parts = await cut(sourceOf(streamOf(bytes(20), [7])), () => 10);
		expect(parts.map(({ body, last }) => [body.length, last])).toEqual([
			[10, false],
			[10, true],
		]);
	});

	it('withParts gives one empty part of an empty stream', async () => {
		const parts = await cut(sourceOf(Readable.from([], { objectMode: false })), () => 10);
		expect(parts).toEqual([{ partNumber: 1, offset: 0, body: Buffer.alloc(0), last: true }]);
	});

	it('withParts takes no empty chunk for a part or for the end', async () => {
		const empty = Buffer.alloc(0);
		const stream = Readable.from([empty, bytes(10), empty, bytes(10), empty, empty]);
		const parts = await cut(sourceOf(stream), () => 10);
		expect(parts.map(({ body, last }) => [body.length, last])).toEqual([
			[10, false],
			[10, true],
		]);
	});

	it('withParts takes chunks of text as UTF-8', async () => {
		const parts = await cut(sourceOf(Readable.from(['ä', '😀'])), () => 100);
		expect(parts.map(({ body }) => body.toString())).toEqual(['ä😀']);
	});

	it('withParts asks for the size of every part', async () => {
		const sizes = (partNumber: number) => partNumber * 2;
		const parts = await cut(sourceOf(streamOf(bytes(17), [5])), sizes);
		expect(parts.map(({ body }) => body.length)).toEqual([2, 4, 6, 5]);
	});

	it('withParts destroys the stream when the work has ended', async () => {
		const stream = streamOf(bytes(100), [10]);
		const budget = new MemoryBudget(100);
		await withParts(
			requestOf(sourceOf(stream)),
			() => 10,
			budget,
			{ signal: undefined },
			(parts) => {
				parts.first.release();
				return Promise.resolve();
			},
		);
		expect(stream.destroyed).toBe(true);
	});
});

describe('withParts and memory', () => {
	const call = { signal: undefined };

	it('withParts reads no further ahead than the memory allows', async () => {
		const source = sourceOf(streamOf(bytes(100), [10]));
		const budget = new MemoryBudget(20);
		await withParts(
			requestOf(source),
			() => 10,
			budget,
			call,
			async ({ first, rest }) => {
				await rest.next();
				let isThere = false;
				const third = rest.next().then((part) => {
					isThere = true;
					return part;
				});
				await new Promise(setImmediate);
				expect(isThere).toBe(false);
				first.release();
				expect((await third).value?.partNumber).toBe(3);
			},
		);
	});

	it('withParts uses the memory of released parts again, and no other', async () => {
		const source = sourceOf(streamOf(bytes(40), [7]));
		const budget = new MemoryBudget(100);
		await withParts(
			requestOf(source),
			() => 10,
			budget,
			call,
			async ({ first, rest }) => {
				const second = (await rest.next()).value;
				first.release();
				const third = (await rest.next()).value;
				expect(third?.body.buffer).toBe(first.body.buffer);
				expect(third?.body).toEqual(bytes(40).subarray(20, 30));
				expect(second?.body).toEqual(bytes(40).subarray(10, 20));
			},
		);
	});

	it('withParts gives the memory back if the stream breaks', async () => {
		const budget = new MemoryBudget(10);
		const broken = Readable.from(
			(function* () {
				yield bytes(5);
				throw new Error('disk gone');
			})(),
		);
		const reading = withParts(
			requestOf(sourceOf(broken)),
			() => 10,
			budget,
			call,
			() => Promise.resolve(),
		);
		expect((await rejectionOf(reading)).cause).toMatchObject({ message: 'disk gone' });
		const release = await budget.reserve(10);
		release();
	});

	it('withParts stops waiting for memory when the signal fires', async () => {
		const budget = new MemoryBudget(10);
		const release = await budget.reserve(10);
		const controller = new AbortController();
		const source = sourceOf(streamOf(bytes(5), [5]));
		const waiting = withParts(
			requestOf(source),
			() => 10,
			budget,
			controller,
			() => Promise.resolve(),
		);
		await new Promise(setImmediate);
		controller.abort();
		expect((await rejectionOf(waiting)).kind).toBe('cancelled');
		release();
	});

	it('withParts stops reading a stream that gives nothing when the signal fires', async () => {
		const stream = new Readable({ read: () => undefined });
		const controller = new AbortController();
		const budget = new MemoryBudget(10);
		const reading = withParts(
			requestOf(sourceOf(stream)),
			() => 10,
			budget,
			controller,
			() => Promise.resolve(),
		);
		await new Promise(setImmediate);
		controller.abort();
		expect((await rejectionOf(reading)).kind).toBe('cancelled');
		expect(stream.destroyed).toBe(true);
	});
});

describe('withParts for a file', () => {
	let folder: string;
	beforeAll(async () => {
		folder = await mkdtemp(join(tmpdir(), 'parts-'));
	});
	afterAll(async () => {
		await rm(folder, { recursive: true });
	});

	/** @param most bytes that one read gives, however many are wanted */
	async function cutFile(content: Buffer, sizes: PartSizes, most = Infinity) {
		const path = join(folder, 'file');
		await writeFile(path, content);
		const file = await open(path);
		const read = file.read.bind(file) as (...args: unknown[]) => unknown;
		Object.assign(file, {
			read: (buffer: Buffer, offset: number, length: number, position: number) =>
				read(buffer, offset, Math.min(length, most), position),
		});
		const notAsStream = () => Promise.reject(new Error('a file is not opened as a stream'));
		const parts = await cut({ open: notAsStream, openFile: () => Promise.resolve(file) }, sizes);
		return { parts, file };
	}

	it.each([0, 1, 9, 10, 11, 95, 100])(
		'withParts gives the same parts of a file of %d bytes as of a stream',
		async (size) => {
			const content = bytes(size);
			const { parts, file } = await cutFile(content, () => 10);
			expect(parts).toEqual(await cut(sourceOf(streamOf(content, [7])), () => 10));
			expect(file.fd).toBe(-1);
		},
	);

	it('withParts fills parts from a file also if a read gives less than it is asked for', async () => {
		const content = bytes(95);
		const { parts } = await cutFile(content, () => 10, 3);
		expect(parts).toEqual(await cut(sourceOf(streamOf(content, [7])), () => 10));
	});

	it('withParts ends if no further part is wanted', async () => {
		const sizes = (partNumber: number) => (partNumber > 2 ? undefined : 10);
		const { parts } = await cutFile(bytes(95), sizes);
		expect(parts.map(({ last }) => last)).toEqual([false, false]);
	});
});

describe('a source that cannot be opened', () => {
	const failure = { kind: 'corrupt', key: 'k', cause: { message: 'gone' } };
	const gone = () => Promise.reject(new Error('gone'));

	it.each([
		['stream', { open: gone }],
		['file', { open: gone, openFile: gone }],
	])(
		'withParts says which object was not put because its %s could not be opened',
		async (_, source) => {
			const request = requestOf(source);
			const budget = new MemoryBudget(10);
			const reading = withParts(
				request,
				() => 10,
				budget,
				{ signal: undefined },
				() => Promise.resolve(),
			);
			expect(await rejectionOf(reading)).toMatchObject(failure);
		},
	);
});
