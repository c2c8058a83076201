import { createHash } from 'node:crypto';
import { ALGORITHMS } from './checksums';
import type { Algorithm } from './checksums';
import type { Exchange } from './Exchange';
import {
	invalidArgument,
	invalidRequest,
	noSuchKey,
	notImplemented,
	preconditionFailed,
	S3Error,
} from './S3Error';
import type { Bucket, StoredChecksum, Version } from './store';
import { keyText } from './store';

type Headers = Exchange['headers'];

const KEPT = [
	'content-type',
	'cache-control',
	'content-disposition',
	'content-language',
	'expires',
	'x-amz-storage-class',
	'x-amz-server-side-encryption',
	'x-amz-server-side-encryption-aws-kms-key-id',
	'x-amz-server-side-encryption-bucket-key-enabled',
	'x-amz-object-lock-mode',
	'x-amz-object-lock-retain-until-date',
	'x-amz-object-lock-legal-hold',
	'x-amz-website-redirect-location',
];

const STORAGE_CLASSES = [
	'STANDARD',
	'REDUCED_REDUNDANCY',
	'STANDARD_IA',
	'ONEZONE_IA',
	'INTELLIGENT_TIERING',
	'GLACIER',
	'GLACIER_IR',
	'DEEP_ARCHIVE',
	'EXPRESS_ONEZONE',
];

const MAX_METADATA = 2048;

/** The headers of a request that are stored with an object and given back. */
export function storedHeaders(headers: Headers): Record<string, string> {
	checkValues(headers);
	const stored: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (value !== undefined && (KEPT.includes(name) || name.startsWith('x-amz-meta-')))
			stored[name] = value;
	}
	stored['content-type'] ??= 'binary/octet-stream';
	// S3 does not return the header for STANDARD.
	if (stored['x-amz-storage-class'] === 'STANDARD') delete stored['x-amz-storage-class'];
	const encoding = headers['content-encoding']
		?.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== 'aws-chunked')
		.join(', ');
	if (encoding) stored['content-encoding'] = encoding;
	const size = metadataSize(stored);
	if (size > MAX_METADATA) {
		throw new S3Error(
			400,
			'MetadataTooLarge',
			'Your metadata headers exceed the maximum allowed metadata size',
			{ fields: { Size: String(size), MaxSizeAllowed: String(MAX_METADATA) } },
		);
	}
	return stored;
}

function checkValues(headers: Headers): void {
	const {
		'x-amz-storage-class': storageClass = 'STANDARD',
		'x-amz-server-side-encryption': encryption = 'AES256',
		'x-amz-object-lock-mode': mode = 'GOVERNANCE',
		'x-amz-object-lock-retain-until-date': until,
		'x-amz-object-lock-legal-hold': hold = 'OFF',
	} = headers;
	if (!STORAGE_CLASSES.includes(storageClass)) {
		throw new S3Error(400, 'InvalidStorageClass', 'The storage class you specified is not valid', {
			fields: { StorageClassRequested: storageClass },
		});
	}
	if (!['AES256', 'aws:kms', 'aws:kms:dsse'].includes(encryption)) {
		throw invalidArgument('The encryption method specified is not supported');
	}
	if (
		headers['x-amz-server-side-encryption-aws-kms-key-id'] !== undefined &&
		!encryption.startsWith('aws:kms')
	) {
		throw invalidArgument(
			'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
		);
	}
	if (!['GOVERNANCE', 'COMPLIANCE'].includes(mode))
		throw invalidArgument('Unknown wormMode directive.');
	if (!['ON', 'OFF'].includes(hold))
		throw invalidArgument('Legal Hold must be either of ON or OFF');
	if ((until === undefined) !== (headers['x-amz-object-lock-mode'] === undefined)) {
		throw invalidArgument(
			'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
		);
	}
	if (until !== undefined && !(Date.parse(until) > Date.now())) {
		throw invalidArgument('The retain until date must be in the future!');
	}
}

/** @throws S3Error if an object is to be locked and the request has no checksum */
export function checkLockedBody(headers: Headers): void {
	const names = Object.keys(headers);
	if (!names.some((name) => name.startsWith('x-amz-object-lock-'))) return;
	const vouched = names.some((name) => /^content-md5$|^x-amz-checksum-|^x-amz-trailer$/.test(name));
	if (vouched) return;
	throw invalidRequest(
		'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
	);
}

function metadataSize(headers: Record<string, string>): number {
	return Object.entries(headers)
		.filter(([name]) => name.startsWith('x-amz-meta-'))
		.reduce((size, [name, value]) => size + name.length - 'x-amz-meta-'.length + value.length, 0);
}

