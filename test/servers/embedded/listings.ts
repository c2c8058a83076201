import type { S3Response, Exchange } from './Exchange';
import { list, urlEncoded } from './listing';
import type { Entry } from './listing';
import { invalidArgument } from './S3Error';
import { keyBytes, keyText } from './store';
import type { KeyBytes, Version } from './store';
import { responseXml, element } from './xml';

const MAX_KEYS = 1000;

/** ListObjects and ListObjectsV2. */
export function listObjects(exchange: Exchange): S3Response {
	exchange.allow('s3:ListBucket');
	const { query, bucket } = exchange;
	const version2 = isVersion2(query.get('list-type'));
	const { prefix, delimiter, write, encoding } = listFields(exchange);
	const token = query.get('continuation-token');
	const start = keyBytes(query.get(version2 ? 'start-after' : 'marker') ?? '');
	const after = version2 && token !== undefined ? afterOf(token) : start;
	const maxKeys = Math.min(MAX_KEYS, exchange.count('max-keys', MAX_KEYS));
	const { entries, truncated } = list(bucket, { prefix, delimiter, after, maxKeys });
	const last = truncated ? lastOf(entries) : undefined;
	const owner = !version2 || query.get('fetch-owner') === 'true' ? ownerXml() : '';
	const withRestore = asksForRestores(exchange);
	const position = version2
		? [
				element('KeyCount', entries.length),
				element('StartAfter', start === '' ? undefined : write(start)),
				element('ContinuationToken', token),
				element('NextContinuationToken', last === undefined ? undefined : tokenOf(last)),
			]
		: [
				element('Marker', write(start)),
				// Without a delimiter S3 gives no marker: it is the last key of the page.
				element('NextMarker', last === undefined || delimiter === '' ? undefined : write(last)),
			];
	return {
		status: 200,
		headers: { 'x-amz-bucket-region': bucket.region },
		xml: responseXml(
			'ListBucketResult',
			element('Name', bucket.name),
			element('Prefix', write(prefix)),
			element('Delimiter', delimiter === '' ? undefined : write(delimiter)),
			element('MaxKeys', maxKeys),
			element('EncodingType', encoding),
			element('IsTruncated', truncated),
			...position,
			...entries.map((entry) => {
				if (!('key' in entry)) return '';
				const restore = withRestore ? restoreStatusXml(entry.version) : '';
				return contentsXml(entry, write, { owner, restore });
			}),
			...entries.map((entry) => ('key' in entry ? '' : commonPrefixXml(entry, write))),
		),
	};
}

function isVersion2(listType: string | undefined): boolean {
	if (listType !== undefined && listType !== '2') {
		throw invalidArgument('Invalid List Type specified in Request');
	}
	return listType === '2';
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreStatus.html */
export function asksForRestores({ headers }: Exchange): boolean {
	const asked = headers['x-amz-optional-object-attributes'];
	if (asked !== undefined && asked !== 'RestoreStatus') {
		throw invalidArgument('Invalid attribute name specified');
	}
	return asked !== undefined;
}

/** What all listings of keys have in common. */
export function listFields({ query }: Exchange) {
	const encoding = query.get('encoding-type');
	if (encoding !== undefined && encoding !== 'url') {
		throw invalidArgument('Invalid Encoding Method specified in Request');
	}
	return {
		prefix: keyBytes(query.get('prefix') ?? ''),
		delimiter: keyBytes(query.get('delimiter') ?? ''),
		encoding,
		write: encoding === 'url' ? urlEncoded : keyText,
	};
}

const lastOf = (entries: Entry[]): KeyBytes | undefined => {
	const entry = entries.at(-1);
	return entry !== undefined && 'key' in entry ? entry.key : entry?.commonPrefix;
};

function contentsXml(
	{ key, version }: Extract<Entry, { key: KeyBytes }>,
	write: (key: KeyBytes) => string,
	{ owner, restore }: { owner: string; restore: string },
): string {
	const { lastModified, etag, content, headers, checksum } = version;
	const checksumXml =
		checksum === undefined
			? ''
			: element('ChecksumAlgorithm', checksum.algorithm.toUpperCase()) +
				element('ChecksumType', checksum.type);
	return `<Contents>${element('Key', write(key))}${element('LastModified', lastModified.toISOString())}${element('ETag', `"${etag}"`)}${checksumXml}${element('Size', content?.size)}${owner}${element('StorageClass', headers['x-amz-storage-class'] ?? 'STANDARD')}${restore}</Contents>`;
}

/** What a listing says of a restore; nothing of an object that was never restored. */
export function restoreStatusXml({ headers }: Version): string {
	const restore = headers['x-amz-restore'];
	if (restore === undefined) return '';
	const expiry = /expiry-date="([^"]+)"/.exec(restore)?.[1];
	return `<RestoreStatus>${element('IsRestoreInProgress', restore.includes('ongoing-request="true"'))}${element('RestoreExpiryDate', expiry === undefined ? undefined : new Date(expiry).toISOString())}</RestoreStatus>`;
}

export const commonPrefixXml = (
	{ commonPrefix }: { commonPrefix: KeyBytes },
	write: (key: KeyBytes) => string,
): string => `<CommonPrefixes>${element('Prefix', write(commonPrefix))}</CommonPrefixes>`;

/** All buckets and objects are the account's, whoever of its users made them. */
/** Who owns all buckets and objects. */
export const OWNER =
	element('ID', '75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a') +
	element('DisplayName', 'embedded');

export const ownerXml = (name = 'Owner'): string => `<${name}>${OWNER}</${name}>`;

const tokenOf = (last: KeyBytes): string => `1${Buffer.from(last, 'latin1').toString('base64')}`;

function afterOf(token: string): KeyBytes {
	const last = Buffer.from(token.slice(1), 'base64').toString('latin1');
	if (last === '' || tokenOf(last) !== token)
		throw invalidArgument('The continuation token provided is incorrect');
	return last;
}
