import { Readable } from 'node:stream';
import { backOff } from './backOff';
import type { Call, S3 } from './client';
import { cancelled, failureFrom, nameOf } from './failureFrom';
import { objectHead } from './objectHead';
import type { ObjectHead } from './objectHead';
import { customerKeyHeaders, requesterHeaders } from './objectHeaders';
import { S3Failure } from './S3Failure';
import type { GetObjectCommandInput, GetObjectCommandOutput } from './sdk';

export type { ObjectHead } from './objectHead';

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
}

/** Attempts to go on without a single further byte having arrived. */
const MAX_FRUITLESS_ATTEMPTS = 5;
/** Bytes kept ready for a reader that is slower than the network. */
const READ_AHEAD = 1024 * 1024;

/**
 * Reads one object with one request. When the connection breaks the body goes on where it stopped,
 * pinned to the same ETag; it is destroyed with an S3Failure rather than ended short.
 * @throws S3Failure
 */
export async function getObject(s3: S3, request: GetRequest, call: Call): Promise<GetResult> {
	checkRange(request);
	const input = getInput(request);
	const answer = await s3.send('GetObject', input, call);
	const head = objectHead(request, answer);
	const download: Download = { s3, request, input, head, first: streamOf(answer) };
	checkRangeWasHonoured(download);
	const body = Readable.from(wholeBody(download, call), {
		objectMode: false,
		highWaterMark: READ_AHEAD,
	});
	// A body that nobody reads must not keep its connection.
	body.once('close', () => download.first.destroy());
	return { head, body };
}

interface Download {
	s3: S3;
	request: GetRequest;
	input: GetObjectCommandInput;
	head: ObjectHead;
	/** The body of the first answer. */
	first: Readable;
}

/** The bytes of the object from the first answer and as many further ones as it takes. */
async function* wholeBody(download: Download, call: Call): AsyncGenerator<Buffer, void, void> {
	const { head } = download;
	let stream = download.first;
	let offset = 0;
	let fruitless = 0;
	for (;;) {
		const failure = yield* bytesUntilFailure(stream, head, offset, (bytes) => {
			offset += bytes;
			fruitless = 0;
		});
		if (failure === undefined) return;
		if (call.signal?.aborted === true) throw cancelled(attemptOf(download));
		fruitless += 1;
		if (fruitless > MAX_FRUITLESS_ATTEMPTS || !canGoOn(head) || !isTransient(failure)) {
			throw brokenOff(download, offset, failure);
		}
		await backOff(fruitless, undefined, call.signal).catch(() => {
			throw cancelled(attemptOf(download));
		});
		stream = await rest(download, offset, call);
	}
}

/** Passes the bytes of one answer on; returns what broke it off, or undefined when all arrived. */
async function* bytesUntilFailure(
	stream: Readable,
	{ size }: ObjectHead,
	start: number,
	onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer, unknown, void> {
	let offset = start;
	try {
		for await (const chunk of stream as AsyncIterable<Buffer>) {
			offset += chunk.length;
			if (size !== undefined && offset > size) return new Error('more bytes came than announced');
			onBytes(chunk.length);
			yield chunk;
		}
	} catch (error) {
		return error;
	} finally {
		stream.destroy();
	}
	return size === undefined || offset === size ? undefined : new Error('the body ended early');
}

const canGoOn = ({ size, etag }: ObjectHead): boolean => size !== undefined && etag !== undefined;

const isTransient = (failure: unknown): boolean =>
	!(failure instanceof S3Failure) || failure.retryable;

/** The bytes from `offset` on, of the same object as before. */
async function rest(download: Download, offset: number, call: Call): Promise<Readable> {
	const { s3, input, head } = download;
	const firstByte = firstByteOf(head);
	const begin = firstByte + offset;
	const end = firstByte + (head.size ?? 0) - 1;
	try {
		const answer = await s3.send(
			'GetObject',
			{
				...input,
				Range: `bytes=${String(begin)}-${String(end)}`,
				IfMatch: head.etag,
				IfNoneMatch: undefined,
				IfModifiedSince: undefined,
				IfUnmodifiedSince: undefined,
			},
			call,
		);
		const stream = streamOf(answer);
		if (answer.ContentRange?.startsWith(`bytes ${String(begin)}-`) === true) return stream;
		stream.destroy();
		throw brokenOff(download, offset, new Error('the server ignored the range'));
	} catch (error) {
		if (error instanceof S3Failure && error.kind === 'precondition') {
			throw changedMeanwhile(download);
		}
		throw error;
	}
}

/** Where the body begins in the object, in bytes: not 0 for a range. */
const firstByteOf = ({ contentRange }: ObjectHead): number =>
	Number(/^bytes (\d+)-/.exec(contentRange ?? '')?.[1] ?? 0);

function getInput(request: GetRequest): GetObjectCommandInput {
	return {
		Bucket: request.bucket,
		Key: request.key,
		VersionId: request.versionId,
		Range: request.range,
		IfMatch: request.ifMatch,
		IfNoneMatch: request.ifNoneMatch,
		IfModifiedSince: request.ifModifiedSince,
		IfUnmodifiedSince: request.ifUnmodifiedSince,
		...customerKeyHeaders(request.customerKey),
		...requesterHeaders(request),
	};
}

function streamOf(answer: GetObjectCommandOutput): Readable {
	if (answer.Body instanceof Readable) return answer.Body;
	throw new Error('the SDK gives a Node stream as the body');
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
function checkRangeWasHonoured({ request, head, first }: Download): void {
	if (request.range === undefined || head.contentRange !== undefined) return;
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

const attemptOf = ({ s3, request }: Download) => ({
	operation: 'GetObject',
	bucket: request.bucket,
	key: request.key,
	server: s3.connection.endpoint ?? 'Amazon S3',
});

function brokenOff(download: Download, offset: number, cause: unknown): S3Failure {
	const { request, head } = download;
	const of = head.size === undefined ? '' : ` of ${String(head.size)}`;
	return new S3Failure({
		kind: 'corrupt',
		message: `Could not get ${nameOf(request.bucket, request.key)}: the download broke off after ${String(offset)}${of} bytes`,
		advice:
			'Run it again; if it happens often, look for a proxy or firewall that cuts connections.',
		retryable: true,
		operation: 'GetObject',
		code: failureFrom(cause, attemptOf(download)).code,
		bucket: request.bucket,
		key: request.key,
		cause,
	});
}

function changedMeanwhile({ request }: Download): S3Failure {
	return new S3Failure({
		kind: 'corrupt',
		message: `Could not get ${nameOf(request.bucket, request.key)}: the object was replaced while it was being read`,
		advice: 'Run it again to get the new object.',
		retryable: true,
		operation: 'GetObject',
		bucket: request.bucket,
		key: request.key,
	});
}
