import { S3Error } from './S3Error';
import { queryOf } from './signature';
import { keyText } from './store';

const MAX_TAGS = 10;
/** In code units of UTF-16, in which S3 keeps tags. */
const MAX_NAME = 128;
const MAX_VALUE = 256;
/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_S3Tag.html */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The tags of the `x-amz-tagging` header. */
export function taggingOf(header: string | undefined): Record<string, string> {
	return tagSet(
		queryOf(header ?? '').map(([name, value]): [string, string] => [keyText(name), keyText(value)]),
	);
}

/**
 * Tags by name, within S3's limits.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 */
export function tagSet(pairs: [string, string][]): Record<string, string> {
	if (pairs.length > MAX_TAGS) {
		throw new S3Error(400, 'BadRequest', `Object tags cannot be greater than ${MAX_TAGS}`);
	}
	for (const [name, value] of pairs) {
		if (name === '' || name.length > MAX_NAME || !ALLOWED.test(name)) {
			throw invalidTag('The TagKey you have provided is invalid');
		}
		if (value.length > MAX_VALUE || !ALLOWED.test(value)) {
			throw invalidTag('The TagValue you have provided is invalid');
		}
		if (name.toLowerCase().startsWith('aws:')) {
			throw invalidTag('System tags cannot be added/updated by requester');
		}
	}
	if (new Set(pairs.map(([name]) => name)).size !== pairs.length) {
		throw invalidTag('Cannot provide multiple Tags with the same key');
	}
	return Object.fromEntries(pairs);
}

const invalidTag = (message: string) => new S3Error(400, 'InvalidTag', message);
