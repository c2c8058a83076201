import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { startChecksum, storedChecksum } from '../checksums/stored';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { cancelled, nameOf } from '../errors/failureFrom';
import { integrityOfWhole, integrityOnce, isHashedFirst } from './requestChecksum';
import { isUnanswered, writtenAllTheSame } from './ambiguousWrite';
import type { FoundObject } from './ambiguousWrite';
import { uploadInParts } from './multipartUpload';
import type { MultipartUpload } from './partRequests';
import { bareEtag } from '../headers/etag';
import { objectHeaders, overwriteCondition } from './objectHeaders';
import type { ObjectHeaders } from './objectHeaders';
import { openParts, openSource } from './openParts';
import { checkObjectSize, growingPartSize, PART_LIMITS, partSizeFor } from './partSizes';
import type { PartLimits } from './partSizes';
import type { Part } from './partReader';
import type { PutRequest, PutResult } from './PutRequest';
import { delayAfterFailure, retry } from '../retry/retry';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';
import { sendStream } from './sendStream';
import { checkSize, unreadable } from './sourceErrors';
import { SourceReader } from './SourceReader';

export type { ByteSource, Encryption, PutRequest } from './PutRequest';

const MiB = 1024 * 1024;
const MIN_PART_SIZE = 5 * MiB;
const MAX_SINGLE_PUT = 5 * 1024 * MiB;
/** Bytes up to which an object is sent from memory, so that the SDK can repeat the request itself. */
const SMALL_OBJECT = 8 * MiB;
/** S3 asks to begin such a write again from the start. */
const CONFLICT = 'ConditionalRequestConflict';

/**
 * Stores one object: in a single PutObject up to the multipart threshold, in parts above it. Memory
 * use does not depend on the size. It is visible only once all bytes have arrived; after an error or
 * cancel nothing is left behind.
 * @param limits how objects are cut into parts
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
export async function putObject(
	s3: S3,
	request: PutRequest,
	call: Call,
	limits: PartLimits = PART_LIMITS,
): Promise<PutResult> {
	const headers = objectHeaders(request);
	checkOverwrite(request);
	checkPartSize(s3, request.partSize);
	const { size } = request.source;
	checkObjectSize(request, size, limits);
	const whole = size !== undefined && size <= thresholdFor(s3, request);
	// What is hashed before it is sent would have to be read twice as a stream.
	const mostInMemory = isHashedFirst(s3, request) ? limits.largestInMemory : SMALL_OBJECT;
	const streamed = whole && size > mostInMemory;
	const integrity = integrityOnce(s3, request);
	let sentBefore = false;
	const putOnce = async () => {
		try {
			if (streamed) return await putStream(s3, request, { headers, size, integrity }, call);
			return await putFromMemory(s3, { request, headers, limits }, whole, call);
		} catch (error) {
			const met = error instanceof S3Failure && error.status === 412;
			if (!met || error.operation !== 'PutObject') throw error;
			const isOurs = (found: FoundObject) => holdsBytesOf(request, found);
			const unsettled = { failure: error, sentBefore };
			const found = await writtenAllTheSame(s3, request, unsettled, isOurs, call);
			return resultOf(request, found.ContentLength ?? size ?? 0, found);
		}
	};
	const mayRepeat = (failure: S3Failure) => {
		sentBefore ||= isUnanswered(failure);
		return failure.code === CONFLICT || (streamed && failure.retryable);
	};
	return await retry(putOnce, delayAfterFailure(mayRepeat), call.signal);
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

/** Sends what fits into one part as a whole, anything longer in parts. */
async function putFromMemory(
	s3: S3,
	upload: MultipartUpload,
	whole: boolean,
	call: Call,
): Promise<PutResult> {
	const { request, limits } = upload;
	const { size, bytes } = request.source;
	if (whole && bytes !== undefined) {
		return await putPart(s3, upload, { body: bytes, last: true, release: () => undefined }, call);
	}
	const partSize =
		size === undefined ? request.partSize : partSizeFor(size, request.partSize, limits);
	if (!whole && (partSize ?? 0) > limits.largestInMemory) {
		return await uploadInParts(s3, upload, undefined, call);
	}
	const sizeOf = partSizes(request, whole ? size : partSize, limits);
	const { parts, stop, close } = await openParts(request, sizeOf, s3.writeMemory, call);
	call.signal?.addEventListener('abort', stop, { once: true });
	try {
		const first = await parts.next().catch((error: unknown) => {
			throw unreadable(request, error);
		});
		if (first.done === true) throw new Error('a source gives at least one part');
		if (!whole && (size !== undefined || !first.value.last)) {
			return await uploadInParts(s3, upload, { first: first.value, rest: parts, stop }, call);
		}
		return await putPart(s3, upload, first.value, call);
	} finally {
		call.signal?.removeEventListener('abort', stop);
		await close();
	}
}

