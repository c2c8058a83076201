import { buffer } from 'node:stream/consumers';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { getObject } from '../download/getObject';
import { nameOf } from '../errors/failureFrom';
import type { ObjectHead } from '../headers/objectHead';
import { checkReadOnly } from '../policy/readOnly';
import { delayAfterFailure, retry } from '../retry/retry';
import { RetryBudget } from '../RetryBudget';
import { S3Failure } from '../S3Failure';
import { putObject } from '../upload/putObject';
import type { ByteSource, PutRequest, PutResult } from '../upload/putObject';
import type { WriteRequest } from '../write/WriteRequest';
import { appendParts, LEAST_PART } from './appendParts';
import { planOf, writeOf } from './appendPlan';
import type { AppendRequest, AppendResult } from './AppendRequest';
import { appendStream } from './appendStream';
import type { Copied, CopyPlan } from './CopyRequest';
import { keepsTagsInPlace, settleSentTags, withTagsSent } from './copyTags';
import { guardedWrite, isChecked, isConflict, noteChecked } from './guards';
import { headObject } from './headObject';
import { inTurn } from './inTurn';
import { withBefore } from './joinedSource';
import { isMissing, markMissing, mistakesSource, saysMissing } from './missingCalls';
import { againWithoutChecksums } from './partChecksums';
import { RefusedCondition } from './RefusedCondition';

export type { ByteSource } from '../upload/putObject';
export type { AppendRequest, AppendResult } from './AppendRequest';

/** What one attempt has done. */
interface Appended {
	result: AppendResult;
	/** Undefined unless tags are still to be set. */
	plan?: CopyPlan;
	write?: WriteRequest;
}

/**
 * Adds bytes to the end of an object. S3 cannot change an object, so it is written anew: below 5 MiB by reading it,
 * above that by parts that the server copies, or by reading and writing at once where it copies none. It keeps its
 * headers, metadata, tags, storage class and encryption.
 * Every write depends on the object being the one that was read; if somebody else was first, it begins again. Some
 * servers ignore that condition, or refuse it even if it is met: then the result says that it was not guarded.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export async function appendObject(
	s3: S3,
	request: AppendRequest,
	call: Call,
): Promise<AppendResult> {
	checkReadOnly(s3.connection, 'PutObject', request);
	const { result, plan, write } = await inTurn(
		s3,
		['append', request.bucket, request.key],
		async () => await appendAtLast(s3, request, call),
	);
	if (plan !== undefined && write !== undefined) {
		await settleSentTags(plan, { ...result, parts: 1 }, write, call).catch((error: unknown) => {
			throw error instanceof S3Failure ? afterAppend(request, error) : error;
		});
	}
	return result;
}

/** The failure of an append that is done, but for the tags of the object. */
const afterAppend = ({ bucket, key }: AppendRequest, failure: S3Failure): S3Failure =>
	failure.reworded(
		`Appended to ${nameOf(bucket, key)}, but not all was done. ${failure.message}`,
		`Do not run it again, or it is appended twice. ${failure.advice}`,
	);

/** Appends, and begins again whenever somebody else has changed the object meanwhile. */
async function appendAtLast(s3: S3, request: AppendRequest, call: Call): Promise<Appended> {
	/** What may have been written by an attempt whose response was lost. */
	let written: Buffer | undefined;
	const refusals = new RefusedCondition();
	const attempt = async () => {
		const content: { sent?: Buffer | undefined } = {};
		try {
			return await appendOnce(s3, request, { written, content, refusals }, call);
		} catch (error) {
			if (!(error instanceof S3Failure)) throw error;
			refusals.noteFailure(error);
			if ((error.attempts ?? 1) > 1) written = content.sent;
			throw error;
		}
	};
	// The requests in between succeed, so they must not give this its time back.
	const { retryFor } = call;
	const budget = RetryBudget.ofTransfer(retryFor);
	return await retry(attempt, delayAfterFailure(isConflict, { budget }), call.signal).catch(
		(error: unknown) => {
			throw error instanceof S3Failure && isConflict(error)
				? tooManyWriters(request, error)
				: error;
		},
	);
}

