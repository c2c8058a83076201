import { createHash, randomBytes } from 'node:crypto';
import { ALGORITHMS, checksum } from './checksums';
import type { Algorithm } from './checksums';
import { discard, joined, readChecksum } from './content';
import type { Received } from './content';
import type { S3Response, Exchange } from './Exchange';
import { commonPrefixXml, listFields, ownerXml } from './listings';
import {
	askedAlgorithm,
	checksumElement,
	checkWriteConditions,
	customerKeyOf,
	storedHeaders,
	taggingOf,
} from './objectFields';
import {
	allowPut,
	checkAnnouncedSize,
	commit,
	encryptionHeaders,
	etagOf,
	versionHeaders,
} from './objects';
import {
	badDigest,
	invalidArgument,
	invalidRequest,
	malformedXml,
	noSuchUpload,
	S3Error,
} from './S3Error';
import { keyBytes, keyText, now } from './store';
import type { StoredChecksum, Upload, UploadedPart, Version } from './store';
import { responseXml, childrenOf, element, textOf } from './xml';
import type { XmlElement } from './xml';

const MAX_PARTS = 10_000;
const MAX_LISTED = 1000;

export function createUpload(exchange: Exchange): S3Response {
	const { headers, bucket, key } = exchange;
	allowPut(exchange);
	const algorithm = askedAlgorithm(headers);
	const upload: Upload = {
		uploadId: randomBytes(24).toString('base64url'),
		key,
		initiated: now(),
		headers: storedHeaders(headers),
		tags: taggingOf(headers['x-amz-tagging']),
		algorithm,
		fullObject: isFullObject(algorithm, headers['x-amz-checksum-type']),
		customerKey: customerKeyOf(headers),
		parts: new Map(),
	};
	bucket.uploads.set(upload.uploadId, upload);
	return {
		status: 200,
		headers: {
			...encryptionHeaders(upload),
			'x-amz-checksum-algorithm': algorithm?.toUpperCase(),
			'x-amz-checksum-type': algorithm && typeOf(upload),
		},
		xml: responseXml(
			'InitiateMultipartUploadResult',
			element('Bucket', bucket.name),
			element('Key', exchange.keyText),
			element('UploadId', upload.uploadId),
		),
	};
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
function isFullObject(algorithm: Algorithm | undefined, type: string | undefined): boolean {
	if (type === undefined) return algorithm === 'crc64nvme';
	if (type !== 'FULL_OBJECT' && type !== 'COMPOSITE') {
		throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
	}
	const possible =
		type === 'FULL_OBJECT'
			? algorithm?.startsWith('crc') === true
			: algorithm !== undefined && algorithm !== 'crc64nvme';
	if (possible) return type === 'FULL_OBJECT';
	throw invalidRequest(
		`The ${type} checksum type cannot be used with the ${String(algorithm)} checksum algorithm.`,
	);
}

const typeOf = ({ fullObject }: Upload): StoredChecksum['type'] =>
	fullObject ? 'FULL_OBJECT' : 'COMPOSITE';

function uploadOf({ bucket, key, query }: Exchange): Upload {
	const upload = bucket.uploads.get(query.get('uploadId') ?? '');
	if (upload?.key !== key) throw noSuchUpload();
	return upload;
}

/** The upload and the number of the part that a request brings. */
export function takePart(exchange: Exchange): { upload: Upload; partNumber: number } {
	const text = exchange.query.get('partNumber') ?? '';
	const partNumber = Number(text);
	if (!(/^\d+$/.test(text) && partNumber >= 1 && partNumber <= MAX_PARTS)) {
		throw invalidArgument(
			`Part number must be an integer between 1 and ${String(MAX_PARTS)}, inclusive`,
		);
	}
	const upload = uploadOf(exchange);
	if (upload.customerKey !== customerKeyOf(exchange.headers)) {
		throw invalidRequest(
			'The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.',
		);
	}
	return { upload, partNumber };
}

export async function uploadPart(exchange: Exchange): Promise<S3Response> {
	exchange.allow('s3:PutObject');
	const { upload, partNumber } = takePart(exchange);
	checkAnnouncedSize(exchange.headers);
	const { content, md5, checksum: sum } = await exchange.receive('content');
	commit(() => {
		// An upload that was aborted or completed meanwhile takes no part any more.
		takePart(exchange);
		checkAlgorithm(upload, sum?.algorithm);
	}, content);
	const checksum = sum && { ...sum, type: 'FULL_OBJECT' as const };
	const part = storePart(upload, partNumber, { content, md5, checksum });
	return {
		status: 200,
		headers: {
			etag: `"${part.etag}"`,
			...(checksum && { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value }),
			...encryptionHeaders(upload),
		},
	};
}

/** Where the checksum of the whole is made of those of the parts, each must come with its own. */
function checkAlgorithm(upload: Upload, found: Algorithm | undefined): void {
	const { algorithm, fullObject } = upload;
	if (found === algorithm || (found === undefined && fullObject)) return;
	// Without an algorithm of the upload those of the parts are theirs alone.
	if (algorithm === undefined) return;
	throw invalidRequest(
		`Checksum Type mismatch occurred, expected checksum Type: ${algorithm}, actual checksum Type: ${found ?? 'null'}`,
	);
}

export function storePart(
	upload: Upload,
	partNumber: number,
	{ content, md5, checksum }: Omit<Received, 'checksum'> & Pick<UploadedPart, 'checksum'>,
): UploadedPart {
	const etag = etagOf(md5, upload.headers, upload.customerKey);
	const part = { content, etag, lastModified: now(), checksum };
	const replaced = upload.parts.get(partNumber);
	upload.parts.set(partNumber, part);
	if (replaced !== undefined) discard(replaced.content);
	return part;
}

export async function completeUpload(exchange: Exchange): Promise<S3Response> {
	exchange.allow('s3:PutObject');
	const { bucket, key, headers, query } = exchange;
	const request = await exchange.xml('CompleteMultipartUpload', 'completion');
	const done = bucket.completed.get(query.get('uploadId') ?? '');
	if (done?.key === key) return { status: 200, xml: done.xml };
	const upload = uploadOf(exchange);
	const parts = chosenParts(upload, request, exchange.settings.minimumPartSize);
	const content = joined(parts.map((part) => part.content));
	checkSize(headers['x-amz-mp-object-size'], content.size);
	const sum = await wholeChecksum(upload, parts, content);
	checkWholeChecksum(headers, upload, sum);
	uploadOf(exchange);
	checkWriteConditions(headers, bucket, key);
	const md5s = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, 'hex')));
	const version = bucket.put(key, {
		content,
		etag: `${createHash('md5').update(md5s).digest('hex')}-${String(parts.length)}`,
		headers: upload.headers,
		tags: upload.tags,
		checksum: sum,
		customerKey: upload.customerKey,
		parts: parts.map((part) => ({ size: part.content.size, checksum: part.checksum })),
	});
	const xml = completionXml(exchange, version);
	bucket.uploads.delete(upload.uploadId);
	bucket.completed.set(upload.uploadId, { key, xml });
	for (const part of upload.parts.values()) if (!parts.includes(part)) discard(part.content);
	return {
		status: 200,
		headers: { ...versionHeaders(bucket, version), ...encryptionHeaders(version) },
		xml,
	};
}

