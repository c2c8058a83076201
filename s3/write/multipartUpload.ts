import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import type { OverwriteCondition } from '../headers/overwriteCondition';
import { requesterHeaders } from '../headers/requester';
import { linkedSignal } from '../retry/linkedSignal';
import { S3Failure } from '../S3Failure';
import type { CompletedPart, CreateMultipartUploadCommandInput } from '../sdk';
import { abortUpload } from './abortUpload';
import { checkLockOfParts } from './lockOfParts';
import { customerKeyOf } from './objectHeaders';
import type { ObjectHeaders } from './objectHeaders';
import type { WriteRequest } from './WriteRequest';
import { resolveCompletion } from './writtenObject';
import type { WrittenObject } from './writtenObject';

/** Milliseconds that a cancelled upload waits for its ID, without which it cannot be aborted. */
const CREATE_GRACE_MS = 3000;

/** An object that is stored in parts, wherever these come from. */
export interface MultipartWrite {
	request: WriteRequest;
	headers: ObjectHeaders;
	/** The algorithm of the checksums of the parts; undefined: the server's own choice. */
	checksum: CreateMultipartUploadCommandInput['ChecksumAlgorithm'];
	/** For the request that makes the object visible. */
	condition: OverwriteCondition;
}

/**
 * Begins a multipart upload, has its parts stored, and completes it. The object appears when all parts are
 * there; otherwise the upload is aborted on the server. An upload whose ID never arrives, because the
 * response was lost, cannot be aborted: it stays, without parts, until a lifecycle rule of the bucket removes
 * it.
 * @param storeParts stores all parts; none of its requests may be in flight when it ends
 * @returns what the server says of the object
 * @throws S3Failure the first cause; if the abort failed too, that failure is its `cause`. Also if the object is there
 * without the lock that it should have
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
export async function inMultipartUpload(
	s3: S3,
	write: MultipartWrite,
	storeParts: (uploadId: string) => Promise<CompletedPart[]>,
	call: Call,
): Promise<WrittenObject> {
	const uploadId = await createUpload(s3, write, call);
	const written = await storeParts(uploadId)
		.then((parts) => completeUpload(s3, write, uploadId, parts, call))
		.catch(async (error: unknown) => {
			throw await abortUpload(s3, write.request, uploadId, error, call);
		});
	await checkLockOfParts(s3, write.request, written.VersionId, call);
	return written;
}

async function createUpload(
	s3: S3,
	{ request, headers, checksum }: MultipartWrite,
	call: Call,
): Promise<string> {
	const input = {
		...headers,
		ChecksumAlgorithm: checksum,
		// A checksum of the whole object can be compared without knowing the parts.
		ChecksumType: checksum?.startsWith('CRC') === true ? ('FULL_OBJECT' as const) : undefined,
	};
	const linked = linkedSignal(call.signal, CREATE_GRACE_MS);
	const created = s3.send('CreateMultipartUpload', input, { ...call, signal: linked.signal });
	const { UploadId: uploadId } = await created.finally(linked.unlink);
	if (uploadId !== undefined && uploadId !== '') return uploadId;
	const { bucket, key } = request;
	throw S3Failure.corrupt(
		`Could not put ${nameOf(bucket, key)}: the server began a multipart upload without an ID`,
		'Check that the endpoint is an S3 server, or raise the multipart threshold.',
		{ operation: 'CreateMultipartUpload', bucket, key },
	);
}

async function completeUpload(
	s3: S3,
	{ request, condition }: MultipartWrite,
	uploadId: string,
	parts: CompletedPart[],
	call: Call,
): Promise<WrittenObject> {
	parts.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
	const input = {
		Bucket: request.bucket,
		Key: request.key,
		UploadId: uploadId,
		MultipartUpload: { Parts: parts },
		...condition,
		...customerKeyOf(request),
		...requesterHeaders(request),
	};
	return await s3.send('CompleteMultipartUpload', input, call).catch((failure: unknown) => {
		if (!(failure instanceof S3Failure)) throw failure;
		return resolveCompletion(s3, request, parts, failure, call);
	});
}
