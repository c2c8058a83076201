import type { Call } from '../Call';
import { nameOf } from '../errors/failureFrom';
import { checkReadOnly } from '../policy/readOnly';
import { S3Failure } from '../S3Failure';
import type { PartLimits } from '../write/partSizes';
import { copyBetween } from './copyBetween';
import { isSameObject } from './copyChecks';
import { COPY_LIMITS } from './copyParts';
import type { CopyConnections, CopyRequest, CopyResult } from './CopyRequest';
import { findTarget } from './copyTarget';
import { deleteObject, saysGone } from './deleteObject';
import { mayRename, renameObject } from './renameObject';
import { checkIsAnother } from './otherObject';
import { haveSameContent } from './sameContent';

export interface MoveRequest extends CopyRequest {
	/** Whether the version that was copied is deleted for good; a delete marker hides it otherwise. */
	deleteVersion?: boolean | undefined;
}

export interface MoveResult extends CopyResult {
	sourceDeleted: true;
}

/**
 * Copies an object, makes sure that the copy is whole, and deletes the source: only the object that was copied,
 * not one that was put in its place meanwhile. A move that failed on its way can be run again.
 * @throws S3Failure; if the source could not be deleted, it says that the copy is there
 */
export async function moveObject(
	connections: CopyConnections,
	request: MoveRequest,
	call: Call,
	limits: PartLimits = COPY_LIMITS,
): Promise<MoveResult> {
	checkMove(connections, request);
	const trace = async (error: unknown): Promise<never> => {
		throw await withTraceOfMove(connections, request, error, call);
	};
	if (mayRename(connections, request)) {
		const renamed = await renameObject(connections, request, call).catch(trace);
		return { ...renamed, sourceDeleted: true };
	}
	await checkIsAnother(connections, request, call);
	// What is deleted afterwards cannot be read again.
	const again = { ...request, skipIfEqual: true, verifies: true };
	const copied = await copyBetween(connections, again, call, limits).catch(trace);
	await verify(connections, request, copied, call);
	await deleteSource(connections, request, copied, call);
	return { ...copied, sourceDeleted: true };
}

function checkMove(connections: CopyConnections, request: MoveRequest): void {
	const { source, bucket, key, deleteVersion } = request;
	const about = { bucket, key };
	// Before the copy is made, which would stay.
	checkReadOnly(connections.source.connection, 'DeleteObject', source);
	const object = `Could not move ${nameOf(source.bucket, source.key)}`;
	if (isSameObject(connections, request)) {
		throw S3Failure.invalid(
			`${object}: it would be moved onto itself`,
			'Choose another key or bucket. Copy can change the metadata of an object in its place.',
			about,
		);
	}
	if (source.versionId !== undefined && deleteVersion !== true) {
		throw S3Failure.invalid(
			`${object}: a delete marker hides the newest version, not the one that is asked for`,
			'Switch on Delete This Version, or leave Source Version ID empty.',
			about,
		);
	}
}

/** Says of a source that is not there whether an earlier run seems to have moved it. */
async function withTraceOfMove(
	{ target }: CopyConnections,
	request: MoveRequest,
	error: unknown,
	call: Call,
): Promise<unknown> {
	const { source, bucket, key } = request;
	if (!(error instanceof S3Failure) || error.kind !== 'notFound') return error;
	const isSource = error.bucket === source.bucket && error.key === source.key;
	if (!isSource || (await findTarget(target, request, call)) === undefined) return error;
	return error.reworded(
		`Could not move ${nameOf(source.bucket, source.key)}: it is not there, but the target ${nameOf(bucket, key)} is`,
		'An earlier run may have moved it already. Nothing was changed.',
	);
}

/** @throws S3Failure unless the copy is there, with the size of the source and its checksum, if both have one */
async function verify(
	{ target }: CopyConnections,
	request: MoveRequest,
	{ source, size, etag }: CopyResult,
	call: Call,
): Promise<void> {
	const kept = 'but the copy could not be verified, so the source was kept';
	const found = await findTarget(target, request, call).catch((error: unknown) => {
		throw error instanceof S3Failure ? afterCopy(request, error, kept) : error;
	});
	// Behind some proxies a HEAD gives a weak ETag, which says nothing.
	const isAnother = etag !== undefined && found?.etag !== undefined && found.etag !== etag;
	const isOurs = found !== undefined && !isAnother;
	if (isOurs && haveSameContent({ ...source, size }, found) !== false) return;
	const { bucket, key } = request;
	const failure = S3Failure.corrupt(
		found === undefined
			? 'The target is not there or cannot be read'
			: 'The target is another object than the one that was copied',
		'The identity of the credential needs s3:GetObject on the target. Run it again.',
		{ bucket, key },
	);
	throw afterCopy(request, failure, kept);
}

/** @throws S3Failure unless the source is gone */
async function deleteSource(
	connections: CopyConnections,
	request: MoveRequest,
	{ source: { versionId, etag } }: CopyResult,
	call: Call,
): Promise<void> {
	const deleted = request.deleteVersion === true ? versionId : undefined;
	// Without versions what is put takes the place of the version “null”; one that was asked for may not be the newest.
	const isFixed =
		deleted !== undefined && (deleted !== 'null' || request.source.versionId !== undefined);
	if (!isFixed && etag === undefined) {
		const what = 'but the source was kept';
		throw afterCopy(request, unpinned(request), what);
	}
	const only = { versionId: deleted, ifMatch: isFixed ? undefined : etag };
	const deletion = { ...request.source, ...only, requestPayer: request.requestPayer };
	await deleteObject(connections.source, deletion, call).catch((error: unknown) => {
		if (!(error instanceof S3Failure)) throw error;
		// Somebody else has deleted it meanwhile. A HEAD has no code; a 404 without one may be a gateway's.
		const isGone = error.kind === 'notFound' && error.operation === 'HeadObject';
		if (isGone || saysGone(error)) return;
		throw afterCopy(request, error, 'but the source could not be deleted');
	});
}

/** The failure for a source that may be another object by now. */
const unpinned = ({ source: { bucket, key } }: MoveRequest): S3Failure =>
	new S3Failure({
		kind: 'rejected',
		message: 'its server gives it no ETag, or a weak one, so it may have been replaced meanwhile',
		advice: 'Delete it with Delete if it has not, or look for a proxy that changes ETags.',
		bucket,
		key,
	});

/** The failure of a move whose copy is there. */
function afterCopy(request: MoveRequest, failure: S3Failure, what: string): S3Failure {
	const { source, bucket, key } = request;
	return failure.reworded(
		`Copied ${nameOf(source.bucket, source.key)} to ${nameOf(bucket, key)}, ${what}: ${failure.message}`,
		`${failure.advice} Both objects exist now; it does no harm to run the move again.`,
	);
}