/** Sends the only part there is as the whole object. */
async function putPart(
	s3: S3,
	{ request, headers }: MultipartUpload,
	{ body, last, release }: Pick<Part, 'body' | 'last' | 'release'>,
	call: Call,
): Promise<PutResult> {
	try {
		checkSize(request, body.length + (last ? 0 : 1));
		const input = {
			...headers,
			...overwriteCondition(request),
			...integrityOfWhole(s3, request, body),
			Body: body,
		};
		return resultOf(request, body.length, await s3.send('PutObject', input, call));
	} finally {
		release();
	}
}

/** Sends a stream of known length, once. */
async function putStream(
	s3: S3,
	request: PutRequest,
	{
		headers,
		size,
		integrity,
	}: { headers: ObjectHeaders; size: number; integrity: ReturnType<typeof integrityOnce> },
	call: Call,
): Promise<PutResult> {
	const reader = new SourceReader(request);
	const stop = () => {
		reader.stop(cancelled({ operation: 'PutObject', server: '', ...request }));
	};
	call.signal?.addEventListener('abort', stop, { once: true });
	// One byte more than announced would not be noticed otherwise.
	const read = () => exactly(reader.read(0, size + 1), size, request);
	try {
		const input = {
			...headers,
			...overwriteCondition(request),
			...(await integrity(read)),
			ContentLength: size,
		};
		const send = (body: Readable, linked: Call) =>
			s3.send('PutObject', { ...input, Body: body }, linked);
		return resultOf(request, size, await sendStream(request, read(), send, call));
	} finally {
		call.signal?.removeEventListener('abort', stop);
		await reader.close();
	}
}

/**
 * The chunks of a stream, or an error before the last byte when there are fewer or more than
 * announced: the last chunk is held back, so the server never gets a complete body of a wrong file.
 */
async function* exactly(
	chunks: AsyncIterable<Buffer>,
	size: number,
	request: PutRequest,
): AsyncGenerator<Buffer> {
	let bytes = 0;
	let held: Buffer | undefined;
	for await (const chunk of chunks) {
		bytes += chunk.length;
		if (bytes > size) break;
		if (held !== undefined) yield held;
		held = chunk;
	}
	checkSize(request, bytes);
	if (held !== undefined) yield held;
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

/** Bytes of each part: of equal ones for a known size, of growing ones for an unknown size. */
function partSizes(
	{ source: { size }, partSize: wanted }: PutRequest,
	partSize: number | undefined,
	limits: PartLimits,
): (partNumber: number) => number | undefined {
	if (size === undefined) return (partNumber) => growingPartSize(partNumber, wanted, limits);
	const equal = partSize ?? size;
	return (partNumber) => {
		const left = size - (partNumber - 1) * equal;
		// A source that gives more than it announced must not be cut into nothing for ever.
		return left <= 0 && partNumber > 1 ? Math.max(equal, 1) : Math.min(equal, left);
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
		checksum: storedChecksum(output),
		parts: 1,
	};
}
