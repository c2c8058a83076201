import type { Readable } from 'node:stream';
import type { BodyBuffer } from '../memory/BodyBuffer';

/**
 * Reads the body of an answer into memory, for the SDK. That would pipe it: until V8 collects the garbage
 * of its whole heap, each stream that was piped keeps the ones after it, with their requests, 10 KB each.
 * Node's own `buffer` of `node:stream/consumers` would make a Blob of each answer.
 * @throws what breaks it off
 */
export async function readBody(body: Readable): Promise<Buffer> {
	const pieces: Buffer[] = [];
	for await (const piece of body as AsyncIterable<Buffer>) pieces.push(piece);
	return Buffer.concat(pieces);
}

/** Reads the body of a response into a buffer; what breaks it off stands in the buffer. */
export async function readInto(buffer: BodyBuffer, body: Readable): Promise<void> {
	try {
		for await (const chunk of body as AsyncIterable<Buffer>) {
			buffer.filled += chunk.copy(buffer.memory, buffer.filled);
		}
	} catch (error) {
		buffer.failure = error;
	}
}
