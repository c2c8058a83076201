import type { Readable } from 'node:stream';

/**
 * Milliseconds without a byte after which the body of a response is given up: unlike a response that has not
 * begun, it only has to be asked for from the byte that is missing.
 */
export const BODY_TIMEOUT = 20_000;

/**
 * The chunks of the body of a response. The body is destroyed at once when the signal fires, when no byte
 * comes for a while, and however else the reading ends; a slow reader is waited for.
 * @param timeout milliseconds
 * @throws what breaks the body off; an error with the code ETIMEDOUT after the timeout, an AbortError after
 * the signal
 */
export async function* bodyChunks(
	body: Readable,
	signal: AbortSignal | undefined,
	timeout = BODY_TIMEOUT,
): AsyncGenerator<Buffer, void, void> {
	const abort = () =>
		body.destroy(Object.assign(new Error('Reading was stopped'), { name: 'AbortError' }));
	const giveUp = () => body.destroy(silence());
	signal?.addEventListener('abort', abort, { once: true });
	if (signal?.aborted === true) abort();
	let timer = setTimeout(giveUp, timeout);
	try {
		for await (const chunk of body as AsyncIterable<Buffer>) {
			clearTimeout(timer);
			yield chunk;
			timer = setTimeout(giveUp, timeout);
		}
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener('abort', abort);
	}
}

/** The error for a server that sends nothing. */
export const silence = (): Error =>
	Object.assign(new Error('the server was silent for too long'), { code: 'ETIMEDOUT' });
