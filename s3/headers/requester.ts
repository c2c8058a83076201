/** Who pays, and whose the bucket must be: the same on every call about a bucket or an object. */
export interface Requester {
	/** Whether the requester pays, as a Requester Pays bucket demands. */
	readonly requestPayer?: boolean | undefined;
	/** ID of the account that the bucket must belong to. */
	readonly expectedBucketOwner?: string | undefined;
}

/** What is asked about one object, or a version of it. */
export interface ObjectRequest extends Requester {
	readonly bucket: string;
	readonly key: string;
	readonly versionId?: string | undefined;
}

/** One object, or a version of it, as a call names it. */
export const objectInput = (request: ObjectRequest) => ({
	Bucket: request.bucket,
	Key: request.key,
	VersionId: request.versionId,
	...requesterHeaders(request),
});

export function requesterHeaders(request: Requester): {
	RequestPayer: 'requester' | undefined;
	ExpectedBucketOwner: string | undefined;
} {
	return {
		RequestPayer: request.requestPayer === true ? 'requester' : undefined,
		ExpectedBucketOwner: request.expectedBucketOwner,
	};
}
