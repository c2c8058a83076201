import type { Bucket, KeyBytes, Version } from './store';
import { keyText } from './store';

/** A key, or what several keys share up to the delimiter. */
export type Entry = { key: KeyBytes; version: Version } | { commonPrefix: KeyBytes };

export interface Listed {
	/** In S3's order. */
	entries: Entry[];
	truncated: boolean;
}

export interface Range {
	prefix: KeyBytes;
	delimiter: KeyBytes;
	/** Keys and common prefixes after this one only. */
	after: KeyBytes;
	maxKeys: number;
}

/** A page of the newest versions, keys that share a prefix up to the delimiter rolled up. */
export function list(bucket: Bucket, { prefix, delimiter, after, maxKeys }: Range): Listed {
	const entries: Entry[] = [];
	for (const entry of entriesOf(bucket, { prefix, delimiter, after })) {
		if (entries.length === maxKeys) return { entries, truncated: maxKeys > 0 };
		entries.push(entry);
	}
	return { entries, truncated: false };
}

function* entriesOf(
	bucket: Bucket,
	{ prefix, delimiter, after }: Omit<Range, 'maxKeys'>,
): Generator<Entry> {
	for (const found of rolledUp(bucket, { prefix, delimiter, after })) {
		if ('commonPrefix' in found) {
			if (isVisible(bucket, found.commonPrefix)) yield found;
			continue;
		}
		const version = bucket.get(found.key);
		if (version !== undefined) yield { key: found.key, version };
	}
}

/** Whether not all keys that begin so are deleted ones that only versions are left of. */
function isVisible(bucket: Bucket, prefix: KeyBytes): boolean {
	for (const key of bucket.keys.from(prefix, true)) {
		if (!key.startsWith(prefix)) return false;
		if (bucket.get(key) !== undefined) return true;
	}
	return false;
}

/** Keys and common prefixes of a range, deleted keys included. */
export function* rolledUp(
	{ keys }: Bucket,
	{ prefix, delimiter, after }: Omit<Range, 'maxKeys'>,
): Generator<{ key: KeyBytes } | { commonPrefix: KeyBytes }> {
	let rest = after < prefix ? keys.from(prefix, true) : keys.from(after, false);
	for (let next = rest.next(); next.done !== true; next = rest.next()) {
		const key = next.value;
		if (!key.startsWith(prefix)) return;
		const commonPrefix = commonPrefixOf(key, prefix, delimiter);
		if (commonPrefix === undefined) {
			yield { key };
			continue;
		}
		// A page that starts within a common prefix does not repeat it.
		if (!after.startsWith(commonPrefix)) yield { commonPrefix };
		rest = keys.from(behind(commonPrefix), true);
	}
}

function commonPrefixOf(
	key: KeyBytes,
	prefix: KeyBytes,
	delimiter: KeyBytes,
): KeyBytes | undefined {
	if (delimiter === '') return undefined;
	const end = key.indexOf(delimiter, prefix.length);
	return end === -1 ? undefined : key.slice(0, end + delimiter.length);
}

/** Greater than every key that begins so: no UTF-8 has the byte 0xff. */
const behind = (prefix: KeyBytes): KeyBytes => `${prefix}\xff`;

/** As `encoding-type=url` writes a key: all but letters, digits, slashes and `-._*`, a space as `+`. */
export function urlEncoded(bytes: KeyBytes): string {
	return encodeURIComponent(keyText(bytes))
		.replace(/%2F/g, '/')
		.replace(/%20/g, '+')
		.replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
