import type { Item } from '../run/operation';
import { invalid, readLocator, readTrimmed } from './read';

/**
 * The bucket an item is about: the node's, else the credential's.
 *
 * @throws {S3Failure} of kind `invalid` when neither names one
 */
export function bucketOf(item: Item): string {
	const bucket = readLocator(item, 'bucket')?.trim();
	if (bucket) return bucket;
	if (item.s3.connection.bucket !== undefined) return item.s3.connection.bucket;
	throw invalid(
		'No bucket is given',
		'Choose a Bucket in the node, or enter one in the credential.',
	);
}

/**
 * The key of an object that is there, exactly as entered: spaces around it belong to it.
 *
 * @throws {S3Failure} of kind `invalid` when it is empty
 */
export function existingKeyOf(item: Item): string {
	const key = readLocator(item, 'key');
	if (key !== undefined) return key;
	throw invalid('The key is empty', 'Choose a Key from the list, or enter one.');
}

/**
 * The base64 of the key for SSE-C; undefined where none is given.
 *
 * @throws {S3Failure} of kind `invalid`, without the key, when it is not 32 bytes
 */
export function customerKeyOf(item: Item): string | undefined {
	const key = readTrimmed(item, 'options.encryptionCustomerKey');
	if (key === undefined) return undefined;
	if (/^[A-Za-z0-9+/]{43}=$/.test(key)) return key;
	throw invalid(
		'The Encryption Customer Key is not the base64 of 32 bytes',
		'Give 44 characters of base64, as "openssl rand -base64 32" makes them.',
	);
}
