import type { Call } from '../Call';
import { storedChecksum } from '../checksums/stored';
import type { StoredChecksum } from '../checksums/stored';
import type { S3 } from '../client/S3';
import { customerKeyHeaders } from '../headers/customerKey';
import { nameOf } from '../errors/failureFrom';
import { objectHead } from '../headers/objectHead';
import type { ObjectHead } from '../headers/objectHead';
import { requesterHeaders } from '../headers/requester';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';
import { getTags } from './tags';

const ATTRIBUTES = ['Checksum', 'ObjectParts'] as const;
/** Parts in one response, and of one object at most. */
const PAGE_SIZE = 1000;
const MAX_PARTS = 10_000;

type GetObjectAttributesParts = NonNullable<Calls['GetObjectAttributes']['output']['ObjectParts']>;

/** One object to look at. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export interface HeadRequest {
	bucket: string;
	key: string;
	versionId?: string | undefined;
	/** 32 bytes in base64, for objects under a customer's own key. */
	customerKey?: string | undefined;
	/** Ask for the parts and checksums that S3 keeps, too. */
	attributes?: boolean | undefined;
	includeTags?: boolean | undefined;
	requestPayer?: boolean | undefined;
	expectedBucketOwner?: string | undefined;
}

/** One part of an object that was uploaded in parts with a checksum. */
export interface ObjectPart {
	partNumber: number | undefined;
	/** Bytes. */
	size: number | undefined;
	checksum: StoredChecksum | undefined;
}

/** What S3 keeps of an object besides its headers. */
export interface ObjectAttributes {
	checksum: StoredChecksum | undefined;
	/** How many parts it was uploaded in; undefined for one that was not. */
	partsCount: number | undefined;
	/** Only S3 has them, and only of uploads with a checksum. */
	parts: ObjectPart[];
}

export interface HeadResult extends ObjectHead {
	/** Undefined unless asked for, and on servers that do not know the call. */
	attributes?: ObjectAttributes;
	/** Undefined unless asked for. */
	tags?: Record<string, string>;
}

/**
 * Reads what S3 says of one object, without its bytes.
 * @throws S3Failure, of kind `notFound` also when there is no such bucket: the response to a HEAD has no body
 */
export async function headObject(s3: S3, request: HeadRequest, call: Call): Promise<HeadResult> {
	const input = { ...targetOf(request), ChecksumMode: 'ENABLED' as const };
	const response = await s3.send('HeadObject', input, call).catch((error: unknown) => {
		throw withListing(error, request);
	});
	const head = objectHead(request, response);
	const [attributes, tags] = await Promise.all([
		request.attributes === true ? readAttributes(s3, request, call) : undefined,
		request.includeTags === true ? getTags(s3, request, call) : undefined,
	]);
	// Asking for the version by its ID would need further permissions.
	if (tags !== undefined && tags.versionId !== head.versionId) throw replaced(request);
	return { ...head, ...(attributes && { attributes }), ...(tags && { tags: tags.tags }) };
}

const targetOf = (request: HeadRequest) => ({
	Bucket: request.bucket,
	Key: request.key,
	VersionId: request.versionId,
	...customerKeyHeaders(request.customerKey),
	...requesterHeaders(request),
});

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html */
async function readAttributes(
	s3: S3,
	request: HeadRequest,
	call: Call,
): Promise<ObjectAttributes | undefined> {
	const input = { ...targetOf(request), ObjectAttributes: [...ATTRIBUTES], MaxParts: PAGE_SIZE };
	const parts: ObjectPart[] = [];
	let marker: string | undefined;
	for (;;) {
		const page = await s3
			.send('GetObjectAttributes', { ...input, PartNumberMarker: marker }, call)
			.catch((error: unknown) => unknownCall(s3, error));
		if (page === undefined) return undefined;
		parts.push(...(page.ObjectParts?.Parts ?? []).map(partOf));
		const next =
			page.ObjectParts?.IsTruncated === true ? page.ObjectParts.NextPartNumberMarker : undefined;
		if (next === undefined || next === marker || parts.length >= MAX_PARTS) {
			const partsCount = page.ObjectParts?.TotalPartsCount;
			return { checksum: storedChecksum(page.Checksum ?? {}), partsCount, parts };
		}
		marker = next;
	}
}

const partOf = (part: NonNullable<GetObjectAttributesParts['Parts']>[number]): ObjectPart => ({
	partNumber: part.PartNumber,
	size: part.Size,
	checksum: storedChecksum(part),
});

/** Many servers do not have the call; AWS does. */
function unknownCall({ connection }: S3, error: unknown): undefined {
	const other = connection.endpoint !== undefined && error instanceof S3Failure;
	if (other && (error.kind === 'rejected' || error.kind === 'corrupt')) return undefined;
	throw error;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (permissions) */
function withListing(error: unknown, { bucket }: HeadRequest): unknown {
	if (!(error instanceof S3Failure) || error.kind !== 'denied') return error;
	return error.reworded(
		error.message,
		`${error.advice} If there is no such object, S3 says so only to identities with s3:ListBucket on arn:aws:s3:::${bucket}.`,
	);
}

function replaced({ bucket, key }: HeadRequest): S3Failure {
	return new S3Failure({
		kind: 'corrupt',
		message: `Could not get the metadata of ${nameOf(bucket, key)}: the object was replaced while it was being looked at`,
		advice: 'Run it again.',
		retryable: true,
		operation: 'HeadObject',
		bucket,
		key,
	});
}
