import type { Call } from '../Call';
import { nameOf } from '../errors/failureFrom';
import { retryTransfer } from '../retry/retry';
import { S3Failure } from '../S3Failure';

/** The failure for a source that became another object after it was looked at; the copy may begin again. */
export function replacedSource({ bucket, key }: { bucket: string; key: string }): S3Failure {
	return new S3Failure({
		kind: 'precondition',
		message: `Could not copy ${nameOf(bucket, key)}: it was replaced while it was being copied`,
		advice: 'Run it again to copy the new object.',
		retryable: true,
		bucket,
		key,
	});
}

/**
 * Copies, and begins again if the source was replaced meanwhile or somebody else wrote at the same time.
 * @param copy makes the copy from its beginning, with a call that has one budget of time for all requests
 * @throws S3Failure
 */
export async function againIfReplaced<Result>(
	copy: (call: Call) => Promise<Result>,
	call: Call,
): Promise<Result> {
	const mayRetry = ({ kind, retryable }: S3Failure) => kind === 'precondition' && retryable;
	return await retryTransfer(copy, mayRetry, call);
}
