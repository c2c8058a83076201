import { nameOf } from '../errors/failureFrom';
import { customerKeyHeaders } from '../headers/customerKey';
import type { CustomerKeyHeaders } from '../headers/customerKey';
import { bareEtag } from '../headers/etag';
import { encodeMetadata } from '../headers/metadata';
import { requesterHeaders } from '../headers/requester';
import { S3Failure } from '../S3Failure';
import type { CreateMultipartUploadCommandInput } from '../sdk';
import type { Encryption, PutRequest } from './PutRequest';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
const MAX_TAGS = 10;

/** What PutObject and CreateMultipartUpload say about an object, besides its bytes. */
export type ObjectHeaders = Omit<
	CreateMultipartUploadCommandInput,
	'ChecksumAlgorithm' | 'ChecksumType'
>;

/**
 * The headers of an object to store.
 * @throws S3Failure of kind `invalid` for values that HTTP or S3 cannot carry
 */
export function objectHeaders(request: PutRequest): ObjectHeaders {
	const { bucket, key, objectLock } = request;
	return {
		Bucket: bucket,
		Key: key,
		ContentType: headerValue('Content Type', request.contentType),
		ContentDisposition: headerValue('Content Disposition', request.contentDisposition),
		ContentEncoding: headerValue('Content Encoding', request.contentEncoding),
		ContentLanguage: headerValue('Content Language', request.contentLanguage),
		CacheControl: headerValue('Cache Control', request.cacheControl),
		Expires: request.expires,
		Metadata: encodeMetadata(request.metadata),
		Tagging: taggingHeader(request.tags),
		StorageClass: request.storageClass as ObjectHeaders['StorageClass'],
		ACL: request.acl as ObjectHeaders['ACL'],
		...encryptionHeaders(request.encryption),
		ObjectLockMode: objectLock?.mode,
		ObjectLockRetainUntilDate: objectLock?.retainUntil,
		ObjectLockLegalHoldStatus: legalHoldStatus(objectLock?.legalHold),
		...requesterHeaders(request),
	};
}

/** The condition under which an existing object may be overwritten. */
export interface OverwriteCondition {
	IfNoneMatch: string | undefined;
	IfMatch: string | undefined;
}

/**
 * The condition of a write. ETags are sent without quotes: AWS takes both forms, Ceph only this one.
 * @throws S3Failure of kind `invalid` if an ETag must match and none is given
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function overwriteCondition(request: PutRequest): OverwriteCondition {
	const { overwrite, bucket, key } = request;
	const etag = bareEtag(request.etag);
	if (overwrite === 'ifMatch' && etag === undefined) {
		throw S3Failure.invalid(
			`No ETag is given for ${nameOf(bucket, key)}`,
			'Enter the ETag that the object has now, e.g. from Get or List.',
			{ bucket, key },
		);
	}
	return {
		IfNoneMatch: overwrite === 'never' ? '*' : undefined,
		IfMatch: overwrite === 'ifMatch' ? etag : undefined,
	};
}

/** The customer's own key, if the object is under one: on every request about its bytes. */
export function customerKeyOf({ encryption }: PutRequest): CustomerKeyHeaders {
	return customerKeyHeaders(encryption?.kind === 'customer' ? encryption.key : undefined);
}

function encryptionHeaders(encryption: Encryption | undefined): Partial<ObjectHeaders> {
	if (encryption === undefined) return {};
	if (encryption.kind === 's3') return { ServerSideEncryption: 'AES256' };
	if (encryption.kind === 'customer') return customerKeyHeaders(encryption.key);
	const { kind, keyId, context, bucketKey } = encryption;
	return {
		ServerSideEncryption: kind === 'kms' ? 'aws:kms' : 'aws:kms:dsse',
		SSEKMSKeyId: headerValue('KMS Key ID', keyId),
		SSEKMSEncryptionContext:
			context === undefined ? undefined : Buffer.from(JSON.stringify(context)).toString('base64'),
		BucketKeyEnabled: bucketKey,
	};
}

function legalHoldStatus(legalHold: boolean | undefined): 'ON' | 'OFF' | undefined {
	if (legalHold === undefined) return undefined;
	return legalHold ? 'ON' : 'OFF';
}

function taggingHeader(tags: Record<string, string> | undefined): string | undefined {
	const entries = Object.entries(tags ?? {});
	if (entries.length === 0) return undefined;
	if (entries.length > MAX_TAGS) {
		throw S3Failure.invalid(
			`An object can have at most ${MAX_TAGS} tags, not ${entries.length}`,
			'Remove some tags, or store them as metadata.',
		);
	}
	return entries
		.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
		.join('&');
}

/** @throws S3Failure of kind `invalid` for a value that cannot be sent in a header */
function headerValue(field: string, value: string | undefined): string | undefined {
	if (value === undefined || /^[\t\x20-\x7e]*$/.test(value)) return value;
	throw S3Failure.invalid(
		`“${field}” contains a character that a header cannot carry`,
		field === 'Content Disposition'
			? "Write file names beyond ASCII as filename*=UTF-8''caf%C3%A9.txt."
			: 'Use printable ASCII characters without line breaks.',
	);
}
