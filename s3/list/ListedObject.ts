/** One object of a listing. An alias: an interface could not be taken for plain data by others. */
export type ListedObject = {
	bucket: string;
	/** Exactly as stored. */
	key: string;
	/** Bytes. */
	size: number;
	/** Without quotes. */
	etag: string | undefined;
	/** ISO 8601. */
	lastModified: string | undefined;
	storageClass: string | undefined;
	/** Only where it was asked for. */
	owner?: { id: string | undefined; displayName: string | undefined };
};
