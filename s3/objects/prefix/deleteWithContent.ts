import type { Call } from '../../Call';
import { deleteBucket } from '../../buckets/deleteBucket';
import type { S3 } from '../../client/S3';
import { S3Failure } from '../../S3Failure';
import { afterEmptying, emptyBucket } from './emptyBucket';
import type { EmptyBucketRequest } from './emptyBucket';

/**
 * Deletes a bucket with everything in it, for good.
 * @returns how many versions and delete markers there were
 * @throws S3Failure; if the bucket was emptied and is still there, it says so
 */
export async function deleteWithContent(
	s3: S3,
	request: EmptyBucketRequest,
	call: Call,
): Promise<number> {
	const deleted = await emptyBucket(s3, request, call);
	await deleteBucket(s3, request, call).catch((error: unknown) => {
		throw afterEmptying(notEmptyAgain(error), request, deleted);
	});
	return deleted;
}

/** It has been emptied just now. */
const notEmptyAgain = (error: unknown): unknown =>
	error instanceof S3Failure && error.code === 'BucketNotEmpty'
		? error.reworded(
				error.message,
				'Somebody has stored something in it meanwhile. Run it again when nobody does.',
			)
		: error;
