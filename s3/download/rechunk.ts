/**
 * Bytes of a chunk that a reader gets. Node's `writeFile`, with which n8n stores files, writes no more with
 * one call.
 * @see https://github.com/nodejs/node/blob/v24.0.0/lib/internal/fs/promises.js (kWriteFileMaxChunkSize)
 */
const OUTPUT_CHUNK = 512 * 1024;

/** Joins small chunks: for a reader, few large ones cost much less than many small ones. */
export async function* rechunk(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
	let gathered: Buffer[] = [];
	let length = 0;
	for await (const chunk of chunks) {
		gathered.push(chunk);
		length += chunk.length;
		if (length < OUTPUT_CHUNK) continue;
		yield join(gathered, length);
		gathered = [];
		length = 0;
	}
	if (length > 0) yield join(gathered, length);
}

function join(chunks: Buffer[], length: number): Buffer {
	const [first] = chunks;
	return first?.length === length ? first : Buffer.concat(chunks, length);
}

/** Splits a large buffer; the chunks are views of it. */
export function* split(buffer: Buffer): Generator<Buffer, void, void> {
	for (let start = 0; start < buffer.length; start += OUTPUT_CHUNK) {
		yield buffer.subarray(start, start + OUTPUT_CHUNK);
	}
}
