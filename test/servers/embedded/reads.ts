import { aclXml } from './acls';
import { slice } from './content';
import type { Exchange, S3Response } from './Exchange';
import {
	checkCustomerKey,
	checksumHeaders,
	customerKeyOf,
	failedCondition,
	returnedHeaders,
} from './objectFields';
import { encryptionHeaders, findVersion, MAX_PARTS, versionHeaders } from './objects';
import type { ReadableVersion } from './objects';
import { invalidObjectState, isArchived } from './restores';
import { invalidArgument, invalidRequest, preconditionFailed, S3Error } from './S3Error';
import { keyBytes } from './store';
import type { StoredChecksum, Version } from './store';
import { may } from './users';

export function getObject(exchange: Exchange): S3Response {
	const { response, version, start, end } = readObject(exchange);
	if (isArchived(version)) throw invalidObjectState(version);
	return { ...response, content: slice(version.content, start, end) };
}

export function headObject(exchange: Exchange): S3Response {
	return readObject(exchange).response;
}

export function getAcl(exchange: Exchange): S3Response {
	const { bucket, keyText, versionId } = exchange;
	exchange.allowVersion('s3:GetObjectAcl');
	const version = findVersion(exchange, bucket, keyText, versionId);
	return { status: 200, headers: versionHeaders(bucket, version), xml: aclXml(version.acl) };
}

function readObject(exchange: Exchange) {
	const { headers, query, bucket } = exchange;
	exchange.allowVersion('s3:GetObject');
	const version = findVersion(exchange, bucket, exchange.keyText, exchange.versionId);
	checkCustomerKey(version, customerKeyOf(headers));
	checkConditions(headers, version);
	const { size } = version.content;
	const part = partOf(query.get('partNumber'), version, headers.range);
	const range = part ?? rangeOf(headers.range, size);
	const { start, end } = range ?? { start: 0, end: size };
	// An empty object has one part, which has no range of bytes.
	const isRange = range !== undefined && size > 0;
	const checksum = part === undefined ? version.checksum : part.checksum;
	const wanted = headers['x-amz-checksum-mode'] === 'ENABLED';
	const response: S3Response = {
		status: isRange ? 206 : 200,
		headers: {
			...returnedHeaders(allowedHeaders(exchange, version.headers)),
			...overrides(query),
			...encryptionHeaders(version),
			...versionHeaders(bucket, version),
			// S3 keeps checksums of the whole object and of its parts, not of other ranges.
			...(wanted && (range === undefined || part !== undefined) ? checksumHeaders(checksum) : {}),
			'x-amz-tagging-count': tagCount(exchange, version),
			'x-amz-mp-parts-count':
				part !== undefined && version.parts ? String(version.parts.length) : undefined,
			'content-range': isRange ? `bytes ${start}-${end - 1}/${size}` : undefined,
			'accept-ranges': 'bytes',
			etag: `"${version.etag}"`,
			'last-modified': version.lastModified.toUTCString(),
			'content-length': String(end - start),
		},
	};
	return { response, version, start, end };
}

/** Headers that only those get who may ask for what they say. */
const PERMISSIONS: Readonly<Record<string, string>> = {
	'x-amz-object-lock-mode': 's3:GetObjectRetention',
	'x-amz-object-lock-retain-until-date': 's3:GetObjectRetention',
	'x-amz-object-lock-legal-hold': 's3:GetObjectLegalHold',
};

function allowedHeaders(
	{ user, bucketName, keyText: key }: Exchange,
	headers: Record<string, string>,
): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).filter(([name]) => {
			const action = PERMISSIONS[name];
			return action === undefined || may(user, action, bucketName, key);
		}),
	);
}

/** Undefined without tags, and for who may not read them. */
function tagCount(exchange: Exchange, { tags }: Version): string | undefined {
	const { user, bucketName, keyText: key, versionId } = exchange;
	const action = versionId === undefined ? 's3:GetObjectTagging' : 's3:GetObjectVersionTagging';
	const count = Object.keys(tags).length;
	return count > 0 && may(user, action, bucketName, key) ? String(count) : undefined;
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
			// eslint-disable-next-line no-control-regex -- they would break the header
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
	const index = partIndex(partNumber);
	const part = all[index];
	if (part === undefined) {
		throw new S3Error(416, 'InvalidPartNumber', 'The requested partnumber is not satisfiable', {
			fields: { PartNumberRequested: partNumber, ActualPartCount: String(all.length) },
		});
	}
	const start = all.slice(0, index).reduce((sum, { size }) => sum + size, 0);
	return { start, end: start + part.size, checksum: partChecksum(part, all.length, checksum) };
}

function partIndex(partNumber: string): number {
	const number = Number(partNumber);
	if (/^\d+$/.test(partNumber) && number >= 1 && number <= MAX_PARTS) return number - 1;
	throw invalidArgument(
		`Part number must be an integer between 1 and ${String(MAX_PARTS)}, inclusive`,
	);
}

/** Parts keep their checksums only under a composite one; a single part has that of the object. */
function partChecksum(
	part: { checksum: StoredChecksum | undefined },
	count: number,
	whole: StoredChecksum | undefined,
): StoredChecksum | undefined {
	if (whole?.type === 'COMPOSITE') return part.checksum && { ...part.checksum, type: whole.type };
	return count === 1 ? whole : undefined;
}
