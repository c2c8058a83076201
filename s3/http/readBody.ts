import type { Readable } from 'node:stream';
import { LongResponse } from '../errors/LongResponse';
import { SlowResponse } from '../errors/SlowResponse';

/** Milliseconds in which the longest of these responses, 16 MiB, comes over the slowest line of use, 60 KB/s. */
const MAX_MS = 300_000;

/**
 * Reads the body of a response into memory, for the SDK. The SDK would pipe it, and streams that were piped
 * form a chain that only a collection of all of V8's garbage frees, with their requests 10 KB each. `buffer`
 * of `node:stream/consumers` would make a Blob of each body.
 * @param limit bytes that it may have
 * @param maxMs milliseconds that it may take; silence in between ends it earlier
 * @throws what breaks the body off; LongResponse if it has more bytes and SlowResponse if it takes longer, after
 * which nothing is read
 */
export async function readBody(body: Readable, limit: number, maxMs = MAX_MS): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of limited(body, limit, maxMs)) chunks.push(chunk);
	return Buffer.concat(chunks);
}

/**
 * Passes the chunks of a body on as long as they are within the limit.
 * @throws LongResponse if there are more bytes and SlowResponse if they take longer; it destroys the body then
 */
export async function* limited(
	body: AsyncIterable<Buffer>,
	limit: number,
	maxMs = MAX_MS,
): AsyncGenerator<Buffer, void, void> {
	const begin = performance.now();
	let size = 0;
	for await (const chunk of body) {
		size += chunk.length;
		if (size > limit) throw new LongResponse(limit);
		if (performance.now() - begin > maxMs) throw new SlowResponse(maxMs);
		yield chunk;
	}
}
