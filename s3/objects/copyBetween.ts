import type { Call } from '../Call';
import { nameOf } from '../errors/failureFrom';
import { bareEtag } from '../headers/etag';
import { S3Failure } from '../S3Failure';
import { checkPartSize } from '../write/partSizes';
import type { PartLimits } from '../write/partSizes';
import { checkCopy } from './copyChecks';
import { copyOnServer, mayLackTags } from './copyOnServer';
import { COPY_LIMITS } from './copyParts';
import type { Copied, CopyConnections, CopyPlan, CopyRequest, CopyResult } from './CopyRequest';
import { checkCondition, findBefore, reasonToSkip } from './copyTarget';
import { resultOf, skippedCopy } from './copyResult';
import { copyStream } from './copyStream';
import { settleSentTags, settleTags, tagsOfCopy } from './copyTags';
import { wholeWriteOf } from './copyWrite';
import { headObject } from './headObject';
import type { HeadResult } from './headObject';
import { againIfReplaced } from './replacedSource';
import { hasTagsOf } from './wholeCopy';

export type { CopyRequest, CopyResult } from './CopyRequest';

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
	const { bucket, key, ifMatch } = request.source;
	const asked = { ...request.source, requestPayer: request.requestPayer };
	const head = await headObject(source, asked, call);
	if (ifMatch === undefined || bareEtag(ifMatch) === head.etag) {
		return { source, target, request, head };
	}
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
		const found = await findBefore(plan, call);
		const reason = skipIfEqual ? reasonToSkip(plan, found) : undefined;
		if (found !== undefined && reason !== undefined && (await hasTags(plan, found, call))) {
			return skippedCopy(plan, found, reason);
		}
		checkCondition(plan, found);
	}
	const onServer = await copyOnServer(plan, call, limits);
	if (onServer !== undefined) return resultOf(plan, onServer, 'server');
	return resultOf(plan, await streamed(plan, call), 'stream');
}

/**
 * Whether an object that counts as the copy has its tags, too: the source is not deleted without. An earlier run may
 * have failed before it set them.
 */
async function hasTags(plan: CopyPlan, found: HeadResult, call: Call): Promise<boolean> {
	if (plan.request.skipIfEqual !== true) return true;
	if (!mayLackTags(plan)) return (await hasTagsOf(plan, found, call)) === true;
	const { etag, versionId } = found;
	await settleTags(plan, { etag, versionId, parts: 0 }, await tagsOfCopy(plan, call), call);
	return true;
}

async function streamed(plan: CopyPlan, call: Call): Promise<Copied> {
	const write = await wholeWriteOf(plan, call);
	const made = await copyStream(plan, write, call);
	await settleSentTags(plan, made, write, call);
	return made;
}
