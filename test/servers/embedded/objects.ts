import { read } from './content';
import type { Answer, Exchange } from './Exchange';
import {
	checkReadConditions,
	checksumHeaders,
	checkWriteConditions,
	customerKeyHeaders,
	customerKeyOf,
	storedHeaders,
	taggingOf,
	utf8,
} from './objectFields';
import { accessDenied, invalidArgument, malformedXml, noSuchKey, S3Error } from './S3Error';
import { queryOf } from './signature';
import { keyBytes } from './store';
import type { Version } from './store';
import { may } from './users';
import { element, elementsOf, NAMESPACE, textOf, XML_HEAD } from './xml';

const MAX_SINGLE_PUT = 5 * 1024 ** 3;

export async function putObject(exchange: Exchange): Promise<Answer> {
	const { headers, bucket, key } = exchange;
	exchange.allow('s3:PutObject');
	if (headers['x-amz-tagging'] !== undefined) exchange.allow('s3:PutObjectTagging');
	if (headers['x-amz-acl'] !== undefined) exchange.allow('s3:PutObjectAcl');
	const length = Number(headers['x-amz-decoded-content-length'] ?? headers['content-length']);
	if (length > MAX_SINGLE_PUT) {
		throw new S3Error(
			400,
			'EntityTooLarge',
			'Your proposed upload exceeds the maximum allowed object size.',
		);
	}
	checkWriteConditions(headers, bucket, key);
	const stored = storedHeaders(headers);
	const tags = taggingOf(headers['x-amz-tagging']);
	const customerKey = customerKeyOf(headers);
	const { content, md5, checksum } = await exchange.receive();
	checkWriteConditions(headers, bucket, key);
	const version = bucket.put(key, {
		content,
		etag: md5,
		lastModified: new Date(),
		headers: stored,
		tags,
		checksum: checksum && { ...checksum, type: 'FULL_OBJECT' },
		customerKey,
		parts: undefined,
	});
	return {
		status: 200,
		headers: {
			etag: `"${md5}"`,
			...versionHeaders(exchange, version),
			...checksumHeaders(version),
			...encryptionHeaders(version),
		},
	};
}

export function versionHeaders({ bucket }: Exchange, version: Version): Record<string, string> {
	return bucket.versioning === undefined ? {} : { 'x-amz-version-id': version.versionId };
}

export function encryptionHeaders({ headers, customerKey }: Version): Record<string, string> {
	const own = Object.entries(headers).filter(([name]) =>
		name.startsWith('x-amz-server-side-encryption'),
	);
	return { ...Object.fromEntries(own), ...customerKeyHeaders(customerKey) };
}

