/** Bytes that Node's writer of files, with which n8n keeps files, writes with one call at most. */
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

/** The same memory in pieces, none of them copied. */
export function* piecesIn(bytes: Buffer): Generator<Buffer, void, void> {
	for (let start = 0; start < bytes.length; start += PIECE_SIZE) {
		yield bytes.subarray(start, start + PIECE_SIZE);
	}
}
