import { backOff } from './backOff';
import type { Call } from '../client/openS3';
import { cancelled } from '../errors/failureFrom';
import { isThrottled } from './RequestRate';
import { mostAttempts } from '../client/retryStrategy';
import { S3Failure } from '../S3Failure';

/**
 * Does something again that the SDK cannot repeat, such as sending a stream, until it succeeds, may not
 * be repeated or was tried often enough.
 * @throws S3Failure the last one
 */
export async function repeated<Result>(
	work: () => Promise<Result>,
	mayRepeat: (failure: S3Failure) => boolean,
	{ signal }: Call,
): Promise<Result> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await work();
		} catch (error) {
			if (!(error instanceof S3Failure) || !mayRepeat(error)) throw error;
			if (attempt >= mostAttempts(error.status) || signal?.aborted === true) throw error;
			// Where the server throttles, the pace of the connection waits.
			if (isThrottled(error.status)) continue;
			await backOff(attempt, error.retryAfterMs, signal).catch(() => {
				const { operation = '', bucket, key } = error;
				throw cancelled({ operation, bucket, key, server: '' });
			});
		}
	}
}
