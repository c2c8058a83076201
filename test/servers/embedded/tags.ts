import { malformedXml, S3Error } from './S3Error';
import { queryOf } from './signature';
import { keyText } from './store';
import { childrenOf, element, responseXml, textOf } from './xml';
import type { XmlElement } from './xml';

/** Tags at most, and what is said of more. */
const OF_OBJECT = { most: 10, refusal: 'Object tags cannot be greater than 10' };
export const OF_BUCKET = { most: 50, refusal: 'Bucket tag count cannot be greater than 50' };
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
export function tagSet(
	pairs: [string, string][],
	{ most, refusal } = OF_OBJECT,
): Record<string, string> {
	if (pairs.length > most) throw new S3Error(400, 'BadRequest', refusal);
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

/** The tags of an element that has them as `Tag`. */
export function pairsOf(parent: XmlElement): [string, string][] {
	return childrenOf(parent, 'Tag').map((tag): [string, string] => {
		const name = textOf(tag, 'Key');
		const value = textOf(tag, 'Value');
		if (name === undefined || value === undefined) throw malformedXml();
		return [name, value];
	});
}

/** The response of GetObjectTagging and GetBucketTagging. */
export function taggingXml(tags: Record<string, string>): string {
	const set = Object.entries(tags).map(
		([name, value]) => `<Tag>${element('Key', name)}${element('Value', value)}</Tag>`,
	);
	return responseXml('Tagging', `<TagSet>${set.join('')}</TagSet>`);
}

const invalidTag = (message: string) => new S3Error(400, 'InvalidTag', message);