async function appendOnce(
	s3: S3,
	request: AppendRequest,
	{ refusals, ...attempt }: Omit<Attempt, 'way'> & { refusals: RefusedCondition },
	call: Call,
): Promise<Appended> {
	const head = await findObject(s3, request, call);
	if (head === undefined) {
		attempt.content.sent = request.source.bytes;
		return { result: await create(s3, request, call) };
	}
	refusals.noteObject(s3, head);
	const way = wayTo(s3, request, head);
	try {
		return await appendTo(s3, request, head, { way, ...attempt }, call);
	} catch (error) {
		if (way !== 'parts' || !lacksCopies(s3, error)) throw error;
		// It may be that the server has no copies under a customer's own key, but others.
		if (request.customerKey === undefined) markMissing(s3, 'UploadPartCopy');
		return await appendTo(s3, request, head, { way: 'stream', ...attempt }, call);
	}
}

/** How an object gets further bytes: put anew from memory, in parts that the server copies, or as it is read. */
type Way = 'memory' | 'parts' | 'stream';

function wayTo(s3: S3, { key }: AppendRequest, { size = 0 }: ObjectHead): Way {
	if (size < LEAST_PART) return 'memory';
	return isMissing(s3, 'UploadPartCopy') || mistakesSource(s3, key) ? 'stream' : 'parts';
}

const lacksCopies = (s3: S3, error: unknown): boolean =>
	error instanceof S3Failure && error.operation === 'UploadPartCopy' && saysMissing(s3, error);

/** What has been written by an attempt before, and what is written by this one. */
interface Attempt {
	readonly way: Way;
	readonly written: Buffer | undefined;
	readonly content: { sent?: Buffer | undefined };
}

async function appendTo(
	s3: S3,
	request: AppendRequest,
	head: ObjectHead,
	{ way, written, content }: Attempt,
	call: Call,
): Promise<Appended> {
	const { size = 0 } = head;
	const old = way === 'memory' ? await contentOf(s3, request, head, call) : undefined;
	const separator = size === 0 ? '' : request.separator;
	const addition = withBefore(Buffer.from(separator), request.source);
	const { size: appended = 0 } = addition;
	const result = { bucket: request.bucket, key: request.key, appended };
	const isThere = written !== undefined && old !== undefined && isIn(old, written, request);
	if (isThere || appended === 0) {
		const { etag, versionId } = head;
		return { result: { ...result, size, etag, versionId, guarded: true } };
	}
	const plan = planOf(s3, request, head);
	const write = await writeOf(plan, request, call);
	const whole = old && withBefore(old, addition);
	content.sent = whole?.bytes;
	const send = sender(plan, write, { way, addition, whole }, call);
	const guard = way === 'parts' ? 'completion' : 'ifMatch';
	const checkable = head.etag === undefined ? undefined : guard;
	const { made, guarded } = await guardedWrite(s3, checkable, head.etag, send);
	const { etag, versionId } = made;
	const appendedTo = { ...result, size: size + appended, etag, versionId, guarded };
	const hasTags = way !== 'parts' && keepsTagsInPlace(plan, appendedTo.size, guarded);
	return { result: appendedTo, ...(hasTags ? {} : { plan, write }) };
}

/**
 * Whether an object begins with what an attempt has written, after which others may have appended. What they append
 * begins with the separator: “line 15” does not hold “line 1”.
 */
function isIn(old: Buffer, written: Buffer, { separator }: AppendRequest): boolean {
	if (!old.subarray(0, written.length).equals(written)) return false;
	const rest = old.subarray(written.length);
	const next = Buffer.from(separator);
	return rest.length === 0 || rest.subarray(0, next.length).equals(next);
}

/**
 * How an object is written anew, as long as it has an ETag.
 * @param whole all its bytes, if they are in memory
 */