/** The version a read is about. */
function findVersion(exchange: Exchange): Version {
	const { bucket, key, query } = exchange;
	const versionId = query.get('versionId');
	exchange.allow(versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion');
	if (versionId !== undefined) {
		const version = bucket.allOf(key).find((candidate) => candidate.versionId === versionId);
		if (version === undefined) {
			throw new S3Error(404, 'NoSuchVersion', 'The specified version does not exist.');
		}
		if (version.content === undefined) {
			throw new S3Error(
				405,
				'MethodNotAllowed',
				'The specified method is not allowed against this resource.',
			);
		}
		return version;
	}
	const version = bucket.get(key);
	if (version !== undefined) return version;
	// Who may not list is not told whether a key exists.
	throw exchange.may('s3:ListBucket') ? noSuchKey(exchange.keyText) : accessDenied();
}

export function getObject(exchange: Exchange, withBody: boolean): Answer {
	const { headers, query } = exchange;
	const version = findVersion(exchange);
	const { content } = version;
	if (content === undefined) throw noSuchKey(exchange.keyText);
	if (version.customerKey !== customerKeyOf(headers)) {
		throw new S3Error(
			400,
			'InvalidRequest',
			'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
		);
	}
	checkReadConditions(headers, version);
	const range = rangeOf(headers.range, content.size) ?? partRange(query.get('partNumber'), version);
	const { start, end } = range ?? { start: 0, end: content.size };
	const answer: Answer = {
		status: range === undefined ? 200 : 206,
		headers: {
			...version.headers,
			...overrides(query),
			...encryptionHeaders(version),
			...versionHeaders(exchange, version),
			...(headers['x-amz-checksum-mode'] === 'ENABLED' && range === undefined
				? checksumHeaders(version)
				: {}),
			...(Object.keys(version.tags).length > 0
				? { 'x-amz-tagging-count': String(Object.keys(version.tags).length) }
				: {}),
			...(range === undefined
				? {}
				: { 'content-range': `bytes ${String(start)}-${String(end - 1)}/${String(content.size)}` }),
			'accept-ranges': 'bytes',
			etag: `"${version.etag}"`,
			'last-modified': version.lastModified.toUTCString(),
			'content-length': String(end - start),
		},
	};
	return withBody
		? { ...answer, body: { stream: read(content, start, end), length: end - start } }
		: answer;
}

function overrides(query: ReadonlyMap<string, string>): Record<string, string> {
	const names = [
		'content-type',
		'content-language',
		'expires',
		'cache-control',
		'content-disposition',
		'content-encoding',
	];
	return Object.fromEntries(
		names.flatMap((name) => {
			const value = query.get(`response-${name}`);
			return value === undefined ? [] : [[name, value] as const];
		}),
	);
}

/** `end` is exclusive; undefined: the whole object. */
function rangeOf(
	header: string | undefined,
	size: number,
): { start: number; end: number } | undefined {
	const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
	if (match === null || (match[1] === '' && match[2] === '')) return undefined;
	const [, first = '', last = ''] = match;
	const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
	const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
	if (start < end) return { start, end };
	throw new S3Error(416, 'InvalidRange', 'The requested range is not satisfiable', {
		headers: { 'content-range': `bytes */${String(size)}` },
		fields: { RangeRequested: header ?? '', ActualObjectSize: String(size) },
	});
}

function partRange(partNumber: string | undefined, { parts, content }: Version) {
	if (partNumber === undefined) return undefined;
	const sizes = parts ?? [content?.size ?? 0];
	const index = Number(partNumber) - 1;
	const size = sizes[index];
	if (size === undefined)
		throw new S3Error(416, 'InvalidPartNumber', 'The requested partnumber is not satisfiable');
	const start = sizes.slice(0, index).reduce((sum, other) => sum + other, 0);
	return { start, end: start + size };
}

export async function copyObject(exchange: Exchange): Promise<Answer> {
	const { headers, store, bucket, key } = exchange;
	await exchange.receive();
	const [rawSource = '', rawVersion] = (headers['x-amz-copy-source'] ?? '')
		.replace(/^\//, '')
		.split('?versionId=');
	const source = queryOf(`s=${rawSource}`)[0]?.[1] ?? '';
	const slash = source.indexOf('/');
	if (slash === -1) throw invalidArgument('Invalid copy source object key');
	exchange.allow('s3:PutObject');
	const sourceKey = source.slice(slash + 1);
	const versions = store.bucket(utf8(source.slice(0, slash))).allOf(sourceKey);
	const original =
		rawVersion === undefined
			? versions[0]
			: versions.find((version) => version.versionId === rawVersion);
	if (original?.content === undefined) throw noSuchKey(utf8(sourceKey));
	const conditions = Object.fromEntries(
		Object.entries(headers).flatMap(([name, value]) =>
			name.startsWith('x-amz-copy-source-if-')
				? [[name.slice('x-amz-copy-source-'.length), value]]
				: [],
		),
	);
	checkReadConditions(conditions, original);
	const replace = headers['x-amz-metadata-directive'] === 'REPLACE';
	const version = bucket.put(key, {
		...original,
		lastModified: new Date(),
		headers: replace ? storedHeaders(headers) : original.headers,
		tags:
			headers['x-amz-tagging-directive'] === 'REPLACE'
				? taggingOf(headers['x-amz-tagging'])
				: original.tags,
	});
	return {
		status: 200,
		headers: versionHeaders(exchange, version),
		xml: `${XML_HEAD}<CopyObjectResult${NAMESPACE}>${element('ETag', `"${version.etag}"`)}${element('LastModified', version.lastModified.toISOString())}</CopyObjectResult>`,
	};
}

export function deleteObject(exchange: Exchange): Answer {
	const { bucket, key, query } = exchange;
	const versionId = query.get('versionId');
	exchange.allow(versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion');
	return { status: 204, headers: deletion(exchange, bucket, key, versionId) };
}

function deletion(
	exchange: Exchange,
	bucket: Exchange['bucket'],
	key: string,
	versionId: string | undefined,
): Record<string, string> {
	if (versionId !== undefined || bucket.versioning === undefined) {
		const removed = bucket.remove(key, versionId ?? 'null');
		if (versionId === undefined) return {};
		return {
			'x-amz-version-id': versionId,
			...(removed?.content === undefined && removed ? { 'x-amz-delete-marker': 'true' } : {}),
		};
	}
	const marker = bucket.put(key, {
		content: undefined,
		etag: '',
		lastModified: new Date(),
		headers: {},
		tags: {},
		checksum: undefined,
		customerKey: undefined,
		parts: undefined,
	});
	return { ...versionHeaders(exchange, marker), 'x-amz-delete-marker': 'true' };
}

export async function deleteObjects(exchange: Exchange): Promise<Answer> {
	const { headers, bucket } = exchange;
	const hasChecksum = Object.keys(headers).some((name) => name.startsWith('x-amz-checksum-'));
	if (
		headers['content-md5'] === undefined &&
		!hasChecksum &&
		headers['x-amz-trailer'] === undefined
	) {
		throw new S3Error(
			400,
			'InvalidRequest',
			'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
		);
	}
	const xml = await exchange.xml();
	const objects = elementsOf(xml, 'Object');
	if (objects.length === 0 || objects.length > 1000) throw malformedXml();
	const quiet = textOf(xml, 'Quiet') === 'true';
	const results = objects.map((object) => {
		const key = textOf(object, 'Key') ?? '';
		const versionId = textOf(object, 'VersionId');
		const action = versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
		const allowed = may(exchange.user, action, exchange.bucketName, key);
		if (!allowed)
			return `<Error>${element('Key', key)}${element('Code', 'AccessDenied')}${element('Message', 'Access Denied')}</Error>`;
		deletion(exchange, bucket, keyBytes(key), versionId);
		return quiet
			? ''
			: `<Deleted>${element('Key', key)}${element('VersionId', versionId)}</Deleted>`;
	});
	return {
		status: 200,
		xml: `${XML_HEAD}<DeleteResult${NAMESPACE}>${results.join('')}</DeleteResult>`,
	};
}
