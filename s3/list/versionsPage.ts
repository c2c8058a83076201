import { bareEtag } from '../headers/etag';
import type { Calls } from '../sdk';
import { decodedKey } from '../xmlText';
import { compareKeys } from './keyOrder';
import { nameOfEntry } from './ListedEntry';
import type { ListedObject, ListedPrefix, RestoreStatus } from './ListedEntry';

/**
 * One version of an object, or a delete marker that hides the versions after it: of 0 bytes, without ETag and class.
 */
export type ListedVersion = ListedObject & {
	/** `null` of an object that was put while the bucket kept no versions. */
	versionId: string;
	isLatest: boolean;
	isDeleteMarker: boolean;
};

/** What a listing of versions has: with a delimiter also common prefixes. */
export type ListedVersionEntry = ListedVersion | ListedPrefix;

/** A page of a listing of versions, as the SDK gives it. */
export type VersionsPage = Calls['ListObjectVersions']['output'];

/**
 * What a page lists: versions and delete markers, the newest of a key first, and common prefixes between the keys.
 * @param of what the request asked for
 * @throws Error if a key cannot be decoded, or a size is none
 */
export function entriesIn(
	page: VersionsPage,
	{ bucket, fetchOwner = false }: { bucket: string; fetchOwner?: boolean | undefined },
): ListedVersionEntry[] {
	const versions = versionsIn(page, bucket, fetchOwner);
	const prefixes = (page.CommonPrefixes ?? []).map(({ Prefix: prefix = '' }): ListedPrefix => ({
		bucket,
		prefix: keyIn(page, prefix),
	}));
	if (prefixes.length === 0) return versions;
	return [...versions, ...prefixes].sort((a, b) => compareKeys(nameOfEntry(a), nameOfEntry(b)));
}

/** A key or prefix of a page, decoded. @throws Error if it cannot be */
export const keyIn = ({ EncodingType }: VersionsPage, key: string): string =>
	EncodingType === 'url' ? decodedKey(key) : key;

/**
 * Versions and delete markers together, which the SDK gives apart: as the server lists them, if that is by key and the
 * newest first. Otherwise, of two that were made in the same second, the delete marker is taken for the newer one.
 */
function versionsIn(page: VersionsPage, bucket: string, fetchOwner: boolean): ListedVersion[] {
	const markers = (page.DeleteMarkers ?? []).map((entry): ListedVersion => ({
		...sharedFields(page, entry, bucket, fetchOwner),
		isDeleteMarker: true,
		size: 0,
		etag: undefined,
		storageClass: undefined,
	}));
	const versions = (page.Versions ?? []).map((entry): ListedVersion => ({
		...sharedFields(page, entry, bucket, fetchOwner),
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
	{ kinds = [] }: VersionsPage,
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

type Version = NonNullable<VersionsPage['Versions']>[number];

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
	page: VersionsPage,
	entry: NonNullable<VersionsPage['DeleteMarkers']>[number],
	bucket: string,
	fetchOwner: boolean,
) => ({
	bucket,
	key: keyIn(page, entry.Key ?? ''),
	// Without an ID a version would be taken for the newest of its key.
	versionId: entry.VersionId || 'null',
	isLatest: entry.IsLatest === true,
	lastModified: entry.LastModified?.toISOString(),
	...(fetchOwner && {
		owner: { id: entry.Owner?.ID, displayName: entry.Owner?.DisplayName },
	}),
});

function inOrder(a: ListedVersion, b: ListedVersion): number {
	if (a.key !== b.key) return compareKeys(a.key, b.key);
	if (a.isLatest !== b.isLatest) return a.isLatest ? -1 : 1;
	const [dateOfA = '', dateOfB = ''] = [a.lastModified, b.lastModified];
	if (dateOfA === dateOfB) return 0;
	return dateOfA > dateOfB ? -1 : 1;
}
