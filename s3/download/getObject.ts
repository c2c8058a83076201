import type { Readable } from 'node:stream';
import { verificationOf } from './checksumVerification';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { objectHead } from '../headers/objectHead';
import type { ObjectHead } from '../headers/objectHead';
import { customerKeyHeaders } from '../headers/customerKey';
import { bareEtag } from '../headers/etag';
import { requesterHeaders } from '../headers/requester';
import { linkedSignal } from '../retry/linkedSignal';
import { bodyStream } from './bodyStream';
import { parallelBytes, SEGMENT_SIZE } from './parallelReader';
import { piecesOf } from './rechunk';
import { resumedBytes, streamOf } from './resumingReader';
import type { Download } from './resumingReader';
import { S3Failure } from '../S3Failure';
import type { GetObjectCommandInput } from '../sdk';
import { verifiedBytes } from './verifyingReader';

export type { ObjectHead } from '../headers/objectHead';

/** One object to read. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export interface GetRequest {
	bucket: string;
	key: string;
	versionId?: string | undefined;
	/** As in HTTP, e.g. `bytes=0-99` or `bytes=-500`; one range. */
	range?: string | undefined;
	ifMatch?: string | undefined;
	ifNoneMatch?: string | undefined;
	ifModifiedSince?: Date | undefined;
	ifUnmodifiedSince?: Date | undefined;
	/** 32 bytes in base64, for objects under a customer's own key. */
	customerKey?: string | undefined;
	requestPayer?: boolean | undefined;
	expectedBucketOwner?: string | undefined;
}

export interface GetResult {
	head: ObjectHead;
	/** Exactly the bytes announced, or destroyed with an S3Failure. */
	body: Readable;
	/** Whether the bytes are those of the checksum in the head; to be asked when the body has ended. */
	verified: () => boolean;
}

/**
 * Reads one object. The first request gives its head and first bytes; a large object goes on with
 * several ranges at once. All are pinned to one ETag and go on where they stopped when a connection
 * breaks. The body is destroyed with an S3Failure rather than ended short or with other bytes than S3's
 * checksum is of.
 * @throws S3Failure
 */
export async function getObject(s3: S3, request: GetRequest, call: Call): Promise<GetResult> {
	checkRange(request);
	const input = getInput(request);
	const answer = await s3.send('GetObject', input, call);
	const head = objectHead(request, answer);
	const first = streamOf(answer);
	const download: Download = { s3, request, input, head };
	checkRangeWasHonoured(download, first);
	const linked = linkedSignal(call.signal);
	const reading = { signal: linked.signal };
	const size = sizeOfLarge(head);
	const bytes =
		size === undefined
			? piecesOf(resumedBytes(download, { start: 0, end: head.size, first }, reading))
			: parallelBytes(download, size, first, reading);
	const verification = verificationOf(head);
	let verified = false;
	const onVerified = () => (verified = true);
	const checked =
		verification === undefined
			? bytes
			: verifiedBytes(download, bytes, verification, onVerified, reading);
	const body = bodyStream(checked, () => {
		linked.abort();
		linked.unlink();
		// A body that nobody reads must not keep its connection.
		first.destroy();
	});
	return { head, body, verified: () => verified };
}

/** Bytes, where several connections are worth it and the ETag pins them to one object. */
function sizeOfLarge({ size, etag }: ObjectHead): number | undefined {
	// Two segments are the least that two connections can share.
	return size === undefined || etag === undefined || size < 2 * SEGMENT_SIZE ? undefined : size;
}

function getInput(request: GetRequest): GetObjectCommandInput {
	return {
		Bucket: request.bucket,
		Key: request.key,
		VersionId: request.versionId,
		Range: request.range,
		IfMatch: bareEtag(request.ifMatch),
		IfNoneMatch: bareEtag(request.ifNoneMatch),
		IfModifiedSince: request.ifModifiedSince,
		IfUnmodifiedSince: request.ifUnmodifiedSince,
		...customerKeyHeaders(request.customerKey),
		...requesterHeaders(request),
	};
}

function checkRange({ range, bucket, key }: GetRequest): void {
	if (range === undefined || /^bytes=(\d+-\d*|-\d+)$/.test(range)) return;
	throw new S3Failure({
		kind: 'invalid',
		message: `“${range}” is not a range of bytes (${nameOf(bucket, key)})`,
		advice:
			'Write e.g. bytes=0-99 for the first 100 bytes, bytes=100- or bytes=-500 for the last 500.',
		bucket,
		key,
	});
}

/** A server that ignores `Range` would have the whole object taken for a piece of it. */
function checkRangeWasHonoured({ request, input, head }: Download, first: Readable): void {
	if (input.Range === undefined || head.contentRange !== undefined) return;
	first.destroy();
	throw new S3Failure({
		kind: 'corrupt',
		message: `Could not get ${nameOf(request.bucket, request.key)}: the server ignored the range`,
		advice: 'This server cannot read ranges; leave the range empty.',
		operation: 'GetObject',
		bucket: request.bucket,
		key: request.key,
	});
}
