import { PIECE_SIZE, piecesOf } from '../../../../s3/download/rechunk';

async function* chunksOf(...sizes: number[]): AsyncGenerator<Buffer> {
	for (const [i, size] of sizes.entries()) {
		await Promise.resolve();
		yield Buffer.alloc(size, i + 1);
	}
}

async function piecesFrom(...sizes: number[]): Promise<Buffer[]> {
	const pieces: Buffer[] = [];
	for await (const piece of piecesOf(chunksOf(...sizes))) pieces.push(piece);
	return pieces;
}

describe('pieces', () => {
	it('are chunks put together, in their order, the last as long as is left', async () => {
		const sizes = Array.from({ length: 20 }, (_, i) => 60_000 + i);
		const chunks = sizes.map((size, i) => Buffer.alloc(size, i + 1));
		const pieces = await piecesFrom(...sizes);
		expect(pieces).toHaveLength(3);
		for (const piece of pieces.slice(0, -1))
			expect(piece.length).toBeGreaterThanOrEqual(PIECE_SIZE);
		expect(Buffer.concat(pieces).equals(Buffer.concat(chunks))).toBe(true);
	});

	it('are a large chunk itself, which is not copied', async () => {
		const chunk = Buffer.alloc(PIECE_SIZE);
		async function* one(): AsyncGenerator<Buffer> {
			yield await Promise.resolve(chunk);
		}
		for await (const piece of piecesOf(one())) expect(piece).toBe(chunk);
		expect.assertions(1);
	});

	it('are none of nothing', async () => {
		expect(await piecesFrom()).toEqual([]);
		expect(await piecesFrom(0)).toEqual([]);
	});
});
