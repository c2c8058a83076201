import { MiB } from '../bytes';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { getObject } from '../download/getObject';
import { RANGE_SIZE } from '../download/parallelReader';
import { nameOf } from '../errors/failureFrom';
import type { ObjectHead } from '../headers/objectHead';
import { MemoryBudget } from '../memory/MemoryBudget';
import { S3Failure } from '../S3Failure';
import { putObject } from '../upload/putObject';
import type { ByteSource } from '../upload/putObject';
import { needsChecksumHeader } from '../upload/requestChecksum';
import { PART_LIMITS, partSizeFor } from '../write/partSizes';
import type { WriteRequest } from '../write/WriteRequest';
import type { Copied, CopyPlan } from './CopyRequest';
import { keepsTagsInPlace, withTagsSent } from './copyTags';
import { replacedSource } from './replacedSource';

/** Bytes of the largest object that is streamed from memory, in one request. */
const SMALL_OBJECT = 8 * MiB;

/**
 * Reads an object and stores it again at the same time. Such a copy needs memory to read and to write: it
 * reserves both by one request before it begins, and works with budgets of its own, so that no two copies wait
 * for what the other holds.
 * @param write what is said of the copy, whose tags are to be settled afterwards
 * @param contentOf gives what is stored for the source; all of it unless something else is said
 * @throws S3Failure of kind `precondition` if the object was replaced since it was looked at
 */
export async function copyStream(
	plan: CopyPlan,
	write: WriteRequest,
	call: Call,
	contentOf: (source: ByteSource) => ByteSource = (all) => all,
): Promise<Copied> {
	const { source, target, request, head } = plan;
	const { requestPayer, partSize, multipartThreshold } = request;
	const toRead = (head.size ?? 0) < 2 * RANGE_SIZE ? 0 : 2 * RANGE_SIZE;
	const reading = withMemory(source, toRead);
	const verifyEtag = request.verifies === true ? ('always' as const) : undefined;
	const asked = { ...request.source, requestPayer, ifMatch: head.etag, verifyEtag };
	const open = async () => {
		const { head: found, body } = await getObject(reading, asked, call);
		if (!isAnother(found, head)) return body;
		body.destroy();
		// As a server that keeps to the condition: the put is not to be tried again with this source.
		const { message, advice } = replacedSource(request.source);
		throw new S3Failure({ kind: 'precondition', operation: 'GetObject', message, advice });
	};
	const content = contentOf({ size: head.size, open });
	const isHashedFirst = needsChecksumHeader(target, { ...write, source: content });
	const toWrite = memoryToWrite(content.size ?? 0, partSize, isHashedFirst);
	const release = await reserve(plan, toRead + toWrite, call);
	try {
		const isConditional = write.overwrite === 'ifMatch' || write.overwrite === 'never';
		const keepsTags = keepsTagsInPlace(plan, content.size, isConditional);
		const sent = keepsTags ? write : withTagsSent(plan, write);
		const stored = { ...sent, source: content, partSize, multipartThreshold };
		return await putObject(withMemory(target, toWrite), stored, call);
	} catch (error) {
		const isOfSource = error instanceof S3Failure && error.operation === 'GetObject';
		throw isOfSource && error.kind === 'precondition' ? replacedSource(request.source) : error;
	} finally {
		release();
	}
}

/** Whether a server has sent an object that was put meanwhile, as some do in spite of the condition. */
const isAnother = (found: ObjectHead, { etag, size }: ObjectHead): boolean =>
	etag !== undefined && found.etag !== undefined && found.etag !== etag && found.size !== size;

/** @throws S3Failure of kind `cancelled` if the signal fires while the copy waits for memory */
async function reserve(plan: CopyPlan, bytes: number, { signal }: Call): Promise<() => void> {
	const { bucket, key } = plan.request.source;
	return await plan.target.writeMemory.reserve(bytes, signal).catch(() => {
		throw S3Failure.cancelled(`Could not copy ${nameOf(bucket, key)}`, { bucket, key });
	});
}

/**
 * Bytes with which an object can be stored in parts, two at once; those to read it are two ranges. One that is
 * hashed before it is sent in one request is in memory as a whole.
 */
function memoryToWrite(size: number, wanted: number | undefined, isHashedFirst: boolean): number {
	if (isHashedFirst && size <= PART_LIMITS.largestInMemory) return size;
	const partSize = partSizeFor(size, wanted);
	const isInMemory = partSize <= PART_LIMITS.largestInMemory;
	return isInMemory ? Math.min(size, Math.max(2 * partSize, SMALL_OBJECT)) : 0;
}

/** The same connection with budgets of its own. */
const withMemory = (s3: S3, bytes: number): S3 => ({
	connection: s3.connection,
	readMemory: new MemoryBudget(bytes),
	writeMemory: new MemoryBudget(bytes),
	send: (name, input, options) => s3.send(name, input, options),
});
