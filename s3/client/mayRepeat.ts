import type { CallName } from '../calls/calls';
import { purposeOf } from '../errors/failureFrom';
import type { Attempt } from '../errors/failureFrom';
import { S3Failure } from '../S3Failure';

/** A server that lacks something lacks it the next time, too. */
const NOT_IMPLEMENTED = 501;

/** Whether a request has a body that can be sent only once. */
export function isStream(input: object): boolean {
	const { Body: body } = input as { Body?: unknown };
	return typeof body === 'object' && body !== null && 'pipe' in body;
}

/**
 * Gives the rule for repeating a call: not if its body is used up, not if its condition was not met, and not if a
 * call before it failed, such as one for a session, which has been repeated by itself. A write that is repeated may
 * meet what its first request has done: who sends it finds out, see `resolveAmbiguousWrite`.
 */
export function mayRepeat(
	name: CallName,
	input: object,
): (failure: S3Failure, attempts: number) => boolean {
	return ({ operation, kind, code, status, retryable }, attempts) => {
		if (isStream(input) || operation !== name || kind === 'precondition') return false;
		// The SDK has corrected its clock by the response, but not if ours was set after the last correction.
		if (code === 'RequestTimeTooSkewed') return attempts === 1;
		// The name of a container is not known while it restarts.
		return (retryable && status !== NOT_IMPLEMENTED) || code === 'ENOTFOUND';
	};
}

/** The failure of a stream, which has to be read again: the next attempt, with another one, will do better. */
export function sentInVain(attempt: Attempt, region: string | undefined): S3Failure {
	const { operation, bucket, key } = attempt;
	const why =
		region === undefined ? 'the server refused the session early' : `it is in region ${region}`;
	return new S3Failure({
		kind: 'rejected',
		message: `${purposeOf(attempt)}: ${why}`,
		advice: 'Run it again.',
		retryable: true,
		operation,
		bucket,
		key,
	});
}
