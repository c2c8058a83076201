import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { bareEtag } from '../headers/etag';
import { requesterHeaders } from '../headers/requester';
import { ambiguousFailure, resolveAmbiguousWrite } from '../retry/ambiguousWrite';
import type { WriteState } from '../retry/ambiguousWrite';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';

/** One object, or one version of it, to delete. */
export interface DeleteRequest {
	bucket: string;
	key: string;
	/** Undefined: the current version; in a versioned bucket a delete marker hides it. */
	versionId?: string | undefined;
	/** Delete only the object with this ETag. */
	ifMatch?: string | undefined;
	/** Delete a version that is retained in governance mode. */
	bypassGovernance?: boolean | undefined;
	/** Serial number and code of the device, for buckets with MFA delete. */
	mfa?: string | undefined;
	requestPayer?: boolean | undefined;
	expectedBucketOwner?: string | undefined;
}

export interface DeleteResult {
	bucket: string;
	key: string;
	/** Of the version that was deleted, or of the delete marker that was made. */
	versionId: string | undefined;
	/** Whether the version is a delete marker. */
	deleteMarker: boolean;
	/** S3 says the same for an object that was not there. */
	deleted: true;
}

/**
 * Deletes one object. An object that does not exist counts as deleted, unless an ETag is asked for.
 * @throws S3Failure, of kind `precondition` when the object is not the one with the ETag
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
 */
export async function deleteObject(
	s3: S3,
	request: DeleteRequest,
	call: Call,
): Promise<DeleteResult> {
	const { bucket, key, versionId, ifMatch } = request;
	// Other servers ignore the condition, so they are asked for the ETag first.
	if (ifMatch !== undefined && s3.connection.endpoint !== undefined) {
		await checkEtag(s3, request, call);
	}
	const input = {
		...deletion(request),
		Key: key,
		VersionId: versionId,
		IfMatch: bareEtag(ifMatch),
	};
	let output: Partial<Calls['DeleteObject']['output']>;
	try {
		output = await s3.send('DeleteObject', input, call);
	} catch (error) {
		if (!(error instanceof S3Failure) || ifMatch === undefined) throw error;
		output = await resolve(s3, request, error, call);
	}
	return {
		bucket,
		key,
		versionId: output.VersionId ?? versionId,
		deleteMarker: output.DeleteMarker ?? false,
		deleted: true,
	};
}

/** What every request to delete says besides keys. */
export const deletion = (request: Omit<DeleteRequest, 'key'>) => ({
	Bucket: request.bucket,
	BypassGovernanceRetention: request.bypassGovernance === true ? true : undefined,
	MFA: request.mfa,
	...requesterHeaders(request),
});

/** After a lost response the repeated request meets what the first one has left: nothing with this ETag. */
async function resolve(
	s3: S3,
	request: DeleteRequest,
	failure: S3Failure,
	call: Call,
): Promise<Partial<Calls['DeleteObject']['output']>> {
	const { bucket, key } = request;
	return await resolveAmbiguousWrite(
		{ operation: 'DeleteObject', failure, sentBefore: false },
		{
			conflictsWithItself: ({ status }) => status === 412 || status === 404,
			stateOfWrite: () => stateOfDeletion(s3, request, call),
			refused: (refusal) => notTheObject(request, refusal),
			ambiguous: (doubtful) =>
				ambiguousFailure(
					doubtful,
					`Could not delete ${nameOf(bucket, key)}: the response was lost, so it may be deleted`,
					'Look for the object before you run it again.',
				),
		},
	);
}

async function stateOfDeletion(
	s3: S3,
	request: DeleteRequest,
	call: Call,
): Promise<WriteState<Partial<Calls['DeleteObject']['output']>>> {
	try {
		await s3.send('HeadObject', headOf(request), call);
		return { kind: 'notDone' };
	} catch (error) {
		if (!(error instanceof S3Failure) || error.kind === 'cancelled') throw error;
		return error.kind === 'notFound' ? { kind: 'done', found: {} } : { kind: 'unknown' };
	}
}

/** @throws S3Failure where the object is not the one with the ETag */
async function checkEtag(s3: S3, request: DeleteRequest, call: Call): Promise<void> {
	const { ETag: etag } = await s3.send('HeadObject', headOf(request), call);
	if (bareEtag(etag) === bareEtag(request.ifMatch)) return;
	const { bucket, key } = request;
	const failure = new S3Failure({ kind: 'precondition', message: '', advice: '', bucket, key });
	throw notTheObject(request, failure);
}

const headOf = (request: DeleteRequest) => ({
	Bucket: request.bucket,
	Key: request.key,
	VersionId: request.versionId,
	...requesterHeaders(request),
});

function notTheObject({ bucket, key, ifMatch }: DeleteRequest, failure: S3Failure): S3Failure {
	if (failure.kind !== 'precondition') return failure;
	return failure.reworded(
		`Could not delete ${nameOf(bucket, key)}: the object is not the one with ETag ${bareEtag(ifMatch) ?? ''}`,
		'Somebody changed it in between; nothing was deleted. Read it again first.',
	);
}
