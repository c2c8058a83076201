import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { mayHaveReachedServer } from '../retry/ambiguousWrite';
import { S3Failure } from '../S3Failure';
import { headBucket } from './headBucket';
import type { BucketRequest } from './headBucket';

/**
 * Deletes a bucket, which must be empty.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
 */
export async function deleteBucket(s3: S3, request: BucketRequest, call: Call): Promise<void> {
	const { bucket, expectedBucketOwner } = request;
	try {
		const input = { Bucket: bucket, ExpectedBucketOwner: expectedBucketOwner };
		await s3.send('DeleteBucket', input, call);
	} catch (error) {
		if (!(error instanceof S3Failure)) throw error;
		if (error.code === 'BucketNotEmpty') throw notEmpty(error, bucket);
		const isRepeated = (error.attempts ?? 1) > 1 && error.kind === 'notFound';
		if (isRepeated) return;
		if (!mayHaveReachedServer(error)) throw error;
		const state = await headBucket(s3, request, call).catch(() => undefined);
		if (state?.kind !== 'missing') throw error;
	}
}

const notEmpty = (failure: S3Failure, bucket: string): S3Failure =>
	failure.reworded(
		`Could not delete ${nameOf(bucket, undefined)}: it is not empty`,
		'Delete its objects, versions and unfinished uploads first, or switch on the option Empty First.',
	);
