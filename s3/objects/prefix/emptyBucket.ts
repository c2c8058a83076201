import { isDirectoryBucket } from '../../bucketKinds';
import type { Call } from '../../Call';
import { cleanUpUploads } from '../../buckets/cleanUpUploads';
import type { S3 } from '../../client/S3';
import { nameOf } from '../../errors/failureFrom';
import { S3Failure } from '../../S3Failure';
import { deleteMatches } from './deletePrefix';

export interface EmptyBucketRequest {
	bucket: string;
	/** If there are more versions and delete markers, nothing is deleted. */
	maxObjects: number;
	bypassGovernance?: boolean | undefined;
	expectedBucketOwner?: string | undefined;
}

/**
 * Deletes everything in a bucket for good: versions, delete markers, or objects where there are no versions, and uploads
 * that were not ended.
 * @returns how many of them there were, without the uploads
 * @throws S3Failure if there are too many, or something cannot be deleted
 */
export async function emptyBucket(
	s3: S3,
	request: EmptyBucketRequest,
	call: Call,
): Promise<number> {
	const { bucket, expectedBucketOwner } = request;
	// Directory buckets have no versions to list.
	const allVersions = !isDirectoryBucket(bucket);
	const everything = { ...request, prefix: '', dryRun: false, allVersions };
	const { deletions, failed } = await deleteMatches(s3, everything, call);
	const [first] = failed;
	if (first !== undefined) {
		throw new S3Failure({
			kind: 'rejected',
			message: `Could not empty ${nameOf(bucket, undefined)}: ${failed.length} ${allVersions ? 'versions' : 'objects'} could not be deleted, the first is “${first.key}”`,
			advice: first.message,
			operation: 'DeleteObjects',
			code: first.code,
			bucket,
			key: first.key,
		});
	}
	const begunBefore = new Date(8.64e15);
	await cleanUpUploads(s3, { bucket, begunBefore, dryRun: false, expectedBucketOwner }, call);
	return deletions.length;
}
