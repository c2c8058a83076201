import { isDirectoryBucket } from '../bucketKinds';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import type { Requester } from '../headers/requester';
import { PageProgress } from '../PageProgress';
import { S3Failure } from '../S3Failure';
import { filterOf, isFiltered, narrowedPrefix } from './filter';
import type { FilteredListing } from './filter';
import { compareKeys } from './keyOrder';
import { nameOfEntry, startAfterEntry } from './ListedEntry';
import type { ListedEntry } from './ListedEntry';
import { listPage } from './listPage';
import type { Page, PageStart } from './listPage';
import { ParallelListing } from './parallel/ParallelListing';
import type { FetchPage, ListingScope } from './parallel/ParallelListing';

export type { ListedEntry } from './ListedEntry';

/** What to list, and which of it to keep. */
export interface ListRequest extends FilteredListing, Requester {
	bucket: string;
	/** Only keys after this one, in UTF-8 order. */
	startAfter?: string | undefined;
	/** Entries at most; undefined: all. */
	limit?: number | undefined;
	/** Whether to send one request after another: no more than there are pages, where several at once take some more. */
	sequential?: boolean | undefined;
	/** Whether objects have their owner. */
	fetchOwner?: boolean | undefined;
	/** Whether archived objects have the state of their restore. */
	includeRestoreStatus?: boolean | undefined;
}

const NO_NEW_KEYS = 'the server gave 100 pages in a row without a new key';

export interface ListPage {
	entries: ListedEntry[];
	/** The `startAfter` with which the listing goes on after the last entry; undefined if there is no more. */
	nextStartAfter: string | undefined;
	/** What time it was for the server when it made the page, as `Page` has it. */
	serverTime?: number | undefined;
}

/**
 * Lists the objects of a bucket in UTF-8 order, page by page, as many as asked for.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export async function* listObjects(
	s3: S3,
	request: ListRequest,
	call: Call,
): AsyncGenerator<ListPage, void, void> {
	const keep = filterOf(request);
	const filtered = isFiltered(request);
	const listing = new ParallelListing(pageFetcher(s3, request), scopeOf(request, filtered));
	const progress = new PageProgress();
	let left = request.limit ?? Infinity;
	for await (const page of listing.pages(call)) {
		if (progress.isRepeated(page.entries.map(nameOfEntry))) {
			throw endless(request, 'the server gave the same page again');
		}
		// What a page repeats of the pages before is left out of it.
		if (progress.hasStalled(page.entries.length)) throw endless(request, NO_NEW_KEYS);
		const kept = filtered ? page.entries.filter(keep) : page.entries;
		const entries = kept.length > left ? kept.slice(0, left) : kept;
		const cut = kept.length > entries.length;
		left -= entries.length;
		const more = cut || page.truncated;
		const last = cut || left === 0 ? entries.at(-1) : page.entries.at(-1);
		yield {
			entries,
			nextStartAfter: more && last !== undefined ? startAfterEntry(last) : undefined,
			serverTime: page.serverTime,
		};
		if (left === 0) return;
	}
}

function pageFetcher(s3: S3, request: ListRequest): FetchPage {
	const same = { ...request, prefix: listedPrefix(request) };
	const progress = new PageProgress();
	return async (start, call) => {
		const page = await listPage(s3, { ...same, ...start }, call);
		if (page.truncated) checkToken(request, page, start);
		if (progress.hasStalled(page.entries.length)) throw endless(request, NO_NEW_KEYS);
		return page;
	};
}

/** The prefix that S3 is asked for, which may be narrower than the one of the listing. */
export function listedPrefix(request: ListRequest): string | undefined {
	// A directory bucket takes a prefix that ends with a slash, and no longer one.
	return isDirectoryBucket(request.bucket) ? request.prefix : narrowedPrefix(request);
}

function scopeOf(request: ListRequest, filtered: boolean): ListingScope {
	return {
		prefix: narrowedPrefix(request) ?? '',
		startAfter: request.startAfter,
		// Without a filter every entry counts, so nothing has to be read that would be thrown away.
		limit: filtered ? undefined : request.limit,
		mayStop: filtered && request.limit !== undefined,
		// Directory buckets list in no order and do not know `StartAfter`.
		parallel: request.sequential !== true && !isDirectoryBucket(request.bucket),
	};
}

/**
 * A server that has only the older ListObjects gives no token: the listing goes on after the last key, as long as
 * that brings new ones.
 * @throws S3Failure if the next request would bring nothing new: never an endless loop
 */
function checkToken(
	request: ListRequest,
	{ nextToken, entries }: Page,
	{ continuationToken, startAfter = '' }: PageStart,
): void {
	const last = entries.at(-1);
	if (nextToken !== undefined && nextToken !== continuationToken) return;
	if (nextToken === undefined && last !== undefined) {
		if (compareKeys(startAfterEntry(last), startAfter) > 0) return;
	}
	throw endless(request, 'the server gave no token for the next page');
}

/** The failure for a listing of which there is always another page. */
function endless({ bucket }: ListRequest, why: string): S3Failure {
	return S3Failure.corrupt(
		`Could not list ${nameOf(bucket, undefined)} to its end: ${why}`,
		'This server does not page ListObjectsV2 as S3 does; list smaller prefixes.',
		{ operation: 'ListObjectsV2', bucket },
	);
}