function checkSize(announced: string | undefined, size: number): void {
	if (announced === undefined || Number(announced) === size) return;
	throw invalidRequest(
		`The provided 'x-amz-mp-object-size' header value ${announced} does not match what was computed: ${String(size)}`,
	);
}

function completionXml({ bucketName, keyText: key }: Exchange, version: Version): string {
	const { checksum: sum } = version;
	const location = `/${bucketName}/${encodeURIComponent(key)}`;
	return responseXml(
		'CompleteMultipartUploadResult',
		element('Location', location),
		element('Bucket', bucketName),
		element('Key', key),
		element('ETag', `"${version.etag}"`),
		sum === undefined ? '' : element(checksumElement(sum.algorithm), sum.value),
		element('ChecksumType', sum?.type),
	);
}

function chosenParts(upload: Upload, request: XmlElement, minimum: number): UploadedPart[] {
	const named = childrenOf(request, 'Part');
	if (named.length === 0 || named.length > MAX_PARTS) throw malformedXml();
	const numbers = named.map((element) => Number(textOf(element, 'PartNumber') ?? NaN));
	if (!numbers.every(Number.isInteger)) throw malformedXml();
	const ordered = numbers.every((number, index) => number > (numbers[index - 1] ?? 0));
	if (!ordered) throw invalidPartOrder(upload);
	return named.map((element, index) => {
		const partNumber = numbers[index] ?? 0;
		const etag = textOf(element, 'ETag')?.trim().replace(/"/g, '');
		if (etag === undefined) throw malformedXml();
		const part = upload.parts.get(partNumber);
		if (part?.etag !== etag) throw invalidPart(upload, partNumber, etag);
		checkPartChecksum(part, element, upload, partNumber);
		if (index < named.length - 1 && part.content.size < minimum) {
			throw entityTooSmall(part, partNumber, minimum);
		}
		return part;
	});
}

/** Uploads begun with a composite checksum want it again for every part. */
function checkPartChecksum(
	part: UploadedPart,
	element: XmlElement,
	upload: Upload,
	partNumber: number,
): void {
	for (const algorithm of ALGORITHMS) {
		const claimed = textOf(element, checksumElement(algorithm))?.trim();
		if (claimed === undefined) {
			if (algorithm !== upload.algorithm || upload.fullObject) continue;
			throw invalidRequest(
				`The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${String(partNumber)} in the request.`,
			);
		}
		const same = part.checksum?.algorithm === algorithm && part.checksum.value === claimed;
		if (!same) throw invalidPart(upload, partNumber, part.etag);
	}
}

const invalidPartOrder = ({ uploadId }: Upload) =>
	new S3Error(
		400,
		'InvalidPartOrder',
		'The list of parts was not in ascending order. Parts must be ordered by part number.',
		{ fields: { UploadId: uploadId } },
	);

const invalidPart = ({ uploadId }: Upload, partNumber: number, etag: string) =>
	new S3Error(
		400,
		'InvalidPart',
		"One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
		{ fields: { UploadId: uploadId, PartNumber: String(partNumber), ETag: etag } },
	);

const entityTooSmall = ({ content, etag }: UploadedPart, partNumber: number, minimum: number) =>
	new S3Error(
		400,
		'EntityTooSmall',
		'Your proposed upload is smaller than the minimum allowed size',
		{
			fields: {
				ProposedSize: String(content.size),
				MinSizeAllowed: String(minimum),
				PartNumber: String(partNumber),
				ETag: etag,
			},
		},
	);

async function wholeChecksum(
	upload: Upload,
	parts: UploadedPart[],
	content: UploadedPart['content'],
): Promise<StoredChecksum | undefined> {
	const { algorithm } = upload;
	if (algorithm === undefined) return undefined;
	if (upload.fullObject) {
		return { ...(await readChecksum(content, algorithm)), type: 'FULL_OBJECT' };
	}
	const sums = parts.map((part) => Buffer.from(part.checksum?.value ?? '', 'base64'));
	const value = `${checksum(algorithm, Buffer.concat(sums))}-${String(parts.length)}`;
	return { algorithm, value, type: 'COMPOSITE' };
}

/** What the completion says of the whole object. */
function checkWholeChecksum(
	headers: Exchange['headers'],
	upload: Upload,
	sum: StoredChecksum | undefined,
): void {
	const type = headers['x-amz-checksum-type'];
	if (type !== undefined && type !== (sum && typeOf(upload))) {
		throw invalidRequest(
			`The upload was created using the ${typeOf(upload)} checksum mode. The complete request must use the same checksum mode.`,
		);
	}
	if (sum?.type !== 'FULL_OBJECT') return;
	const claimed = headers[`x-amz-checksum-${sum.algorithm}`];
	if (claimed !== undefined && claimed !== sum.value) {
		throw badDigest(`The ${sum.algorithm} you specified did not match the calculated checksum.`);
	}
}

export function abortUpload(exchange: Exchange): S3Response {
	exchange.allow('s3:AbortMultipartUpload');
	const upload = uploadOf(exchange);
	exchange.bucket.uploads.delete(upload.uploadId);
	for (const { content } of upload.parts.values()) discard(content);
	return { status: 204 };
}

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
	// Uploads of one key come in the order in which they began, so that the marker is a place in it.
	const behindId = uploads.findIndex(({ uploadId }) => uploadId === idMarker);
	const left = uploads.filter(
		({ key }, index) =>
			key.startsWith(prefix) &&
			(key > keyMarker || (key === keyMarker && behindId !== -1 && index > behindId)),
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
