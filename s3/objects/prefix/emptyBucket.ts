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
	const { matched, deletions, failed } = await deleteMatches(s3, everything, call);
	const [first] = failed;
	if (first !== undefined) {
		throw new S3Failure({
			kind: 'rejected',
			message: `Could not empty ${nameOf(bucket, undefined)}: ${failed.length} of ${matched} ${nounFor(bucket)}s could not be deleted, the first is “${first.key}”; the others are gone`,
			advice: first.message,
			operation: 'DeleteObjects',
			code: first.code,
			bucket,
			key: first.key,
		});
	}
	const begunBefore = new Date(8.64e15);
	const uploads = { bucket, begunBefore, dryRun: false, expectedBucketOwner };
	await cleanUpUploads(s3, uploads, call).catch((error: unknown) => {
		throw afterEmptying(error, request, deletions.length);
	});
	return deletions.length;
}

/** An error that comes up when everything else is deleted for good: it says so. */
export function afterEmptying(
	error: unknown,
	{ bucket }: EmptyBucketRequest,
	deleted: number,
): unknown {
	if (!(error instanceof S3Failure) || deleted === 0) return error;
	const what = `${deleted.toLocaleString('en-US')} ${nounFor(bucket)}${deleted === 1 ? '' : 's'}`;
	return error.reworded(
		`Emptied ${nameOf(bucket, undefined)} of ${what}, but it is still there: ${error.message}`,
		error.advice,
	);
}

const nounFor = (bucket: string): string => (isDirectoryBucket(bucket) ? 'object' : 'version');
