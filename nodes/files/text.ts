import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

import type { ObjectHead } from '../../s3/download/getObject';
import { S3Failure } from '../../s3/S3Failure';

/** The longest text that Node can hold, in bytes of an encoding with one byte per character. */
const MAX_TEXT = 512 * 1024 * 1024 - 24;

/** What has to be known of an object to read it as text. */
type TextHead = Pick<ObjectHead, 'bucket' | 'key' | 'size' | 'contentType' | 'contentEncoding'>;

/**
 * The text of an object in the charset that its content type names, else UTF-8; gzip is unpacked.
 *
 * @throws {S3Failure} of kind `invalid` when it is too long or not text of that charset
 */
export async function textOf(body: Readable, head: TextHead): Promise<string> {
	try {
		if ((head.size ?? 0) > MAX_TEXT) throw notText(head, 'is too large for text');
		const chunks: Buffer[] = [];
		for await (const chunk of body) chunks.push(chunk as Buffer);
		const stored = Buffer.concat(chunks);
		return decode(head.contentEncoding === 'gzip' ? await unpack(stored, head) : stored, head);
	} finally {
		body.destroy();
	}
}

async function unpack(stored: Buffer, head: TextHead): Promise<Buffer> {
	try {
		return await promisify(gunzip)(stored, { maxOutputLength: MAX_TEXT });
	} catch (cause) {
		throw notText(head, 'cannot be unpacked as gzip, which its content encoding says it is', cause);
	}
}

function decode(bytes: Buffer, head: TextHead): string {
	const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(head.contentType ?? '')?.[1] ?? 'utf-8';
	try {
		return new TextDecoder(charset, { fatal: true }).decode(bytes);
	} catch (cause) {
		throw notText(head, `is not text in the charset ${charset.slice(0, 40)}`, cause);
	}
}

function notText({ bucket, key }: TextHead, why: string, cause?: unknown): S3Failure {
	return S3Failure.invalid(
		`The object “${key}” in bucket “${bucket}” ${why}`,
		'Get it as a file, or name its charset in the option Content Type, such as text/plain; charset=iso-8859-1.',
		{ bucket, key, cause },
	);
}
