import type { S3Response, Exchange } from './Exchange';
import {
	asksForRestores,
	commonPrefixXml,
	listFields,
	ownerXml,
	restoreStatusXml,
} from './listings';
import { rolledUp } from './listing';
import { requireMfa } from './locks';
import { invalidArgument, malformedXml } from './S3Error';
import { keyBytes } from './store';
import type { KeyBytes, Version } from './store';
import { responseXml, element, textOf } from './xml';

const MAX_KEYS = 1000;

type Row = { key: KeyBytes; version: Version; isLatest: boolean } | { commonPrefix: KeyBytes };

/** ListObjectVersions. */
export function listVersions(exchange: Exchange): S3Response {
	exchange.allow('s3:ListBucketVersions');
	const { bucket, query } = exchange;
	const { prefix, delimiter, write, encoding } = listFields(exchange);
	const keyMarker = keyBytes(query.get('key-marker') ?? '');
	const versionMarker = query.get('version-id-marker');
	if (versionMarker !== undefined && keyMarker === '') {
		throw invalidArgument('A version-id marker cannot be specified without a key marker.');
	}
	const maxKeys = Math.min(MAX_KEYS, exchange.count('max-keys', MAX_KEYS));
	const withRestore = asksForRestores(exchange);
	const rows: Row[] = [];
	let truncated = false;
	for (const row of rowsOf(exchange, { prefix, delimiter, keyMarker, versionMarker })) {
		truncated = rows.length === maxKeys;
		if (truncated) break;
		rows.push(row);
	}
	const last = truncated ? rows.at(-1) : undefined;
	const lastKey = last && ('key' in last ? last.key : last.commonPrefix);
	return {
		status: 200,
		xml: responseXml(
			'ListVersionsResult',
			element('Name', bucket.name),
			element('Prefix', write(prefix)),
			element('KeyMarker', write(keyMarker)),
			element('VersionIdMarker', versionMarker ?? ''),
			element('NextKeyMarker', lastKey === undefined ? undefined : write(lastKey)),
			element('NextVersionIdMarker', last && 'key' in last ? last.version.versionId : undefined),
			element('Delimiter', delimiter === '' ? undefined : write(delimiter)),
			element('MaxKeys', maxKeys),
			element('EncodingType', encoding),
			element('IsTruncated', truncated && maxKeys > 0),
			...rows.map((row) =>
				'key' in row ? versionXml(row, write, withRestore) : commonPrefixXml(row, write),
			),
		),
	};
}

function* rowsOf(
	{ bucket }: Exchange,
	range: {
		prefix: KeyBytes;
		delimiter: KeyBytes;
		keyMarker: KeyBytes;
		versionMarker: string | undefined;
	},
): Generator<Row> {
	const { prefix, delimiter, keyMarker, versionMarker } = range;
	if (versionMarker !== undefined) {
		const all = bucket.allOf(keyMarker);
		const at = all.findIndex(({ versionId }) => versionId === versionMarker);
		for (const version of all.slice(at + 1)) yield { key: keyMarker, version, isLatest: false };
	}
	for (const found of rolledUp(bucket, { prefix, delimiter, after: keyMarker })) {
		if ('commonPrefix' in found) {
			yield found;
			continue;
		}
		const { key } = found;
		for (const [index, version] of bucket.allOf(key).entries()) {
			yield { key, version, isLatest: index === 0 };
		}
	}
}

function versionXml(
	{ key, version, isLatest }: Extract<Row, { key: KeyBytes }>,
	write: (key: KeyBytes) => string,
	withRestore: boolean,
): string {
	const { versionId, lastModified, content, etag, headers } = version;
	const name = content === undefined ? 'DeleteMarker' : 'Version';
	const ofContent =
		content === undefined
			? ''
			: element('ETag', `"${etag}"`) +
				element('Size', content.size) +
				element('StorageClass', headers['x-amz-storage-class'] ?? 'STANDARD');
	return `<${name}>${element('Key', write(key))}${element('VersionId', versionId)}${element('IsLatest', isLatest)}${element('LastModified', lastModified.toISOString())}${ofContent}${ownerXml()}${withRestore ? restoreStatusXml(version) : ''}</${name}>`;
}

export async function putVersioning(exchange: Exchange): Promise<S3Response> {
	exchange.allow('s3:PutBucketVersioning');
	const { bucket } = exchange;
	const configuration = await exchange.xml('VersioningConfiguration');
	const status = textOf(configuration, 'Status');
	if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
	const mfaDelete = textOf(configuration, 'MfaDelete');
	if (![undefined, 'Enabled', 'Disabled'].includes(mfaDelete)) throw malformedXml();
	if (bucket.mfaDelete || mfaDelete === 'Enabled') requireMfa(exchange);
	bucket.versioning = status;
	if (mfaDelete !== undefined) bucket.mfaDelete = mfaDelete === 'Enabled';
	return { status: 200 };
}

export function getVersioning(exchange: Exchange): S3Response {
	exchange.allow('s3:GetBucketVersioning');
	const { bucket } = exchange;
	return {
		status: 200,
		xml: responseXml(
			'VersioningConfiguration',
			element('Status', bucket.versioning),
			element('MfaDelete', bucket.mfaDelete ? 'Enabled' : undefined),
		),
	};
}
