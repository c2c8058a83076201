import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import { customerKeyHeaders } from '../headers/customerKey';
import { requesterHeaders } from '../headers/requester';
import type { PutRequest } from './PutRequest';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';

/** What the server says of the object that is there now. */
export type FoundObject = Calls['HeadObject']['output'];

/** Whether an object is the one just written; undefined where that cannot be told. */
export type IsOurs = (found: FoundObject) => Promise<boolean | undefined> | boolean | undefined;

/** Whether the request may have been carried out although no answer to it came. */
export const isUnanswered = ({ kind }: S3Failure): boolean =>
	kind === 'unreachable' || kind === 'unavailable';

/**
 * Finds out whether a write that ended in a failure took effect all the same: the answer to an attempt
 * was lost, and the next attempt met what the first had written.
 * @param failure what the write ended in
 * @param sentBefore whether attempts before this call were left without an answer
 * @returns the object as the server has it, when it is ours
 * @throws S3Failure in words that fit what is known; needs s3:GetObject to know it
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export async function writtenAllTheSame(
	s3: S3,
	request: PutRequest,
	{ failure, sentBefore }: { failure: S3Failure; sentBefore: boolean },
	isOurs: IsOurs,
	call: Call,
): Promise<FoundObject> {
	const metItself = failure.status === 412 || failure.code === 'NoSuchUpload';
	const completing = failure.operation === 'CompleteMultipartUpload' && isUnanswered(failure);
	const doubtful = completing || (metItself && (sentBefore || (failure.attempts ?? 1) > 1));
	if (!doubtful) throw refused(request, failure);
	const found = await look(s3, request, call);
	if (found === undefined) throw uncertain(request, failure);
	if (found === 'absent') throw refused(request, failure);
	const ours = await isOurs(found);
	if (ours === undefined) throw uncertain(request, failure);
	if (!ours) throw refused(request, failure);
	return found;
}

/** The object that is there now; undefined where the server does not let us look. */
async function look(
	s3: S3,
	request: PutRequest,
	call: Call,
): Promise<FoundObject | 'absent' | undefined> {
	const { bucket, key, encryption } = request;
	try {
		return await s3.send(
			'HeadObject',
			{
				Bucket: bucket,
				Key: key,
				ChecksumMode: 'ENABLED',
				...customerKeyHeaders(encryption?.kind === 'customer' ? encryption.key : undefined),
				...requesterHeaders(request),
			},
			call,
		);
	} catch (error) {
		if (!(error instanceof S3Failure) || error.kind === 'cancelled') throw error;
		return error.kind === 'notFound' ? 'absent' : undefined;
	}
}

/** Says what a 412 means for this request; every other failure stays as it is. */
function refused({ bucket, key, overwrite, etag }: PutRequest, failure: S3Failure): S3Failure {
	if (failure.status !== 412) return failure;
	if (overwrite === 'never') {
		return failure.reworded(
			`Could not put ${nameOf(bucket, key)}: there is an object with this key already`,
			'Nothing was written. Use another key, or allow overwriting.',
		);
	}
	return failure.reworded(
		`Could not put ${nameOf(bucket, key)}: the object is not the one with ETag ${etag ?? ''}`,
		'Somebody changed or deleted it in between; nothing was written. Read it again first.',
	);
}

const LOOK =
	'Look at the object before you run it again; with the permission s3:GetObject this node does so by itself.';

/** Says that the object may be there. */
export function uncertain({ bucket, key }: PutRequest, failure: S3Failure): S3Failure {
	const object = `Could not put ${nameOf(bucket, key)}`;
	if (failure.status === 412) {
		return failure.reworded(
			`${object}: there is an object now, which may be the one just written`,
			`The answer to the first attempt was lost. ${LOOK}`,
		);
	}
	if (failure.code === 'NoSuchUpload') {
		return failure.reworded(
			`${object}: the answer to its completion was lost, so it may be there whole or not at all`,
			LOOK,
		);
	}
	// It may have been found out and said before the abort did.
	if (failure.advice.endsWith(LOOK)) return failure;
	return failure.reworded(
		failure.message,
		`${failure.advice} The object may be there whole all the same. ${LOOK}`,
	);
}
