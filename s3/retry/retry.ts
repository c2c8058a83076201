import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from '../Call';
import { RetryBudget } from '../RetryBudget';
import { S3Failure } from '../S3Failure';
import { isThrottled, leastAttempts, LEAST_WHEN_THROTTLED } from './attempts';
import { backOffMs } from './backOff';

/**
 * Does work again after errors that may pass.
 * @param work gets the number of the attempt, from 1
 * @param delayAfter milliseconds to wait after an error, given the attempts made so far; undefined gives up
 * @param signal ends the waiting and further attempts
 * @throws what the work threw last; S3Failure of kind `cancelled` when the signal ends the waiting
 */
export async function retry<Result>(
	work: (attempt: number) => Promise<Result>,
	delayAfter: (error: unknown, attempts: number) => number | undefined,
	signal: AbortSignal | undefined,
): Promise<Result> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await work(attempt);
		} catch (error) {
			const delay = signal?.aborted === true ? undefined : delayAfter(error, attempt);
			if (delay === undefined) throw error;
			await wait(delay, signal, error);
		}
	}
}

/** Codes of requests whose response did not come in time. */
const TIME_OUTS = ['TimeoutError', 'ETIMEDOUT'];

/**
 * The rule for a request that failed: it is repeated with back-off as long as its budget lasts. A request that
 * fails late, as that of a large part, gets a few attempts all the same, but not if it has only waited, and one
 * whose bytes arrive damaged gets no more than these. If the server throttles requests, the rate of the
 * connection waits; it does not see what a response throttles inside of it.
 */
export function delayAfterFailure(
	mayRetry: (failure: S3Failure, attempts: number) => boolean,
	{ retryFor, budget = RetryBudget.ofCall(retryFor) }: Omit<Call, 'signal'>,
): (error: unknown, attempts: number) => number | undefined {
	return (error, attempts) => {
		if (!(error instanceof S3Failure) || !mayRetry(error, attempts)) return undefined;
		if (!budget.allowsRetries) return undefined;
		const left = budget.left();
		// A proxy that refuses does not throttle the requests of this connection.
		const status = error.kind === 'unreachable' ? undefined : error.status;
		const wasThrottled = error.kind === 'throttled' || isThrottled(status);
		const least = leastAttempts(wasThrottled, budget.ms);
		const isDue = attempts < least && !TIME_OUTS.includes(error.code ?? '');
		if (!isDue && (left === 0 || error.kind === 'corrupt')) return undefined;
		if (isThrottled(status) && attempts < LEAST_WHEN_THROTTLED) return 0;
		const delay = backOffMs(attempts, error.retryAfterMs);
		// The last attempt is made at the end of the budget, and not before.
		return left === 0 ? delay : Math.min(delay, left);
	};
}

/**
 * The rule for a service beside S3, such as one that lends sessions: its requests are repeated with back-off as long as
 * the budget lasts, and not if it asks to wait for longer.
 */
export function delayWithinBudget(
	budget: RetryBudget,
): (error: unknown, attempts: number) => number | undefined {
	return (error, attempts) => {
		if (!(error instanceof S3Failure) || !error.retryable || !budget.allowsRetries)
			return undefined;
		const left = budget.left();
		if (left === 0 || (error.retryAfterMs ?? 0) > left) return undefined;
		return Math.min(backOffMs(attempts, error.retryAfterMs), left);
	};
}

/**
 * Does a transfer again from its beginning.
 * @param transfer gets a call with one budget of time for all of its requests
 * @throws as `retry`
 */
export async function retryTransfer<Result>(
	transfer: (call: Call) => Promise<Result>,
	mayRetry: (failure: S3Failure) => boolean,
	call: Call,
): Promise<Result> {
	const shared = { ...call, budget: RetryBudget.ofTransfer(call.retryFor) };
	// Requests of the transfer succeed, so they must not give this its time back.
	const budget = RetryBudget.ofTransfer(call.retryFor);
	return await retry(() => transfer(shared), delayAfterFailure(mayRetry, { budget }), call.signal);
}

async function wait(
	delayMs: number,
	signal: AbortSignal | undefined,
	error: unknown,
): Promise<void> {
	if (delayMs === 0) return;
	await sleep(delayMs, undefined, signal === undefined ? {} : { signal }).catch(() => {
		const { message = 'The work', operation, bucket, key } = error as Partial<S3Failure>;
		throw S3Failure.cancelled(message, { operation, bucket, key });
	});
}
