/** One object, or a version of it, as a call names it. */
export const objectInput = (
	request: {
		readonly bucket: string;
		readonly key: string;
		readonly versionId?: string | undefined;
	} & Requester,
) => ({
	Bucket: request.bucket,
	Key: request.key,
	VersionId: request.versionId,
	...requesterHeaders(request),
});

interface Requester {
	readonly requestPayer?: boolean | undefined;
	/** ID of the account that the bucket must belong to. */
	readonly expectedBucketOwner?: string | undefined;
}

/** Who pays, and whose the bucket must be: the same on every call about a bucket or an object. */
export function requesterHeaders(request: Requester): {
	RequestPayer: 'requester' | undefined;
	ExpectedBucketOwner: string | undefined;
} {
	return {
		RequestPayer: request.requestPayer === true ? 'requester' : undefined,
		ExpectedBucketOwner: request.expectedBucketOwner,
	};
}
