import { rechunk, split } from '../../../../s3/download/rechunk';

/** Bytes of the chunks that readers get. */
const OUTPUT_CHUNK = 512 * 1024;

async function* chunksOf(...sizes: number[]): AsyncGenerator<Buffer> {
	for (const [i, size] of sizes.entries()) {
		await Promise.resolve();
		yield Buffer.alloc(size, i + 1);
	}
}

async function rechunked(...sizes: number[]): Promise<Buffer[]> {
	const chunks: Buffer[] = [];
	for await (const chunk of rechunk(chunksOf(...sizes))) chunks.push(chunk);
	return chunks;
}

it('small chunks are joined in their order, the last as long as is left', async () => {
	const sizes = Array.from({ length: 20 }, (_, i) => 60_000 + i);
	const small = sizes.map((size, i) => Buffer.alloc(size, i + 1));
	const chunks = await rechunked(...sizes);
	expect(chunks).toHaveLength(3);
	for (const chunk of chunks.slice(0, -1)) {
		expect(chunk.length).toBeGreaterThanOrEqual(OUTPUT_CHUNK);
	}
	expect(Buffer.concat(chunks).equals(Buffer.concat(small))).toBe(true);
});

it('a large chunk is passed on itself, without a copy', async () => {
	const large = Buffer.alloc(OUTPUT_CHUNK);
	async function* one(): AsyncGenerator<Buffer> {
		yield await Promise.resolve(large);
	}
	for await (const chunk of rechunk(one())) expect(chunk).toBe(large);
	expect.assertions(1);
});

it('nothing is no chunk', async () => {
	expect(await rechunked()).toEqual([]);
	expect(await rechunked(0)).toEqual([]);
});

it('a buffer is split into views of its memory, the last as long as is left', () => {
	const buffer = Buffer.alloc(2 * OUTPUT_CHUNK + 17);
	buffer.forEach((_, i) => (buffer[i] = i % 251));
	const chunks = [...split(buffer)];
	expect(chunks.map(({ length }) => length)).toEqual([OUTPUT_CHUNK, OUTPUT_CHUNK, 17]);
	expect(Buffer.concat(chunks).equals(buffer)).toBe(true);
	for (const chunk of chunks) expect(chunk.buffer).toBe(buffer.buffer);
});
