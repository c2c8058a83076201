import type { Call } from '../Call';
import { nameOf } from '../errors/failureFrom';
import { delayAfterFailure, retry } from '../retry/retry';
import { RetryBudget } from '../RetryBudget';
import { S3Failure } from '../S3Failure';

/** The code with which S3 asks to begin a conditional write again from the start. */
const CONFLICT = 'ConditionalRequestConflict';

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
	const mayRetry = ({ kind, retryable, code }: S3Failure) =>
		(kind === 'precondition' && retryable) || code === CONFLICT;
	const transfer = { ...call, budget: RetryBudget.ofTransfer(call.retryFor) };
	// The requests of a copy succeed, so they must not give this its time back.
	const budget = RetryBudget.ofTransfer(call.retryFor);
	const isReplaced = delayAfterFailure(mayRetry, { budget });
	return await retry(async () => await copy(transfer), isReplaced, call.signal);
}
