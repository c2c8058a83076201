import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { requesterHeaders } from '../headers/requester';
import { checkReadOnly } from '../policy/readOnly';
import { S3Failure } from '../S3Failure';
import { listUploads } from './listUploads';
import type { ListUploadsRequest, OpenUpload } from './listUploads';

export interface CleanUpRequest extends ListUploadsRequest {
	/** Only uploads that were begun before this moment. */
	begunBefore: Date;
	/** Only find out what would be aborted. */
	dryRun: boolean;
}

export interface CleanUp {
	/** Uploads that are old enough. */
	matched: OpenUpload[];
	aborted: number;
	failed: { key: string; uploadId: string; code: string; message: string }[];
	/** Uploads that are younger, or of which the server does not say when they were begun, or their ID. */
	kept: number;
}

/** Uploads that are aborted at once. */
const IN_FLIGHT = 16;
/** How often an upload is aborted at most. */
const ATTEMPTS = 3;

/**
 * Aborts multipart uploads that were begun long ago and never ended, whose parts are stored and paid for. Of
 * an upload whose beginning the server does not tell nothing is known, so it stays. Those that are listed still are
 * aborted again: a part that was in flight may have been stored after the abort.
 * @throws S3Failure if uploads cannot be listed, or not one of them can be aborted
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
 */
export async function cleanUpUploads(
	s3: S3,
	request: CleanUpRequest,
	call: Call,
): Promise<CleanUp> {
	const { bucket, dryRun } = request;
	if (!dryRun) checkReadOnly(s3.connection, 'AbortMultipartUpload', { bucket });
	const result: CleanUp = { matched: [], aborted: 0, failed: [], kept: 0 };
	const failures = new Map<OpenUpload, S3Failure>();
	for await (const uploads of listUploads(s3, request, call)) {
		const old = uploads.filter((upload) => mayBeAborted(upload, request));
		result.kept += uploads.length - old.length;
		result.matched.push(...old);
		if (!dryRun) await abortAll(s3, request, old, failures, call);
	}
	if (dryRun) return result;
	await abortAgain(s3, request, result.matched, failures, call);
	const [first] = failures.values();
	result.failed = [...failures].map(([upload, failure]) => failedOf(upload, failure));
	result.aborted = result.matched.length - failures.size;
	if (first !== undefined && result.aborted === 0) throw first;
	return result;
}

/** Without an ID some servers would take the abort for the deletion of the object. */
const mayBeAborted = ({ uploadId, begun = '' }: OpenUpload, { begunBefore }: CleanUpRequest) =>
	uploadId !== '' && Date.parse(begun) < begunBefore.getTime();

/** Aborts uploads, a few at once. */
async function abortAll(
	s3: S3,
	request: CleanUpRequest,
	uploads: readonly OpenUpload[],
	failures: Map<OpenUpload, S3Failure>,
	call: Call,
): Promise<void> {
	for (let at = 0; at < uploads.length; at += IN_FLIGHT) {
		const abort = async (upload: OpenUpload) => {
			const failure = await failureOfAbort(s3, request, upload, call);
			if (failure !== undefined) failures.set(upload, failure);
		};
		await Promise.all(uploads.slice(at, at + IN_FLIGHT).map(abort));
	}
}

/** Aborts again what is listed although it was aborted. */
async function abortAgain(
	s3: S3,
	request: CleanUpRequest,
	matched: readonly OpenUpload[],
	failures: Map<OpenUpload, S3Failure>,
	call: Call,
): Promise<void> {
	let aborted = matched.filter((upload) => !failures.has(upload));
	for (let attempt = 2; aborted.length > 0; attempt++) {
		const listed = new Set<string>();
		for await (const uploads of listUploads(s3, request, call)) {
			for (const upload of uploads) listed.add(idOf(upload));
		}
		const left = aborted.filter((upload) => listed.has(idOf(upload)));
		if (attempt > ATTEMPTS) {
			for (const upload of left) failures.set(upload, stillThere(request, upload));
			return;
		}
		await abortAll(s3, request, left, failures, call);
		aborted = left.filter((upload) => !failures.has(upload));
	}
}

/** IDs may be those of one key alone. */
const idOf = ({ key, uploadId }: OpenUpload): string => JSON.stringify([key, uploadId]);

function stillThere({ bucket }: CleanUpRequest, { key }: OpenUpload): S3Failure {
	return new S3Failure({
		kind: 'rejected',
		message: `The upload of ${nameOf(bucket, key)} is there although it was aborted ${ATTEMPTS} times`,
		advice: 'Somebody may still send parts of it. Run it again when nobody does.',
		operation: 'AbortMultipartUpload',
		code: 'UploadStillThere',
		bucket,
		key,
	});
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
