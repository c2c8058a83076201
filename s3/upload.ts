import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { backOff } from './backOff';
import { startChecksum, storedChecksum } from './checksums';
import type { Call, S3 } from './client';
import { cancelled, nameOf } from './failureFrom';
import { linkedSignal } from './linkedSignal';
import { isUnanswered, writtenAllTheSame } from './lostAnswer';
import type { FoundObject } from './lostAnswer';
import { uploadInParts } from './multipart';
import { bareEtag, checksumOf, objectHeaders, overwriteCondition } from './objectHeaders';
import type { ObjectHeaders } from './objectHeaders';
import { isThrottled } from './Pace';
import { partsOf } from './parts';
import type { ChecksumAlgorithm, PutRequest, PutResult } from './PutRequest';
import { mostAttempts } from './retries';
import { S3Failure } from './S3Failure';
import type { Calls, PutObjectCommandInput } from './sdk';
import { checkSize, unreadable } from './sourceFailures';

export type { ByteSource, Encryption, PutRequest } from './PutRequest';

const MiB = 1024 * 1024;
/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_PARTS = 10_000;
const MIN_PART_SIZE = 5 * MiB;
const MAX_SINGLE_PUT = 5 * 1024 * MiB;
const DEFAULT_PART_SIZE = 8 * MiB;
/** Bytes up to which an object is sent from memory, so that the SDK can repeat the request itself. */
const SMALL_OBJECT = 8 * MiB;
/** S3 asks to begin such a write again from the start. */
const CONFLICT = 'ConditionalRequestConflict';

/**
 * Stores one object: in a single PutObject up to the multipart threshold, in parts above it. Memory
 * use does not depend on the size. It is visible only once all bytes have arrived; after an error or
 * cancel nothing is left behind.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
export async function putObject(s3: S3, request: PutRequest, call: Call): Promise<PutResult> {
	const headers = objectHeaders(request);
	checkOverwrite(request);
	checkPartSize(s3, request.partSize);
	const { size } = request.source;
	const threshold = thresholdFor(s3, request);
	const streamed = size !== undefined && size <= threshold && size > SMALL_OBJECT;
	let sentBefore = false;
	for (let attempt = 1; ; attempt++) {
		try {
			return streamed
				? await putStream(s3, request, headers, size, call)
				: await putFromMemory(s3, request, headers, threshold, call);
		} catch (error) {
			if (!(error instanceof S3Failure)) throw error;
			if (error.operation === 'PutObject' && error.status === 412) {
				const unsettled = { failure: error, sentBefore };
				const isOurs = (found: FoundObject) => holdsBytesOf(request, found);
				const found = await writtenAllTheSame(s3, request, unsettled, isOurs, call);
				return resultOf(request, found.ContentLength ?? size ?? 0, found);
			}
			const again = error.code === CONFLICT || (streamed && error.retryable);
			if (!again || attempt >= mostAttempts(error.status) || call.signal?.aborted === true)
				throw error;
			sentBefore ||= isUnanswered(error);
			// Where the server throttles, the pace of the connection waits.
			if (!isThrottled(error.status)) await backOff(attempt, error.retryAfterMs, call.signal);
		}
	}
}

/**
 * Whether an object holds exactly these bytes: by the checksum that S3 has of them, else by its ETag,
 * which is their MD5 unless S3 encrypts with a key of somebody's own. Reads the source once more.
 */
async function holdsBytesOf(request: PutRequest, found: FoundObject): Promise<boolean | undefined> {
	const stored = storedChecksum(found);
	const etag = bareEtag(found.ETag);
	const encrypted = found.SSEKMSKeyId !== undefined || request.encryption?.kind === 'customer';
	const isMd5 = !encrypted && /^[0-9a-f]{32}$/.test(etag ?? '');
	const byChecksum = stored?.type === 'FULL_OBJECT' ? startChecksum(stored.algorithm) : undefined;
	if (byChecksum === undefined && !isMd5) return undefined;
	const sum = byChecksum?.() ?? createHash('md5');
	const stream = await openSource(request);
	try {
		for await (const chunk of stream as AsyncIterable<Buffer>) sum.update(chunk);
	} catch (error) {
		throw unreadable(request, error);
	} finally {
		stream.destroy();
	}
	const digest = sum.digest();
	return byChecksum === undefined
		? digest.toString('hex') === etag
		: digest.toString('base64') === stored?.value;
}

/**
 * Bytes above which parts are used. Servers other than AWS may ignore a condition on the completion
 * of parts (Ceph 16 does) and overwrite all the same, so there conditional writes go in one PUT.
 */
function thresholdFor({ connection }: S3, { overwrite, multipartThreshold }: PutRequest): number {
	const conditional = overwrite === 'never' || overwrite === 'ifMatch';
	if (conditional && connection.endpoint !== undefined) return MAX_SINGLE_PUT;
	return Math.min(multipartThreshold ?? connection.multipartThreshold, MAX_SINGLE_PUT);
}

