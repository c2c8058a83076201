import { GiB } from '../bytes';
import type { Call } from '../Call';
import { copySource } from '../headers/copySource';
import { bareEtag } from '../headers/etag';
import { objectHead } from '../headers/objectHead';
import type { ObjectHead } from '../headers/objectHead';
import { overwriteCondition } from '../headers/overwriteCondition';
import { classOf } from '../headers/storageClass';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';
import { objectHeaders } from '../write/objectHeaders';
import { resolveWrite } from '../write/writtenObject';
import type { WriteRequest } from '../write/WriteRequest';
import { checkCopiedEncryption } from './copiedEncryption';
import { checkCopiedVersion } from './copiedVersion';
import { isSameObject } from './copyChecks';
import type { Copied, CopyPlan } from './CopyRequest';
import { orDrop, settleTags, tagsToSettle, withTagsAtRisk, withTagsSent } from './copyTags';
import { noCopyResult, sourceHeaders, writeOf } from './copyWrite';
import { headObject } from './headObject';
import { replacedSource } from './replacedSource';
import { noteRefusedSource } from './sourceCondition';
import { isCopyOf } from './sameContent';
import { hasAllOf, hasTagsOf } from './wholeCopy';

/** Bytes of the largest object that S3 copies by one request, which are also those of the largest part. */
export const MAX_SINGLE_COPY = 5 * GiB;

const OPERATION = 'CopyObject';
const PRECONDITION_FAILED = 412;

/**
 * Copies an object of up to 5 GiB on the server, by one request. If its response is lost, the target tells
 * whether the copy was made.
 * @throws S3Failure of kind `precondition` and `retryable` if the source was replaced since it was looked at
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export async function copyObject(plan: CopyPlan, call: Call): Promise<Copied> {
	const { target, request } = plan;
	const write = writeOf(plan);
	const tags = await tagsToSettle(plan, call);
	const copied = await send(plan, write, call).catch(async (failure: unknown) => {
		if (!(failure instanceof S3Failure)) throw failure;
		if (await isOfReplacedSource(plan, failure, call)) {
			noteRefusedSource(plan);
			throw replacedSource(request.source);
		}
		const failed = {
			operation: OPERATION,
			failure: withTagAdvice(plan, failure),
			sentBefore: false,
		};
		const isOurs = async (output: Calls['HeadObject']['output']) => {
			const found = objectHead(request, output);
			const made = isMade(plan, write, found);
			// A copy in its place has the tags of its source, whether it was made or not.
			const isSettled = tags !== undefined || isInPlace(plan);
			if (made !== true || isSettled) return made;
			return (await hasTagsOf(plan, found, call)) === true ? true : undefined;
		};
		return await resolveWrite(target, write, failed, isOurs, call).catch((error: unknown) => {
			throw withTagsAtRisk(plan, { tags }, error);
		});
	});
	const made = { etag: bareEtag(copied.ETag), versionId: copied.VersionId, parts: 1 };
	if (tags !== undefined) await settleTags(plan, made, tags, call);
	return made;
}

async function send(plan: CopyPlan, write: WriteRequest, call: Call) {
	const { target, request } = plan;
	const input = {
		...objectHeaders(withTagsSent(plan, write)),
		...overwriteCondition(write),
		...sourceHeaders(plan),
		CopySource: copySource(request.source),
		// What is kept is S3's own default, and not every server knows the directives.
		MetadataDirective: request.metadataDirective === 'keep' ? undefined : ('REPLACE' as const),
		TaggingDirective: request.tagsDirective === 'keep' ? undefined : ('REPLACE' as const),
	};
	const output = await target.send(OPERATION, input, call);
	const { CopyObjectResult, VersionId, CopySourceVersionId, SSECustomerAlgorithm } = output;
	const { ETag } = CopyObjectResult ?? {};
	if (ETag === undefined) throw noCopyResult(OPERATION, write);
	const said = { versionId: CopySourceVersionId, etag: bareEtag(ETag) };
	await checkCopiedVersion(plan, said, call);
	await checkCopiedEncryption(target, write, SSECustomerAlgorithm, call);
	return { ETag, VersionId };
}

/** Whether what is there now is the copy; undefined if that is not known. */
function isMade(plan: CopyPlan, write: WriteRequest, now: ObjectHead): boolean | undefined {
	const { head } = plan;
	const isCopy = isCopyOf(head, now);
	if (isCopy !== true) return isCopy;
	// The same bytes may have been there before, without what a move would lose with its source.
	if (!isInPlace(plan)) return hasAllOf(plan, write, now) ? true : undefined;
	// Of a copy in its place the bytes say nothing.
	const { storageClass = classOf(now) } = write;
	if (storageClass !== classOf(head)) return classOf(now) === storageClass;
	const isNew = now.versionId !== head.versionId || now.lastModified !== head.lastModified;
	// rclone names nothing of an object that gets other metadata, and leaves its date.
	const isChanged = hasAllOf(plan, write, now) && !hasAllOf(plan, write, head);
	return isNew || isChanged ? true : undefined;
}

/** Whether an object is copied onto itself, and not an old version of it. */
const isInPlace = (plan: CopyPlan): boolean =>
	plan.request.source.versionId === undefined && isSameObject(plan, plan.request);

/** Whether a 412 is about the source; the target may have a condition of its own. */
async function isOfReplacedSource(
	{ source, request, head }: CopyPlan,
	{ status }: S3Failure,
	call: Call,
): Promise<boolean> {
	if (status !== PRECONDITION_FAILED) return false;
	if (request.overwrite !== 'never' && request.overwrite !== 'ifMatch') return true;
	const { requestPayer } = request;
	const now = await headObject(source, { ...request.source, requestPayer }, call);
	return now.etag !== head.etag;
}

/** S3 demands permissions for the tags that a source has, and does not say that it is for them. */
function withTagAdvice(plan: CopyPlan, failure: S3Failure): S3Failure {
	const { request } = plan;
	if (failure.kind !== 'denied' || request.tagsDirective !== 'keep') return failure;
	const toGet =
		request.source.versionId === undefined ? 's3:GetObjectTagging' : 's3:GetObjectVersionTagging';
	return failure.reworded(
		failure.message,
		`${failure.advice} If the source has tags, it also needs ${toGet} on the source and s3:PutObjectTagging on the copy${orDrop(plan)}.`,
	);
}
