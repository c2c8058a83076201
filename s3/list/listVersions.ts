import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { checkListed } from '../errors/otherKeys';
import { requesterHeaders } from '../headers/requester';
import type { Requester } from '../headers/requester';
import { PageProgress } from '../PageProgress';
import { checkKey } from '../policy/bucketAndKey';
import { S3Failure } from '../S3Failure';
import { filterOf, narrowedPrefix } from './filter';
import type { ListFilter } from './filter';
import { compareKeys } from './keyOrder';
import { nameOfEntry, startAfterEntry } from './ListedEntry';
import { entriesIn, keyIn } from './versionsPage';
import type { ListedVersion, ListedVersionEntry, VersionsPage } from './versionsPage';

export interface ListVersionsRequest extends ListFilter, Requester {
	bucket: string;
	/** What all keys begin with. */
	prefix?: string | undefined;
	/** The one key whose versions are listed; undefined: all keys. */
	versionsOf?: string | undefined;
	/** Keys that are alike up to this, after the prefix, are listed as one common prefix. */
	delimiter?: string | undefined;
	/** Only versions of keys that come after this one. */
	startAfter?: string | undefined;
	/** Whether each version has its owner. */
	fetchOwner?: boolean | undefined;
	/** Versions, delete markers and common prefixes at most; undefined: all. */
	limit?: number | undefined;
	/** Whether archived versions have the state of their restore. */
	includeRestoreStatus?: boolean | undefined;
}

/** Where a page starts. */
interface Markers {
	readonly keyMarker: string | undefined;
	readonly versionIdMarker: string | undefined;
}

/**
 * Lists the versions and delete markers of a bucket, page by page: keys in UTF-8 order, of each key the newest
 * first.
 * @throws S3Failure, of kind `invalid` if `versionsOf` can be no key
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
export async function* listVersions(
	s3: S3,
	request: Omit<ListVersionsRequest, 'delimiter'>,
	call: Call,
): AsyncGenerator<ListedVersion[], void, void> {
	for await (const entries of listVersionEntries(s3, request, call)) {
		yield entries.filter((entry) => 'key' in entry);
	}
}

/** The same with common prefixes between the keys, which filters let through. */
export async function* listVersionEntries(
	s3: S3,
	request: ListVersionsRequest,
	call: Call,
): AsyncGenerator<ListedVersionEntry[], void, void> {
	const { versionsOf, startAfter, limit = Infinity } = request;
	if (versionsOf !== undefined) checkKey(versionsOf, request.bucket);
	const isWanted = wantedBy(request);
	let left = limit;
	const progress = new PageProgress();
	let start: Markers | undefined = { keyMarker: startAfter, versionIdMarker: undefined };
	while (start !== undefined && left > 0) {
		const input = inputOf(request, start);
		const page: VersionsPage = await s3.send('ListObjectVersions', input, call);
		const listed = read(page, request);
		// Of the versions of one key no other key is wanted, whatever the server lists.
		if (versionsOf === undefined) {
			const { Bucket: bucket, Prefix: prefix } = input;
			checkListed(listed.map(nameOfEntry), { operation: 'ListObjectVersions', bucket, prefix });
		}
		const entries = listed.filter(isWanted).slice(0, left);
		left -= entries.length;
		if (entries.length > 0) yield entries;
		const isPast =
			versionsOf !== undefined && listed.some((one) => nameOfEntry(one) !== versionsOf);
		start = isPast ? undefined : nextStart(request, page, start);
		const names = listed.map((one) =>
			JSON.stringify('key' in one ? [one.key, one.versionId] : [one.prefix]),
		);
		const isEndless = progress.hasStalled(listed.length) || progress.isRepeated(names);
		if (isEndless && start !== undefined) throw endless(request);
	}
}

function wantedBy(request: ListVersionsRequest): (entry: ListedVersionEntry) => boolean {
	const { versionsOf, startAfter } = request;
	const keep = filterOf(request);
	return (entry) => {
		if (versionsOf !== undefined && nameOfEntry(entry) !== versionsOf) return false;
		// Some servers begin with what comes before, or with the key itself.
		if (startAfter !== undefined && compareKeys(startAfterEntry(entry), startAfter) <= 0)
			return false;
		return keep(entry);
	};
}

/** @throws S3Failure if a key cannot be decoded, or a size is none */
function read(page: VersionsPage, request: ListVersionsRequest): ListedVersionEntry[] {
	try {
		return entriesIn(page, request);
	} catch (cause) {
		throw unreadable(request, cause);
	}
}

const inputOf = (request: ListVersionsRequest, { keyMarker, versionIdMarker }: Markers) => ({
	Bucket: request.bucket,
	Prefix: request.versionsOf ?? (narrowedPrefix(request) || undefined),
	Delimiter: request.delimiter || undefined,
	KeyMarker: keyMarker,
	VersionIdMarker: versionIdMarker,
	OptionalObjectAttributes:
		request.includeRestoreStatus === true ? ['RestoreStatus' as const] : undefined,
	// XML cannot carry every character of a key.
	EncodingType: 'url' as const,
	...requesterHeaders(request),
});

/** @throws S3Failure if the server says that there is more but not how to get it: never an endless loop */
function nextStart(
	request: ListVersionsRequest,
	page: VersionsPage,
	previous: Markers,
): Markers | undefined {
	if (page.IsTruncated !== true) return undefined;
	const { NextKeyMarker: key = '', NextVersionIdMarker: versionId = '' } = page;
	const next: Markers = {
		keyMarker: keyIn(page, key),
		// MinIO gives none: then the next page begins with the next key.
		versionIdMarker: versionId === '' ? undefined : versionId,
	};
	const isSame =
		next.keyMarker === previous.keyMarker && next.versionIdMarker === previous.versionIdMarker;
	if (key === '' || isSame) throw endless(request);
	return next;
}

function unreadable({ bucket }: ListVersionsRequest, cause: unknown): S3Failure {
	return S3Failure.corrupt(
		`Could not list the versions in ${nameOf(bucket, undefined)}: the response has a key that is not encoded, or a size that is none`,
		'Check that the endpoint is an S3 server.',
		{ operation: 'ListObjectVersions', bucket, cause },
	);
}

function endless({ bucket }: ListVersionsRequest): S3Failure {
	return S3Failure.corrupt(
		`Could not list the versions in ${nameOf(bucket, undefined)} to their end: the server did not say where the next page begins`,
		'This server does not page ListObjectVersions as S3 does; list smaller prefixes.',
		{ operation: 'ListObjectVersions', bucket },
	);
}
