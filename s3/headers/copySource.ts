/** An object, or a version of it, that is copied. */
interface Source {
	/** Name, access point ARN or alias. */
	bucket: string;
	key: string;
	versionId?: string | undefined;
}

/**
 * The header that names the source of a copy. The SDK sends it as it is, so every segment is URL-encoded
 * here: S3 decodes a `+` to a space.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (x-amz-copy-source)
 */
export function copySource({ bucket, key, versionId }: Source): string {
	const object = bucket.startsWith('arn:') ? `${bucket}/object/${key}` : `${bucket}/${key}`;
	const path = object.split('/').map(encodeURIComponent).join('/');
	return versionId === undefined ? path : `${path}?versionId=${encodeURIComponent(versionId)}`;
}
