/** What is watched, and what of it is emitted. */
export interface WatchRequest {
	bucket: string;
	/** What all keys begin with. */
	prefix: string | undefined;
	/** A glob for the whole key, see `keyGlob`. */
	keyMatches: string | undefined;
	/** Objects at most. */
	maxObjects: number;
	/** Who pays, and whose bucket it must be. */
	caller: { requestPayer: boolean; expectedBucketOwner: string | undefined };
}
