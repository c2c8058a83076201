import { aclOf } from './acls';
import { entityTooLarge, readChecksum, readMd5, slice } from './content';
import type { Content } from './content';
import type { S3Response, Exchange } from './Exchange';
import { storePart, takePart } from './multipart';
import {
	askedAlgorithm,
	checksumElement,
	checkCustomerKey,
	checkWriteConditions,
	customerKeyOf,
	failedCondition,
	storedHeaders,
} from './objectFields';
import {
	allowPut,
	commit,
	encryptionHeaders,
	etagOf,
	findVersion,
	versionHeaders,
} from './objects';
import type { ReadableVersion } from './objects';
import { invalidObjectState, isArchived } from './restores';
import { accessDenied, invalidArgument, invalidRequest, preconditionFailed } from './S3Error';
import { decode } from './signature';
import { keyText } from './store';
import type { StoredChecksum, Version } from './store';
import { taggingOf } from './tags';
import { may } from './users';
import { responseXml, element } from './xml';

interface Source {
	bucket: string;
	key: string;
	versionId: string | undefined;
	version: ReadableVersion;
}

export async function copyObject(exchange: Exchange): Promise<S3Response> {
	const { headers, bucket, key } = exchange;
	allowPut(exchange);
	const source = findSource(exchange);
	const { version: original } = source;
	const { size } = original.content;
	checkSize(exchange, size);
	const replace = isReplaced(headers['x-amz-metadata-directive']);
	const replaceTags = isReplaced(headers['x-amz-tagging-directive']);
	if (!replace) checkChanges(exchange, source);
	if (!replaceTags && Object.keys(original.tags).length > 0) allowTags(exchange, source);
	const own = storedHeaders(headers);
	const acl = aclOf(exchange);
	const stored = replace ? own : { ...own, ...metadataOf(original.headers) };
	const tags = replaceTags ? taggingOf(headers['x-amz-tagging']) : original.tags;
	const customerKey = customerKeyOf(headers);
	const content = slice(original.content, 0, size);
	const md5 = await copiedMd5(original, content);
	const checksum = await fullChecksum(
		content,
		askedAlgorithm(headers) ?? original.checksum?.algorithm,
	);
	commit(() => checkWriteConditions(headers, exchange.bucket, key), content);
	const version = bucket.put(key, {
		content,
		etag: etagOf(md5, stored, customerKey),
		headers: stored,
		tags,
		acl,
		checksum,
		customerKey,
		parts: undefined,
	});
	return {
		status: 200,
		headers: {
			...versionHeaders(bucket, version),
			...encryptionHeaders(version),
			...sourceVersionHeader(exchange, source),
		},
		xml: copyXml('CopyObjectResult', version),
	};
}

export async function uploadPartCopy(exchange: Exchange): Promise<S3Response> {
	exchange.allow('s3:PutObject');
	const { upload, partNumber } = takePart(exchange);
	const source = findSource(exchange);
	const { content: whole } = source.version;
	const { start, end } = copiedRange(exchange.headers['x-amz-copy-source-range'], whole.size);
	checkSize(exchange, end - start);
	const content = slice(whole, start, end);
	const md5 = await readMd5(content);
	const checksum = await fullChecksum(content, upload.algorithm);
	commit(() => void takePart(exchange), content);
	const part = storePart(upload, partNumber, { content, md5, checksum });
	return {
		status: 200,
		headers: { ...encryptionHeaders(upload), ...sourceVersionHeader(exchange, source) },
		xml: copyXml('CopyPartResult', part),
	};
}

function copyXml(
	name: string,
	copy: { etag: string; lastModified: Date; checksum: StoredChecksum | undefined },
): string {
	return responseXml(
		name,
		element('ETag', `"${copy.etag}"`),
		element('LastModified', copy.lastModified.toISOString()),
		...(copy.checksum === undefined
			? []
			: [
					element(checksumElement(copy.checksum.algorithm), copy.checksum.value),
					element('ChecksumType', copy.checksum.type),
				]),
	);
}

