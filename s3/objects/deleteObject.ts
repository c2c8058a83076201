import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { customerKeyHeaders } from '../headers/customerKey';
import { bareEtag } from '../headers/etag';
import { objectInput, requesterHeaders } from '../headers/requester';
import type { ObjectRequest } from '../headers/requester';
import { checkReadOnly } from '../policy/readOnly';
import { ambiguousFailure, resolveAmbiguousWrite } from '../retry/ambiguousWrite';
import type { WriteState } from '../retry/ambiguousWrite';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';

/** One object, or one version of it, to delete. */
export interface DeleteRequest extends ObjectRequest {
	/** Undefined: the newest version; in a versioned bucket a delete marker hides it. */
	versionId?: string | undefined;
	/** Delete only while the newest version has this ETag; `*`: only if there is an object. */
	ifMatch?: string | undefined;
	/** 32 bytes in base64, for an object under a customer's own key whose ETag is to be compared. */
	customerKey?: string | undefined;
	/** Delete a version that is retained in governance mode. */
	bypassGovernance?: boolean | undefined;
	/** Serial number and code of the device, for buckets with MFA delete. */
	mfa?: string | undefined;
}

export interface DeleteResult {
	bucket: string;
	key: string;
	/** Of the version that was deleted, or of the delete marker that was made. */
	versionId: string | undefined;
	/** Whether that version is a delete marker; undefined if the response was lost. */
	deleteMarker: boolean | undefined;
	/** S3 says the same of an object that was not there. */
	deleted: true;
	/** Whether the request was repeated, so that it may have made further delete markers below that one. */
	repeated?: true;
}

/** What the response to a deletion tells; nothing if it was lost. */
type Deleted = Partial<Calls['DeleteObject']['output']>;

/** Codes for what is not there: other servers than AWS refuse to delete it, and a repeated request meets it. */
const GONE = ['NoSuchKey', 'NoSuchVersion'];
/** Statuses of a conditional request that meets its own first attempt. */
const CONFLICTS = [404, 409, 412];
const PRECONDITION_FAILED = 412;

/**
 * Deletes one object. An object that does not exist counts as deleted, unless an ETag is asked for.
 * @throws S3Failure, of kind `precondition` if the object is not the one with the ETag
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
 */
export async function deleteObject(
	s3: S3,
	request: DeleteRequest,
	call: Call,
): Promise<DeleteResult> {
	const { bucket, key, versionId, ifMatch } = request;
	if (ifMatch !== undefined && bareEtag(ifMatch) === undefined) {
		throw S3Failure.invalid(
			`No ETag is given for ${nameOf(bucket, key)}`,
			'Enter the ETag that the object has now, e.g. from Get or List.',
			{ bucket, key },
		);
	}
	// Some servers are asked for the ETag first.
	checkReadOnly(s3.connection, 'DeleteObject', request);
	const deleted = await (ifMatch === undefined
		? deleteAnyway(s3, request, call)
		: deleteIfMatch(s3, request, call));
	const marked = deleted === undefined ? undefined : (deleted.DeleteMarker ?? false);
	return {
		bucket,
		key,
		versionId: versionId ?? deleted?.VersionId,
		deleteMarker: marked,
		deleted: true,
		...(marked === true && versionId === undefined && isRepeated(deleted) && { repeated: true }),
	};
}

/** Whether a request was sent several times before there was this response. */
export const isRepeated = (
	response: { $metadata?: { attempts?: number | undefined } } | undefined,
) => (response?.$metadata?.attempts ?? 1) > 1;

/** What every request to delete says besides keys. */
export const sharedInput = (request: Omit<DeleteRequest, 'key'>) => ({
	Bucket: request.bucket,
	BypassGovernanceRetention: request.bypassGovernance === true ? true : undefined,
	MFA: request.mfa,
	...requesterHeaders(request),
});

/** Whether a server refuses to delete something because it is not there, which is what was asked for. */
export const saysGone = ({ code }: Pick<S3Failure, 'code'>): boolean => GONE.includes(code ?? '');

const inputOf = (request: DeleteRequest) => ({
	...sharedInput(request),
	Key: request.key,
	VersionId: request.versionId,
	IfMatch: bareEtag(request.ifMatch),
});

async function deleteAnyway(s3: S3, request: DeleteRequest, call: Call): Promise<Deleted> {
	return await s3.send('DeleteObject', inputOf(request), call).catch((error: unknown) => {
		if (error instanceof S3Failure && saysGone(error)) return {};
		throw error;
	});
}

