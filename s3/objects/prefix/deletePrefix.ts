import type { Call } from '../../Call';
import type { S3 } from '../../client/S3';
import { nameOf } from '../../errors/failureFrom';
import type { Requester } from '../../headers/requester';
import type { ListFilter } from '../../list/filter';
import { listObjects } from '../../list/listObjects';
import { listVersions } from '../../list/listVersions';
import { deleteObjects } from '../deleteObjects';
import type { DeleteRequest } from '../deleteObjects';
import { checkReadOnly } from '../../policy/readOnly';
import { S3Failure } from '../../S3Failure';
import { settle } from './settle';
import type { Failed } from './settle';

export interface DeletePrefixRequest extends ListFilter, Requester {
	bucket: string;
	/** What all keys begin with; never empty. */
	prefix: string;
	/** If more match, nothing is deleted. */
	maxObjects: number;
	/** Only find out what would be deleted. */
	dryRun: boolean;
	/** Delete every version and delete marker for good, not only hide the objects. */
	allVersions: boolean;
	bypassGovernance?: boolean | undefined;
	/** Serial number and code of the device, for buckets with MFA delete. */
	mfa?: string | undefined;
}

/** An object or version that was deleted, or would be. */
export interface Deletion {
	key: string;
	/** Of the version that was deleted, or of the delete marker that was made. */
	versionId: string | undefined;
	/** Whether that version is a delete marker. */
	deleteMarker: boolean | undefined;
	/** Whether that version itself was deleted, which nothing brings back; undefined with versions that stay. */
	permanent: true | undefined;
	/** Whether there may be further delete markers below that one, of a request that was repeated. */
	repeated?: true | undefined;
}

export interface PrefixDeletion {
	/** Objects, or versions and delete markers, that match. */
	matched: number;
	deletions: Deletion[];
	failed: Failed[];
}

/**
 * Deletes the objects under a prefix, a thousand in one request. Nothing is deleted before all are
 * listed: if there are more than `maxObjects`, nothing is deleted at all.
 * @returns what was deleted; in a dry run what would be
 * @throws S3Failure for an empty prefix, for too many objects, or if not one could be deleted
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-multiple-objects.html
 */
export async function deletePrefix(
	s3: S3,
	request: DeletePrefixRequest,
	call: Call,
): Promise<PrefixDeletion> {
	if (request.prefix === '') throw emptyPrefix(request);
	return await deleteMatches(s3, request, call);
}

/** The same for every prefix, also the empty one, which is everything in the bucket. */
export async function deleteMatches(
	s3: S3,
	request: DeletePrefixRequest,
	call: Call,
): Promise<PrefixDeletion> {
	const { bucket, dryRun } = request;
	if (!dryRun) checkReadOnly(s3.connection, 'DeleteObjects', { bucket });
	const { found, requests } = await matches(s3, request, call);
	const matched = found.length;
	if (dryRun) return { matched, deletions: found, failed: [] };
	const { done, failed } = await settle(deleteObjects(s3, requests, call), requests);
	const deletions = done.map(({ key, versionId, deleteMarker, repeated }) => ({
		key,
		versionId,
		deleteMarker,
		permanent: isPermanent(request),
		...(repeated && { repeated }),
	}));
	return { matched, deletions, failed };
}

interface Matches {
	found: Deletion[];
	requests: DeleteRequest[];
}

/** @throws S3Failure as soon as there are too many */
async function matches(s3: S3, request: DeletePrefixRequest, call: Call): Promise<Matches> {
	const { bucket, bypassGovernance, mfa, requestPayer, expectedBucketOwner } = request;
	const shared = { bucket, bypassGovernance, mfa, requestPayer, expectedBucketOwner };
	const found: Deletion[] = [];
	for await (const page of pagesOf(s3, request, call)) {
		for (const deletion of page) found.push(deletion);
		if (found.length > request.maxObjects) throw tooMany(request);
	}
	return { found, requests: found.map(({ key, versionId }) => ({ ...shared, key, versionId })) };
}

async function* pagesOf(
	s3: S3,
	request: DeletePrefixRequest,
	call: Call,
): AsyncGenerator<Deletion[], void, void> {
	const limit = request.maxObjects + 1;
	if (request.allVersions) {
		for await (const versions of listVersions(s3, { ...request, limit }, call)) {
			yield versions.map(({ key, versionId, isDeleteMarker: deleteMarker }) => ({
				key,
				versionId,
				deleteMarker,
				permanent: isPermanent(request),
			}));
		}
		return;
	}
	for await (const { entries } of listObjects(s3, { ...request, limit }, call)) {
		yield entries.flatMap((entry) => ('key' in entry ? [{ ...NOT_KNOWN, key: entry.key }] : []));
	}
}

/** Of an object that is still to be deleted. */
const NOT_KNOWN = { versionId: undefined, deleteMarker: undefined, permanent: undefined };

const isPermanent = ({ allVersions }: DeletePrefixRequest): true | undefined =>
	allVersions ? true : undefined;

function emptyPrefix({ bucket }: DeletePrefixRequest): S3Failure {
	return S3Failure.invalid(
		`The prefix is empty, which would delete everything in ${nameOf(bucket, undefined)}`,
		'Enter the Prefix that all keys to delete begin with, e.g. a folder with the slash at its end.',
		{ bucket },
	);
}

function tooMany({ bucket, prefix, maxObjects, allVersions }: DeletePrefixRequest): S3Failure {
	const noun = allVersions ? 'version' : 'object';
	const what = maxObjects === 1 ? noun : `${noun}s`;
	const verb = maxObjects === 1 ? 'matches' : 'match';
	const where = `${prefix === '' ? '' : `under prefix “${prefix}” of `}${nameOf(bucket, undefined)}`;
	return S3Failure.invalid(
		`More than ${maxObjects.toLocaleString('en-US')} ${what} ${prefix === '' ? 'in ' : ''}${where} ${verb}, so nothing was deleted`,
		`If all of them are to be deleted, raise the option Max Objects.${prefix === '' ? '' : ' The option Dry Run shows what would be deleted.'}`,
		{ bucket },
	);
}
