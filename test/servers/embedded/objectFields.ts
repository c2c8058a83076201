import { createHash } from 'node:crypto';
import { ALGORITHMS } from './checksums';
import type { Exchange } from './Exchange';
import { invalidArgument, preconditionFailed, S3Error } from './S3Error';
import type { Bucket, Version } from './store';
import { queryOf } from './signature';

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

/** The headers of a request that are stored with an object and given back. */
export function storedHeaders(headers: Exchange['headers']): Record<string, string> {
	const stored: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (value !== undefined && (KEPT.includes(name) || name.startsWith('x-amz-meta-')))
			stored[name] = value;
	}
	stored['content-type'] ??= 'binary/octet-stream';
	const encoding = headers['content-encoding']
		?.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== 'aws-chunked')
		.join(', ');
	if (encoding) stored['content-encoding'] = encoding;
	if (metadataSize(stored) > 2048) {
		throw new S3Error(
			400,
			'MetadataTooLarge',
			'Your metadata headers exceed the maximum allowed metadata size',
		);
	}
	return stored;
}

function metadataSize(headers: Record<string, string>): number {
	return Object.entries(headers)
		.filter(([name]) => name.startsWith('x-amz-meta-'))
		.reduce((size, [name, value]) => size + name.length - 'x-amz-meta-'.length + value.length, 0);
}

/** The tags of the `x-amz-tagging` header. */
export function taggingOf(header: string | undefined): Record<string, string> {
	const pairs = queryOf(header ?? '').map(([name, value]): [string, string] => [
		utf8(name),
		utf8(value),
	]);
	if (pairs.length > 10)
		throw new S3Error(400, 'BadRequest', 'Object tags cannot be greater than 10');
	return Object.fromEntries(pairs);
}

export const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();

/** MD5 of the key for SSE-C that a request brings, checked against itself. */
export function customerKeyOf(headers: Exchange['headers']): string | undefined {
	const prefix = 'x-amz-server-side-encryption-customer';
	const key = headers[`${prefix}-key`];
	if (key === undefined) return undefined;
	const bytes = Buffer.from(key, 'base64');
	const md5 = createHash('md5').update(bytes).digest('base64');
	if (
		headers[`${prefix}-algorithm`] !== 'AES256' ||
		bytes.length !== 32 ||
		headers[`${prefix}-key-md5`] !== md5
	) {
		throw invalidArgument('The secret key was invalid for the specified algorithm.');
	}
	return md5;
}

/** The headers that answer for SSE-C. */
export function customerKeyHeaders(md5: string | undefined): Record<string, string> {
	return md5 === undefined
		? {}
		: {
				'x-amz-server-side-encryption-customer-algorithm': 'AES256',
				'x-amz-server-side-encryption-customer-key-MD5': md5,
			};
}

/** Conditions of a write. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export function checkWriteConditions(
	headers: Exchange['headers'],
	bucket: Bucket,
	key: string,
): void {
	const existing = bucket.get(key);
	const none = headers['if-none-match'];
	const match = headers['if-match'];
	if (none !== undefined && none !== '*') {
		throw new S3Error(
			501,
			'NotImplemented',
			'A header you provided implies functionality that is not implemented',
		);
	}
	if (none === '*' && existing !== undefined) throw preconditionFailed('If-None-Match');
	if (match === undefined) return;
	if (existing === undefined)
		throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.');
	if (!sameEtag(match, existing.etag)) throw preconditionFailed('If-Match');
}

/** Conditions of a read; 304 or 412 as HTTP has them. */
export function checkReadConditions(headers: Exchange['headers'], version: Version): void {
	const { 'if-match': match, 'if-none-match': none } = headers;
	const modified = Math.floor(version.lastModified.getTime() / 1000) * 1000;
	if (match !== undefined) {
		if (!sameEtag(match, version.etag)) throw preconditionFailed('If-Match');
	} else if (modified > Date.parse(headers['if-unmodified-since'] ?? '')) {
		throw preconditionFailed('If-Unmodified-Since');
	}
	const notModified = new S3Error(304, 'NotModified', 'Not Modified', {
		headers: { etag: `"${version.etag}"` },
	});
	if (none !== undefined) {
		if (sameEtag(none, version.etag)) throw notModified;
	} else if (modified <= Date.parse(headers['if-modified-since'] ?? '')) throw notModified;
}

function sameEtag(condition: string, etag: string): boolean {
	return (
		condition === '*' || condition.split(',').some((part) => part.trim().replace(/"/g, '') === etag)
	);
}

/** The checksum headers of a version, for requests that ask for them. */
export function checksumHeaders(version: Version): Record<string, string> {
	const { checksum } = version;
	if (checksum === undefined) return {};
	return {
		[`x-amz-checksum-${checksum.algorithm}`]: checksum.value,
		'x-amz-checksum-type': checksum.type,
	};
}

/** The checksum that a multipart upload said its parts will have. */
export function uploadAlgorithm(headers: Exchange['headers']) {
	const name = headers['x-amz-checksum-algorithm']?.toLowerCase();
	if (name === undefined) return undefined;
	const algorithm = ALGORITHMS.find((known) => known === name);
	if (algorithm === undefined) throw invalidArgument('Checksum algorithm provided is unsupported.');
	return algorithm;
}
