import { createHash, randomBytes } from 'node:crypto';
import { checksum } from './checksums';
import { discard, read } from './content';
import type { Answer, Exchange } from './Exchange';
import {
	checksumHeaders,
	checkWriteConditions,
	customerKeyHeaders,
	customerKeyOf,
	storedHeaders,
	taggingOf,
	uploadAlgorithm,
} from './objectFields';
import { encryptionHeaders, versionHeaders } from './objects';
import { badDigest, invalidArgument, malformedXml, noSuchUpload, S3Error } from './S3Error';
import { keyText } from './store';
import type { StoredChecksum, Upload, UploadedPart, Version } from './store';
import { may } from './users';
import { element, elementsOf, NAMESPACE, textOf, XML_HEAD } from './xml';

const MAX_PARTS = 10_000;

export function createUpload(exchange: Exchange): Answer {
	const { headers, bucket, key } = exchange;
	exchange.allow('s3:PutObject');
	if (headers['x-amz-tagging'] !== undefined) exchange.allow('s3:PutObjectTagging');
	const algorithm = uploadAlgorithm(headers);
	const upload: Upload = {
		uploadId: randomBytes(24).toString('base64url'),
		key,
		initiated: new Date(),
		headers: storedHeaders(headers),
		tags: taggingOf(headers['x-amz-tagging']),
		algorithm,
		fullObject: headers['x-amz-checksum-type'] === 'FULL_OBJECT' || algorithm === 'crc64nvme',
		customerKey: customerKeyOf(headers),
		parts: new Map(),
	};
	bucket.uploads.set(upload.uploadId, upload);
	return {
		status: 200,
		headers: {
			...customerKeyHeaders(upload.customerKey),
			...(algorithm === undefined ? {} : { 'x-amz-checksum-algorithm': algorithm.toUpperCase() }),
		},
		xml: `${XML_HEAD}<InitiateMultipartUploadResult${NAMESPACE}>${element('Bucket', bucket.name)}${element('Key', exchange.keyText)}${element('UploadId', upload.uploadId)}</InitiateMultipartUploadResult>`,
	};
}

function uploadOf({ bucket, key, query }: Exchange): Upload {
	const upload = bucket.uploads.get(query.get('uploadId') ?? '');
	if (upload?.key !== key) throw noSuchUpload();
	return upload;
}

export async function uploadPart(exchange: Exchange): Promise<Answer> {
	exchange.allow('s3:PutObject');
	const upload = uploadOf(exchange);
	const partNumber = Number(exchange.query.get('partNumber'));
	if (!(Number.isInteger(partNumber) && partNumber >= 1 && partNumber <= MAX_PARTS)) {
		throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive');
	}
	if (upload.customerKey !== customerKeyOf(exchange.headers)) {
		throw new S3Error(
			400,
			'InvalidRequest',
			'The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.',
		);
	}
	const { content, md5, checksum: sum } = await exchange.receive();
	// An upload that was aborted meanwhile takes no part any more.
	uploadOf(exchange);
	const replaced = upload.parts.get(partNumber);
	const part: UploadedPart = {
		content,
		etag: md5,
		lastModified: new Date(),
		checksum: sum && { ...sum, type: 'FULL_OBJECT' },
	};
	upload.parts.set(partNumber, part);
	if (replaced !== undefined) await discard(replaced.content);
	const sumHeader = sum && { [`x-amz-checksum-${sum.algorithm}`]: sum.value };
	return {
		status: 200,
		headers: { etag: `"${md5}"`, ...sumHeader, ...customerKeyHeaders(upload.customerKey) },
	};
}

export async function completeUpload(exchange: Exchange): Promise<Answer> {
	exchange.allow('s3:PutObject');
	const { bucket, key, headers } = exchange;
	const upload = uploadOf(exchange);
	const xml = await exchange.xml();
	checkWriteConditions(headers, bucket, key);
	const chosen = chosenParts(upload, xml, exchange.settings.minimumPartSize);
	const parts = chosen.map(({ part }) => part);
	const md5s = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, 'hex')));
	const size = parts.reduce((sum, { content }) => sum + content.size, 0);
	const announced = headers['x-amz-mp-object-size'];
	if (announced !== undefined && Number(announced) !== size) {
		throw new S3Error(
			400,
			'InvalidRequest',
			'The provided x-amz-mp-object-size does not match the size of the object.',
		);
	}
	const version = bucket.put(key, {
		content: { size, pieces: parts.flatMap(({ content }) => content.pieces) },
		etag: `${createHash('md5').update(md5s).digest('hex')}-${String(parts.length)}`,
		lastModified: new Date(),
		headers: upload.headers,
		tags: upload.tags,
		checksum: await wholeChecksum(upload, parts, size),
		customerKey: upload.customerKey,
		parts: parts.map(({ content }) => content.size),
	});
	bucket.uploads.delete(upload.uploadId);
	const unused = [...upload.parts.values()].filter((part) => !parts.includes(part));
	for (const { content } of unused) await discard(content);
	return {
		status: 200,
		headers: { ...versionHeaders(exchange, version), ...encryptionHeaders(version) },
		xml: completion(exchange, version),
	};
}

