/** Characters that come after surrogates in UTF-16: without them both orders are the same. */
const AFTER_SURROGATES = /[\ue000-\uffff]/;

/**
 * Compares two keys in the order of S3, which is that of their UTF-8 bytes. JavaScript compares UTF-16
 * units, which puts characters beyond U+FFFF before those from U+E000 on.
 * @returns less than 0 if `a` comes first, 0 if both are the same
 */
export function compareKeys(a: string, b: string): number {
	if (a === b) return 0;
	// V8's own comparison is several times as fast, and right for nearly all keys.
	if (!AFTER_SURROGATES.test(a) && !AFTER_SURROGATES.test(b)) return a < b ? -1 : 1;
	const at = firstDifference(a, b);
	return inUtf8Order(a.charCodeAt(at)) - inUtf8Order(b.charCodeAt(at));
}

/** The index at which two different strings differ first; the length of the shorter one if it begins the other. */
export function firstDifference(a: string, b: string): number {
	const length = Math.min(a.length, b.length);
	let at = 0;
	while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
	return at;
}

/** A number that orders UTF-16 units as UTF-8 does: the end of a string (NaN) first, surrogates last. */
function inUtf8Order(unit: number): number {
	if (Number.isNaN(unit)) return -1;
	return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}
