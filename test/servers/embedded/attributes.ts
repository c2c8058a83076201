import type { Exchange, S3Response } from './Exchange';
import {
	checkCustomerKey,
	checksumElement,
	customerKeyHeaders,
	customerKeyOf,
} from './objectFields';
import { findVersion, versionHeaders } from './objects';
import type { ReadableVersion } from './objects';
import { invalidArgument, invalidRequest } from './S3Error';
import type { StoredChecksum } from './store';
import { element, responseXml } from './xml';

const MAX_PARTS = 1000;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html */
export function getAttributes(exchange: Exchange): S3Response {
	const { bucket, headers, keyText, versionId } = exchange;
	exchange.allowVersion('s3:GetObject');
	exchange.allowVersion('s3:GetObjectAttributes');
	const wanted = wantedAttributes(headers['x-amz-object-attributes']);
	const version = findVersion(exchange, bucket, keyText, versionId);
	checkCustomerKey(version, customerKeyOf(headers));
	return {
		status: 200,
		headers: {
			'last-modified': version.lastModified.toUTCString(),
			...versionHeaders(bucket, version),
			...customerKeyHeaders(version.customerKey),
		},
		xml: responseXml(
			'GetObjectAttributesResponse',
			...wanted.map((name) => ATTRIBUTES[name](version, exchange)),
		),
	};
}

const ATTRIBUTES = {
	// Only in this response S3 leaves out the quotes.
	ETag: ({ etag }: ReadableVersion) => element('ETag', etag),
	Checksum: ({ checksum }: ReadableVersion) => checksumXml(checksum),
	ObjectParts: partsXml,
	StorageClass: ({ headers }: ReadableVersion) =>
		element('StorageClass', headers['x-amz-storage-class'] ?? 'STANDARD'),
	ObjectSize: ({ content }: ReadableVersion) => element('ObjectSize', content.size),
};

type Attribute = keyof typeof ATTRIBUTES;

const isAttribute = (name: string): name is Attribute => Object.hasOwn(ATTRIBUTES, name);

function wantedAttributes(header: string | undefined): Attribute[] {
	const names = (header ?? '').split(',').map((name) => name.trim());
	if (names.join('') === '') {
		throw invalidRequest(
			'The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty',
		);
	}
	const wanted = names.filter(isAttribute);
	if (wanted.length < names.length) throw invalidArgument('Invalid attribute name specified.');
	return wanted;
}

/** A composite checksum comes without the number of its parts, which every other response has. */
function checksumXml(checksum: StoredChecksum | undefined): string {
	if (checksum === undefined) return '';
	const { algorithm, value, type } = checksum;
	const [digest] = value.split('-');
	return `<Checksum>${element(checksumElement(algorithm), digest)}${element('ChecksumType', type)}</Checksum>`;
}

/** Only composite checksums make S3 remember the parts themselves; of all others it has the number. */
function partsXml({ parts, checksum }: ReadableVersion, exchange: Exchange): string {
	if (parts === undefined) return '';
	const total = element('PartsCount', parts.length);
	if (checksum?.type !== 'COMPOSITE') return `<ObjectParts>${total}</ObjectParts>`;
	const marker = countOf(exchange, 'x-amz-part-number-marker', 0);
	const most = Math.min(MAX_PARTS, countOf(exchange, 'x-amz-max-parts', MAX_PARTS));
	const page = parts.slice(marker, marker + most);
	const end = marker + page.length;
	const items = page.map(({ size, checksum: sum }, index) => {
		const digest = sum && element(checksumElement(sum.algorithm), sum.value);
		return `<Part>${element('PartNumber', marker + index + 1)}${element('Size', size)}${digest ?? ''}</Part>`;
	});
	return `<ObjectParts>${total}${element('PartNumberMarker', marker)}${element('NextPartNumberMarker', end)}${element('MaxParts', most)}${element('IsTruncated', end < parts.length)}${items.join('')}</ObjectParts>`;
}

function countOf({ headers }: Exchange, name: string, fallback: number): number {
	const text = headers[name];
	if (text === undefined) return fallback;
	if (/^\d{1,9}$/.test(text)) return Number(text);
	throw invalidArgument(`Provided ${name} not an integer or within integer range`);
}
