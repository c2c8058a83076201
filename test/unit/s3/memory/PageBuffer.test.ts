import { randomBytes } from 'node:crypto';
import { readPage } from '../../../../s3/memory/PageBuffer';
import type { PageBuffer } from '../../../../s3/memory/PageBuffer';

const KIB = 1024;

/** A body in chunks of these sizes. */
async function* bodyOf(content: Buffer, ...sizes: number[]): AsyncGenerator<Buffer> {
	let start = 0;
	for (let i = 0; start < content.length; i++) {
		await Promise.resolve();
		const end = start + (sizes[i % sizes.length] ?? content.length);
		yield content.subarray(start, end);
		start = end;
	}
}

/** The memory that the bytes of a page are in. */
const memoryOf = (page: PageBuffer) => page.bytes().buffer;

describe('PageBuffer', () => {
	it.each([
		['an empty body', 0, [1]],
		['a body in one chunk', 1000, [1000]],
		['a body byte by byte', 1000, [1]],
		['a body in chunks of all sizes', 300 * KIB, [1, 65536, 7, 16384]],
		['a body as long as the buffer', 512 * KIB, [65536]],
		['a body that is longer than the buffer by a byte', 512 * KIB + 1, [65536]],
		['a body in one chunk that is much longer than the buffer', 5000 * KIB, [5000 * KIB]],
		['a body that outgrows its buffer several times', 5000 * KIB, [65536]],
	])('a page buffer takes %s', async (_, length, sizes) => {
		const content = randomBytes(length);
		const page = await readPage(bodyOf(content, ...sizes));
		expect(page.bytes().equals(content)).toBe(true);
		page.giveBack();
	});

	it('a page buffer uses the memory of a page that was given back, without what was in it', async () => {
		const first = await readPage(bodyOf(randomBytes(1000)));
		const memory = memoryOf(first);
		first.giveBack();
		const second = await readPage(bodyOf(Buffer.from('short')));
		expect(memoryOf(second)).toBe(memory);
		expect(second.bytes().toString()).toBe('short');
		second.giveBack();
	});

	it('page buffers keep pages apart that are read at the same time', async () => {
		const contents = Array.from({ length: 20 }, (_, i) => Buffer.alloc(50_000 + i, i + 1));
		const pages = await Promise.all(contents.map((content) => readPage(bodyOf(content, 777))));
		pages.forEach((page, i) => {
			expect(page.bytes().equals(contents[i] ?? Buffer.alloc(0))).toBe(true);
			page.giveBack();
		});
	});

	it('readPage throws what breaks a body off, and gives its memory to the next page', async () => {
		const known = await readPage(bodyOf(randomBytes(10)));
		const memory = memoryOf(known);
		known.giveBack();
		const broken = async function* () {
			yield* bodyOf(Buffer.from('half'));
			throw new Error('broken');
		};
		await expect(readPage(broken())).rejects.toThrow('broken');
		const next = await readPage(bodyOf(Buffer.from('whole')));
		expect(memoryOf(next)).toBe(memory);
		expect(next.bytes().toString()).toBe('whole');
		next.giveBack();
	});

	it('no more buffers are kept than one listing has pages in flight', async () => {
		const many = await Promise.all(
			Array.from({ length: 40 }, () => readPage(bodyOf(Buffer.from('x')))),
		);
		const memories = new Set(many.map(memoryOf));
		for (const page of many) page.giveBack();
		const again = await Promise.all(
			Array.from({ length: 40 }, () => readPage(bodyOf(Buffer.from('x')))),
		);
		expect(again.filter((page) => memories.has(memoryOf(page)))).toHaveLength(16);
		for (const page of again) page.giveBack();
	});

	it('the memory of an unusually long page is not kept', async () => {
		const long = await readPage(bodyOf(Buffer.alloc(1024 * KIB), 65536));
		const memory = memoryOf(long);
		expect(memory.byteLength).toBeGreaterThan(1024 * KIB);
		long.giveBack();
		const next = await readPage(bodyOf(Buffer.from('x')));
		expect(memoryOf(next)).not.toBe(memory);
		next.giveBack();
	});
});
