import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { checkListed } from '../errors/otherKeys';
import { requesterHeaders } from '../headers/requester';
import type { Requester } from '../headers/requester';
import { PageProgress } from '../PageProgress';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';
import { decodedKey } from '../xmlText';

export interface ListUploadsRequest extends Requester {
	bucket: string;
	/** What the keys of the uploads begin with; undefined: every key. */
	prefix?: string | undefined;
}

/** A multipart upload that was begun and not ended. */
export interface OpenUpload {
	key: string;
	uploadId: string;
	/** ISO 8601; undefined if the server does not say. */
	begun: string | undefined;
}

type Output = Calls['ListMultipartUploads']['output'];

/** Where a page starts. */
type Markers = Pick<Calls['ListMultipartUploads']['input'], 'KeyMarker' | 'UploadIdMarker'>;

/**
 * Lists the multipart uploads that were begun and not ended, page by page.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
 */
export async function* listUploads(
	s3: S3,
	request: ListUploadsRequest,
	call: Call,
): AsyncGenerator<OpenUpload[], void, void> {
	const progress = new PageProgress();
	// XML cannot carry every character of a key.
	let encoding: 'url' | undefined = 'url';
	let markers: Markers = {};
	for (;;) {
		const input = { ...inputOf(request), ...markers, EncodingType: encoding };
		const page: Output = await s3.send('ListMultipartUploads', input, call).catch(nothing);
		if (encoding !== undefined && mayBeEncoded(page)) {
			encoding = undefined;
			continue;
		}
		const uploads = uploadsIn(page, request);
		const { bucket, prefix } = request;
		const keys = uploads.map(({ key }) => key);
		checkListed(keys, { operation: 'ListMultipartUploads', bucket, prefix });
		yield uploads;
		if (page.IsTruncated !== true) return;
		markers = nextMarkers(page, request, markers);
		const ids = uploads.map(({ uploadId }) => uploadId);
		if (progress.hasStalled(uploads.length) || progress.isRepeated(ids)) throw endless(request);
	}
}

const inputOf = (request: ListUploadsRequest) => ({
	Bucket: request.bucket,
	Prefix: request.prefix === '' ? undefined : request.prefix,
	...requesterHeaders(request),
});

/** @throws S3Failure if the server says that there is more but not how to get it */
function nextMarkers(page: Output, request: ListUploadsRequest, previous: Markers): Markers {
	const { NextKeyMarker, NextUploadIdMarker: uploadIdMarker } = page;
	const keyMarker = keyOf(page, NextKeyMarker, request);
	const isSame = keyMarker === previous.KeyMarker && uploadIdMarker === previous.UploadIdMarker;
	if (keyMarker === '' || isSame) throw endless(request);
	return { KeyMarker: keyMarker, UploadIdMarker: uploadIdMarker };
}

/** The page of a server that has no uploads: gofakes3 and rclone say so by an error. */
function nothing(error: unknown): Output {
	if (error instanceof S3Failure && error.code === 'NoSuchUpload') return { $metadata: {} };
	throw error;
}

const uploadsIn = (page: Output, request: ListUploadsRequest): OpenUpload[] =>
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
function keyOf({ EncodingType }: Output, key = '', { bucket }: ListUploadsRequest): string {
	if (EncodingType !== 'url') return key;
	try {
		return decodedKey(key);
	} catch (cause) {
		throw S3Failure.corrupt(
			`Could not list the uploads in ${nameOf(bucket, undefined)}: the response has a key that is not encoded`,
			'Check that the endpoint is an S3 server.',
			{ operation: 'ListMultipartUploads', bucket, cause },
		);
	}
}

function endless({ bucket }: ListUploadsRequest): S3Failure {
	return S3Failure.corrupt(
		`Could not list the uploads in ${nameOf(bucket, undefined)} to their end: the server did not say where the next page begins`,
		'This server does not page ListMultipartUploads as S3 does; enter a longer prefix.',
		{ operation: 'ListMultipartUploads', bucket },
	);
}
