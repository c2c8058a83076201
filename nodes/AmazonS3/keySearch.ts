import { isDirectoryBucket } from '../../s3/bucketKinds';
import type { Call } from '../../s3/Call';
import type { S3 } from '../../s3/client/S3';
import { listObjects } from '../../s3/list/listObjects';

/** Keys that the editor loads at once. */
const PAGE_SIZE = 100;
/** Keys among which a text is looked for that no key begins with. */
const MAX_SEARCHED = 5000;
/** Milliseconds after which this search ends: a person waits for it. */
const SEARCH_TIME = 2000;
/** Characters of a key that fit into a row of the editor's list. */
const ROW = 46;
/** Of these, the characters of the beginning; the end has the file name, by which people know a key. */
const ROW_BEGINNING = 14;

/** Some keys of a bucket, in S3's order. */
export interface FoundKeys {
	keys: string[];
	/** The key to go on after, if there are more. */
	next?: string | undefined;
}

/**
 * The keys that begin with a text. If there are none, those that contain it, in upper or lower case, among the first
 * 5,000 of the bucket. Folders that consoles make, which are empty objects, are left out.
 *
 * @param after the key after which to go on
 * @throws {S3Failure}
 */
export async function searchKeysOf(
	s3: S3,
	bucket: string,
	text: string,
	after: string | undefined,
	call: Call,
): Promise<FoundKeys> {
	const found = await keysThatBegin(s3, bucket, text, after, call);
	if (found.keys.length > 0 || text === '' || after !== undefined) return found;
	return { keys: await keysThatContain(s3, bucket, text, call) };
}

async function keysThatBegin(
	s3: S3,
	bucket: string,
	prefix: string,
	after: string | undefined,
	call: Call,
): Promise<FoundKeys> {
	const keys: string[] = [];
	let next = after;
	do {
		const request = { bucket, prefix, startAfter: next, limit: PAGE_SIZE };
		next = undefined;
		for await (const page of listObjects(s3, request, call)) {
			keys.push(...keysOf(page.entries));
			// Keys of a directory bucket have no order to go on in.
			next = isDirectoryBucket(bucket) ? undefined : page.nextStartAfter;
		}
	} while (keys.length === 0 && next !== undefined);
	return { keys, next };
}

async function keysThatContain(
	s3: S3,
	bucket: string,
	text: string,
	call: Call,
): Promise<string[]> {
	const wanted = text.toLowerCase();
	const until = performance.now() + SEARCH_TIME;
	const found: string[] = [];
	for await (const { entries } of listObjects(s3, { bucket, limit: MAX_SEARCHED }, call)) {
		found.push(...keysOf(entries).filter((key) => key.toLowerCase().includes(wanted)));
		if (found.length >= PAGE_SIZE || performance.now() > until) break;
	}
	return found.slice(0, PAGE_SIZE);
}

function keysOf(entries: ReadonlyArray<{ key: string; size: number } | { prefix: string }>) {
	return entries.flatMap((entry) =>
		'key' in entry && !(entry.key.endsWith('/') && entry.size === 0) ? [entry.key] : [],
	);
}

/** A key or a bucket in a row of the list of the editor: a long one is cut in the middle, as its ends tell it apart. */
export function rowOf(key: string): string {
	const characters = Array.from(key);
	if (characters.length <= ROW) return key;
	const end = ROW - ROW_BEGINNING - 1;
	return `${characters.slice(0, ROW_BEGINNING).join('')}…${characters.slice(-end).join('')}`;
}
