import type { Readable } from 'node:stream';
import { LongResponse } from '../errors/LongResponse';

/**
 * Reads the body of a response into memory, for the SDK. The SDK would pipe it, and streams that were piped
 * form a chain that only a collection of all of V8's garbage frees, with their requests 10 KB each. `buffer`
 * of `node:stream/consumers` would make a Blob of each body.
 * @param limit bytes that it may have
 * @throws what breaks the body off; LongResponse if it has more bytes, after which nothing is read
 */
export async function readBody(body: Readable, limit: number): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of limited(body, limit)) chunks.push(chunk);
	return Buffer.concat(chunks);
}

/**
 * Passes the chunks of a body on as long as they are within the limit.
 * @throws LongResponse, and destroys the body, if there are more bytes
 */
export async function* limited(
	body: AsyncIterable<Buffer>,
	limit: number,
): AsyncGenerator<Buffer, void, void> {
	let size = 0;
	for await (const chunk of body) {
		size += chunk.length;
		if (size > limit) throw new LongResponse(limit);
		yield chunk;
	}
}
