const FIRST_STEP_MS = 200;
/** Short enough that a transfer goes on soon after an outage. */
const LONGEST_STEP_MS = 5000;
/** The longest wait that a server may ask for. */
const LONGEST_RETRY_AFTER_MS = 20_000;

/**
 * Milliseconds to wait before another attempt: random, up to twice as long each time, at least what the
 * server asked for.
 * @param attempts attempts made so far, from 1
 * @param atLeastMs milliseconds the server asked to wait
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backOffMs(attempts: number, atLeastMs = 0): number {
	const longest = Math.min(LONGEST_STEP_MS, FIRST_STEP_MS * 2 ** (attempts - 1));
	return Math.max(Math.random() * longest, Math.min(atLeastMs, LONGEST_RETRY_AFTER_MS));
}
