import { customerKeyHeaders } from '../headers/customerKey';
import type { CustomerKeyHeaders } from '../headers/customerKey';
import { encryptionHeaders } from '../headers/encryption';
import { headerValue } from '../headers/headerValue';
import { encodeMetadata } from '../headers/metadata';
import { requesterHeaders } from '../headers/requester';
import { taggingHeader } from '../headers/tagging';
import type { CreateMultipartUploadCommandInput } from '../sdk';
import type { WriteRequest } from './WriteRequest';

/** What PutObject and CreateMultipartUpload say about an object, besides its bytes. */
export type ObjectHeaders = Omit<
	CreateMultipartUploadCommandInput,
	'ChecksumAlgorithm' | 'ChecksumType'
>;

/**
 * The headers of an object to store.
 * @throws S3Failure of kind `invalid` for values that HTTP or S3 cannot carry
 */
export function objectHeaders(request: WriteRequest): ObjectHeaders {
	const { bucket, key, objectLock } = request;
	return {
		Bucket: bucket,
		Key: key,
		ContentType: headerValue('Content Type', request.contentType),
		ContentDisposition: headerValue('Content Disposition', request.contentDisposition),
		ContentEncoding: headerValue('Content Encoding', encodingOf(request)),
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
		WebsiteRedirectLocation: request.websiteRedirectLocation,
		...requesterHeaders(request),
	};
}

/**
 * How the content is packed. Some servers keep an encoding with an object that is one of requests, and AWS refuses it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export function encodingOf({
	contentEncoding = '',
}: Pick<WriteRequest, 'contentEncoding'>): string | undefined {
	const encodings = contentEncoding.split(',');
	const ofContent = encodings.filter((one) => one.trim().toLowerCase() !== 'aws-chunked');
	const text = ofContent.join(',').trim();
	return text === '' ? undefined : text;
}

/** The customer's own key, if the object is under one: on every request about its bytes. */
export function customerKeyOf({ encryption }: WriteRequest): CustomerKeyHeaders {
	return customerKeyHeaders(encryption?.kind === 'customer' ? encryption.key : undefined);
}

function legalHoldStatus(legalHold: boolean | undefined): 'ON' | 'OFF' | undefined {
	if (legalHold === undefined) return undefined;
	return legalHold ? 'ON' : 'OFF';
}
