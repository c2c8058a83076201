import { isDeepStrictEqual } from 'node:util';
import type { Call } from '../Call';
import { requiredChecksum } from '../checksums/md5';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { objectInput } from '../headers/requester';
import type { ObjectRequest } from '../headers/requester';
import { checkCharacters, MAX_TAGS, tagSetOf, tagsIn } from '../headers/tagging';
import { checkReadOnly } from '../policy/readOnly';
import { delayAfterFailure, retry } from '../retry/retry';
import { S3Failure } from '../S3Failure';
import { inTurn } from './inTurn';

/** Characters of UTF-16, as S3 counts them. */
const MAX_NAME = 128;
const MAX_VALUE = 256;
/** S3 asks to begin again when two requests change the tags of one object at once. */
const CONFLICT = 'OperationAborted';
const NO_TAGS = 'This server may not have tags.';

export type Tags = Record<string, string>;

/** How tags are changed; `remove` goes by names alone. */
export type TagsChange =
	{ mode: 'merge' | 'replace'; tags: Tags } | { mode: 'remove'; names: readonly string[] };

export interface TagsResult {
	bucket: string;
	key: string;
	/** The version that has the tags, where the bucket is versioned. */
	versionId: string | undefined;
	tags: Tags;
}

/**
 * Reads the tags of an object.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
 */
export async function getTags(s3: S3, request: ObjectRequest, call: Call): Promise<TagsResult> {
	const { bucket, key } = request;
	const tagging = s3.send('GetObjectTagging', objectInput(request), call);
	const { TagSet: set, VersionId } = await tagging.catch((error: unknown) => {
		throw withReason(error);
	});
	if (set === undefined) throw noTags(request);
	return { bucket, key, versionId: VersionId ?? request.versionId, tags: tagsIn(set) };
}

/**
 * Reads the tags of the version of an object that was read before, which may have been replaced since.
 * @param versionId of the object that was read; undefined if it has none
 * @throws S3Failure
 */
export async function getTagsOfVersion(
	s3: S3,
	request: ObjectRequest,
	versionId: string | undefined,
	call: Call,
): Promise<Tags> {
	const newest = await getTags(s3, request, call);
	// To ask for a version by its ID needs a permission of its own. Not every server names it with the tags.
	const isSame = versionId === undefined || (newest.versionId ?? versionId) === versionId;
	return isSame ? newest.tags : (await getTags(s3, { ...request, versionId }, call)).tags;
}

/**
 * Changes the tags of an object. S3 can only write the whole set, so `merge` and `remove` read it first; what
 * somebody else changes between the two requests is lost.
 * @returns the tags that the object has now
 * @throws S3Failure, of kind `invalid` for tags that S3 cannot keep
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
 */
export async function setTags(
	s3: S3,
	request: ObjectRequest,
	change: TagsChange,
	call: Call,
): Promise<TagsResult> {
	checkReadOnly(s3.connection, 'PutObjectTagging', request);
	if (change.mode !== 'remove') checkTags(request, change.tags);
	const conflicts = delayAfterFailure(({ code }) => code === CONFLICT, call);
	const work = () => retry(() => changeOnce(s3, request, change, call), conflicts, call.signal);
	const { bucket, key, versionId } = request;
	// Each writes the whole set.
	return await inTurn(s3, ['tags', bucket, key, versionId], work);
}

async function changeOnce(
	s3: S3,
	request: ObjectRequest,
	change: TagsChange,
	call: Call,
): Promise<TagsResult> {
	const before = change.mode === 'replace' ? undefined : await getTags(s3, request, call);
	// Read wrongly, tags would be lost when all of them are written again.
	if (before !== undefined && Object.hasOwn(before.tags, '')) throw noTags(request);
	const tags = changed(before?.tags ?? {}, change);
	checkCount(request, tags);
	if (before !== undefined && isDeepStrictEqual(before.tags, tags)) return before;
	const versionId = await write(s3, request, tags, call);
	const { bucket, key } = request;
	return { bucket, key, versionId: versionId ?? before?.versionId ?? request.versionId, tags };
}

function changed(before: Tags, change: TagsChange): Tags {
	if (change.mode === 'remove') {
		const kept = Object.entries(before).filter(([name]) => !change.names.includes(name));
		return Object.fromEntries(kept);
	}
	return change.mode === 'replace' ? change.tags : { ...before, ...change.tags };
}

/**
 * Writes the whole set, which may be empty: S3 removes all tags then, while DeleteObjectTagging needs a permission
 * of its own and does nothing on radosgw to an object with versions.
 * @returns the version that was written to, if the server names it
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 */
async function write(
	s3: S3,
	request: ObjectRequest,
	tags: Tags,
	call: Call,
): Promise<string | undefined> {
	const input = {
		...objectInput(request),
		Tagging: { TagSet: tagSetOf(tags) },
		ChecksumAlgorithm: requiredChecksum(),
	};
	return (await s3.send('PutObjectTagging', input, call)).VersionId;
}

/** A server that does not know the call sends the object itself. */
function withReason(error: unknown): unknown {
	if (!(error instanceof S3Failure) || error.kind !== 'corrupt') return error;
	return error.reworded(error.message, `${NO_TAGS} If it has: ${error.advice}`);
}

function noTags({ bucket, key }: ObjectRequest): S3Failure {
	return S3Failure.corrupt(
		`Could not get the tags of ${nameOf(bucket, key)}: the response holds no tags, or one without a name`,
		NO_TAGS,
		{ operation: 'GetObjectTagging', bucket, key },
	);
}

function checkCount(request: ObjectRequest, tags: Tags): void {
	const count = Object.keys(tags).length;
	if (count <= MAX_TAGS) return;
	throw invalid(
		request,
		`it would have ${count} tags, and S3 keeps at most ${MAX_TAGS}`,
		'Remove tags until 10 are left, or keep the others as metadata.',
	);
}

function checkTags(request: ObjectRequest, tags: Tags): void {
	checkCharacters(tags);
	for (const [name, value] of Object.entries(tags)) {
		const { length } = name;
		if (length === 0 || length > MAX_NAME) {
			throw invalid(
				request,
				`the tag name “${name.slice(0, MAX_NAME)}” has ${length} characters`,
				'Tag names have 1 to 128 characters.',
			);
		}
		if (value.length > MAX_VALUE) {
			throw invalid(
				request,
				`the value of the tag “${name}” has ${value.length} characters`,
				'Values of tags have at most 256 characters; keep longer ones as metadata.',
			);
		}
		if (/^aws:/i.test(name)) {
			throw invalid(
				request,
				`the tag name “${name}” begins with “aws:”`,
				'Use another name: AWS keeps these for itself.',
			);
		}
	}
}

const invalid = ({ bucket, key }: ObjectRequest, why: string, advice: string): S3Failure =>
	S3Failure.invalid(`Could not set the tags of ${nameOf(bucket, key)}: ${why}`, advice, {
		bucket,
		key,
	});
