import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { backOffMs } from '../retry/backOff';
import type { Call } from '../Call';
import type { S3, SendOptions } from '../client/S3';
import { bodyBufferOf } from '../memory/BodyBuffer';
import { cancelled, failureFrom, nameOf } from '../errors/failureFrom';
import type { Attempt } from '../errors/failureFrom';
import type { ObjectHead } from '../headers/objectHead';
import { bareEtag } from '../headers/etag';
import { S3Failure } from '../S3Failure';
import type { GetObjectCommandInput, GetObjectCommandOutput } from '../sdk';

/** An object being read: what was asked for, and what the first answer said of it. */
export interface Download {
	s3: S3;
	request: { bucket: string; key: string };
	input: GetObjectCommandInput;
	head: ObjectHead;
}

/** A stretch of the body, in bytes from the body's beginning. */
export interface Stretch {
	start: number;
	/** Exclusive; undefined where the server did not say how long the body is. */
	end: number | undefined;
	/** An answer that begins at `start`, where there is one already; it may go on behind `end`. */
	first?: Readable;
}

/** Attempts to go on without a single further byte having arrived. */
const MAX_FRUITLESS_ATTEMPTS = 5;

/**
 * The bytes of a stretch of an object, from as many answers as it takes: after a break the next one
 * begins where the last one stopped, for the same ETag.
 * @throws S3Failure when it cannot be whole
 */
export async function* resumedBytes(
	download: Download,
	{ start, end, first }: Stretch,
	call: Call,
): AsyncGenerator<Buffer, void, void> {
	let position = start;
	let fruitless = 0;
	let stream = first;
	for (;;) {
		stream ??= await streamFrom(download, position, end, call);
		const failure = yield* bytesUntilFailure(stream, position, end, (bytes) => {
			position += bytes;
			fruitless = 0;
		});
		if (failure === undefined) return;
		fruitless += 1;
		await beforeGoingOn(download, { position, end, fruitless }, failure, call);
		stream = undefined;
	}
}

/**
 * Reads a stretch of an object into memory that has room for it, as `resumedBytes` does.
 * @throws S3Failure when it cannot be whole
 */
export async function readStretch(
	download: Download,
	{ start, end }: { start: number; end: number },
	memory: Buffer,
	call: Call,
): Promise<void> {
	let fruitless = 0;
	for (let position = start; position < end;) {
		const body = bodyBufferOf(memory.subarray(position - start, end - start));
		const nothing = await streamFrom(download, position, end, { ...call, body });
		nothing.destroy();
		position += body.filled;
		fruitless = body.filled > 0 ? 0 : fruitless + 1;
		if (position === end) return;
		const failure = body.failure ?? new Error('the body ended early');
		await beforeGoingOn(download, { position, end, fruitless }, failure, call);
	}
}

/** Waits before the next attempt behind a break; throws where there is to be none. */
async function beforeGoingOn(
	download: Download,
	{ position, end, fruitless }: { position: number; end: number | undefined; fruitless: number },
	failure: unknown,
	call: Call,
): Promise<void> {
	if (call.signal?.aborted === true) throw cancelled(attemptOf(download));
	const pinned = end !== undefined && download.head.etag !== undefined;
	if (!pinned || fruitless > MAX_FRUITLESS_ATTEMPTS) throw brokenOff(download, position, failure);
	const delay = backOffMs(Math.max(1, fruitless));
	await sleep(delay, undefined, call.signal && { signal: call.signal }).catch(() => {
		throw cancelled(attemptOf(download));
	});
}

/** Passes the bytes of one answer on; returns what broke it off, or undefined when all arrived. */
async function* bytesUntilFailure(
	stream: Readable,
	start: number,
	end: number | undefined,
	onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer, unknown, void> {
	let position = start;
	try {
		for await (const whole of stream as AsyncIterable<Buffer>) {
			const chunk = end === undefined ? whole : whole.subarray(0, end - position);
			position += chunk.length;
			onBytes(chunk.length);
			if (chunk.length > 0) yield chunk;
			// Only after the end of an answer can its connection be used again; this one goes on.
			if (chunk.length < whole.length) return undefined;
		}
	} catch (error) {
		return position === end ? undefined : error;
	} finally {
		stream.destroy();
	}
	return end === undefined || position === end ? undefined : new Error('the body ended early');
}

/** An answer with the bytes from `position` to `end`, of the same object as the first one. */
async function streamFrom(
	download: Download,
	position: number,
	end: number | undefined,
	options: SendOptions,
): Promise<Readable> {
	const { s3, head } = download;
	const begin = firstByteOf(head) + position;
	const last = end === undefined ? '' : String(firstByteOf(head) + end - 1);
	try {
		const answer = await s3.send(
			'GetObject',
			{ ...sameObject(download), Range: `bytes=${String(begin)}-${last}` },
			options,
		);
		const stream = streamOf(answer);
		// Not every server knows the condition.
		const isSame = (bareEtag(answer.ETag) ?? head.etag) === head.etag;
		const isNext = answer.ContentRange?.startsWith(`bytes ${String(begin)}-`) === true;
		if (isSame && isNext) return stream;
		stream.destroy();
		if (!isSame) throw replaced(download);
		throw brokenOff(download, position, new Error('the server ignored the range'));
	} catch (error) {
		if (error instanceof S3Failure && error.kind === 'precondition') throw replaced(download);
		throw error;
	}
}

/** The input of a further request for the object that the first answer was about. */
export const sameObject = ({ input, head }: Download): GetObjectCommandInput => ({
	...input,
	IfMatch: head.etag,
	IfNoneMatch: undefined,
	IfModifiedSince: undefined,
	IfUnmodifiedSince: undefined,
});

/** Where the body begins in the object, in bytes: not 0 for a range. */
export const firstByteOf = ({ contentRange }: ObjectHead): number =>
	Number(/^bytes (\d+)-/.exec(contentRange ?? '')?.[1] ?? 0);

/** The body of an answer, which the SDK gives as a Node stream. */
export function streamOf(answer: GetObjectCommandOutput): Readable {
	if (answer.Body instanceof Readable) return answer.Body;
	throw new Error('the SDK gives a Node stream as the body');
}

/** What is being done, for failures that come up meanwhile. */
export const attemptOf = ({ s3, request }: Download): Attempt => ({
	operation: 'GetObject',
	bucket: request.bucket,
	key: request.key,
	server: s3.connection.endpoint ?? 'Amazon S3',
});

function brokenOff(download: Download, position: number, cause: unknown): S3Failure {
	const { request, head } = download;
	const of = head.size === undefined ? '' : ` of ${String(head.size)}`;
	return new S3Failure({
		kind: 'corrupt',
		message: `Could not get ${nameOf(request.bucket, request.key)}: the download broke off after ${String(position)}${of} bytes`,
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

function replaced({ request }: Download): S3Failure {
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
