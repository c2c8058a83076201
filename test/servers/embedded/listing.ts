import type { Bucket, KeyBytes, Version } from './store';
import { keyText } from './store';

export interface Entry {
	key: KeyBytes;
	version: Version;
}

export interface Listed {
	objects: Entry[];
	commonPrefixes: KeyBytes[];
	truncated: boolean;
	/** Where the next page goes on after. */
	last: KeyBytes | undefined;
}

export interface Range {
	prefix: KeyBytes;
	delimiter: KeyBytes;
	/** Keys after this one only. */
	after: KeyBytes;
	maxKeys: number;
}

/** A page of the newest versions, keys that share a prefix up to the delimiter rolled up. */
export function list(bucket: Bucket, { prefix, delimiter, after, maxKeys }: Range): Listed {
	const keys = bucket.keys();
	const listed: Listed = { objects: [], commonPrefixes: [], truncated: false, last: undefined };
	let index = firstAfter(keys, after < prefix ? prefix : after, after < prefix);
	while (index < keys.length) {
		const key = keys[index] ?? '';
		if (!key.startsWith(prefix)) break;
		const common = commonPrefixOf(key, prefix, delimiter);
		const version = bucket.get(key);
		if (version === undefined && common === undefined) {
			index += 1;
			continue;
		}
		if (listed.objects.length + listed.commonPrefixes.length >= maxKeys) {
			listed.truncated = maxKeys > 0;
			break;
		}
		if (common === undefined) {
			if (version !== undefined) listed.objects.push({ key, version });
			listed.last = key;
			index += 1;
		} else {
			listed.commonPrefixes.push(common);
			listed.last = behind(common);
			index = firstAfter(keys, behind(common), true);
		}
	}
	return listed;
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

/** Where the first key after `bound` is, or at it where that is allowed. */
function firstAfter(keys: readonly KeyBytes[], bound: KeyBytes, inclusive: boolean): number {
	let low = 0;
	let high = keys.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const key = keys[middle] ?? '';
		if (inclusive ? key < bound : key <= bound) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** As `encoding-type=url` writes a key: all but letters, digits, slashes and `-._*`, a space as `+`. */
export function urlEncoded(bytes: KeyBytes): string {
	return encodeURIComponent(keyText(bytes))
		.replace(/%2F/g, '/')
		.replace(/%20/g, '+')
		.replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
