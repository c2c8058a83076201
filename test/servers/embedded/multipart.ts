import { randomBytes } from 'node:crypto';
import { aclOf } from './acls';
import type { Algorithm } from './checksums';
import { discard } from './content';
import type { Received } from './content';
import type { Exchange, S3Response } from './Exchange';
import { askedAlgorithm, customerKeyOf, storedHeaders } from './objectFields';
import {
	allowPut,
	checkAnnouncedSize,
	commit,
	encryptionHeaders,
	etagOf,
	MAX_PARTS,
} from './objects';
import { invalidArgument, invalidRequest, noSuchUpload } from './S3Error';
import { now } from './store';
import type { StoredChecksum, Upload, UploadedPart } from './store';
import { taggingOf } from './tags';
import { element, responseXml } from './xml';

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
		acl: aclOf(exchange),
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

/** How the checksum of the whole is made. */
export const typeOf = ({ fullObject }: Upload): StoredChecksum['type'] =>
	fullObject ? 'FULL_OBJECT' : 'COMPOSITE';

/** The upload that a request names. */
export function uploadOf({ bucket, key, query }: Exchange): Upload {
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
		// The upload may have been aborted or completed meanwhile.
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
	// If the upload has no algorithm, each part may have any.
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

export function abortUpload(exchange: Exchange): S3Response {
	exchange.allow('s3:AbortMultipartUpload');
	const upload = uploadOf(exchange);
	exchange.bucket.uploads.delete(upload.uploadId);
	for (const { content } of upload.parts.values()) discard(content);
	return { status: 204 };
}