/** What is copied: it must be there, be readable, and fulfil the conditions. */
function findSource(exchange: Exchange): Source {
	const { headers, store, user } = exchange;
	const [path = '', rawVersion] = (headers['x-amz-copy-source'] ?? '').split('?versionId=');
	const decoded = keyText(decode(path.replace(/\+/g, '%20'))).replace(/^\//, '');
	const slash = decoded.indexOf('/');
	if (slash < 1 || slash === decoded.length - 1) {
		throw invalidArgument(
			'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
		);
	}
	const bucket = store.bucket(decoded.slice(0, slash));
	const key = decoded.slice(slash + 1);
	const action = rawVersion === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
	if (!may(user, action, bucket.name, key)) throw accessDenied(user.name, action);
	const version = findVersion(exchange, bucket, key, rawVersion);
	if (isArchived(version)) throw invalidObjectState(version);
	checkCustomerKey(
		version,
		customerKeyOf(headers, 'x-amz-copy-source-server-side-encryption-customer'),
	);
	const failed = failedCondition(conditionsOf(headers), version);
	if (failed !== undefined) throw preconditionFailed(`x-amz-copy-source-${failed}`);
	return { bucket: bucket.name, key, versionId: rawVersion, version };
}

function conditionsOf(headers: Exchange['headers']): Record<string, string | undefined> {
	const prefix = 'x-amz-copy-source-';
	return Object.fromEntries(
		Object.entries(headers)
			.filter(([name]) => name.startsWith(`${prefix}if-`))
			.map(([name, value]) => [name.slice(prefix.length), value]),
	);
}

function isReplaced(directive = 'COPY'): boolean {
	if (directive !== 'COPY' && directive !== 'REPLACE') throw invalidArgument('Unknown directive.');
	return directive === 'REPLACE';
}

function checkSize({ settings: { maximumCopySize: most } }: Exchange, size: number): void {
	if (size > most) throw entityTooLarge(size, most);
}

/** Tags are read from the source and written to the copy. */
function allowTags(exchange: Exchange, { bucket, key, versionId }: Source): void {
	const action = versionId === undefined ? 's3:GetObjectTagging' : 's3:GetObjectVersionTagging';
	if (!may(exchange.user, action, bucket, key)) throw accessDenied(exchange.user.name, action);
	exchange.allow('s3:PutObjectTagging');
}

/** An object may be copied onto itself only to change something. */
function checkChanges({ bucketName, keyText: key, headers }: Exchange, source: Source): void {
	const same = source.bucket === bucketName && source.key === key && source.versionId === undefined;
	const changes = Object.keys(headers).some((name) =>
		/^x-amz-(storage-class|website-redirect-location|server-side-encryption)/.test(name),
	);
	if (!same || changes) return;
	throw invalidRequest(
		"This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
	);
}

/** The headers that are copied; class, encryption and the like are those of the request. */
function metadataOf(headers: Record<string, string>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).filter(
			([name]) => !name.startsWith('x-amz-') || name.startsWith('x-amz-meta-'),
		),
	);
}

async function fullChecksum(
	content: Content,
	algorithm: StoredChecksum['algorithm'] | undefined,
): Promise<StoredChecksum | undefined> {
	if (algorithm === undefined) return undefined;
	return { ...(await readChecksum(content, algorithm)), type: 'FULL_OBJECT' };
}

/** MD5 of all bytes: what came in parts, or encrypted, has another ETag. */
async function copiedMd5({ etag, headers, customerKey }: Version, copy: Content): Promise<string> {
	const encrypted = customerKey !== undefined || 'x-amz-server-side-encryption' in headers;
	return encrypted || etag.includes('-') ? await readMd5(copy) : etag;
}

function copiedRange(header: string | undefined, size: number): { start: number; end: number } {
	if (header === undefined) return { start: 0, end: size };
	const match = /^bytes=(\d+)-(\d+)$/.exec(header);
	if (match === null) {
		throw invalidArgument(
			'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
		);
	}
	const start = Number(match[1]);
	const end = Number(match[2]) + 1;
	if (start < end && end <= size) return { start, end };
	throw invalidArgument(`Range specified is not valid for source object of size: ${String(size)}`);
}

function sourceVersionHeader({ store }: Exchange, { bucket, version }: Source) {
	return store.bucket(bucket).versioning === undefined
		? {}
		: { 'x-amz-copy-source-version-id': version.versionId };
}
