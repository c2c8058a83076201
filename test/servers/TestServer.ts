/** Of a user. */
export interface Keys {
	accessKeyId: string;
	secretAccessKey: string;
}

/** Any S3 server that the behaviour suite can run against. */
export interface TestServer {
	name: string;
	endpoint: string;
	/** The same server by a name whose sub-domains are buckets, if it has one. */
	virtualHostEndpoint: string | undefined;
	region: string;
	users: { main: Keys };
	/** What S3 does and this server does not; the suite asserts how it deviates. */
	lacks: readonly Lack[];
	/** Ends a restore at once, if that can be done. */
	finishRestore?: (bucket: string, key: string) => void;
	stop(): Promise<void>;
}

export type Lack =
	/** Verifies and returns no x-amz-checksum headers. */
	| 'checksums'
	/** Drops the tags that a multipart upload was begun with. */
	| 'multipartTags'
	/** Forgets the lock that a multipart upload was begun with. */
	| 'multipartLocks'
	/** Says that there is no such upload if a bucket has none. */
	| 'emptyUploads'
	/** Keeps objects as files: no key is the folder of another, ends with a slash or has an empty part. */
	| 'keysUnlikePaths'
	/** Names no ETag when a multipart upload is completed. */
	| 'completionEtag'
	/** Ignores GetObjectAttributes, and sends the object. */
	| 'attributes'
	/** Names no version with the tags of an object. */
	| 'tagsVersion'
	/** Counts the bytes of the values of tags, and not their characters. */
	| 'tagCharacters'
	/** Takes names and values of tags with every character. */
	| 'tagAlphabet'
	/** Copies nothing by itself that is under a customer's own key. */
	| 'secretCopies'
	/** Copies the website redirect of an object, too. */
	| 'redirectOfCopies'
	/** Locks a copy as its source is. */
	| 'unlockedCopies'
	/** Takes ACLs of objects and forgets them. */
	| 'acls'
	/** Refuses to create a bucket with tags. */
	| 'newBucketsWithTags'
	/** Ignores the tags that a bucket is created with. */
	| 'tagsOfNewBuckets'
	/** Has no classes of archives. */
	| 'archives'
	/** Says of a delete marker that there is no such object, as of what never was. */
	| 'markerStatus';
