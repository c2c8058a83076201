import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { compareKeys } from './keyOrder';
import type { ListedObject } from './ListedEntry';
import { readListing } from './parse/listXml';
import type { XmlListing } from './parse/listXml';
import { requesterHeaders } from '../headers/requester';
import type { PageBuffer } from '../memory/PageBuffer';
import { S3Failure } from '../S3Failure';

/** A common prefix: all keys that share it up to the delimiter. */
export type ListedPrefix = {
	bucket: string;
	prefix: string;
};

export interface PageRequest {
	bucket: string;
	prefix: string | undefined;
	delimiter: string | undefined;
	startAfter: string | undefined;
	continuationToken: string | undefined;
	/** Entries, 1 to 1,000. */
	maxKeys: number;
	fetchOwner: boolean | undefined;
	requestPayer: boolean | undefined;
	expectedBucketOwner: string | undefined;
}

export interface Page {
	/** Objects and common prefixes together in S3's order. */
	entries: (ListedObject | ListedPrefix)[];
	truncated: boolean;
	nextToken: string | undefined;
	/** Whether the request had to be sent more than once. */
	retried: boolean;
}

/**
 * One request for one page of a listing.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export async function listPage(s3: S3, request: PageRequest, call: Call): Promise<Page> {
	const { bucket, delimiter } = request;
	const { listing: page, $metadata: sent } = await s3.send(
		'ListObjectsV2',
		{
			Bucket: bucket,
			Prefix: request.prefix === '' ? undefined : request.prefix,
			Delimiter: delimiter === '' ? undefined : delimiter,
			StartAfter: request.startAfter === '' ? undefined : request.startAfter,
			ContinuationToken: request.continuationToken,
			MaxKeys: request.maxKeys,
			FetchOwner: request.fetchOwner === true ? true : undefined,
			// XML cannot carry every character of a key.
			EncodingType: 'url',
			...requesterHeaders(request),
		},
		call,
	);
	const listing = read(page, bucket);
	for (const object of listing.objects) object.lastModified = isoDate(object.lastModified);
	const prefixes = listing.commonPrefixes.map((prefix) => ({ bucket, prefix }));
	return {
		entries: merged(listing.objects, prefixes),
		truncated: listing.truncated,
		nextToken: listing.nextContinuationToken,
		retried: (sent.attempts ?? 1) > 1,
	};
}

/** @throws S3Failure where the text is no whole listing */
function read(page: PageBuffer, bucket: string): XmlListing {
	try {
		return readListing(page.bytes(), bucket);
	} catch (cause) {
		throw new S3Failure({
			kind: 'corrupt',
			message: `Could not list ${nameOf(bucket, undefined)}: the answer is not a complete listing`,
			advice: 'Check that the endpoint is an S3 server; if it is, run it again.',
			retryable: true,
			operation: 'ListObjectsV2',
			bucket,
			cause,
		});
	} finally {
		page.giveBack();
	}
}

/** S3's own form is ISO 8601 already, and a thousand dates a page take their time. */
function isoDate(date: string | undefined): string | undefined {
	if (date === undefined || (date.length === 24 && date[10] === 'T' && date[23] === 'Z'))
		return date;
	const parsed = new Date(date);
	return Number.isNaN(parsed.getTime()) ? undefined : parsed.toISOString();
}

/** S3 returns objects and common prefixes apart, each in UTF-8 order. */
function merged(objects: ListedObject[], prefixes: ListedPrefix[]): Page['entries'] {
	if (prefixes.length === 0) return objects;
	const entries: Page['entries'] = [...objects, ...prefixes];
	return entries.sort((a, b) => compareKeys(nameOfEntry(a), nameOfEntry(b)));
}

/** The key of an object, or a common prefix. */
export const nameOfEntry = (entry: Page['entries'][number]): string =>
	'key' in entry ? entry.key : entry.prefix;