function sender(
	plan: CopyPlan,
	write: WriteRequest,
	{ way, addition, whole }: { way: Way; addition: ByteSource; whole: ByteSource | undefined },
	call: Call,
): (etag: string | undefined) => Promise<Copied> {
	if (way === 'parts') {
		return async (etag) => {
			const condition = { IfMatch: etag, IfNoneMatch: undefined };
			const append = async () => await appendParts(plan, write, addition, condition, call);
			return await againWithoutChecksums(append);
		};
	}
	return async (etag) => {
		const overwrite = etag === undefined ? ('always' as const) : ('ifMatch' as const);
		const guarded = { ...write, overwrite, etag };
		if (whole === undefined) return await appendStream(plan, guarded, addition, call);
		const keepsTags = keepsTagsInPlace(plan, whole.size, etag !== undefined);
		const sent = keepsTags ? guarded : withTagsSent(plan, guarded);
		return await putObject(plan.target, { ...sent, source: whole }, call);
	};
}

/**
 * Makes the object. Whether the server refuses to make it over another one is found out by doing it again: what a
 * server that does not refuse has then replaced, it could have replaced before.
 */
async function create(s3: S3, request: AppendRequest, call: Call): Promise<AppendResult> {
	const { bucket, key } = request;
	const put = newObject(request);
	const send = async (overwrite: 'always' | 'never') =>
		await putObject(s3, { ...put, overwrite }, call);
	const resultOf = ({ etag, versionId, size }: PutResult, guarded: boolean) => {
		return { bucket, key, size, etag, versionId, appended: size, guarded };
	};
	const checks = isChecked(s3, 'ifNoneMatch');
	if (checks === false) return resultOf(await send('always'), false);
	const made = await send('never').catch((error: unknown) => {
		if (error instanceof S3Failure && saysMissing(s3, error)) return undefined;
		throw error;
	});
	if (made === undefined) {
		noteChecked(s3, 'ifNoneMatch', false);
		return resultOf(await send('always'), false);
	}
	if (checks === true) return resultOf(made, true);
	const again = await send('never').catch((error: unknown) => {
		if (!(error instanceof S3Failure)) throw error;
		return isConflict(error) ? ('refused' as const) : undefined;
	});
	// The object is made, whatever became of the question.
	if (again === undefined) return resultOf(made, false);
	noteChecked(s3, 'ifNoneMatch', again === 'refused');
	return again === 'refused' ? resultOf(made, true) : resultOf(again, false);
}

function newObject(request: AppendRequest): PutRequest {
	const { bucket, key, source, contentType, customerKey } = request;
	const { requestPayer, expectedBucketOwner } = request;
	return {
		bucket,
		key,
		source,
		contentType: contentType ?? source.contentType,
		encryption: customerKey === undefined ? undefined : { kind: 'customer', key: customerKey },
		requestPayer,
		expectedBucketOwner,
	};
}

/** What is there; undefined if there is nothing and an object is to be made. */
async function findObject(
	s3: S3,
	request: AppendRequest,
	call: Call,
): Promise<ObjectHead | undefined> {
	return await headObject(s3, request, call).catch((error: unknown) => {
		const isMissing = error instanceof S3Failure && error.kind === 'notFound';
		if (isMissing && request.createIfMissing) return undefined;
		throw error;
	});
}

/** The bytes of a small object. @throws S3Failure of kind `precondition` if it was replaced */
async function contentOf(
	s3: S3,
	request: AppendRequest,
	{ etag, size }: ObjectHead,
	call: Call,
): Promise<Buffer> {
	if (size === 0) return Buffer.alloc(0);
	const { body } = await getObject(s3, { ...request, ifMatch: etag }, call);
	return await buffer(body);
}

function tooManyWriters({ bucket, key }: AppendRequest, failure: S3Failure): S3Failure {
	return failure.reworded(
		`Could not append to ${nameOf(bucket, key)}: it was changed by others whenever it was tried`,
		'Nothing was appended. Run it again, or append from fewer places at once.',
	);
}
