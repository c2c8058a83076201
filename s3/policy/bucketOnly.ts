import type { Target } from '../calls/calls';
import type { Connection } from '../Connection';
import { S3Failure } from '../S3Failure';

/**
 * Refuses every bucket but the connection's, and the list of all buckets, if the connection is for one only.
 * @throws S3Failure of kind `refused`
 */
export function checkBucketOnly(connection: Connection, target: Target): void {
	const only = connection.bucketOnly ? connection.bucket : undefined;
	if (only === undefined) return;
	const { bucket, key } = target;
	if (bucket !== only) {
		throw S3Failure.refused(
			`This credential is only for bucket “${only}”${bucket === undefined ? '' : `, not for “${bucket}”`}`,
			'Use that bucket, or another credential; its owner can turn “Only This Bucket” off.',
			target,
		);
	}
	if (key === undefined || !leavesBucket(key)) return;
	throw S3Failure.refused(
		`This credential is only for bucket “${only}”, and the key “${key}” could lead out of it`,
		'Use a key without “..” at its beginning.',
		target,
	);
}

/** With the bucket in the path, a gateway that resolves `..` would ask for another one. */
function leavesBucket(key: string): boolean {
	let depth = 0;
	for (const segment of key.split('/')) {
		if (segment === '..') depth -= 1;
		else if (segment !== '' && segment !== '.') depth += 1;
		if (depth < 0) return true;
	}
	return false;
}
