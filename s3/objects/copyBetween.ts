import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { getObject } from '../download/getObject';
import { RANGE_SIZE } from '../download/parallelReader';
import { nameOf } from '../errors/failureFrom';
import { bareEtag } from '../headers/etag';
import { MemoryBudget } from '../memory/MemoryBudget';
import { S3Failure } from '../S3Failure';
import { putObject } from '../upload/putObject';
import { checkPartSize, PART_LIMITS, partSizeFor } from '../write/partSizes';
import type { PartLimits } from '../write/partSizes';
import { checkCopy } from './copyChecks';
import { copyOnServer } from './copyOnServer';
import { COPY_LIMITS } from './copyParts';
import type { Copied, CopyConnections, CopyPlan, CopyRequest, CopyResult } from './CopyRequest';
import { checkCondition, findTarget, reasonToSkip } from './copyTarget';
import { resultOf, skippedCopy } from './copyResult';
import { settleTags, withTagsSent } from './copyTags';
import { wholeWriteOf } from './copyWrite';
import { headObject } from './headObject';
import { againIfReplaced, replacedSource } from './replacedSource';

export type { CopyRequest, CopyResult } from './CopyRequest';

/** Bytes of the largest object that is streamed from memory, in one request. */
const SMALL_OBJECT = 8 * 1024 * 1024;

/**
 * Copies an object, within a connection or from one to another: on the server if it can copy by itself, else
 * through this process, with bounded memory. The copy appears whole or not at all. If the source is replaced
 * meanwhile, the copy begins again with the new object.
 * @param limits how an object is cut into parts that the server copies
 * @throws S3Failure
 */
export async function copyBetween(
	connections: CopyConnections,
	request: CopyRequest,
	call: Call,
	limits: PartLimits = COPY_LIMITS,
): Promise<CopyResult> {
	checkCopy(connections, request);
	checkPartSize(connections.target.connection, request.partSize, limits);
	return await againIfReplaced(
		async (transfer) =>
			await copyOnce(await planOf(connections, request, transfer), transfer, limits),
		call,
	);
}

/** @throws S3Failure if there is no source, or not the one with the ETag */
async function planOf(
	{ source, target }: CopyConnections,
	request: CopyRequest,
	call: Call,
): Promise<CopyPlan> {
	const { ifMatch, ...object } = request.source;
	const head = await headObject(source, { ...object, requestPayer: request.requestPayer }, call);
	if (ifMatch === undefined || bareEtag(ifMatch) === head.etag) {
		return { source, target, request, head };
	}
	const { bucket, key } = object;
	throw new S3Failure({
		kind: 'precondition',
		message: `Could not copy ${nameOf(bucket, key)}: it is not the object with ETag ${bareEtag(ifMatch) ?? ''}`,
		advice: 'Somebody changed it in between; nothing was copied. Read it again first.',
		bucket,
		key,
	});
}

async function copyOnce(plan: CopyPlan, call: Call, limits: PartLimits): Promise<CopyResult> {
	const { target, request } = plan;
	const { overwrite = 'always', skipIfEqual = overwrite === 'ifDifferent' } = request;
	// AWS checks conditions by itself; other servers may ignore them.
	const isChecked = skipIfEqual || target.connection.endpoint !== undefined;
	if (overwrite !== 'always' && isChecked) {
		const found = await findTarget(target, request, call);
		const reason = skipIfEqual ? reasonToSkip(plan, found) : undefined;
		if (found !== undefined && reason !== undefined) return skippedCopy(plan, found, reason);
		checkCondition(plan, found);
	}
	const onServer = await copyOnServer(plan, call, limits);
	if (onServer !== undefined) return resultOf(plan, onServer, 'server');
	return resultOf(plan, await copyStream(plan, call), 'stream');
}

/**
 * Reads the object and stores it again at the same time. Such a copy needs memory to read and to write: it
 * reserves both by one request before it begins, and works with budgets of its own, so that no two copies wait
 * for what the other holds.
 */
async function copyStream(plan: CopyPlan, call: Call): Promise<Copied> {
	const { source, target, request, head } = plan;
	const write = await wholeWriteOf(plan, call);
	const { bucket, key, versionId, customerKey, expectedBucketOwner } = request.source;
	const { requestPayer, partSize, multipartThreshold } = request;
	const need = memoryFor(head.size ?? 0, partSize);
	const release = await reserve(plan, need.toRead + need.toWrite, call);
	try {
		const reading = withMemory(source, need.toRead);
		const writing = withMemory(target, need.toWrite);
		const asked = { bucket, key, versionId, customerKey, requestPayer, expectedBucketOwner };
		const open = async () =>
			(await getObject(reading, { ...asked, ifMatch: head.etag }, call)).body;
		const sent = withTagsSent(plan, write);
		const stored = { ...sent, source: { size: head.size, open }, partSize, multipartThreshold };
		const made = await putObject(writing, stored, call);
		const { tags = {} } = write;
		if (Object.keys(tags).length > 0) await settleTags(plan, made, tags, call);
		return made;
	} catch (error) {
		const isOfSource = error instanceof S3Failure && error.operation === 'GetObject';
		throw isOfSource && error.kind === 'precondition' ? replacedSource(request.source) : error;
	} finally {
		release();
	}
}

/** @throws S3Failure of kind `cancelled` if the signal fires while the copy waits for memory */
async function reserve(plan: CopyPlan, bytes: number, { signal }: Call): Promise<() => void> {
	const { bucket, key } = plan.request.source;
	return await plan.target.writeMemory.reserve(bytes, signal).catch(() => {
		throw S3Failure.cancelled(`Could not copy ${nameOf(bucket, key)}`, { bucket, key });
	});
}

/** Bytes with which an object can be read and stored at the same time: two ranges, and two parts. */
function memoryFor(size: number, wanted: number | undefined): { toRead: number; toWrite: number } {
	const partSize = partSizeFor(size, wanted);
	const isInMemory = partSize <= PART_LIMITS.largestInMemory;
	return {
		toRead: size < 2 * RANGE_SIZE ? 0 : 2 * RANGE_SIZE,
		toWrite: isInMemory ? Math.min(size, Math.max(2 * partSize, SMALL_OBJECT)) : 0,
	};
}

/** The same connection with budgets of its own. */
const withMemory = (s3: S3, bytes: number): S3 => ({
	connection: s3.connection,
	readMemory: new MemoryBudget(bytes),
	writeMemory: new MemoryBudget(bytes),
	send: (name, input, options) => s3.send(name, input, options),
});
