import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import type { Connection } from '../Connection';
import { arnOf } from '../errors/denial';
import { nameOf } from '../errors/failureFrom';
import { customerKeyHeaders } from '../headers/customerKey';
import { objectHead } from '../headers/objectHead';
import type { ObjectHead } from '../headers/objectHead';
import { objectInput } from '../headers/requester';
import type { ObjectRequest } from '../headers/requester';
import { partitionOf } from '../partitions';
import { delayAfterFailure, retry } from '../retry/retry';
import { S3Failure } from '../S3Failure';
import { readAttributes, replaced } from './objectAttributes';
import type { ObjectAttributes } from './objectAttributes';
import { getTags } from './tags';
import type { Tags } from './tags';

export type { ObjectAttributes } from './objectAttributes';

/** What a HEAD for an object under a customer's own key is refused with. */
const BAD_REQUEST = 400;

/** What it may come from. */
const WITHOUT_KEY = 'If the object is encrypted with a customer key (SSE-C), enter that key.';
const WITH_KEY =
	'The object may be encrypted with another customer key (SSE-C) than the one that is entered, or without one.';

/** One object to look at. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export interface HeadRequest extends ObjectRequest {
	/** 32 bytes in base64, for objects under a customer's own key. */
	customerKey?: string | undefined;
	/** Ask for the parts and checksums that S3 keeps, too. */
	attributes?: boolean | undefined;
	includeTags?: boolean | undefined;
}

export interface HeadResult extends ObjectHead {
	/** Undefined unless asked for, and on servers that do not have the call. */
	attributes?: ObjectAttributes;
	/** Undefined unless asked for. */
	tags?: Tags;
}

/**
 * Reads what S3 says of one object, without its bytes; again if the object is replaced meanwhile.
 * @throws S3Failure, of kind `notFound` also if there is no such bucket: the response to a HEAD has no body
 */
export async function headObject(s3: S3, request: HeadRequest, call: Call): Promise<HeadResult> {
	const isReplaced = delayAfterFailure(
		({ kind, retryable }) => kind === 'precondition' && retryable,
		call,
	);
	return await retry(() => headOnce(s3, request, call), isReplaced, call.signal);
}

async function headOnce(s3: S3, request: HeadRequest, call: Call): Promise<HeadResult> {
	const target = { ...objectInput(request), ...customerKeyHeaders(request.customerKey) };
	const input = { ...target, ChecksumMode: 'ENABLED' as const };
	const response = await s3.send('HeadObject', input, call).catch((error: unknown) => {
		throw error instanceof S3Failure ? withReason(error, request, s3.connection) : error;
	});
	const head = objectHead(request, response);
	const [attributes, tags] = await Promise.all([
		request.attributes === true ? readAttributes(s3, target, head.etag, call) : undefined,
		request.includeTags === true ? getTags(s3, request, call) : undefined,
	]);
	// To ask for the version by its ID needs further permissions. Not every server names it with the tags.
	const tagged = tags?.versionId ?? head.versionId;
	if (request.versionId === undefined && tagged !== head.versionId) throw replaced(target);
	return { ...head, ...(attributes && { attributes }), ...(tags && { tags: tags.tags }) };
}

/** The response to a HEAD has no body, so the server cannot say more than a status. */
export function withReason(
	failure: S3Failure,
	{ bucket, key, ...request }: HeadRequest,
	{ region }: Connection,
): S3Failure {
	const object = `Could not get the metadata of ${nameOf(bucket, key)}`;
	const { status, kind, message, advice } = failure;
	// @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (permissions)
	if (kind === 'denied') {
		return failure.reworded(
			message,
			`${advice} If there is no such object, S3 says so only to identities with s3:ListBucket on ${arnOf({ bucket }, partitionOf(region)?.id)}.`,
		);
	}
	if (status === BAD_REQUEST) {
		return failure.reworded(
			`${object}: the server refuses the request and gives no reason`,
			`${request.customerKey === undefined ? WITHOUT_KEY : WITH_KEY} Otherwise check the version ID and the other options.`,
		);
	}
	return failure;
}
