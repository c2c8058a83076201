import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds. */
const FIRST_STEP = 200;
const LONGEST_STEP = 20_000;

/**
 * Waits before another attempt: random, up to twice as long each time, at least what the server asked.
 * @param attempt attempts made so far, from 1
 * @param atLeast milliseconds the server asked to wait
 * @throws AbortError when the signal fires meanwhile
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export async function backOff(
	attempt: number,
	atLeast: number | undefined,
	signal: AbortSignal | undefined,
): Promise<void> {
	const longest = Math.min(LONGEST_STEP, FIRST_STEP * 2 ** (attempt - 1));
	const wait = Math.max(Math.random() * longest, Math.min(atLeast ?? 0, LONGEST_STEP));
	await sleep(wait, undefined, signal === undefined ? {} : { signal });
}
