import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { requesterHeaders } from '../headers/requester';
import { S3Failure } from '../S3Failure';
import { listUploads } from './listUploads';
import type { OpenUpload } from './listUploads';

export interface CleanUpRequest {
	bucket: string;
	/** What the keys of the uploads begin with; undefined: every key. */
	prefix?: string | undefined;
	/** Only uploads that were begun before this moment. */
	begunBefore: Date;
	/** Only find out what would be aborted. */
	dryRun: boolean;
	requestPayer?: boolean | undefined;
	expectedBucketOwner?: string | undefined;
}

export interface CleanUp {
	/** Uploads that are old enough. */
	matched: OpenUpload[];
	aborted: number;
	failed: { key: string; uploadId: string; code: string; message: string }[];
	/** Uploads that are younger, or of which the server does not say when they were begun. */
	kept: number;
}

/** Uploads that are aborted at once. */
const IN_FLIGHT = 16;

/**
 * Aborts multipart uploads that were begun long ago and never ended, whose parts are stored and paid for. Of
 * an upload whose beginning the server does not tell nothing is known, so it stays.
 * @throws S3Failure if uploads cannot be listed, or not one of them can be aborted
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/abort-mpu.html
 */
export async function cleanUpUploads(
	s3: S3,
	request: CleanUpRequest,
	call: Call,
): Promise<CleanUp> {
	const result: CleanUp = { matched: [], aborted: 0, failed: [], kept: 0 };
	let first: S3Failure | undefined;
	for await (const uploads of listUploads(s3, request, call)) {
		const old = uploads.filter(({ begun }) => Date.parse(begun ?? '') < +request.begunBefore);
		result.kept += uploads.length - old.length;
		result.matched.push(...old);
		if (request.dryRun) continue;
		for (let at = 0; at < old.length; at += IN_FLIGHT) {
			const abort = async (upload: OpenUpload) => {
				const failure = await failureOfAbort(s3, request, upload, call);
				if (failure === undefined) result.aborted += 1;
				else result.failed.push(failedOf(upload, failure));
				first ??= failure;
			};
			await Promise.all(old.slice(at, at + IN_FLIGHT).map(abort));
		}
	}
	if (first !== undefined && result.aborted === 0) throw first;
	return result;
}

async function failureOfAbort(
	s3: S3,
	request: CleanUpRequest,
	{ key, uploadId }: OpenUpload,
	call: Call,
): Promise<S3Failure | undefined> {
	const input = { Bucket: request.bucket, Key: key, UploadId: uploadId };
	try {
		await s3.send('AbortMultipartUpload', { ...input, ...requesterHeaders(request) }, call);
		return undefined;
	} catch (error) {
		if (!(error instanceof S3Failure) || error.kind === 'cancelled') throw error;
		// Somebody has ended it meanwhile.
		return error.code === 'NoSuchUpload' ? undefined : error;
	}
}

const failedOf = ({ key, uploadId }: OpenUpload, { code, kind, message }: S3Failure) => ({
	key,
	uploadId,
	code: code ?? kind,
	message,
});