function completion(exchange: Exchange, version: Version): string {
	const sums = Object.entries(checksumHeaders(version)).map(([name, value]) =>
		name === 'x-amz-checksum-type'
			? element('ChecksumType', value)
			: element(`Checksum${name.slice('x-amz-checksum-'.length).toUpperCase()}`, value),
	);
	return `${XML_HEAD}<CompleteMultipartUploadResult${NAMESPACE}>${element('Location', `http://localhost/${exchange.bucketName}`)}${element('Bucket', exchange.bucketName)}${element('Key', exchange.keyText)}${element('ETag', `"${version.etag}"`)}${sums.join('')}</CompleteMultipartUploadResult>`;
}

function chosenParts(upload: Upload, xml: string, minimum: number) {
	const named = elementsOf(xml, 'Part');
	if (named.length === 0 || named.length > MAX_PARTS) throw malformedXml();
	let previous = 0;
	return named.map((text, index) => {
		const partNumber = Number(textOf(text, 'PartNumber'));
		if (partNumber <= previous) {
			throw new S3Error(
				400,
				'InvalidPartOrder',
				'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
			);
		}
		previous = partNumber;
		const part = upload.parts.get(partNumber);
		const etag = textOf(text, 'ETag')?.replace(/"/g, '');
		if (part === undefined || part.etag !== etag || !sameChecksum(part, text, upload)) {
			throw new S3Error(
				400,
				'InvalidPart',
				'One or more of the specified parts could not be found. The part might not have been uploaded, or the specified entity tag might not match the part’s entity tag.',
			);
		}
		if (index < named.length - 1 && part.content.size < minimum) {
			throw new S3Error(
				400,
				'EntityTooSmall',
				'Your proposed upload is smaller than the minimum allowed object size.',
				{
					fields: {
						PartNumber: String(partNumber),
						ProposedSize: String(part.content.size),
						MinSizeAllowed: String(minimum),
					},
				},
			);
		}
		return { partNumber, part };
	});
}

/** Uploads begun with a composite checksum want it again for every part. */
function sameChecksum(part: UploadedPart, xml: string, { algorithm, fullObject }: Upload): boolean {
	if (algorithm === undefined) return true;
	const claimed = textOf(xml, `Checksum${algorithm.toUpperCase()}`);
	return claimed === undefined ? fullObject : claimed === part.checksum?.value;
}

async function wholeChecksum(
	upload: Upload,
	parts: UploadedPart[],
	size: number,
): Promise<StoredChecksum | undefined> {
	const { algorithm } = upload;
	if (algorithm === undefined) return undefined;
	if (upload.fullObject) {
		const chunks: Buffer[] = [];
		const pieces = parts.flatMap(({ content }) => content.pieces);
		for await (const chunk of read({ size, pieces }, 0, size)) chunks.push(chunk as Buffer);
		return { algorithm, value: checksum(algorithm, Buffer.concat(chunks)), type: 'FULL_OBJECT' };
	}
	const sums = parts.map(({ checksum: sum }) => {
		if (sum?.algorithm !== algorithm)
			throw badDigest('A part has no checksum of the algorithm of the upload.');
		return Buffer.from(sum.value, 'base64');
	});
	const value = `${checksum(algorithm, Buffer.concat(sums))}-${String(parts.length)}`;
	return { algorithm, value, type: 'COMPOSITE' };
}

export async function abortUpload(exchange: Exchange): Promise<Answer> {
	exchange.allow('s3:AbortMultipartUpload');
	const upload = uploadOf(exchange);
	exchange.bucket.uploads.delete(upload.uploadId);
	for (const { content } of upload.parts.values()) await discard(content);
	return { status: 204 };
}

export function listUploads(exchange: Exchange): Answer {
	exchange.allow('s3:ListBucketMultipartUploads');
	const uploads = [...exchange.bucket.uploads.values()].map(
		({ key, uploadId, initiated }) =>
			`<Upload>${element('Key', keyText(key))}${element('UploadId', uploadId)}${element('Initiated', initiated.toISOString())}</Upload>`,
	);
	return {
		status: 200,
		xml: `${XML_HEAD}<ListMultipartUploadsResult${NAMESPACE}>${element('Bucket', exchange.bucketName)}${element('IsTruncated', false)}${uploads.join('')}</ListMultipartUploadsResult>`,
	};
}

export function listParts(exchange: Exchange): Answer {
	if (!may(exchange.user, 's3:ListMultipartUploadParts', exchange.bucketName, exchange.keyText)) {
		exchange.allow('s3:ListMultipartUploadParts');
	}
	const upload = uploadOf(exchange);
	const marker = Number(exchange.query.get('part-number-marker') ?? 0);
	const most = Math.min(1000, Number(exchange.query.get('max-parts') ?? 1000));
	const after = [...upload.parts]
		.sort(([a], [b]) => a - b)
		.filter(([partNumber]) => partNumber > marker);
	const page = after.slice(0, most);
	const parts = page.map(
		([partNumber, { etag, content, lastModified }]) =>
			`<Part>${element('PartNumber', partNumber)}${element('ETag', `"${etag}"`)}${element('Size', content.size)}${element('LastModified', lastModified.toISOString())}</Part>`,
	);
	return {
		status: 200,
		xml: `${XML_HEAD}<ListPartsResult${NAMESPACE}>${element('UploadId', upload.uploadId)}${element('IsTruncated', after.length > most)}${element('NextPartNumberMarker', page.at(-1)?.[0])}${parts.join('')}</ListPartsResult>`,
	};
}
