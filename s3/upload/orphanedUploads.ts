import type { Call, S3 } from '../client/openS3';
import { requesterHeaders } from './objectHeaders';
import type { PutRequest } from './PutRequest';
import type { Calls } from '../sdk';

/** Multipart uploads that this process has begun and not ended. */
const underWay = new Set<string>();
/** Milliseconds; servers tell when an upload began in whole seconds. */
const SECOND = 1000;

type ListedUpload = NonNullable<Calls['ListMultipartUploads']['output']['Uploads']>[number];

/** Runs `work` for an upload, which is nobody's stray until that has ended. */
export async function withUpload<Result>(
	uploadId: string,
	work: () => Promise<Result>,
): Promise<Result> {
	underWay.add(uploadId);
	try {
		return await work();
	} finally {
		underWay.delete(uploadId);
	}
}

/**
 * Aborts uploads that attempts to begin this one have left: their answers were lost, and with them the
 * IDs. Touches only what cannot be anybody's work: of the same key and identity, begun during the
 * attempts, and without a part. Does nothing where the server does not allow to look.
 * @param uploadId the one whose answer came
 * @param tookMs how long all attempts took
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
 */
export async function abortStrays(
	s3: S3,
	request: PutRequest,
	{ uploadId, tookMs }: { uploadId: string; tookMs: number },
	call: Call,
): Promise<void> {
	const { bucket: Bucket, key: Key } = request;
	const target = { Bucket, ...requesterHeaders(request) };
	// An upload without parts costs nothing, so a failure here is no reason to fail.
	const list = s3.send('ListMultipartUploads', { ...target, Prefix: Key }, call);
	const { Uploads: uploads = [] } = await list.catch(() => ({ Uploads: undefined }));
	const own = uploads.find(({ UploadId: id }) => id === uploadId);
	if (own === undefined) return;
	for (const { UploadId } of uploads.filter((upload) => isStray(upload, own, tookMs))) {
		await abortIfEmpty(s3, { ...target, Key, UploadId }, call).catch(() => undefined);
	}
}

async function abortIfEmpty(
	s3: S3,
	stray: Calls['AbortMultipartUpload']['input'],
	call: Call,
): Promise<void> {
	const { Parts: parts = [] } = await s3.send('ListParts', stray, call);
	if (parts.length === 0) await s3.send('AbortMultipartUpload', stray, call);
}

function isStray(upload: ListedUpload, own: ListedUpload, tookMs: number): boolean {
	const { UploadId: uploadId = '', Key: key, Initiated: begun, Initiator: initiator } = upload;
	const earlier = (own.Initiated?.getTime() ?? 0) - (begun?.getTime() ?? 0);
	return (
		key === own.Key &&
		!underWay.has(uploadId) &&
		uploadId !== own.UploadId &&
		initiator?.ID === own.Initiator?.ID &&
		earlier >= 0 &&
		earlier <= tookMs + SECOND
	);
}
