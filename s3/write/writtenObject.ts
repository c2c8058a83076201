import { startChecksum } from '../checksums/stored';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { bareEtag } from '../headers/etag';
import { objectInput } from '../headers/requester';
import { ambiguousFailure, resolveAmbiguousWrite } from '../retry/ambiguousWrite';
import type { FailedWrite, WriteState } from '../retry/ambiguousWrite';
import { S3Failure } from '../S3Failure';
import type { Calls, CompletedPart } from '../sdk';
import { customerKeyOf } from './objectHeaders';
import type { WriteRequest } from './WriteRequest';

/** What the server says of the object that is there now. */
export type FoundObject = Calls['HeadObject']['output'];

/** What the response to a write and that to a HEAD of what it wrote both say. */
export type WrittenObject = Pick<
	FoundObject,
	keyof FoundObject & keyof Calls['CompleteMultipartUpload']['output']
>;

/** Whether an object is the one just written; undefined if that cannot be told. */
type IsOurs = (found: FoundObject) => Promise<boolean | undefined> | boolean | undefined;

const CHECK_ADVICE =
	'Look at the object before you run it again; with the permission s3:GetObject this node does so by itself.';

/**
 * Finds out whether an object was put together by a CompleteMultipartUpload that failed, see
 * `resolveAmbiguousWrite`. The object there counts as ours if its ETag is that of the parts.
 * @throws S3Failure in words that fit what is known; needs s3:GetObject to know it
 */
export async function resolveCompletion(
	s3: S3,
	request: WriteRequest,
	parts: CompletedPart[],
	failure: S3Failure,
	call: Call,
): Promise<FoundObject> {
	const failed = { operation: 'CompleteMultipartUpload', failure, sentBefore: false };
	return await resolveWrite(s3, request, failed, (found) => isMadeOf(parts, found), call);
}

/**
 * Finds out whether an object was written by a request that failed, see `resolveAmbiguousWrite`.
 * @param isOurs tells whether the object that is there now is the one just written
 * @throws S3Failure in words that fit what is known; needs s3:GetObject to know it
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export async function resolveWrite(
	s3: S3,
	request: WriteRequest,
	failed: FailedWrite,
	isOurs: IsOurs,
	call: Call,
): Promise<FoundObject> {
	return await resolveAmbiguousWrite(failed, {
		conflictsWithItself: ({ status, code }) => status === 412 || code === 'NoSuchUpload',
		stateOfWrite: () => stateOfObject(s3, request, isOurs, call),
		refused: (failure) => refusedPut(request, failure),
		ambiguous: (failure) => ambiguousPut(request, failure),
	});
}

async function stateOfObject(
	s3: S3,
	request: WriteRequest,
	isOurs: IsOurs,
	call: Call,
): Promise<WriteState<FoundObject>> {
	let found: FoundObject;
	try {
		found = await headObject(s3, request, call);
	} catch (error) {
		if (!(error instanceof S3Failure) || error.kind === 'cancelled') throw error;
		return { kind: error.kind === 'notFound' ? 'notDone' : 'unknown' };
	}
	const ours = await isOurs(found);
	if (ours === undefined) return { kind: 'unknown' };
	return ours ? { kind: 'done', found } : { kind: 'notDone' };
}

async function headObject(s3: S3, request: WriteRequest, call: Call): Promise<FoundObject> {
	const input = { ...objectInput(request), ...customerKeyOf(request) };
	return await s3.send('HeadObject', { ...input, ChecksumMode: 'ENABLED' }, call);
}

/** What the server says of an object that was written, or of its version; undefined to who may not look at it. */
export async function headIfPermitted(
	s3: S3,
	request: WriteRequest,
	versionId: string | undefined,
	call: Call,
): Promise<FoundObject | undefined> {
	const input = { ...objectInput({ ...request, versionId }), ...customerKeyOf(request) };
	return await s3.send('HeadObject', input, call).catch((error: unknown) => {
		if (error instanceof S3Failure && error.kind === 'denied') return undefined;
		throw error;
	});
}

/**
 * Whether an object was put together from these parts, by its ETag: the MD5 of the parts' MD5s and
 * their number. Undefined if S3 makes ETags in another way, as it does under KMS.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
function isMadeOf(parts: CompletedPart[], { ETag: etag }: FoundObject): boolean | undefined {
	const found = bareEtag(etag);
	const md5s = Buffer.from(parts.map((part) => bareEtag(part.ETag) ?? '').join(''), 'hex');
	const sum = startChecksum('MD5')?.();
	sum?.update(md5s);
	if (sum !== undefined && found === `${sum.digest().toString('hex')}-${parts.length}`) return true;
	// An object of as many parts is ours, or somebody has uploaded another in the same way.
	return found?.endsWith(`-${parts.length}`) === true ? undefined : false;
}

/** Says what a 412 means for this request; every other failure stays as it is. */
function refusedPut({ bucket, key, overwrite, etag }: WriteRequest, failure: S3Failure): S3Failure {
	if (failure.status !== 412) return failure;
	if (overwrite === 'never') {
		return failure.reworded(
			`Could not put ${nameOf(bucket, key)}: there is an object with this key already`,
			'Nothing was written. Use another key, or allow overwriting.',
		);
	}
	return failure.reworded(
		`Could not put ${nameOf(bucket, key)}: the object is not the one with ETag ${bareEtag(etag) ?? ''}`,
		'Somebody changed or deleted it in between; nothing was written. Read it again first.',
	);
}

/** Says that the object may be there. */
export function ambiguousPut({ bucket, key }: WriteRequest, failure: S3Failure): S3Failure {
	const object = `Could not put ${nameOf(bucket, key)}`;
	if (failure.status === 412) {
		return ambiguousFailure(
			failure,
			`${object}: there is an object now, which may be the one just written`,
			`The response to the first attempt was lost. ${CHECK_ADVICE}`,
		);
	}
	return ambiguousFailure(
		failure,
		`${object}: the response to its completion was lost, so it may be there whole or not at all`,
		failure.code === 'NoSuchUpload'
			? CHECK_ADVICE
			: `The object may be there whole all the same. ${CHECK_ADVICE}`,
	);
}