/**
 * The headers of an object as they are returned. Metadata beyond ASCII are encoded as RFC 2047 says,
 * with their bytes taken for Latin-1, as in the example of S3's documentation.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
export function returnedHeaders(headers: Record<string, string>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => {
			const plain = !name.startsWith('x-amz-meta-') || /^[\x20-\x7e]*$/.test(value);
			return [name, plain ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`];
		}),
	);
}

const CUSTOMER_KEY = 'x-amz-server-side-encryption-customer';

/**
 * MD5 of the SSE-C key of a request; the three headers must fit each other.
 * @param prefix of the header names, for the key of what is copied
 */
export function customerKeyOf(headers: Headers, prefix = CUSTOMER_KEY): string | undefined {
	const key = headers[`${prefix}-key`];
	const algorithm = headers[`${prefix}-algorithm`];
	const claimed = headers[`${prefix}-key-md5`];
	if (key === undefined && algorithm === undefined && claimed === undefined) return undefined;
	if (algorithm !== 'AES256') {
		throw new S3Error(
			400,
			'InvalidEncryptionAlgorithmError',
			'The encryption request you specified is not valid. The valid value is AES256.',
		);
	}
	const bytes = Buffer.from(key ?? '', 'base64');
	if (bytes.length !== 32) {
		throw invalidArgument('The secret key was invalid for the specified algorithm.');
	}
	const md5 = createHash('md5').update(bytes).digest('base64');
	if (claimed !== md5) {
		throw invalidArgument(
			'The calculated MD5 hash of the key did not match the hash that was provided.',
		);
	}
	return md5;
}

/** @throws S3Error unless the request brings the key that the version was encrypted with */
export function checkCustomerKey(version: Version, given: string | undefined): void {
	if (version.customerKey === given) return;
	if (version.customerKey !== undefined && given !== undefined) {
		throw new S3Error(403, 'AccessDenied', 'Access Denied');
	}
	throw invalidRequest(
		given === undefined
			? 'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.'
			: 'The encryption parameters are not applicable to this object.',
	);
}

/** The response headers of SSE-C. */
export function customerKeyHeaders(md5: string | undefined): Record<string, string> {
	return md5 === undefined
		? {}
		: { [`${CUSTOMER_KEY}-algorithm`]: 'AES256', [`${CUSTOMER_KEY}-key-MD5`]: md5 };
}

/** Conditions of a write. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export function checkWriteConditions(headers: Headers, bucket: Bucket, key: string): void {
	const existing = bucket.get(key);
	const none = headers['if-none-match'];
	const match = headers['if-match'];
	if (none !== undefined && none !== '*') throw notImplemented({ Header: 'If-None-Match' });
	if (none === '*' && existing !== undefined) throw preconditionFailed('If-None-Match');
	if (match === undefined) return;
	if (existing === undefined) {
		throw noSuchKey(keyText(key));
	}
	if (!sameEtag(match, existing.etag)) throw preconditionFailed('If-Match');
}

/**
 * The condition of a deletion, which is about the newest version.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
 */
export function checkDeleteCondition(
	match: string,
	newest: Version | undefined,
	key: string,
): void {
	if (newest === undefined) throw noSuchKey(key);
	// A delete marker has no ETag, and is no object.
	if (newest.content === undefined || !sameEtag(match, newest.etag)) {
		throw preconditionFailed('If-Match');
	}
}

/** Name of the first condition of a read that does not hold, as HTTP orders them. */
export function failedCondition(headers: Headers, version: Version): string | undefined {
	const { 'if-match': match, 'if-none-match': none } = headers;
	const modified = version.lastModified.getTime();
	if (match !== undefined) {
		if (!sameEtag(match, version.etag)) return 'If-Match';
	} else if (modified > Date.parse(headers['if-unmodified-since'] ?? '')) {
		return 'If-Unmodified-Since';
	}
	if (none !== undefined) return sameEtag(none, version.etag) ? 'If-None-Match' : undefined;
	return modified <= Date.parse(headers['if-modified-since'] ?? '')
		? 'If-Modified-Since'
		: undefined;
}

function sameEtag(condition: string, etag: string): boolean {
	return (
		condition === '*' || condition.split(',').some((part) => part.trim().replace(/"/g, '') === etag)
	);
}

/** The headers for a checksum. */
export function checksumHeaders(checksum: StoredChecksum | undefined): Record<string, string> {
	if (checksum === undefined) return {};
	return {
		[`x-amz-checksum-${checksum.algorithm}`]: checksum.value,
		'x-amz-checksum-type': checksum.type,
	};
}

/** S3's name of an element for a checksum, e.g. `ChecksumCRC32`. */
export const checksumElement = (algorithm: Algorithm): string =>
	`Checksum${algorithm.toUpperCase()}`;

/** The algorithm of `x-amz-checksum-algorithm`. */
export function askedAlgorithm(headers: Headers): Algorithm | undefined {
	const name = headers['x-amz-checksum-algorithm']?.toLowerCase();
	if (name === undefined) return undefined;
	const algorithm = ALGORITHMS.find((known) => known === name);
	if (algorithm !== undefined) return algorithm;
	throw invalidRequest(
		'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
	);
}
