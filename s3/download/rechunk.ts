/** Bytes; n8n writes each chunk with a call of its own, at most so many at a time. */
export const PIECE_SIZE = 512 * 1024;

/** The same bytes in larger pieces, which cost their reader much less than many small chunks. */
export async function* piecesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
	let gathered: Buffer[] = [];
	let length = 0;
	for await (const chunk of chunks) {
		gathered.push(chunk);
		length += chunk.length;
		if (length < PIECE_SIZE) continue;
		yield joined(gathered, length);
		gathered = [];
		length = 0;
	}
	if (length > 0) yield joined(gathered, length);
}

function joined(chunks: Buffer[], length: number): Buffer {
	const [first] = chunks;
	return first?.length === length ? first : Buffer.concat(chunks, length);
}
