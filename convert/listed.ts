/** What lists give has other names here. */

/** Of objects, by their names before. */
export const OBJECT_FIELDS = {
	Key: 'key',
	LastModified: 'lastModified',
	ETag: 'etag',
	Size: 'size',
	StorageClass: 'storageClass',
	Owner: 'owner',
	'Owner.ID': 'owner.id',
	'Owner.DisplayName': 'owner.displayName',
	Prefix: 'prefix',
};

/** Of an object that was uploaded or copied, by their names before. */
export const WRITTEN_FIELDS = { Bucket: 'bucket', Key: 'key', ETag: 'etag' };

/** Of buckets, by their names before. */
export const BUCKET_FIELDS = {
	Name: 'bucket',
	CreationDate: 'creationDate',
	BucketRegion: 'region',
};

/** What to say of a list of objects. */
export const OTHER_NAMES =
	'The items have other names now: Key is key, Size is size and a number, LastModified is lastModified, ETag is etag and without quotes. Expressions that could be found were changed; look through Code nodes.';

/** What to say of an operation that gave nothing but its success. */
export const otherResult = (gives: string) =>
	`The item is no longer { success: true }; it has ${gives}.`;