/** Gives undefined if the response was lost and the object is gone. */
async function deleteIfMatch(
	s3: S3,
	request: DeleteRequest,
	call: Call,
): Promise<Deleted | undefined> {
	// Other servers ignore the condition, so they are asked for the ETag first.
	if (s3.connection.endpoint !== undefined) await checkEtag(s3, request, call);
	try {
		return await s3.send('DeleteObject', inputOf(request), call);
	} catch (error) {
		if (!(error instanceof S3Failure)) throw error;
		if (await isMet(s3, request, error, call)) throw refusedInVain(request, error);
		await resolve(s3, request, error, call);
		return undefined;
	}
}

/** Whether a condition that is met was refused, as OpenStack Swift does in a bucket with versions; AWS does not. */
async function isMet(
	s3: S3,
	request: DeleteRequest,
	{ status, attempts = 1 }: S3Failure,
	call: Call,
): Promise<boolean> {
	if (s3.connection.endpoint === undefined) return false;
	if (status !== PRECONDITION_FAILED || attempts > 1) return false;
	return await checkEtag(s3, request, call).then(
		() => true,
		(error: unknown) => {
			if (!(error instanceof S3Failure) || error.kind === 'cancelled') throw error;
			return false;
		},
	);
}

const refusedInVain = ({ bucket, key }: DeleteRequest, refusal: S3Failure): S3Failure =>
	refusal.reworded(
		`Could not delete ${nameOf(bucket, key)}: the server refuses the condition on its ETag, although it is met`,
		'Nothing was deleted. Some servers, such as OpenStack Swift, know no such condition in a bucket with versions. Delete the object without it; for Move, switch on Delete This Version.',
	);

/** @throws S3Failure if the newest version is not the one with the ETag, or its ETag cannot be read */
async function checkEtag(s3: S3, request: DeleteRequest, call: Call): Promise<void> {
	const { bucket, key, ifMatch } = request;
	const found = await s3.send('HeadObject', headOf(request), call).catch((error: unknown) => {
		if (!(error instanceof S3Failure) || error.kind === 'cancelled') throw error;
		const why = error.kind === 'notFound' ? 'there is no such object' : 'its ETag is not known';
		throw error.reworded(`Could not delete ${nameOf(bucket, key)}: ${why}`, error.advice);
	});
	if (ifMatch === '*' || bareEtag(found.ETag) === bareEtag(ifMatch)) return;
	const about = { operation: 'DeleteObject', bucket, key };
	throw new S3Failure({ kind: 'precondition', ...differs(request), ...about });
}

const headOf = (request: DeleteRequest, versionId?: string) => ({
	...objectInput({ ...request, versionId }),
	...customerKeyHeaders(request.customerKey),
});

/**
 * Finds out whether an object was deleted by a request that failed, see `resolveAmbiguousWrite`.
 * @throws S3Failure unless it is gone
 */
async function resolve(
	s3: S3,
	request: DeleteRequest,
	failure: S3Failure,
	call: Call,
): Promise<void> {
	const object = nameOf(request.bucket, request.key);
	await resolveAmbiguousWrite(
		{ operation: 'DeleteObject', failure, sentBefore: false },
		{
			conflictsWithItself: ({ status, code }) =>
				CONFLICTS.includes(status ?? 0) && code !== 'NoSuchBucket',
			stateOfWrite: () => stateOfDeletion(s3, request, call),
			refused: (refusal) => {
				if (refusal.status !== PRECONDITION_FAILED) return refusal;
				const { message, advice } = differs(request);
				return refusal.reworded(message, advice);
			},
			ambiguous: (doubtful) =>
				ambiguousFailure(
					doubtful,
					`Could not delete ${object}: the response to the first attempt was lost, so it may be deleted`,
					'The object may be deleted all the same. Look for it before you run it again.',
				),
		},
	);
}

/** A version cannot come back, but for the version null; an object with another ETag may have been put after the deletion. */
async function stateOfDeletion(
	s3: S3,
	request: DeleteRequest,
	call: Call,
): Promise<WriteState<undefined>> {
	const { versionId, ifMatch } = request;
	try {
		const { ETag: etag } = await s3.send('HeadObject', headOf(request, versionId), call);
		const isVersion = versionId !== undefined && versionId !== 'null';
		const isSame = isVersion || bareEtag(etag) === bareEtag(ifMatch);
		return { kind: isSame ? 'notDone' : 'unknown' };
	} catch (error) {
		if (!(error instanceof S3Failure) || error.kind === 'cancelled') throw error;
		return error.kind === 'notFound' ? { kind: 'done', found: undefined } : { kind: 'unknown' };
	}
}

const differs = ({ bucket, key, ifMatch }: DeleteRequest) => ({
	message:
		ifMatch === '*'
			? `Could not delete ${nameOf(bucket, key)}: there is no such object`
			: `Could not delete ${nameOf(bucket, key)}: the object is not the one with ETag ${bareEtag(ifMatch) ?? ''}`,
	advice: 'Somebody changed or deleted it in between; nothing was deleted. Read it again first.',
});
