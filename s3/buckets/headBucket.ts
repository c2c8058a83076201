import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { S3Failure } from '../S3Failure';

/** The account that sends a request about a bucket. */
export interface BucketRequest {
	bucket: string;
	/** ID of the account that the bucket must belong to. */
	expectedBucketOwner?: string | undefined;
}

/** Whose a bucket is: one that this connection may list, one that it may not, or nobody's. */
export type BucketState =
	{ kind: 'there'; region: string | undefined } | { kind: 'forbidden' } | { kind: 'missing' };

/**
 * Asks whether there is a bucket.
 * @throws S3Failure if the server says neither yes nor no
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
export async function headBucket(
	s3: S3,
	{ bucket, expectedBucketOwner }: BucketRequest,
	call: Call,
): Promise<BucketState> {
	try {
		const input = { Bucket: bucket, ExpectedBucketOwner: expectedBucketOwner };
		const { BucketRegion: region } = await s3.send('HeadBucket', input, call);
		return { kind: 'there', region };
	} catch (error) {
		if (!(error instanceof S3Failure)) throw error;
		if (error.kind === 'notFound') return { kind: 'missing' };
		if (error.kind === 'denied') return { kind: 'forbidden' };
		throw error;
	}
}
