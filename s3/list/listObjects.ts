import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { globPrefix, keyGlob } from './keyGlob';
import type { ListedObject } from './ListedEntry';
import { listPage } from './listPage';
import type { ListedPrefix, PageRequest } from './listPage';
import { orderedPages } from './parallel/orderedPages';
import type { FetchPage, PagePlace, Wanted } from './parallel/ParallelListing';
import { S3Failure } from '../S3Failure';
import { positionOf } from './parallel/KeyRange';

export type ListedEntry = ListedObject | ListedPrefix;

/** What to list, and which of it to keep; filters concern objects, common prefixes always stay. */
export interface ListRequest {
	bucket: string;
	prefix?: string | undefined;
	/** Keys that share the part up to this are returned as one common prefix. */
	delimiter?: string | undefined;
	/** Only keys after this one, in UTF-8 order. */
	startAfter?: string | undefined;
	/** Entries at most; undefined: all. */
	limit?: number | undefined;
	/** Inclusive. */
	modifiedAfter?: Date | undefined;
	/** Exclusive. */
	modifiedBefore?: Date | undefined;
	/** Bytes, inclusive. */
	minSize?: number | undefined;
	/** Bytes, inclusive. */
	maxSize?: number | undefined;
	/** A glob on the whole key, see `keyGlob`. */
	keyMatches?: string | undefined;
	/** Leave out the object whose key is the prefix itself, as “folders” are often marked. */
	excludePrefixItself?: boolean | undefined;
	fetchOwner?: boolean | undefined;
	requestPayer?: boolean | undefined;
	expectedBucketOwner?: string | undefined;
}

export interface ListPage {
	entries: ListedEntry[];
	/** Where to start after to go on behind the last entry; set only while more may follow. */
	nextStartAfter: string | undefined;
}

/**
 * Lists the objects of a bucket in S3's order, page by page, as many as asked for.
 * @throws S3Failure
 */
export async function* listObjects(
	s3: S3,
	request: ListRequest,
	call: Call,
): AsyncGenerator<ListPage, void, void> {
	const keep = filterOf(request);
	const filtered = isFiltered(request);
	let left = request.limit ?? Infinity;
	for await (const page of orderedPages(pagesOf(s3, request), wantedOf(request, filtered), call)) {
		const kept = filtered ? page.entries.filter(keep) : page.entries;
		const entries = kept.length > left ? kept.slice(0, left) : kept;
		const cut = kept.length > entries.length;
		left -= entries.length;
		const more = cut || page.truncated;
		const last = cut || left === 0 ? entries.at(-1) : page.entries.at(-1);
		yield { entries, nextStartAfter: more && last !== undefined ? positionOf(last) : undefined };
		if (left === 0) return;
	}
}

function pagesOf(s3: S3, request: ListRequest): FetchPage {
	const same = pageRequest(request);
	return async (place, call) => {
		const page = await listPage(s3, { ...same, ...place }, call);
		if (page.truncated) checkToken(request, page.nextToken, place.continuationToken);
		return page;
	};
}

function wantedOf(request: ListRequest, filtered: boolean): Wanted {
	return {
		prefix: narrowedPrefix(request) ?? '',
		startAfter: request.startAfter,
		// Without a filter every entry counts, so nothing need be fetched that would be thrown away.
		limit: filtered ? undefined : request.limit,
		mayStop: filtered && request.limit !== undefined,
		parallel: !isDirectoryBucket(request.bucket),
	};
}

/**
 * Directory buckets list in no order and know no `startAfter`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-differences.html
 */
const isDirectoryBucket = (bucket: string): boolean => bucket.endsWith('--x-s3');

function pageRequest(request: ListRequest): Omit<PageRequest, keyof PagePlace> {
	const { bucket, delimiter, fetchOwner, requestPayer, expectedBucketOwner } = request;
	return {
		bucket,
		prefix: narrowedPrefix(request),
		delimiter,
		fetchOwner,
		requestPayer,
		expectedBucketOwner,
	};
}

/** A glob that begins with plain characters lets the server leave out most of what it would refuse. */
function narrowedPrefix({ prefix, delimiter, keyMatches }: ListRequest): string | undefined {
	// With a delimiter a longer prefix would give other common prefixes.
	if (keyMatches === undefined || (delimiter ?? '') !== '') return prefix;
	const literal = globPrefix(keyMatches);
	return literal.startsWith(prefix ?? '') ? literal : prefix;
}

function isFiltered(request: ListRequest): boolean {
	const { modifiedAfter, modifiedBefore, minSize, maxSize, keyMatches } = request;
	return (
		request.excludePrefixItself === true ||
		[modifiedAfter, modifiedBefore, minSize, maxSize, keyMatches].some((set) => set !== undefined)
	);
}

function filterOf(request: ListRequest): (entry: ListedEntry) => boolean {
	const { minSize = 0, maxSize = Infinity, prefix = '', excludePrefixItself } = request;
	const after = request.modifiedAfter?.getTime() ?? -Infinity;
	const before = request.modifiedBefore?.getTime() ?? Infinity;
	const matches = request.keyMatches === undefined ? undefined : keyGlob(request.keyMatches);
	return (entry) => {
		if (!('key' in entry)) return true;
		if (excludePrefixItself === true && entry.key === prefix) return false;
		if (entry.size < minSize || entry.size > maxSize) return false;
		if (after !== -Infinity || before !== Infinity) {
			const modified = Date.parse(entry.lastModified ?? '');
			if (!(modified >= after && modified < before)) return false;
		}
		return matches?.(entry.key) ?? true;
	};
}

/** @throws S3Failure where the server says there is more but not how to get it: never a loop */
function checkToken(
	{ bucket }: ListRequest,
	token: string | undefined,
	previous: string | undefined,
): void {
	if (token !== undefined && token !== '' && token !== previous) return;
	throw new S3Failure({
		kind: 'corrupt',
		message: `Could not list ${nameOf(bucket, undefined)} to its end: the server gave no way to its next page`,
		advice: 'This server does not page ListObjectsV2 as S3 does; list smaller prefixes.',
		operation: 'ListObjectsV2',
		bucket,
	});
}
