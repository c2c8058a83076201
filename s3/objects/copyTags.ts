import { isDeepStrictEqual } from 'node:util';
import { isDirectoryBucket } from '../bucketKinds';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { mayHaveReachedServer } from '../retry/ambiguousWrite';
import { S3Failure } from '../S3Failure';
import { isSameObject } from './copyChecks';
import type { Copied, CopyPlan } from './CopyRequest';
import type { WriteRequest } from '../write/WriteRequest';
import { saysMissing } from './missingCalls';
import { replacedSource } from './replacedSource';
import { getTags, setTags } from './tags';
import type { Tags } from './tags';

/**
 * The tags of the source, which are to be kept; none if the server keeps no tags.
 * @throws S3Failure if they cannot be read, or if the source was replaced since it was looked at
 */
async function sourceTags(plan: CopyPlan, call: Call): Promise<Tags> {
	const { source, request, head } = plan;
	if (isDirectoryBucket(request.source.bucket)) return {};
	const asked = { ...request.source, requestPayer: request.requestPayer };
	try {
		const { tags, versionId: tagged } = await getTags(source, asked, call);
		// Not every server names the version with the tags.
		if ((tagged ?? head.versionId) !== head.versionId) throw replacedSource(request.source);
		return tags;
	} catch (error) {
		if (!(error instanceof S3Failure)) throw error;
		if (saysNoTags(source, error)) return {};
		if (error.kind !== 'denied') throw error;
		throw error.reworded(error.message, `${error.advice} Its tags are to be kept${orDrop(plan)}.`);
	}
}

/** What else can be done if tags cannot be copied: an object that is copied onto itself would lose them. */
export const orDrop = (plan: CopyPlan): string =>
	isSameObject(plan, plan.request) ? '' : '; or set Tags to Drop';

/** Whether a server other than AWS keeps no tags, or none of this object. */
const saysNoTags = (s3: S3, failure: S3Failure): boolean =>
	saysMissing(s3, failure) || (s3.connection.endpoint !== undefined && failure.kind === 'corrupt');

/** The tags that a copy should have. @throws S3Failure as `sourceTags` */
export async function tagsOfCopy(plan: CopyPlan, call: Call): Promise<Tags> {
	const { tagsDirective, tags = {} } = plan.request;
	if (tagsDirective === 'keep') return await sourceTags(plan, call);
	return tagsDirective === 'replace' ? tags : {};
}

/** Whether a copy has all that its source has, so that a server gives it the tags by itself. */
export const keepsAll = ({ tagsDirective, metadataDirective }: CopyPlan['request']): boolean =>
	tagsDirective === 'keep' && metadataDirective === 'keep';

/** Whether tags are sent with the copy: other servers than AWS may lose them, see `settleTags`. */
export const takesTags = ({ target }: CopyPlan): boolean =>
	target.connection.endpoint === undefined;

/**
 * The tags that a copy by one request may not have afterwards; undefined if the server sees to them. To be read before
 * the copy is made: one onto itself takes the place of its source.
 * @throws S3Failure as `sourceTags`
 */
export async function tagsToSettle(plan: CopyPlan, call: Call): Promise<Tags | undefined> {
	const isSettled = keepsAll(plan.request) || takesTags(plan);
	return isSettled ? undefined : await tagsOfCopy(plan, call);
}

/** A write of a copy with the tags that are sent with it. */
export const withTagsSent = (plan: CopyPlan, write: WriteRequest): WriteRequest =>
	takesTags(plan) ? write : { ...write, tags: undefined };

/**
 * Whether an object that is written anew in its place by a PutObject has the tags that are sent with it: a server
 * that has given it tags before takes them, and they are not lost if the next request fails.
 * @param size bytes of the new content
 * @param isConditional such a write is one request to a server other than AWS, however large
 */
export function keepsTagsInPlace(
	plan: CopyPlan,
	size: number | undefined,
	isConditional: boolean,
): boolean {
	const { target, request } = plan;
	const { multipartThreshold = target.connection.multipartThreshold } = request;
	const isOneRequest = isConditional || (size ?? Infinity) <= multipartThreshold;
	return isSameObject(plan, request) && isOneRequest;
}

/**
 * Gives a copy on a server other than AWS the tags that it should have, if it has others. Ceph 16 lets the tags
 * of a copy go the way of its metadata, and cannot read those that an object in parts was begun with. A server
 * that keeps no tags is not written to: it may take the tags for the object.
 * @throws S3Failure if they cannot be set; the copy is there then
 */
export async function settleTags(
	plan: CopyPlan,
	{ versionId }: Copied,
	wanted: Tags,
	call: Call,
): Promise<void> {
	if (takesTags(plan)) return;
	const { target, request } = plan;
	const { source, bucket, key, requestPayer, expectedBucketOwner } = request;
	const copy = { bucket, key, versionId, requestPayer, expectedBucketOwner };
	try {
		const { tags } = await getTags(target, copy, call);
		if (isDeepStrictEqual(tags, wanted)) return;
		await setTags(target, copy, { mode: 'replace', tags: wanted }, call);
	} catch (error) {
		if (!(error instanceof S3Failure)) throw error;
		const isUnknown = error.kind === 'denied' || saysNoTags(target, error);
		if (isUnknown && Object.keys(wanted).length === 0) return;
		const isInPlace = isSameObject(plan, request);
		const what = isInPlace
			? `Wrote ${nameOf(bucket, key)} anew`
			: `Copied ${nameOf(source.bucket, source.key)} to ${nameOf(bucket, key)}`;
		throw error.reworded(
			`${what}, but its tags could not be set: ${error.message}`,
			`${error.advice}${isInPlace ? lostTags(wanted) : ''}`,
		);
	}
}

/** `settleTags` for a copy whose tags were sent with it: without any it has none. @throws S3Failure as `settleTags` */
export async function settleSentTags(
	plan: CopyPlan,
	made: Copied,
	{ tags = {} }: Pick<WriteRequest, 'tags'>,
	call: Call,
): Promise<void> {
	if (Object.keys(tags).length > 0) await settleTags(plan, made, tags, call);
}

/** Tags that an object has lost: nobody could find out later which they were. */
const lostTags = (tags: Tags): string =>
	Object.keys(tags).length === 0
		? ''
		: ` If it has lost its tags, give them back with Set Tags: ${JSON.stringify(tags)}`;

/** The calls that may take the tags of an object that they write in its place. */
const WITHOUT_TAGS = ['CompleteMultipartUpload', 'CopyObject'];

/**
 * Names the tags of an object that may have been written anew, so that its old tags are gone and the new ones are not
 * set: the response was lost.
 */
export function withTagsAtRisk(
	plan: CopyPlan,
	{ tags = {} }: Pick<WriteRequest, 'tags'>,
	error: unknown,
): unknown {
	if (takesTags(plan) || !isSameObject(plan, plan.request)) return error;
	if (!(error instanceof S3Failure) || !WITHOUT_TAGS.includes(error.operation ?? '')) return error;
	if (!mayHaveReachedServer(error)) return error;
	return error.reworded(error.message, `${error.advice}${lostTags(tags)}`);
}
