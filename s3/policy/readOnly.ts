import { CALLS, type CallName, type Target } from '../calls/calls';
import type { Connection } from '../Connection';
import { nameOf } from '../errors/failureFrom';
import { S3Failure } from '../S3Failure';

/**
 * Refuses a call that changes something if the connection may only read.
 * @throws S3Failure of kind `refused`
 */
export function checkReadOnly(
	{ readOnly }: Pick<Connection, 'readOnly'>,
	name: CallName,
	{ bucket, key }: Target,
): void {
	const { changes, phrase } = CALLS[name];
	if (!readOnly || !changes) return;
	throw S3Failure.refused(
		`This credential is only for reading, so it may not ${phrase} ${nameOf(bucket, key)}`,
		'Use another credential for changes; the owner of this one can turn “Read Only” off.',
		{ operation: name, bucket, key },
	);
}
