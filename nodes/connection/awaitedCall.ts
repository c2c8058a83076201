import type { Call } from '../../s3/Call';

/** What is wrong with a connection is to be seen soon. */
const RETRY_FOR_MS = 2000;

/** A call for whose result a person waits in the editor, at most so many milliseconds from now on. */
export const awaitedCall = (timeoutMs: number): Call => ({
	signal: AbortSignal.timeout(timeoutMs),
	retryFor: RETRY_FOR_MS,
});
