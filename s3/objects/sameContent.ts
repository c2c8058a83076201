import { isMd5 } from '../headers/etag';
import type { ObjectHead } from '../headers/objectHead';

/** What is compared of two objects. */
type Comparable = Pick<ObjectHead, 'size' | 'checksum' | 'etag'>;

/**
 * Whether two objects have the same bytes, by their sizes and by checksums of all bytes of the same algorithm.
 * ETags do not count: they depend on parts and encryption.
 * @returns undefined if that is not known
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export function haveSameContent(a: Comparable, b: Comparable): boolean | undefined {
	if (a.size !== b.size) return false;
	const [one, other] = [a.checksum, b.checksum];
	if (one?.type !== 'FULL_OBJECT' || other?.type !== 'FULL_OBJECT') return undefined;
	return one.algorithm === other.algorithm ? one.value === other.value : undefined;
}

/**
 * Whether an object is the copy of another: as `haveSameContent`, or by ETags that are the same MD5.
 * @returns undefined if that is not known
 */
export function isCopyOf(source: Comparable, found: Comparable): boolean | undefined {
	const isSameMd5 = source.etag === found.etag && isMd5(source.etag);
	return haveSameContent(source, found) ?? (isSameMd5 ? true : undefined);
}
