import type { Exchange, S3Response } from './Exchange';
import { commonPrefixXml, listFields, ownerXml } from './listings';
import { typeOf, uploadOf } from './multipart';
import { checksumElement } from './objectFields';
import { keyBytes, keyText } from './store';
import type { Upload, UploadedPart } from './store';
import { element, responseXml } from './xml';

const MAX_LISTED = 1000;

export function listUploads(exchange: Exchange): S3Response {
	exchange.allow('s3:ListBucketMultipartUploads');
	const { bucket, query } = exchange;
	const { prefix, delimiter, write, encoding } = listFields(exchange);
	const keyMarker = keyBytes(query.get('key-marker') ?? '');
	const idMarker = keyMarker === '' ? undefined : query.get('upload-id-marker');
	const most = Math.min(MAX_LISTED, exchange.count('max-uploads', MAX_LISTED, 1));
	const uploads = [...bucket.uploads.values()].sort((a, b) =>
		a.key < b.key ? -1 : a.key > b.key ? 1 : 0,
	);
	// Uploads of one key come in the order in which they began: the marker is a place in it.
	const placeOfId = uploads.findIndex(({ uploadId }) => uploadId === idMarker);
	const left = uploads.filter(
		({ key }, index) =>
			key.startsWith(prefix) &&
			(key > keyMarker || (key === keyMarker && placeOfId !== -1 && index > placeOfId)),
	);
	const isRolledUp = ({ key }: Upload) =>
		delimiter !== '' && key.indexOf(delimiter, prefix.length) !== -1;
	const commonPrefixes = new Set(
		left
			.filter(isRolledUp)
			.map(({ key }) => key.slice(0, key.indexOf(delimiter, prefix.length) + delimiter.length)),
	);
	const alone = left.filter((upload) => !isRolledUp(upload));
	const page = alone.slice(0, most);
	const last = alone.length > most ? page.at(-1) : undefined;
	return {
		status: 200,
		xml: responseXml(
			'ListMultipartUploadsResult',
			element('Bucket', bucket.name),
			element('KeyMarker', write(keyMarker)),
			element('UploadIdMarker', query.get('upload-id-marker') ?? ''),
			element('NextKeyMarker', last && write(last.key)),
			element('NextUploadIdMarker', last?.uploadId),
			element('Prefix', write(prefix)),
			element('Delimiter', delimiter === '' ? undefined : write(delimiter)),
			element('EncodingType', encoding),
			element('MaxUploads', most),
			element('IsTruncated', last !== undefined),
			...page.map((upload) => uploadXml(upload, write)),
			...[...commonPrefixes].map((commonPrefix) => commonPrefixXml({ commonPrefix }, write)),
		),
	};
}

function uploadXml(upload: Upload, write: (key: string) => string): string {
	const { key, uploadId, initiated, headers } = upload;
	return `<Upload>${element('Key', write(key))}${element('UploadId', uploadId)}${ownerXml('Initiator')}${ownerXml()}${element('StorageClass', headers['x-amz-storage-class'] ?? 'STANDARD')}${element('Initiated', initiated.toISOString())}${checksumKindXml(upload)}</Upload>`;
}

const checksumKindXml = (upload: Upload): string =>
	upload.algorithm === undefined
		? ''
		: element('ChecksumAlgorithm', upload.algorithm.toUpperCase()) +
			element('ChecksumType', typeOf(upload));

export function listParts(exchange: Exchange): S3Response {
	exchange.allow('s3:ListMultipartUploadParts');
	const upload = uploadOf(exchange);
	const marker = exchange.count('part-number-marker', 0);
	const most = Math.min(MAX_LISTED, exchange.count('max-parts', MAX_LISTED));
	const after = [...upload.parts]
		.sort(([a], [b]) => a - b)
		.filter(([partNumber]) => partNumber > marker);
	const page = after.slice(0, most);
	return {
		status: 200,
		xml: responseXml(
			'ListPartsResult',
			element('Bucket', exchange.bucketName),
			element('Key', keyText(upload.key)),
			element('UploadId', upload.uploadId),
			ownerXml('Initiator'),
			ownerXml(),
			element('StorageClass', upload.headers['x-amz-storage-class'] ?? 'STANDARD'),
			element('PartNumberMarker', marker),
			element('NextPartNumberMarker', page.at(-1)?.[0] ?? marker),
			element('MaxParts', most),
			element('IsTruncated', after.length > most),
			checksumKindXml(upload),
			...page.map(partXml),
		),
	};
}

function partXml([partNumber, part]: [number, UploadedPart]): string {
	const { etag, content, lastModified, checksum: sum } = part;
	return `<Part>${element('PartNumber', partNumber)}${element('LastModified', lastModified.toISOString())}${element('ETag', `"${etag}"`)}${element('Size', content.size)}${sum === undefined ? '' : element(checksumElement(sum.algorithm), sum.value)}</Part>`;
}
