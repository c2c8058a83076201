import type { Target } from '../calls/calls';
import type { Connection } from '../Connection';
import { checkBucket, checkKey } from './bucketAndKey';
import { checkBucketInEndpoint } from './bucketInEndpoint';
import { checkBucketOnly } from './bucketOnly';

/**
 * Refuses names that S3 does not have, other buckets than the only one of the connection, and one that its
 * endpoint has already.
 * @throws S3Failure of kind `invalid` or `refused`
 */
export function checkTarget(connection: Connection, target: Target): void {
	checkBucket(target.bucket);
	if (target.key !== undefined) checkKey(target.key, target.bucket);
	checkBucketOnly(connection, target);
	checkBucketInEndpoint(connection, target.bucket);
}
