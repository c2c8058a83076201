import { S3Failure } from '../S3Failure';
import { nameOf } from './failureFrom';

/** What was asked for, and what it is to be listed by. */
interface Listing {
	readonly operation: string;
	readonly bucket: string;
	/** Undefined or empty: every key. */
	readonly prefix: string | undefined;
}

/**
 * Checks that a server has listed only what was asked for. One that ignores the prefix, or a proxy that cuts off the
 * query, would have other objects deleted than those that are meant.
 * @param names keys and common prefixes of a page, decoded
 * @throws S3Failure of kind `corrupt`, which names none of the other keys: they could be anything
 */
export function checkListed(
	names: readonly string[],
	{ operation, bucket, prefix = '' }: Listing,
): void {
	if (names.every((name) => name.startsWith(prefix))) return;
	throw S3Failure.corrupt(
		`Could not list what begins with “${prefix}” in ${nameOf(bucket, undefined)}: the server also listed keys that begin with something else`,
		'This server, or a proxy on the way, does not heed the prefix. Check the endpoint; nothing was done with what it listed.',
		{ operation, bucket },
	);
}
