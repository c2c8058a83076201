import { setTimeout as sleep } from 'node:timers/promises';
import { S3Failure } from '../S3Failure';
import { isThrottled, mostAttempts, MOST_WHEN_THROTTLED } from './attempts';
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

/**
 * The rule for what the SDK cannot repeat, such as a request whose body is a stream, or one key of many: with
 * back-off as often as any request; without if the server throttles requests, as the rate of the connection then
 * waits. The rate does not see what a response throttles inside of it.
 */
export function delayAfterFailure(
	mayRetry: (failure: S3Failure) => boolean,
): (error: unknown, attempts: number) => number | undefined {
	return (error, attempts) => {
		if (!(error instanceof S3Failure) || !mayRetry(error)) return undefined;
		const most = error.kind === 'throttled' ? MOST_WHEN_THROTTLED : mostAttempts(error.status);
		if (attempts >= most) return undefined;
		return isThrottled(error.status) ? 0 : backOffMs(attempts, error.retryAfterMs);
	};
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
