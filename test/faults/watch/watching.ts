import type { PrefixRequest } from '../../../s3/watch/pollPrefix';

/** A bucket that is watched with everything as it is unless an option says otherwise. */
export const watching = (bucket: string): PrefixRequest => ({
	bucket,
	prefix: undefined,
	keyMatches: undefined,
	maxObjects: 1000,
	minAge: 0,
	changes: true,
	growing: false,
	existing: false,
	caller: { requestPayer: false, expectedBucketOwner: undefined },
});
