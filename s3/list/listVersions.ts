import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { checkListed } from '../errors/otherKeys';
import { bareEtag } from '../headers/etag';
import { requesterHeaders } from '../headers/requester';
import type { Requester } from '../headers/requester';
import { PageProgress } from '../PageProgress';
import { checkKey } from '../policy/bucketAndKey';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';
import { decodedKey } from '../xmlText';
import { filterOf, narrowedPrefix } from './filter';
import type { ListFilter } from './filter';
import { compareKeys } from './keyOrder';
import type { RestoreStatus } from './ListedEntry';

export interface ListVersionsRequest extends ListFilter, Requester {
	bucket: string;
	/** What all keys begin with. */
	prefix?: string | undefined;
	/** The one key whose versions are listed; undefined: all keys. */
	versionsOf?: string | undefined;
	/** Versions and delete markers at most; undefined: all. */
	limit?: number | undefined;
	/** Whether archived versions have the state of their restore. */
	includeRestoreStatus?: boolean | undefined;
}

// A type alias: an interface lacks the implicit index signature that n8n's IDataObject needs.
/** One version of an object, or a delete marker that hides the versions after it. */
export type ListedVersion = {
	bucket: string;
	/** As it is stored, not URL-encoded. */
	key: string;
	/** `null` of an object that was put while the bucket kept no versions. */
	versionId: string;
	isLatest: boolean;
	isDeleteMarker: boolean;
	/** Bytes; 0 of a delete marker. */
	size: number;
	/** Without quotes. */
	etag: string | undefined;
	/** ISO 8601. */
	lastModified: string | undefined;
	storageClass: string | undefined;
	/** Only if the request asked for it, of a version that is restored from an archive or was. */
	restoreStatus?: RestoreStatus;
};

type Output = Calls['ListObjectVersions']['output'];

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
	request: ListVersionsRequest,
	call: Call,
): AsyncGenerator<ListedVersion[], void, void> {
	const { versionsOf, limit = Infinity } = request;
	if (versionsOf !== undefined) checkKey(versionsOf, request.bucket);
	const keep = filterOf(request);
	let left = limit;
	const progress = new PageProgress();
	let start: Markers | undefined = { keyMarker: undefined, versionIdMarker: undefined };
	while (start !== undefined && left > 0) {
		const input = inputOf(request, start);
		const page: Output = await s3.send('ListObjectVersions', input, call);
		const listed = read(page, request);
		// Of the versions of one key no other key is wanted, whatever the server lists.
		if (versionsOf === undefined) {
			const { Bucket: bucket, Prefix: prefix } = input;
			const keys = listed.map(({ key }) => key);
			checkListed(keys, { operation: 'ListObjectVersions', bucket, prefix });
		}
		const wanted = listed.filter(
			(version) => (versionsOf === undefined || version.key === versionsOf) && keep(version),
		);
		const versions = wanted.slice(0, left);
		left -= versions.length;
		if (versions.length > 0) yield versions;
		const isPast = versionsOf !== undefined && listed.some(({ key }) => key !== versionsOf);
		start = isPast ? undefined : nextStart(request, page, start);
		const names = listed.map(({ key, versionId }) => JSON.stringify([key, versionId]));
		const isEndless = progress.hasStalled(listed.length) || progress.isRepeated(names);
		if (isEndless && start !== undefined) throw endless(request);
	}
}

/** @throws S3Failure if a key cannot be decoded, or a size is none */
function read(page: Output, request: ListVersionsRequest): ListedVersion[] {
	try {
		return versionsIn(page, request.bucket);
	} catch (cause) {
		throw unreadable(request, cause);
	}
}

const inputOf = (request: ListVersionsRequest, { keyMarker, versionIdMarker }: Markers) => ({
	Bucket: request.bucket,
	Prefix: request.versionsOf ?? (narrowedPrefix(request) || undefined),
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
	page: Output,
	previous: Markers,
): Markers | undefined {
	if (page.IsTruncated !== true) return undefined;
	const { NextKeyMarker: key = '', NextVersionIdMarker: versionId = '' } = page;
	const next: Markers = {
		keyMarker: keyOf(page, key),
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

/**
 * Versions and delete markers together, which the SDK gives apart: as the server lists them, if that is by key and the
 * newest first. Otherwise, of two that were made in the same second, the delete marker is taken for the newer one.
 */
function versionsIn(page: Output, bucket: string): ListedVersion[] {
	const markers = (page.DeleteMarkers ?? []).map((entry): ListedVersion => ({
		...sharedFields(page, entry, bucket),
		isDeleteMarker: true,
		size: 0,
		etag: undefined,
		storageClass: undefined,
	}));
	const versions = (page.Versions ?? []).map((entry): ListedVersion => ({
		...sharedFields(page, entry, bucket),
		isDeleteMarker: false,
		size: sizeOf(entry),
		etag: bareEtag(entry.ETag),
		storageClass: entry.StorageClass,
		...(entry.RestoreStatus && { restoreStatus: restoreStatusOf(entry.RestoreStatus) }),
	}));
	if (markers.length === 0) return versions;
	return asListed(page, markers, versions) ?? [...markers, ...versions].sort(inOrder);
}

/** Undefined if the server lists them in another order than S3. */
function asListed(
	{ kinds = [] }: Output,
	markers: ListedVersion[],
	versions: ListedVersion[],
): ListedVersion[] | undefined {
	let [marker, version] = [0, 0];
	const listed = kinds
		.map((kind) => (kind === 'DeleteMarker' ? markers[marker++] : versions[version++]))
		.filter((entry) => entry !== undefined);
	const isWhole = listed.length === markers.length + versions.length;
	const isInOrder = listed.every((entry, at) => inOrder(listed[at - 1] ?? entry, entry) <= 0);
	return isWhole && isInOrder ? listed : undefined;
}

type Version = NonNullable<Output['Versions']>[number];

/** S3 says until when an object can be read only of one that is restored. */
function restoreStatusOf(status: NonNullable<Version['RestoreStatus']>): RestoreStatus {
	return {
		state: status.IsRestoreInProgress === true ? 'inProgress' : 'restored',
		expiresAt: status.RestoreExpiryDate?.toISOString(),
	};
}

/** @throws Error for what is no number of bytes, see `listXml` */
function sizeOf({ Size: size = 0 }: Version): number {
	if (size >= 0) return size;
	throw new Error('the listing has a size that is none');
}

const sharedFields = (
	page: Output,
	entry: NonNullable<Output['DeleteMarkers']>[number],
	bucket: string,
) => ({
	bucket,
	key: keyOf(page, entry.Key ?? ''),
	// Without an ID a version would be taken for the newest of its key.
	versionId: entry.VersionId || 'null',
	isLatest: entry.IsLatest === true,
	lastModified: entry.LastModified?.toISOString(),
});

const keyOf = ({ EncodingType }: Output, key: string): string =>
	EncodingType === 'url' ? decodedKey(key) : key;

function inOrder(a: ListedVersion, b: ListedVersion): number {
	if (a.key !== b.key) return compareKeys(a.key, b.key);
	if (a.isLatest !== b.isLatest) return a.isLatest ? -1 : 1;
	const [dateOfA = '', dateOfB = ''] = [a.lastModified, b.lastModified];
	if (dateOfA === dateOfB) return 0;
	return dateOfA > dateOfB ? -1 : 1;
}
