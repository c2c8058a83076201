import { randomBytes } from 'node:crypto';
import { readPage } from '../../../../s3/memory/PageBuffer';
import type { PageBuffer } from '../../../../s3/memory/PageBuffer';

const KIB = 1024;

/** A body that comes in pieces of these sizes. */
async function* bodyOf(content: Buffer, ...sizes: number[]): AsyncGenerator<Buffer> {
	let start = 0;
	for (let i = 0; start < content.length; i++) {
		await Promise.resolve();
		const end = start + (sizes[i % sizes.length] ?? content.length);
		yield content.subarray(start, end);
		start = end;
	}
}

/** Where the bytes of a page are. */
const placeOf = (page: PageBuffer) => page.bytes().buffer;

describe('PageBuffer', () => {
	it.each([
		['an empty body', 0, [1]],
		['a body in one piece', 1000, [1000]],
		['a body byte by byte', 1000, [1]],
		['a body in pieces of all sizes', 300 * KIB, [1, 65536, 7, 16384]],
		['a body as long as the memory', 512 * KIB, [65536]],
		['a body that is longer than the memory by a byte', 512 * KIB + 1, [65536]],
		['a body in one piece that is much longer than the memory', 5000 * KIB, [5000 * KIB]],
		['a body that outgrows its memory several times', 5000 * KIB, [65536]],
	])('readPage reads %s', async (_, length, sizes) => {
		const content = randomBytes(length);
		const page = await readPage(bodyOf(content, ...sizes));
		expect(page.bytes().equals(content)).toBe(true);
		page.giveBack();
	});

	it('a page uses the memory of one that was given back, and nothing of what was in it', async () => {
		const first = await readPage(bodyOf(randomBytes(1000)));
		const place = placeOf(first);
		first.giveBack();
		const second = await readPage(bodyOf(Buffer.from('short')));
		expect(placeOf(second)).toBe(place);
		expect(second.bytes().toString()).toBe('short');
		second.giveBack();
	});

	it('pages that are read at the same time are kept apart', async () => {
		const contents = Array.from({ length: 20 }, (_, i) => Buffer.alloc(50_000 + i, i + 1));
		const pages = await Promise.all(contents.map((content) => readPage(bodyOf(content, 777))));
		pages.forEach((page, i) => {
			expect(page.bytes().equals(contents[i] ?? Buffer.alloc(0))).toBe(true);
			page.giveBack();
		});
	});

	it('readPage throws what breaks a body off, and keeps its memory for the next page', async () => {
		const known = await readPage(bodyOf(randomBytes(10)));
		const place = placeOf(known);
		known.giveBack();
		const broken = async function* () {
			yield* bodyOf(Buffer.from('half'));
			throw new Error('broken');
		};
		await expect(readPage(broken())).rejects.toThrow('broken');
		const next = await readPage(bodyOf(Buffer.from('whole')));
		expect(placeOf(next)).toBe(place);
		expect(next.bytes().toString()).toBe('whole');
		next.giveBack();
	});

	it('no more memory is kept than that of the pages of one listing', async () => {
		const many = await Promise.all(
			Array.from({ length: 40 }, () => readPage(bodyOf(Buffer.from('x')))),
		);
		const places = new Set(many.map(placeOf));
		for (const page of many) page.giveBack();
		const again = await Promise.all(
			Array.from({ length: 40 }, () => readPage(bodyOf(Buffer.from('x')))),
		);
		expect(again.filter((page) => places.has(placeOf(page)))).toHaveLength(16);
		for (const page of again) page.giveBack();
	});

	it('the memory of an unusually long page is not kept', async () => {
		const long = await readPage(bodyOf(Buffer.alloc(1024 * KIB), 65536));
		const place = placeOf(long);
		expect(place.byteLength).toBeGreaterThan(1024 * KIB);
		long.giveBack();
		const next = await readPage(bodyOf(Buffer.from('x')));
		expect(placeOf(next)).not.toBe(place);
		next.giveBack();
	});
});
