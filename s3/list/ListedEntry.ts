// Type aliases: interfaces lack the implicit index signature that n8n's IDataObject needs.

/** One object of a listing. */
export type ListedObject = {
	bucket: string;
	/** As it is stored, not URL-encoded. */
	key: string;
	/** Bytes. */
	size: number;
	/** Without quotes. */
	etag: string | undefined;
	/** ISO 8601. */
	lastModified: string | undefined;
	storageClass: string | undefined;
	/** Only if the request asked for it. */
	owner?: { id: string | undefined; displayName: string | undefined };
	/** Only if the request asked for it, of an object that is restored from an archive or was. */
	restoreStatus?: RestoreStatus;
};

/** How far the restore of an archived object is, in the words of `RestoreResult`. */
export type RestoreStatus = {
	state: 'inProgress' | 'restored';
	/** ISO 8601: until when a restored object stays readable. */
	expiresAt: string | undefined;
};

/** A common prefix: all keys that are alike up to a delimiter. */
export type ListedPrefix = {
	bucket: string;
	prefix: string;
};

export type ListedEntry = ListedObject | ListedPrefix;

const UNKNOWN: ListedObject = {
	bucket: '',
	key: '',
	size: 0,
	etag: undefined,
	lastModified: undefined,
	storageClass: undefined,
};

/**
 * An object of which nothing is known yet. It is copied from a template: V8 allocates the objects of a literal
 * among old ones once many of them survive, and all that they refer to then lives until a full collection.
 */
export const newObject = (bucket: string): ListedObject => ({ ...UNKNOWN, bucket });

/** Comes after every character of a key, in UTF-8 order. */
const LAST_CHARACTER = '\u{10FFFF}';

/** The key of an object, or a common prefix. */
export const nameOfEntry = (entry: ListedEntry): string =>
	'key' in entry ? entry.key : entry.prefix;

/** The `StartAfter` with which a listing goes on after an entry: after all keys of a common prefix. */
export const startAfterEntry = (entry: ListedEntry): string =>
	'key' in entry ? entry.key : entry.prefix + LAST_CHARACTER;
