import { isThrottled, mostAttempts } from '../retry/attempts';
import type { S3ClientConfig } from '../sdk';

const FIRST_DELAY_MS = 100;
/** A server that lacks something lacks it the next time, too. */
const NOT_IMPLEMENTED = 501;

type RetryStrategy = Extract<
	Exclude<S3ClientConfig['retryStrategy'], undefined>,
	{ recordSuccess: unknown }
>;
type RetryToken = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>;

const token = (count: number, delay: number): RetryToken => ({
	getRetryCount: () => count,
	getRetryDelay: () => delay,
});

/**
 * RequestTimeTooSkewed is retried once: the SDK corrects its clock from the response, but not when our clock
 * was set after the last correction.
 */
const isOfAnotherTime = (error: Error | undefined, attempts: number): boolean =>
	error?.name === 'RequestTimeTooSkewed' && attempts === 1;

const final = new WeakSet();

/** Marks an error after which the request must not be sent again; returns it. */
export function notToBeRetried(error: unknown): unknown {
	if (typeof error === 'object' && error !== null) final.add(error);
	return error;
}

/**
 * Each request is repeated on its own account. The SDK's own strategies share a store of repetitions
 * among all requests of a client: thirty that break off together use it up, and the next ones fail
 * without a second attempt. What holds many requests back at once is `RequestRate`.
 */
export const retryStrategy: RetryStrategy = {
	acquireInitialRetryToken: () => Promise.resolve(token(0, 0)),
	refreshRetryTokenForRetry: (last, { error, errorType }) => {
		const attempts = last.getRetryCount() + 1;
		const status = error?.$metadata?.httpStatusCode;
		if (
			(error !== undefined && final.has(error)) ||
			status === NOT_IMPLEMENTED ||
			(errorType === 'CLIENT_ERROR' && !isOfAnotherTime(error, attempts)) ||
			attempts >= mostAttempts(status)
		) {
			return Promise.reject(new Error('no further attempt'));
		}
		const delay = Math.random() * FIRST_DELAY_MS * 2 ** attempts;
		return Promise.resolve(token(attempts, isThrottled(status) ? 0 : delay));
	},
	recordSuccess: () => undefined,
};
