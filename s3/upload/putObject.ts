import { MiB } from '../bytes';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { overwriteCondition } from '../headers/overwriteCondition';
import { mayHaveReachedServer } from '../retry/ambiguousWrite';
import { retryTransfer } from '../retry/retry';
import { S3Failure } from '../S3Failure';
import { uploadInParts } from './multipartUpload';
import { mayForgetLock } from '../write/lockOfParts';
import { objectHeaders } from '../write/objectHeaders';
import { withParts } from './partReader';
import type { UploadPlan } from './partRequests';
import {
	checkObjectSize,
	checkPartSize,
	equalPartSizes,
	growingPartSizes,
	PART_LIMITS,
	partSizeFor,
} from '../write/partSizes';
import type { PartLimits } from '../write/partSizes';
import type { PutRequest } from './PutRequest';
import { putResult } from './putResult';
import type { PutResult } from './putResult';
import { checksumOnce, needsChecksumHeader } from './requestChecksum';
import { putPart, putStream } from './singlePut';
import { resolvePut } from './writtenObject';

export type { Encryption } from '../headers/encryption';
export type { ByteSource, PutRequest } from './PutRequest';
export type { PutResult } from './putResult';

/** Bytes of the largest object that S3 takes in one PutObject. */
const MAX_SINGLE_PUT = 5 * 1024 * MiB;
/** Bytes up to which an object is sent from memory, so that the SDK can repeat the request itself. */
const SMALL_OBJECT = 8 * MiB;

/** One way to send an object. */
interface Way {
	send: (call: Call) => Promise<PutResult>;
	/** Whether the SDK cannot repeat the request, because its body is a stream. */
	isStream?: boolean;
}

/**
 * Stores one object: in a single PutObject up to the multipart threshold, in parts above it. Memory use
 * does not depend on the size. The object is visible only once all bytes have arrived; after an error or
 * a cancel nothing is left (but see `uploadInParts`).
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
	const condition = overwriteCondition(request);
	checkPartSize(s3.connection, request.partSize, limits);
	checkObjectSize(request, request.source.size, limits);
	const { send, isStream = false } = wayToPut(s3, { request, headers, condition, limits });
	let sentBefore = false;
	const putOnce = async (transfer: Call) => {
		try {
			return await send(transfer);
		} catch (failure) {
			const isConflict = failure instanceof S3Failure && failure.status === 412;
			if (!isConflict || failure.operation !== 'PutObject') throw failure;
			const failed = { operation: 'PutObject', failure, sentBefore };
			const found = await resolvePut(s3, request, failed, call);
			const size = found.ContentLength ?? request.source.size ?? 0;
			return putResult(request, { size, parts: 1 }, found);
		}
	};
	const mayRetry = (failure: S3Failure) => {
		sentBefore ||= mayHaveReachedServer(failure);
		// S3 asks to begin a conditional write again if another one was under way.
		return failure.retryable && (isStream || failure.kind === 'precondition');
	};
	return await retryTransfer(putOnce, mayRetry, call);
}

/**
 * Decides how an object is sent:
 * - up to the threshold in one request: from memory, or as a stream if it is too large for that
 * - above the threshold in parts: from memory, or as streams if they are too large for that
 * - of unknown size in parts, or in one request if the first part turns out to be all of it
 * What is to be read only once is not sent as a stream, which cannot be repeated without reading it again.
 */
function wayToPut(s3: S3, plan: UploadPlan): Way {
	const { request, limits } = plan;
	const { size } = request.source;
	if (size !== undefined && size <= thresholdFor(s3, request, limits))
		return oneRequest(s3, plan, size);
	const sizes =
		size === undefined
			? growingPartSizes(request.partSize, limits)
			: equalPartSizes(size, partSizeFor(size, request.partSize, limits));
	if ((sizes(1) ?? Infinity) > limits.largestInMemory) {
		return { send: (call) => uploadInParts(s3, plan, undefined, call) };
	}
	return {
		send: (call) =>
			withParts(request, sizes, s3.writeMemory, call, (supply) =>
				size === undefined && supply.first.last
					? putPart(s3, plan, supply.first, call)
					: uploadInParts(s3, plan, supply, call),
			),
	};
}

function oneRequest(s3: S3, plan: UploadPlan, size: number): Way {
	const { request, limits } = plan;
	const { bytes } = request.source;
	// A stream that is hashed before it is sent has to be read twice.
	const isReadTwice = needsChecksumHeader(s3, request) || request.source.readOnce === true;
	const largest = isReadTwice ? limits.largestInMemory : SMALL_OBJECT;
	if (size > largest) {
		const checksum = checksumOnce(s3, request);
		return { send: (call) => putStream(s3, plan, { size, checksum }, call), isStream: true };
	}
	if (bytes !== undefined) {
		const all = { body: bytes, last: true, release: () => undefined };
		return { send: (call) => putPart(s3, plan, all, call) };
	}
	const sizes = equalPartSizes(size, size);
	return {
		send: (call) =>
			withParts(request, sizes, s3.writeMemory, call, ({ first }) =>
				putPart(s3, plan, first, call),
			),
	};
}

/**
 * Bytes above which parts are used. Servers other than AWS may ignore a condition on the completion of
 * parts (Ceph 16 does) and overwrite all the same, or forget the lock of an object in parts, so such writes to
 * them use one PutObject.
 */
function thresholdFor(
	{ connection }: S3,
	request: PutRequest,
	{ largestInMemory }: PartLimits,
): number {
	const { source, overwrite, multipartThreshold } = request;
	const isConditional = overwrite === 'never' || overwrite === 'ifMatch';
	if (isConditional && connection.endpoint !== undefined) return MAX_SINGLE_PUT;
	// A stream under a lock is hashed before it is sent.
	if (mayForgetLock({ connection }, request) && source.readOnce !== true) return MAX_SINGLE_PUT;
	const most = source.readOnce === true ? largestInMemory : MAX_SINGLE_PUT;
	return Math.min(multipartThreshold ?? connection.multipartThreshold, most);
}
