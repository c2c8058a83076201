import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { S3Failure } from '../S3Failure';
import type { WriteRequest } from './WriteRequest';
import { headIfPermitted } from './writtenObject';

/** Whether a server may forget the lock of an object that is stored in parts, as Ceph 16 does; AWS keeps it. */
export const mayForgetLock = (
	{ connection }: Pick<S3, 'connection'>,
	{ objectLock }: Pick<WriteRequest, 'objectLock'>,
): boolean => objectLock !== undefined && connection.endpoint !== undefined;

/**
 * Looks whether an object that was stored in parts has its lock, on a server that may have forgotten it.
 * @throws S3Failure if it has none; the object is there then
 */
export async function checkLockOfParts(
	s3: S3,
	request: WriteRequest,
	versionId: string | undefined,
	call: Call,
): Promise<void> {
	if (!mayForgetLock(s3, request)) return;
	const { objectLock } = request;
	const head = await headIfPermitted(s3, request, versionId, call);
	if (head === undefined) return;
	const isRetained = objectLock?.mode === undefined || head.ObjectLockMode === objectLock.mode;
	const isHeld = objectLock?.legalHold !== true || head.ObjectLockLegalHoldStatus === 'ON';
	if (!isRetained || !isHeld) throw notLocked(request);
}

function notLocked({ bucket, key }: WriteRequest): S3Failure {
	return S3Failure.corrupt(
		`Stored ${nameOf(bucket, key)} in parts, but the server does not say that it is locked`,
		'The object is there. Some servers, such as Ceph 16, forget the lock of an object in parts: lock it there by other means, or store at most 5 GiB of a known size, which goes in one request. To see locks, the credential may need s3:GetObjectRetention and s3:GetObjectLegalHold.',
		{ operation: 'CompleteMultipartUpload', bucket, key },
	);
}
