import type { Readable } from 'node:stream';
import { LEAST_PROGRESS, Progress } from './Progress';

/**
 * Milliseconds without a byte after which the body of a response is given up: unlike a response that has not
 * begun, it only has to be asked for from the byte that is missing.
 */
export const BODY_TIMEOUT = 20_000;

/**
 * The chunks of the body of a response. The body is destroyed at once when the signal fires, when no byte or next to
 * nothing comes for a while, and however else the reading ends; a slow reader is waited for.
 * @param timeout milliseconds without a byte
 * @param least what has to come; a server that sends drops would never be silent
 * @throws what breaks the body off; an error with the code ETIMEDOUT if too little comes, an AbortError after
 * the signal
 */
export async function* bodyChunks(
	body: Readable,
	signal: AbortSignal | undefined,
	timeout = BODY_TIMEOUT,
	least = LEAST_PROGRESS,
): AsyncGenerator<Buffer, void, void> {
	const abort = () =>
		body.destroy(Object.assign(new Error('Reading was stopped'), { name: 'AbortError' }));
	const giveUp = () => body.destroy(silence());
	signal?.addEventListener('abort', abort, { once: true });
	if (signal?.aborted === true) abort();
	const progress = new Progress(least);
	let timer = setTimeout(giveUp, timeout);
	let asked = performance.now();
	try {
		for await (const chunk of body as AsyncIterable<Buffer>) {
			clearTimeout(timer);
			if (progress.isTooLittle(chunk.length, performance.now() - asked)) throw silence();
			yield chunk;
			timer = setTimeout(giveUp, timeout);
			asked = performance.now();
		}
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener('abort', abort);
	}
}

/** The error for a server that sends nothing, or next to nothing. */
export const silence = (code = 'ETIMEDOUT'): Error =>
	Object.assign(new Error('the server was silent for too long'), { code });
