import { newObject } from '../ListedEntry';
import type { ListedObject } from '../ListedEntry';

/** What stands before the key, the date and the ETag of an object. */
const BEFORE_KEY = '<Contents><Key>';
const BEFORE_DATE = '</Key><LastModified>';
const BEFORE_ETAG = '</LastModified><ETag>';
/** Elements that are not read; `listXml` pays no heed to the name of a closing tag either. */
const OTHERS = String.raw`(?:<(?:Checksum\w+|Type)>[^<]*</\w+>)*`;
/**
 * An object as AWS, MinIO, radosgw and others write it. What is repeated ends before any character
 * that may follow it, so the time is linear whatever the server sends.
 */
const CONTENTS = new RegExp(
	`${BEFORE_KEY}([^<&]*)${BEFORE_DATE}([^<&\\s]*)${BEFORE_ETAG}(&quot;|"|)([^<&"]*)(?:&quot;|"|)</ETag>${OTHERS}` +
		`<Size>(\\d+)</Size>${OTHERS}<StorageClass>([A-Z_]+)</StorageClass>${OTHERS}</Contents>`,
	'y',
);

/** A listing in UTF-8, and as a string with one character for each byte. */
export interface PageText {
	readonly bytes: Buffer;
	readonly latin1: string;
}

/**
 * Reads an element `Contents` of the usual form, several times as fast as `listXml` does. Strings are copied
 * from the bytes: what a match gives are slices, which keep the whole page in memory.
 * @param start index of the opening tag
 * @returns the object, with the key as it is written, perhaps URL-encoded, and the index after the element;
 * undefined for any other form
 */
export function readPlainContents(
	{ bytes, latin1 }: PageText,
	start: number,
	bucket: string,
): { object: ListedObject; end: number } | undefined {
	CONTENTS.lastIndex = start;
	const match = CONTENTS.exec(latin1);
	if (match === null) return undefined;
	const [, key = '', lastModified = '', quote = '', etag = '', size, storageClass = ''] = match;
	const keyAt = start + BEFORE_KEY.length;
	const dateAt = keyAt + key.length + BEFORE_DATE.length;
	const etagAt = dateAt + lastModified.length + BEFORE_ETAG.length + quote.length;
	const object = newObject(bucket);
	object.key = bytes.toString('utf8', keyAt, keyAt + key.length);
	object.lastModified = bytes.toString('latin1', dateAt, dateAt + lastModified.length);
	object.etag = bytes.toString('utf8', etagAt, etagAt + etag.length) || undefined;
	object.size = Number(size);
	object.storageClass = storageClass === 'STANDARD' ? 'STANDARD' : copyOf(storageClass);
	return { object, end: CONTENTS.lastIndex };
}

const copyOf = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');
