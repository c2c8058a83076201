import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { requesterHeaders } from '../headers/requester';
import { PageProgress } from '../PageProgress';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';
import { decodedKey } from '../xmlText';

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

/** A multipart upload that was begun and not ended. */
interface OpenUpload {
	key: string;
	uploadId: string;
	/** ISO 8601; undefined if the server does not say. */
	begun: string | undefined;
}

export interface CleanUp {
	/** Uploads that are old enough. */
	matched: OpenUpload[];
	aborted: number;
	failed: { key: string; uploadId: string; code: string; message: string }[];
	/** Uploads that are younger, or of which the server does not say when they were begun. */
	kept: number;
}

type Output = Calls['ListMultipartUploads']['output'];

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
	for await (const uploads of pagesOf(s3, request, call)) {
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

async function* pagesOf(
	s3: S3,
	request: CleanUpRequest,
	call: Call,
): AsyncGenerator<OpenUpload[], void, void> {
	const progress = new PageProgress();
	// XML cannot carry every character of a key.
	let encoding: 'url' | undefined = 'url';
	let markers: { KeyMarker?: string; UploadIdMarker?: string } = {};
	for (;;) {
		const page: Output = await s3.send(
			'ListMultipartUploads',
			{
				Bucket: request.bucket,
				Prefix: request.prefix === '' ? undefined : request.prefix,
				...markers,
				EncodingType: encoding,
				...requesterHeaders(request),
			},
			call,
		);
		if (encoding !== undefined && mayBeEncoded(page)) {
			encoding = undefined;
			continue;
		}
		const uploads = uploadsIn(page, request);
		yield uploads;
		if (page.IsTruncated !== true) return;
		const { NextUploadIdMarker: uploadIdMarker } = page;
		const keyMarker = keyOf(page, page.NextKeyMarker, request);
		const isSame = keyMarker === markers.KeyMarker && uploadIdMarker === markers.UploadIdMarker;
		const ids = uploads.map(({ uploadId }) => uploadId);
		const isEndless = progress.hasStalled(uploads.length) || progress.isRepeated(ids);
		if (keyMarker === '' || isSame || isEndless) throw endless(request);
		markers = {
			KeyMarker: keyMarker,
			...(uploadIdMarker === undefined ? {} : { UploadIdMarker: uploadIdMarker }),
		};
	}
}

const uploadsIn = (page: Output, request: CleanUpRequest): OpenUpload[] =>
	(page.Uploads ?? []).map(({ Key, UploadId: uploadId = '', Initiated }) => ({
		key: keyOf(page, Key, request),
		uploadId,
		begun: Initiated?.toISOString(),
	}));

/** Whether keys are perhaps encoded although the server does not say so, as Ceph 16 does. */
const mayBeEncoded = ({ EncodingType, NextKeyMarker = '', Uploads = [] }: Output): boolean =>
	EncodingType !== 'url' &&
	[NextKeyMarker, ...Uploads.map(({ Key = '' }) => Key)].some((key) => /[%+]/.test(key));

/** Not every server encodes keys. */
function keyOf({ EncodingType }: Output, key = '', { bucket }: CleanUpRequest): string {
	if (EncodingType !== 'url') return key;
	try {
		return decodedKey(key);
	} catch (cause) {
		throw new S3Failure({
			kind: 'corrupt',
			message: `Could not list the uploads in ${nameOf(bucket, undefined)}: the response has a key that is not encoded`,
			advice: 'Check that the endpoint is an S3 server.',
			operation: 'ListMultipartUploads',
			bucket,
			cause,
		});
	}
}

function endless({ bucket }: CleanUpRequest): S3Failure {
	return new S3Failure({
		kind: 'corrupt',
		message: `Could not list the uploads in ${nameOf(bucket, undefined)} to their end: the server did not say where the next page begins`,
		advice: 'This server does not page ListMultipartUploads as S3 does; enter a longer prefix.',
		operation: 'ListMultipartUploads',
		bucket,
	});
}
