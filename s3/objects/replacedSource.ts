import { nameOf } from '../errors/failureFrom';
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
