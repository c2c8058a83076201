import type { ListedObject } from '../../../../s3/list/ListedEntry';

/** An object that was modified at a second. */
export const objectAt = (key: string, seconds: number, etag = 'e'): ListedObject => ({
	bucket: 'b',
	key,
	size: 1,
	etag,
	lastModified: new Date(seconds * 1000).toISOString(),
	storageClass: undefined,
});
