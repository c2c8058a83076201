import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { checkListed } from '../errors/otherKeys';
import { requesterHeaders } from '../headers/requester';
import type { Requester } from '../headers/requester';
import type { ListingBody } from '../sdk';
import { S3Failure } from '../S3Failure';
import { readServerDate } from '../serverDate';
import { compareKeys } from './keyOrder';
import { nameOfEntry } from './ListedEntry';
import type { ListedEntry, ListedObject, ListedPrefix } from './ListedEntry';
import { readListing } from './parse/listXml';
import type { XmlListing } from './parse/listXml';

/** Entries on a page at most. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const MAX_KEYS = 1000;

export interface PageRequest extends Requester {
	bucket: string;
	/** What all keys begin with. */
	prefix?: string | undefined;
	/** Keys that are alike up to this, after the prefix, are returned as one common prefix. */
	delimiter?: string | undefined;
	/** Only keys after this one; the server ignores it if there is a token. */
	startAfter?: string | undefined;
	/** `nextToken` of the page before. */
	continuationToken?: string | undefined;
	/** Entries at most, 1 to `MAX_KEYS`. */
	maxKeys: number;
	/** Whether objects have their owner; S3 leaves it out otherwise. */
	fetchOwner?: boolean | undefined;
	/** Whether archived objects have the state of their restore; S3 leaves it out otherwise. */
	includeRestoreStatus?: boolean | undefined;
}

/** Where a page starts, and how long it may be. */
export type PageStart = Pick<PageRequest, 'startAfter' | 'continuationToken' | 'maxKeys'>;

export interface Page {
	/** Objects and common prefixes together in UTF-8 order. */
	entries: ListedEntry[];
	/** Whether more entries follow. */
	truncated: boolean;
	nextToken: string | undefined;
	/** What time it was for the server, in milliseconds since 1970 and whole seconds; undefined if it did not say. */
	serverTime?: number | undefined;
	/** Whether the request had to be sent more than once. */
	retried: boolean;
}

/**
 * Requests one page of a listing.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export async function listPage(s3: S3, request: PageRequest, call: Call): Promise<Page> {
	const { bucket, delimiter } = request;
	const {
		listing: body,
		date,
		$metadata: sent,
	} = await s3.send(
		'ListObjectsV2',
		{
			Bucket: bucket,
			Prefix: request.prefix === '' ? undefined : request.prefix,
			Delimiter: delimiter === '' ? undefined : delimiter,
			StartAfter: request.startAfter === '' ? undefined : request.startAfter,
			ContinuationToken: request.continuationToken,
			MaxKeys: request.maxKeys,
			FetchOwner: request.fetchOwner === true ? true : undefined,
			OptionalObjectAttributes:
				request.includeRestoreStatus === true ? ['RestoreStatus'] : undefined,
			// XML cannot carry every character of a key.
			EncodingType: 'url',
			...requesterHeaders(request),
		},
		call,
	);
	const listing = read(body, bucket);
	for (const object of listing.objects) {
		object.lastModified = isoDate(object.lastModified);
		const { restoreStatus } = object;
		if (restoreStatus !== undefined) restoreStatus.expiresAt = isoDate(restoreStatus.expiresAt);
	}
	const prefixes = listing.commonPrefixes.map((prefix) => ({ bucket, prefix }));
	const entries = merged(listing.objects, prefixes);
	const { prefix } = request;
	checkListed(entries.map(nameOfEntry), { operation: 'ListObjectsV2', bucket, prefix });
	return {
		entries,
		truncated: listing.truncated,
		nextToken: listing.nextContinuationToken === '' ? undefined : listing.nextContinuationToken,
		serverTime: date === undefined ? undefined : Date.parse(date),
		retried: (sent.attempts ?? 1) > 1,
	};
}

/** @throws S3Failure if the body is not a complete listing */
function read(body: ListingBody, bucket: string): XmlListing {
	try {
		return readListing(body.bytes(), bucket);
	} catch (cause) {
		throw new S3Failure({
			kind: 'corrupt',
			message: `Could not list ${nameOf(bucket, undefined)}: the response is not a complete listing`,
			advice: 'Check that the endpoint is an S3 server; if it is, run it again.',
			retryable: true,
			operation: 'ListObjectsV2',
			bucket,
			cause,
		});
	} finally {
		body.giveBack();
	}
}

/** Dates of S3 are ISO 8601 already; parsing a thousand of them would take 0.5 ms, nearly as long as all the rest. */
function isoDate(date: string | undefined): string | undefined {
	const isUsual = date?.length === 24 && date[10] === 'T' && date[23] === 'Z' && date >= '1970';
	return isUsual ? date : readServerDate(date)?.toISOString();
}

/** S3 returns objects and common prefixes apart, each in UTF-8 order. */
function merged(objects: ListedObject[], prefixes: ListedPrefix[]): ListedEntry[] {
	if (prefixes.length === 0) return objects;
	const entries: ListedEntry[] = [...objects, ...prefixes];
	return entries.sort((a, b) => compareKeys(nameOfEntry(a), nameOfEntry(b)));
}