/** Reads one part ahead: what fits into it is sent as a whole, anything longer in parts. */
async function putFromMemory(
	s3: S3,
	request: PutRequest,
	headers: ObjectHeaders,
	threshold: number,
	call: Call,
): Promise<PutResult> {
	const { size } = request.source;
	const stream = await openSource(request);
	const stop = () => stream.destroy(cancelled({ operation: 'PutObject', server: '', ...request }));
	call.signal?.addEventListener('abort', stop, { once: true });
	// Reading reports the error; without a listener one between two reads would end the process.
	stream.on('error', () => undefined);
	const parts = partsOf(stream, partSizes(size, request.partSize), s3.partMemory);
	try {
		const first = await parts.next().catch((error: unknown) => {
			throw unreadable(request, error);
		});
		if (first.done === true) throw new Error('a stream gives at least one part');
		const announcedSmall = size !== undefined && size <= threshold;
		if (!announcedSmall && (size !== undefined || !first.value.last)) {
			const upload = { request, headers, checksum: checksumFor(s3, request) };
			return await uploadInParts(s3, upload, { first: first.value, rest: parts, stop }, call);
		}
		try {
			checkSize(request, first.value.body.length + (first.value.last ? 0 : 1));
			const input = putInput(s3, request, headers, first.value.body);
			return resultOf(request, first.value.body.length, await s3.send('PutObject', input, call));
		} finally {
			first.value.release();
		}
	} finally {
		call.signal?.removeEventListener('abort', stop);
		stream.destroy();
		await parts.return();
	}
}

/** Sends a stream of known length, once. */
async function putStream(
	s3: S3,
	request: PutRequest,
	headers: ObjectHeaders,
	size: number,
	call: Call,
): Promise<PutResult> {
	const stream = await openSource(request);
	const linked = linkedSignal(call.signal);
	let sourceFailure: S3Failure | undefined;
	const body = Readable.from(exactly(stream, size, request), { objectMode: false });
	// The SDK pipes the body, and a pipe does not pass errors on.
	body.on('error', (error) => {
		sourceFailure = unreadable(request, error);
		linked.abort();
	});
	try {
		const input = { ...putInput(s3, request, headers, body), ContentLength: size };
		return resultOf(request, size, await s3.send('PutObject', input, { signal: linked.signal }));
	} catch (error) {
		throw sourceFailure ?? error;
	} finally {
		linked.unlink();
		body.destroy();
		stream.destroy();
	}
}

/**
 * The chunks of a stream, or an error before the last byte when there are fewer or more than
 * announced: the last chunk is held back, so the server never gets a complete body of a wrong file.
 */
async function* exactly(
	stream: Readable,
	size: number,
	request: PutRequest,
): AsyncGenerator<Buffer> {
	let bytes = 0;
	let held: Buffer | undefined;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		if (bytes > size) break;
		if (held !== undefined) yield held;
		held = chunk;
	}
	checkSize(request, bytes);
	if (held !== undefined) yield held;
}

async function openSource(request: PutRequest): Promise<Readable> {
	try {
		return await request.source.open();
	} catch (error) {
		throw unreadable(request, error);
	}
}

function checkOverwrite({ overwrite, etag, bucket, key }: PutRequest): void {
	if (overwrite !== 'ifMatch' || (etag ?? '') !== '') return;
	throw new S3Failure({
		kind: 'invalid',
		message: `No ETag is given for ${nameOf(bucket, key)}`,
		advice: 'Enter the ETag of the object that may be replaced, e.g. from Get or List.',
		bucket,
		key,
	});
}

function checkPartSize({ connection }: S3, partSize: number | undefined): void {
	if (partSize === undefined) return;
	// Other servers have other minimums, AWS's is known.
	const least = connection.endpoint === undefined ? MIN_PART_SIZE : 1;
	if (Number.isInteger(partSize) && partSize >= least && partSize <= MAX_SINGLE_PUT) return;
	throw new S3Failure({
		kind: 'invalid',
		message: `A part cannot have ${String(partSize)} bytes`,
		advice: 'Choose a part size from 5 MiB to 5 GiB (5120 MiB).',
	});
}

/**
 * Bytes of each part: for a known size, 10,000 equal parts are enough (some servers want them equal).
 * For an unknown one the parts grow, so that 10,000 hold more than S3 allows.
 */
function partSizes(
	size: number | undefined,
	wanted: number | undefined,
): (partNumber: number) => number {
	const least = wanted ?? DEFAULT_PART_SIZE;
	if (size === undefined) {
		return (partNumber) =>
			Math.min(MAX_SINGLE_PUT, least * 2 ** Math.floor((partNumber - 1) / 1000));
	}
	const enough = Math.ceil(Math.ceil(size / MAX_PARTS) / MiB) * MiB;
	const partSize = size > least * MAX_PARTS ? enough : least;
	return (partNumber) => {
		const left = size - (partNumber - 1) * partSize;
		// A source that gives more than it announced must not be cut into nothing for ever.
		return left <= 0 && partNumber > 1 ? partSize : Math.min(partSize, left);
	};
}

/** The checksum to send: AWS takes CRC32 always, other servers only what the user asked for. */
function checksumFor(s3: S3, { checksum, objectLock }: PutRequest): ChecksumAlgorithm | undefined {
	const demanded = s3.connection.endpoint === undefined || objectLock !== undefined;
	return checksum ?? (demanded ? 'CRC32' : undefined);
}

function putInput(
	s3: S3,
	request: PutRequest,
	headers: ObjectHeaders,
	body: Buffer | Readable,
): PutObjectCommandInput {
	return {
		...headers,
		...overwriteCondition(request),
		ChecksumAlgorithm: checksumFor(s3, request),
		Body: body,
	};
}

function resultOf(
	request: PutRequest,
	size: number,
	output: Calls['PutObject']['output'] | FoundObject,
): PutResult {
	return {
		bucket: request.bucket,
		key: request.key,
		size,
		etag: bareEtag(output.ETag),
		versionId: output.VersionId,
		contentType: request.contentType,
		checksum: checksumOf(output),
		parts: 1,
	};
}
