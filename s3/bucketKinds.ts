/** What the name of a bucket stands for. */
export type BucketKind = 'general' | 'directory' | 'accessPoint' | 'multiRegionAccessPoint';

/**
 * What a name stands for, as AWS has them: only names of AWS look like this.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-bucket-naming-rules.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html
 */
export function bucketKindOf(bucket: string): BucketKind {
	// Also an access point of a directory bucket.
	if (/--xa?-s3$/i.test(bucket) || /^arn:[^:]*:s3express:/i.test(bucket)) return 'directory';
	if (/^arn:[^:]*:s3::[^:]*:accesspoint[/:]/i.test(bucket)) return 'multiRegionAccessPoint';
	const isAccessPoint = /^arn:[^:]*:s3[\w-]*:[^:]+:[^:]*:(accesspoint|outpost)[/:]/i.test(bucket);
	return isAccessPoint || /-s3alias$|--op-s3$|--ol-s3$/i.test(bucket) ? 'accessPoint' : 'general';
}

export const isDirectoryBucket = (bucket: string | undefined): boolean =>
	bucket !== undefined && bucketKindOf(bucket) === 'directory';
