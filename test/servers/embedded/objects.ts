import { randomBytes } from 'node:crypto';
import { aclOf } from './acls';
import { discard, entityTooLarge } from './content';
import type { S3Response, Exchange } from './Exchange';
import {
	checkLockedBody,
	checksumHeaders,
	checkWriteConditions,
	customerKeyHeaders,
	customerKeyOf,
	storedHeaders,
} from './objectFields';
import { accessDenied, noSuchKey, S3Error } from './S3Error';
import { keyBytes } from './store';
import type { Bucket, Version } from './store';
import { taggingOf } from './tags';
import { may } from './users';

/** Bytes. */
export const MAX_SINGLE_PUT = 5 * 1024 ** 3;
export const MAX_PARTS = 10_000;

export async function putObject(exchange: Exchange): Promise<S3Response> {
	const { headers, bucket, key } = exchange;
	allowPut(exchange);
	checkAnnouncedSize(headers);
	checkWriteConditions(headers, bucket, key);
	const stored = storedHeaders(headers);
	checkLockedBody(headers);
	const tags = taggingOf(headers['x-amz-tagging']);
	const acl = aclOf(exchange);
	const customerKey = customerKeyOf(headers);
	const { content, md5, checksum } = await exchange.receive('content');
	commit(() => checkWriteConditions(headers, exchange.bucket, key), content);
	const version = bucket.put(key, {
		content,
		etag: etagOf(md5, stored, customerKey),
		headers: stored,
		tags,
		acl,
		checksum: checksum && { ...checksum, type: 'FULL_OBJECT' },
		customerKey,
		parts: undefined,
	});
	return {
		status: 200,
		headers: {
			etag: `"${version.etag}"`,
			...versionHeaders(bucket, version),
			...checksumHeaders(version.checksum),
			...encryptionHeaders(version),
		},
	};
}

/** Rights to write an object with the headers of the request. */
export function allowPut(exchange: Exchange): void {
	exchange.allow('s3:PutObject');
	if (exchange.headers['x-amz-tagging'] !== undefined) exchange.allow('s3:PutObjectTagging');
	if (exchange.headers['x-amz-acl'] !== undefined) exchange.allow('s3:PutObjectAcl');
	allowComparison(exchange);
}

/** Only who may read an object may have its ETag compared. */
export function allowComparison(exchange: Exchange): void {
	if (exchange.headers['if-match'] !== undefined) exchange.allow('s3:GetObject');
}

export function checkAnnouncedSize(headers: Exchange['headers']): void {
	const size = Number(headers['x-amz-decoded-content-length'] ?? headers['content-length'] ?? 0);
	if (size > MAX_SINGLE_PUT) throw entityTooLarge(size, MAX_SINGLE_PUT);
}

/** The last check before bytes that have come are made visible: when it fails, they go. */
export function commit(check: () => void, content: Parameters<typeof discard>[0]): void {
	try {
		check();
	} catch (error) {
		discard(content);
		throw error;
	}
}

/** The ETag of what is encrypted with a key of KMS or of the customer is not the MD5. */
export function etagOf(
	md5: string,
	headers: Record<string, string>,
	customerKey: string | undefined,
): string {
	const kms = headers['x-amz-server-side-encryption']?.startsWith('aws:kms') === true;
	return kms || customerKey !== undefined ? randomBytes(16).toString('hex') : md5;
}

export function versionHeaders(bucket: Bucket, version: Version): Record<string, string> {
	return bucket.versioning === undefined ? {} : { 'x-amz-version-id': version.versionId };
}

export function encryptionHeaders({
	headers,
	customerKey,
}: Pick<Version, 'headers' | 'customerKey'>): Record<string, string> {
	const own = Object.entries(headers).filter(([name]) =>
		name.startsWith('x-amz-server-side-encryption'),
	);
	return { ...Object.fromEntries(own), ...customerKeyHeaders(customerKey) };
}

export type ReadableVersion = Version & { content: NonNullable<Version['content']> };

/**
 * The version that a request reads, of its own object or of the one it copies.
 * @throws S3Error if there is none
 */
export function findVersion(
	{ user }: Exchange,
	bucket: Bucket,
	key: string,
	versionId: string | undefined,
): ReadableVersion {
	const version =
		versionId === undefined
			? bucket.newest(keyBytes(key))
			: bucket.allOf(keyBytes(key)).find((candidate) => candidate.versionId === versionId);
	if (version?.content !== undefined) return { ...version, content: version.content };
	const markerHeaders =
		version === undefined
			? {}
			: { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId };
	// A user who may not list the bucket must not learn whether a key exists.
	if (!may(user, 's3:ListBucket', bucket.name)) throw accessDenied(user.name, 's3:ListBucket');
	if (versionId === undefined) throw noSuchKey(key, markerHeaders);
	if (version === undefined) {
		throw new S3Error(404, 'NoSuchVersion', 'The specified version does not exist.', {
			fields: { Key: key, VersionId: versionId },
		});
	}
	throw new S3Error(
		405,
		'MethodNotAllowed',
		'The specified method is not allowed against this resource.',
		{ headers: { ...markerHeaders, allow: 'DELETE' } },
	);
}

/** The version that a request asks for, as it is stored, so that it can be changed. @throws S3Error as `findVersion` */
export function storedVersion(exchange: Exchange): Version {
	const { bucket, key, keyText } = exchange;
	const { versionId } = findVersion(exchange, bucket, keyText, exchange.versionId);
	const version = bucket.allOf(key).find((candidate) => candidate.versionId === versionId);
	if (version === undefined) throw new Error('findVersion gives stored versions only');
	return version;
}
