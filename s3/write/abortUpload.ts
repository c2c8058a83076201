import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { serverWords } from '../errors/serverWords';
import { requesterHeaders } from '../headers/requester';
import { mayHaveReachedServer } from '../retry/ambiguousWrite';
import { S3Failure } from '../S3Failure';
import type { WriteRequest } from './WriteRequest';
import { ambiguousPut } from './writtenObject';

/** Milliseconds in which the abort is tried, most of them in the background: until the server is there again. */
const ABORT_MS = 5 * 60_000;
/** Milliseconds after which an upload is aborted again: a server may still have been storing a part. */
const AGAIN_MS = 2000;
/** Milliseconds that a failed upload waits for its abort. */
const WAIT_MS = 30_000;
/** Milliseconds that it waits at least, and if it was cancelled. */
const LEAST_WAIT_MS = 1000;

/**
 * Aborts an upload that has failed, so that its parts are not kept and paid for. If the server cannot be
 * reached, that goes on in the background for some minutes. If it was cancelled, parts were in flight, which some
 * servers store after the abort: so it is aborted once more.
 * @param cause what the upload failed with
 * @returns the failure to throw: `cause`, with what else has to be known
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
 */
export async function abortUpload(
	s3: S3,
	request: WriteRequest,
	uploadId: string,
	cause: unknown,
	call: Call,
): Promise<unknown> {
	const { bucket, key } = request;
	const input = { Bucket: bucket, Key: key, UploadId: uploadId, ...requesterHeaders(request) };
	const name = serverWords(uploadId);
	// The caller's signal may have fired already, so it does not apply.
	const untilEnd = { signal: AbortSignal.timeout(ABORT_MS), retryFor: ABORT_MS };
	const aborted = s3.send('AbortMultipartUpload', input, untilEnd).then(
		() => {
			if (call.signal?.aborted === true) abortAgain(s3, input);
			return cause;
		},
		(failure: unknown) => causeWith(failure, request, name, cause),
	);
	const waited = new AbortController();
	const late = sleep(waitFor(call), undefined, { signal: waited.signal }).then(
		() => notYet(name, cause),
		() => cause,
	);
	return await Promise.race([aborted, late]).finally(() => {
		waited.abort();
	});
}

/** Aborts an upload that was aborted, later and in the background: nearly always it is gone, and the server says so. */
function abortAgain(s3: S3, input: Parameters<typeof s3.send<'AbortMultipartUpload'>>[1]): void {
	const timer = setTimeout(() => {
		const call = { signal: AbortSignal.timeout(WAIT_MS), retryFor: 0 };
		s3.send('AbortMultipartUpload', input, call).catch(() => undefined);
	}, AGAIN_MS);
	timer.unref();
}

function waitFor({ signal, retryFor = WAIT_MS }: Call): number {
	if (signal?.aborted === true) return LEAST_WAIT_MS;
	return Math.max(LEAST_WAIT_MS, Math.min(WAIT_MS, retryFor));
}

/** What an upload failed with, if its abort failed, too. */
function causeWith(
	abortFailure: unknown,
	request: WriteRequest,
	name: string,
	cause: unknown,
): unknown {
	if (!(cause instanceof S3Failure)) return cause;
	const isGone = abortFailure instanceof S3Failure && abortFailure.code === 'NoSuchUpload';
	if (isGone) {
		// An upload that is gone may have been completed by a request whose response was lost.
		const isCompletion = cause.operation === 'CompleteMultipartUpload';
		return isCompletion && mayHaveReachedServer(cause) ? ambiguousPut(request, cause) : cause;
	}
	return cause.reworded(
		cause.message,
		`${cause.advice} The multipart upload ${name} could not be aborted: abort it, or its parts are stored and paid for.`,
		abortFailure,
	);
}

function notYet(name: string, cause: unknown): unknown {
	if (!(cause instanceof S3Failure)) return cause;
	return cause.reworded(
		cause.message,
		`${cause.advice} The multipart upload ${name} is not aborted yet: n8n tries that for five minutes. If it does not succeed, abort it, or its parts are stored and paid for.`,
	);
}
