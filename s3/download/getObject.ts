import type { Readable } from 'node:stream';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { isRangeAskedFor, lengthOf, readContentRange } from '../headers/contentRange';
import { customerKeyHeaders } from '../headers/customerKey';
import { bareEtag } from '../headers/etag';
import { objectHead } from '../headers/objectHead';
import type { ObjectHead } from '../headers/objectHead';
import { objectInput } from '../headers/requester';
import type { ObjectRequest } from '../headers/requester';
import { linkedSignal } from '../retry/linkedSignal';
import { RetryBudget } from '../RetryBudget';
import { S3Failure } from '../S3Failure';
import type { GetObjectCommandInput } from '../sdk';
import { bodyStream } from './bodyStream';
import { partCountOf, verificationOf } from './checksumVerification';
import type { Verification } from './checksumVerification';
import type { Download } from './Download';
import { otherRange, rangeIgnored } from './downloadErrors';
import { etagVerifyingReader, startEtagMd5 } from './etagVerification';
import type { VerifyEtag } from './etagVerification';
import { lengthCheckingReader } from './lengthCheck';
import { parallelReader, RANGE_SIZE } from './parallelReader';
import { partsOf } from './parts';
import { rechunk } from './rechunk';
import { bodyOf } from './requestRange';
import { resumingReader } from './resumingReader';
import { verifyingReader } from './verifyingReader';

export type { ObjectHead } from '../headers/objectHead';

/** Status of a response that is a part of an object. */
const PARTIAL_CONTENT = 206;

/** One object to read. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export interface GetRequest extends ObjectRequest {
	/** One range of bytes as in HTTP, e.g. `bytes=0-99` or `bytes=-500`. */
	range?: string | undefined;
	ifMatch?: string | undefined;
	ifNoneMatch?: string | undefined;
	ifModifiedSince?: Date | undefined;
	ifUnmodifiedSince?: Date | undefined;
	/** 32 bytes in base64, for an object that is encrypted with a customer's own key (SSE-C). */
	customerKey?: string | undefined;
	/** Undefined: `auto`. */
	verifyEtag?: VerifyEtag | undefined;
}

export interface GetResult {
	head: ObjectHead;
	/** Ends after exactly the bytes that were announced, or is destroyed with an S3Failure. */
	body: Readable;
	/** Whether the bytes were compared with the checksum in the head and match; known when the body has ended. */
	verified: () => boolean;
}

/**
 * Reads one object. The first response gives its head and first bytes; the rest of a large object is read
 * with several requests at once. All are pinned to the ETag of the first response, and are resumed when a
 * connection breaks. A body that cannot be read whole, or does not have the checksum that S3 has stored or the MD5
 * that is its ETag, is destroyed with an S3Failure: it never just ends.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export async function getObject(s3: S3, request: GetRequest, call: Call): Promise<GetResult> {
	checkRange(request);
	const input = getInput(request);
	const response = await s3.send('GetObject', input, call);
	const head = withSizeOfRange(objectHead(request, response));
	const download = { s3, request, input, head };
	let first: Readable | undefined = bodyOf(response);
	try {
		checkContentRange(download, response.$metadata.httpStatusCode);
	} catch (error) {
		first.destroy();
		throw error;
	}
	const partCount = partCountOf(head);
	if (partCount !== undefined && partCount > 1) {
		// Downloads that keep a connection while they wait for another one could block each other.
		first.destroy();
		first = undefined;
	}
	const parts = partCount === undefined ? undefined : await partsOf(download, partCount, call);
	const verification = verificationOf(head, parts);
	const linked = linkedSignal(call.signal);
	const budget = RetryBudget.ofTransfer(call.retryFor);
	const stoppable = { ...call, signal: linked.signal, budget };
	let verified = false;
	const onVerified = () => (verified = true);
	const chunks = checkedChunks(
		download,
		readChunks(download, first, stoppable),
		{ verification, onVerified, verifyEtag: request.verifyEtag ?? 'auto' },
		stoppable,
	);
	const body = bodyStream(chunks, () => {
		linked.abort();
		linked.unlink();
		// A body that nobody has read must not keep its connection.
		first?.destroy();
	});
	return { head, body, verified: () => verified };
}

/** The bytes of the body: over several connections if they are worth it and the ETag pins them to one object. */
function readChunks(
	download: Download,
	first: Readable | undefined,
	call: Call,
): AsyncGenerator<Buffer, void, void> {
	const { size, etag } = download.head;
	// Two ranges are the least that two connections can share.
	if (size === undefined || etag === undefined || size < 2 * RANGE_SIZE) {
		return rechunk(resumingReader(download, { start: 0, end: size }, first, call));
	}
	return parallelReader(download, size, first, call);
}

/** The bytes of the body, compared with what is known of the object. */
function checkedChunks(
	download: Download,
	chunks: AsyncGenerator<Buffer, void, void>,
	by: { verification: Verification | undefined; onVerified: () => void; verifyEtag: VerifyEtag },
	call: Call,
): AsyncGenerator<Buffer, void, void> {
	const { verification, onVerified, verifyEtag } = by;
	if (verification !== undefined) {
		return verifyingReader(download, chunks, verification, onVerified, call);
	}
	const whole =
		download.head.size === undefined ? lengthCheckingReader(download, chunks, call) : chunks;
	const sum = startEtagMd5(download, verifyEtag);
	return sum === undefined
		? whole
		: etagVerifyingReader(download, whole, { sum, verifyEtag }, call);
}

function getInput(request: GetRequest): GetObjectCommandInput {
	return {
		...objectInput(request),
		Range: request.range,
		IfMatch: bareEtag(request.ifMatch),
		IfNoneMatch: bareEtag(request.ifNoneMatch),
		IfModifiedSince: request.ifModifiedSince,
		IfUnmodifiedSince: request.ifUnmodifiedSince,
		...customerKeyHeaders(request.customerKey),
	};
}

function checkRange({ range, bucket, key }: GetRequest): void {
	if (range === undefined || /^bytes=(\d+-\d*|-\d+)$/.test(range)) return;
	throw S3Failure.invalid(
		`“${range}” is not a range of bytes (${nameOf(bucket, key)})`,
		'Write e.g. bytes=0-99 for the first 100 bytes, bytes=100- or bytes=-500 for the last 500.',
		{ bucket, key },
	);
}

/** A response without a Content-Length says by its range how long it is. */
function withSizeOfRange(head: ObjectHead): ObjectHead {
	const sent = readContentRange(head.contentRange);
	return sent === undefined || head.size !== undefined ? head : { ...head, size: lengthOf(sent) };
}

/**
 * The whole object must not be taken for a range, nor a range for the whole object or for another one, nor what was
 * cut off for all of the range.
 */
function checkContentRange(download: Download, status: number | undefined): void {
	const { Range: asked } = download.input;
	const { contentRange, size } = download.head;
	const sent = readContentRange(contentRange);
	if (asked === undefined) {
		if (sent !== undefined || status === PARTIAL_CONTENT) throw otherRange(download);
	} else if (sent === undefined) throw rangeIgnored(download);
	else if (!isRangeAskedFor(asked, sent) || size !== lengthOf(sent)) throw otherRange(download);
}
