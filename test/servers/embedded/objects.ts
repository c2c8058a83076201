import { randomBytes } from 'node:crypto';
import { discard, entityTooLarge, slice } from './content';
import type { S3Response, Exchange } from './Exchange';
import {
	checkCustomerKey,
	checkLockedBody,
	checksumHeaders,
	checkWriteConditions,
	customerKeyHeaders,
	customerKeyOf,
	failedCondition,
	returnedHeaders,
	storedHeaders,
	taggingOf,
} from './objectFields';
import {
	accessDenied,
	invalidArgument,
	invalidRequest,
	noSuchKey,
	preconditionFailed,
	S3Error,
} from './S3Error';
import { keyBytes } from './store';
import type { Bucket, StoredChecksum, Version } from './store';
import { may } from './users';

/** Bytes. */
export const MAX_SINGLE_PUT = 5 * 1024 ** 3;

export async function putObject(exchange: Exchange): Promise<S3Response> {
	const { headers, bucket, key } = exchange;
	allowPut(exchange);
	checkAnnouncedSize(headers);
	checkWriteConditions(headers, bucket, key);
	const stored = storedHeaders(headers);
	checkLockedBody(headers);
	const tags = taggingOf(headers['x-amz-tagging']);
	const customerKey = customerKeyOf(headers);
	const { content, md5, checksum } = await exchange.receive('content');
	commit(() => checkWriteConditions(headers, exchange.bucket, key), content);
	const version = bucket.put(key, {
		content,
		etag: etagOf(md5, stored, customerKey),
		headers: stored,
		tags,
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
	// Who may not list is not told whether a key exists.
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

export function getObject(exchange: Exchange): S3Response {
	const { response, version, start, end } = readObject(exchange);
	if (/^(GLACIER|DEEP_ARCHIVE)$/.test(version.headers['x-amz-storage-class'] ?? '')) {
		throw new S3Error(
			403,
			'InvalidObjectState',
			"The operation is not valid for the object's storage class",
			{ fields: { StorageClass: version.headers['x-amz-storage-class'] ?? '' } },
		);
	}
	return { ...response, content: slice(version.content, start, end) };
}

export function headObject(exchange: Exchange): S3Response {
	return readObject(exchange).response;
}

function readObject(exchange: Exchange) {
	const { headers, query, bucket } = exchange;
	exchange.allowVersion('s3:GetObject');
	const version = findVersion(exchange, bucket, exchange.keyText, query.get('versionId'));
	checkCustomerKey(version, customerKeyOf(headers));
	checkConditions(headers, version);
	const { size } = version.content;
	const part = partOf(query.get('partNumber'), version, headers.range);
	const range = part ?? rangeOf(headers.range, size);
	const { start, end } = range ?? { start: 0, end: size };
	const checksum = part === undefined ? version.checksum : part.checksum;
	const wanted = headers['x-amz-checksum-mode'] === 'ENABLED';
	const tagCount = Object.keys(version.tags).length;
	const response: S3Response = {
		status: range === undefined ? 200 : 206,
		headers: {
			...returnedHeaders(version.headers),
			...overrides(query),
			...encryptionHeaders(version),
			...versionHeaders(bucket, version),
			// A checksum is of the whole object or of a part, and of no other range.
			...(wanted && (range === undefined || part !== undefined) ? checksumHeaders(checksum) : {}),
			'x-amz-tagging-count': tagCount > 0 ? String(tagCount) : undefined,
			'x-amz-mp-parts-count':
				part !== undefined && version.parts ? String(version.parts.length) : undefined,
			'content-range': range === undefined ? undefined : `bytes ${start}-${end - 1}/${size}`,
			'accept-ranges': 'bytes',
			etag: `"${version.etag}"`,
			'last-modified': version.lastModified.toUTCString(),
			'content-length': String(end - start),
		},
	};
	return { response, version, start, end };
}

function checkConditions(headers: Exchange['headers'], version: Version): void {
	const failed = failedCondition(headers, version);
	if (failed === undefined) return;
	if (failed === 'If-Match' || failed === 'If-Unmodified-Since') throw preconditionFailed(failed);
	throw new S3Error(304, 'NotModified', 'Not Modified', {
		headers: {
			etag: `"${version.etag}"`,
			'last-modified': version.lastModified.toUTCString(),
		},
	});
}

const OVERRIDES = [
	'content-type',
	'content-language',
	'expires',
	'cache-control',
	'content-disposition',
	'content-encoding',
];

function overrides(query: ReadonlyMap<string, string>): Record<string, string> {
	return Object.fromEntries(
		OVERRIDES.flatMap((name) => {
			const value = query.get(`response-${name}`);
			if (value === undefined) return [];
			// eslint-disable-next-line no-control-regex -- they would end the header
			if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) {
				throw invalidArgument(`Header value cannot be represented: response-${name}`);
			}
			return [[name, keyBytes(value)]];
		}),
	);
}

interface ByteRange {
	start: number;
	/** Exclusive. */
	end: number;
}

/** Undefined: the whole object, also for what is no range or several. */
function rangeOf(header: string | undefined, size: number): ByteRange | undefined {
	const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
	if (match === null || (match[1] === '' && match[2] === '')) return undefined;
	const [, first = '', last = ''] = match;
	if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
	const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
	const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
	if (start < end) return { start, end };
	throw new S3Error(416, 'InvalidRange', 'The requested range is not satisfiable', {
		headers: { 'content-range': `bytes */${String(size)}` },
		fields: { RangeRequested: header ?? '', ActualObjectSize: String(size) },
	});
}

function partOf(
	partNumber: string | undefined,
	{ parts, content, checksum }: ReadableVersion,
	range: string | undefined,
): (ByteRange & { checksum: StoredChecksum | undefined }) | undefined {
	if (partNumber === undefined) return undefined;
	if (range !== undefined) {
		throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
	}
	const all = parts ?? [{ size: content.size, checksum }];
	const index = Number(partNumber) - 1;
	const part = all[index];
	if (part === undefined) {
		throw new S3Error(416, 'InvalidPartNumber', 'The requested partnumber is not satisfiable');
	}
	const start = all.slice(0, index).reduce((sum, { size }) => sum + size, 0);
	return { start, end: start + part.size, checksum: part.checksum };
}
