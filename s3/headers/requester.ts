/** Who pays, and whose the bucket must be: the same on every call about a bucket or an object. */
export function requesterHeaders(request: {
	requestPayer?: boolean | undefined;
	expectedBucketOwner?: string | undefined;
}): { RequestPayer: 'requester' | undefined; ExpectedBucketOwner: string | undefined } {
	return {
		RequestPayer: request.requestPayer === true ? 'requester' : undefined,
		ExpectedBucketOwner: request.expectedBucketOwner,
	};
}
