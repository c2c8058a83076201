import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { getObject } from '../download/getObject';
import { nameOf } from '../errors/failureFrom';
import type { Encryption } from '../headers/encryption';
import type { ObjectHead } from '../headers/objectHead';
import { delayAfterFailure, retry } from '../retry/retry';
import { RetryBudget } from '../RetryBudget';
import { S3Failure } from '../S3Failure';
import { putObject } from '../upload/putObject';
import type { ByteSource, PutRequest } from '../upload/putObject';
import type { WriteRequest } from '../write/WriteRequest';
import { appendParts, LEAST_PART } from './appendParts';
import type { AppendRequest, AppendResult } from './AppendRequest';
import type { Copied, CopyPlan } from './CopyRequest';
import { settleTags, withTagsSent } from './copyTags';
import { wholeWriteOf } from './copyWrite';
import { guardedWrite, isChecked, isConflict, noteChecked } from './guards';
import { headObject } from './headObject';
import { inTurn } from './inTurn';
import { saysMissing } from './missingCalls';

export type { ByteSource } from '../upload/putObject';
export type { AppendRequest, AppendResult } from './AppendRequest';

/** What one attempt has done. */
interface Appended {
	result: AppendResult;
	/** Undefined for a new object. */
	plan?: CopyPlan;
	write?: WriteRequest;
}

/**
 * Adds bytes to the end of an object. S3 cannot change an object, so it is written anew: below 5 MiB by reading it,
 * above that by parts that the server copies. It keeps its headers, metadata, tags, storage class and encryption.
 * Every write depends on the object being the one that was read; if somebody else was first, it begins again. Some
 * servers ignore that condition: then the result says that it was not guarded.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export async function appendObject(
	s3: S3,
	request: AppendRequest,
	call: Call,
): Promise<AppendResult> {
	const { result, plan, write } = await inTurn(
		s3,
		['append', request.bucket, request.key],
		async () => await appendAtLast(s3, request, call),
	);
	const { tags = {} } = write ?? {};
	if (plan !== undefined && Object.keys(tags).length > 0) {
		await settleTags(plan, { ...result, parts: 1 }, tags, call);
	}
	return result;
}

/** Appends, and begins again whenever somebody else has changed the object meanwhile. */
async function appendAtLast(s3: S3, request: AppendRequest, call: Call): Promise<Appended> {
	/** What may have been written by an attempt whose response was lost. */
	let written: Buffer | undefined;
	const attempt = async () => {
		const content: { sent?: Buffer | undefined } = {};
		try {
			return await appendOnce(s3, request, written, content, call);
		} catch (error) {
			if (error instanceof S3Failure && (error.attempts ?? 1) > 1) written = content.sent;
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
	written: Buffer | undefined,
	content: { sent?: Buffer | undefined },
	call: Call,
): Promise<Appended> {
	const head = await findObject(s3, request, call);
	if (head === undefined) {
		content.sent = request.source.bytes;
		return { result: await create(s3, request, call) };
	}
	const { size = 0 } = head;
	const isLarge = size >= LEAST_PART;
	const old = isLarge ? undefined : await contentOf(s3, request, head, call);
	const separator = size === 0 ? '' : request.separator;
	const addition = joined(Buffer.from(separator), request.source);
	const { size: appended = 0 } = addition;
	const result = { bucket: request.bucket, key: request.key, appended };
	const isThere = written && old?.subarray(0, written.length).equals(written);
	if (isThere === true || appended === 0) {
		const { etag, versionId } = head;
		return { result: { ...result, size, etag, versionId, guarded: true } };
	}
	const plan = planOf(s3, request, head);
	const write = {
		...(await wholeWriteOf(plan, call).catch(orDropTags)),
		encryption: encryptionOf(request, head),
	};
	const guard = head.etag === undefined ? undefined : isLarge ? 'completion' : 'ifMatch';
	const whole = old && joined(old, addition);
	content.sent = whole?.bytes;
	const send = sender(plan, write, { addition, whole }, call);
	const { made, guarded } = await guardedWrite(s3, guard, head.etag, send);
	const { etag, versionId } = made;
	return { result: { ...result, size: size + appended, etag, versionId, guarded }, plan, write };
}

/**
 * How an object is written anew, as long as it has an ETag.
 * @param whole all its bytes, if it is small
 */
function sender(
	plan: CopyPlan,
	write: WriteRequest,
	{ addition, whole }: { addition: ByteSource; whole: ByteSource | undefined },
	call: Call,
): (etag: string | undefined) => Promise<Copied> {
	if (whole === undefined) {
		return async (etag) =>
			await appendParts(plan, write, addition, { IfMatch: etag, IfNoneMatch: undefined }, call);
	}
	const put: PutRequest = { ...withTagsSent(plan, write), source: whole };
	return async (etag) => {
		const overwrite = etag === undefined ? 'always' : 'ifMatch';
		return await putObject(plan.target, { ...put, overwrite, etag }, call);
	};
}

/**
 * Makes the object. Whether the server refuses to make it over another one is found out by doing it again: what a
 * server that does not refuse has then replaced, it could have replaced before.
 */
async function create(s3: S3, request: AppendRequest, call: Call): Promise<AppendResult> {
	const { bucket, key, source, contentType, customerKey } = request;
	const { requestPayer, expectedBucketOwner } = request;
	const put: PutRequest = {
		bucket,
		key,
		source,
		contentType: contentType ?? source.contentType,
		encryption: customerKey === undefined ? undefined : { kind: 'customer', key: customerKey },
		requestPayer,
		expectedBucketOwner,
	};
	const send = async (overwrite: 'always' | 'never') =>
		await putObject(s3, { ...put, overwrite }, call);
	const resultOf = (
		{ etag, versionId, size }: Awaited<ReturnType<typeof send>>,
		guarded: boolean,
	) => ({
		bucket,
		key,
		size,
		etag,
		versionId,
		appended: size,
		guarded,
	});
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
		if (error instanceof S3Failure && isConflict(error)) return undefined;
		throw error;
	});
	noteChecked(s3, 'ifNoneMatch', again === undefined);
	return resultOf(again ?? made, again === undefined);
}

