import type { ChecksumAlgorithm, Encryption, PutRequest } from './PutRequest';
import { S3Failure } from '../S3Failure';
import type { CreateMultipartUploadCommandInput, UploadPartCommandInput } from '../sdk';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
const MAX_TAGS = 10;
const CUSTOMER_KEY_BYTES = 32;

/** Everything but the bytes that PutObject and CreateMultipartUpload say of an object. */
export type ObjectHeaders = Omit<
	CreateMultipartUploadCommandInput,
	'ChecksumAlgorithm' | 'ChecksumType'
>;

type CustomerKey = Pick<UploadPartCommandInput, 'SSECustomerAlgorithm' | 'SSECustomerKey'>;

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
		Metadata: metadataHeaders(request.metadata),
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

/** Who pays, and whose the bucket must be: the same on every call about an object. */
export function requesterHeaders(request: {
	requestPayer?: boolean | undefined;
	expectedBucketOwner?: string | undefined;
}): { RequestPayer: 'requester' | undefined; ExpectedBucketOwner: string | undefined } {
	return {
		RequestPayer: request.requestPayer === true ? 'requester' : undefined,
		ExpectedBucketOwner: request.expectedBucketOwner,
	};
}

/**
 * The headers that every call about the bytes of an object needs under a customer's own key (SSE-C).
 * @param key 32 bytes in base64
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
export function customerKeyHeaders(key: string | undefined): CustomerKey {
	if (key === undefined) return {};
	if (Buffer.from(key, 'base64').length !== CUSTOMER_KEY_BYTES) {
		throw invalid(
			'The customer-provided encryption key is not 32 bytes in base64',
			'Make one with: openssl rand -base64 32',
		);
	}
	return { SSECustomerAlgorithm: 'AES256', SSECustomerKey: key };
}

/**
 * ETags go out without quotes: AWS takes both forms, Ceph only this one.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function overwriteCondition({ overwrite, etag }: PutRequest): {
	IfNoneMatch: string | undefined;
	IfMatch: string | undefined;
} {
	return {
		IfNoneMatch: overwrite === 'never' ? '*' : undefined,
		IfMatch: overwrite === 'ifMatch' ? bareEtag(etag) : undefined,
	};
}

/** An ETag without the quotes that it travels in; undefined where there is none. */
export function bareEtag(etag: string | undefined): string | undefined {
	const bare = etag?.replace(/^"|"$/g, '');
	return bare === '' ? undefined : bare;
}

interface ChecksumFields {
	ChecksumCRC32?: string | undefined;
	ChecksumCRC32C?: string | undefined;
	ChecksumCRC64NVME?: string | undefined;
	ChecksumSHA1?: string | undefined;
	ChecksumSHA256?: string | undefined;
}

/** The checksum that an answer names, if any. */
export function checksumOf(
	answer: ChecksumFields,
): { algorithm: ChecksumAlgorithm; value: string } | undefined {
	const algorithms = ['CRC64NVME', 'CRC32', 'CRC32C', 'SHA256', 'SHA1'] as const;
	for (const algorithm of algorithms) {
		const value = answer[`Checksum${algorithm}`];
		if (value !== undefined) return { algorithm, value };
	}
	return undefined;
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

function metadataHeaders(
	metadata: Record<string, string> | undefined,
): Record<string, string> | undefined {
	if (metadata === undefined) return undefined;
	const headers = Object.entries(metadata).map(([name, value]): [string, string] => {
		const bare = name
			.trim()
			.toLowerCase()
			.replace(/^x-amz-meta-/, '');
		if (!/^[\w!#$%&'*+.^`|~-]+$/.test(bare)) {
			throw invalid(
				`“${name}” cannot be the name of a metadata entry`,
				'Use letters, digits, hyphens and underscores; S3 stores the name in lower case.',
			);
		}
		return [bare, isPlain(value) ? value : encodedWord(value)];
	});
	return Object.fromEntries(headers);
}

/** Printable ASCII without spaces at its ends, and not itself looking like an encoded word. */
const isPlain = (value: string): boolean =>
	/^[\x20-\x7e]*$/.test(value) && value.trim() === value && !value.startsWith('=?');

/** @see https://www.rfc-editor.org/rfc/rfc2047 (section 4.1), which S3 itself uses for such values */
const encodedWord = (value: string): string =>
	`=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`;

/** Metadata as it was put, from the form that S3 returns. */
export function readMetadata(headers: Record<string, string> | undefined): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers ?? {}).map(([name, value]) => [name, decodedWords(value)]),
	);
}

function decodedWords(value: string): string {
	const joined = value.replace(/\?=\s+=\?/g, '?==?');
	return joined.replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, encoding: string, text: string) =>
		encoding.toLowerCase() === 'b'
			? Buffer.from(text, 'base64').toString()
			: Buffer.from(quotedPrintable(text), 'latin1').toString(),
	);
}

const quotedPrintable = (text: string): string =>
	text
		.replace(/_/g, ' ')
		.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

function taggingHeader(tags: Record<string, string> | undefined): string | undefined {
	const entries = Object.entries(tags ?? {});
	if (entries.length === 0) return undefined;
	if (entries.length > MAX_TAGS) {
		throw invalid(
			`An object can have at most 10 tags, not ${String(entries.length)}`,
			'Remove some tags, or store them as metadata.',
		);
	}
	return entries
		.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
		.join('&');
}

/** @throws S3Failure where the value cannot be sent in a header */
function headerValue(field: string, value: string | undefined): string | undefined {
	if (value === undefined || /^[\t\x20-\x7e]*$/.test(value)) return value;
	throw invalid(
		`“${field}” contains a character that a header cannot carry`,
		field === 'Content Disposition'
			? "Write file names beyond ASCII as filename*=UTF-8''caf%C3%A9.txt."
			: 'Use printable ASCII characters without line breaks.',
	);
}

const invalid = (message: string, advice: string): S3Failure =>
	new S3Failure({ kind: 'invalid', message, advice });
