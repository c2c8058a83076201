import { createHash } from 'node:crypto';
import { ALGORITHMS, checksum } from './checksums';
import { discard, joined, readChecksum } from './content';
import type { Exchange, S3Response } from './Exchange';
import { typeOf, uploadOf } from './multipart';
import { checksumElement, checkWriteConditions } from './objectFields';
import { allowComparison, encryptionHeaders, MAX_PARTS, versionHeaders } from './objects';
import { badDigest, invalidRequest, malformedXml, S3Error } from './S3Error';
import type { StoredChecksum, Upload, UploadedPart, Version } from './store';
import { childrenOf, element, responseXml, textOf } from './xml';
import type { XmlElement } from './xml';

export async function completeUpload(exchange: Exchange): Promise<S3Response> {
	exchange.allow('s3:PutObject');
	allowComparison(exchange);
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
		acl: upload.acl,
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