/** What is there; undefined if there is nothing and an object is to be made. */
async function findObject(
	s3: S3,
	{ createIfMissing, bucket, key, customerKey, requestPayer, expectedBucketOwner }: AppendRequest,
	call: Call,
): Promise<ObjectHead | undefined> {
	const asked = { bucket, key, customerKey, requestPayer, expectedBucketOwner };
	return await headObject(s3, asked, call).catch((error: unknown) => {
		const isMissing = error instanceof S3Failure && error.kind === 'notFound';
		if (isMissing && createIfMissing) return undefined;
		throw error;
	});
}

/** The bytes of a small object. @throws S3Failure of kind `precondition` if it was replaced */
async function contentOf(
	s3: S3,
	{ bucket, key, customerKey, requestPayer, expectedBucketOwner }: AppendRequest,
	{ etag, size }: ObjectHead,
	call: Call,
): Promise<Buffer> {
	if (size === 0) return Buffer.alloc(0);
	const asked = { bucket, key, customerKey, requestPayer, expectedBucketOwner, ifMatch: etag };
	const { body } = await getObject(s3, asked, call);
	return await buffer(body);
}

/** A copy of the object onto itself, which keeps what it has. */
function planOf(
	s3: S3,
	{ bucket, key, tags, customerKey, requestPayer, expectedBucketOwner }: AppendRequest,
	head: ObjectHead,
): CopyPlan {
	return {
		source: s3,
		target: s3,
		head,
		request: {
			source: { bucket, key, customerKey, expectedBucketOwner },
			bucket,
			key,
			metadataDirective: 'keep',
			tagsDirective: tags,
			keepStorageClass: true,
			requestPayer,
			expectedBucketOwner,
		},
	};
}

/** An object can be appended to without a permission for its tags. */
function orDropTags(error: unknown): never {
	const isDenied = error instanceof S3Failure && error.kind === 'denied';
	if (!isDenied || error.operation !== 'GetObjectTagging') throw error;
	throw error.reworded(error.message, `${error.advice} Or set Tags to Drop: it has none then.`);
}

/** That of the object; what S3 encrypts with its own keys it does by itself. */
function encryptionOf(
	{ customerKey }: AppendRequest,
	{ encryption, kmsKeyId }: ObjectHead,
): Encryption | undefined {
	if (customerKey !== undefined) return { kind: 'customer', key: customerKey };
	if (encryption === 'aws:kms') return { kind: 'kms', keyId: kmsKeyId };
	return encryption === 'aws:kms:dsse' ? { kind: 'kmsDsse', keyId: kmsKeyId } : undefined;
}

/** A source with bytes before it. */
function joined(before: Buffer, source: ByteSource): ByteSource {
	if (before.length === 0) return source;
	const { size = 0, bytes } = source;
	async function* chunks(): AsyncGenerator<Buffer> {
		yield before;
		const stream = await source.open();
		try {
			yield* stream as AsyncIterable<Buffer>;
		} finally {
			stream.destroy();
		}
	}
	return {
		size: before.length + size,
		...(bytes && { bytes: Buffer.concat([before, bytes]) }),
		open: async () => await Promise.resolve(Readable.from(chunks(), { objectMode: false })),
	};
}

function tooManyWriters({ bucket, key }: AppendRequest, failure: S3Failure): S3Failure {
	return failure.reworded(
		`Could not append to ${nameOf(bucket, key)}: it was changed by others whenever it was tried`,
		'Nothing was appended. Run it again, or append from fewer places at once.',
	);
}
