import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGunzip, type Gunzip } from 'node:zlib';

import { MiB } from '../../s3/bytes';
import type { ObjectHead } from '../../s3/download/getObject';
import { S3Failure } from '../../s3/S3Failure';

/** Bytes that one byte of gzip may become; it makes at most 1,032, of one byte again and again. */
const MAX_RATIO = 1000;
/** Unpacked bytes up to which the ratio does not matter. */
const ANY_RATIO = MiB;

/** Bytes of gzip that are read for however short a text: in its head may be a name and a comment. */
const SMALL_PACKED = MiB;

/** Bytes that are decoded at once. */
const PIECE = MiB;

/** What has to be known of an object to read it as text. */
export type TextHead = Pick<
	ObjectHead,
	'bucket' | 'key' | 'size' | 'contentType' | 'contentEncoding'
> &
	Partial<Pick<ObjectHead, 'contentRange'>>;

/**
 * The text of an object in UTF-16 if it begins with the byte order mark of that, else in the charset that its content
 * type names, else in UTF-8; gzip is unpacked.
 *
 * @param limit bytes that it may have, unpacked; they are counted while they come
 * @throws {S3Failure} of kind `invalid` when it is too long or not text of that charset
 */
export async function textOf(body: Readable, head: TextHead, limit: number): Promise<string> {
	try {
		const packed = isPacked(head);
		if (!packed && (head.size ?? 0) > limit) throw tooLong(head, aboveLimit(limit));
		const bytes = packed ? await unpack(body, head, limit) : await collect(body, head, limit);
		return await decode(bytes, head);
	} finally {
		body.destroy();
	}
}

async function collect(
	body: AsyncIterable<Buffer>,
	head: TextHead,
	limit: number,
	onSize: (size: number) => void = () => undefined,
): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of body) {
		size += chunk.length;
		if (size > limit) throw tooLong(head, aboveLimit(limit));
		onSize(size);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

async function unpack(body: Readable, head: TextHead, limit: number): Promise<Buffer> {
	const gunzip = createGunzip();
	const onSize = (size: number) => {
		if (isBomb(gunzip, size))
			throw tooLong(head, `unpacks to more than ${MAX_RATIO} times its size`);
	};
	let refusal: unknown;
	const read = async (unpacked: AsyncIterable<Buffer>) => {
		const collected = collect(unpacked, head, limit, onSize);
		collected.catch((error: unknown) => (refusal = error));
		return await collected;
	};
	try {
		return await pipeline(body, packedWithin(limit, head), gunzip, read);
	} catch (error) {
		// Node 20 tells of the stream that it closes, and not why.
		throw notUnpacked(head, refusal ?? error);
	}
}

/**
 * Passes gzip on that has no more bytes than a text of the limit, which gzip never makes much longer: one that unpacks to
 * nothing, again and again, would have no end.
 */
export function packedWithin(limit: number, head: TextHead) {
	const most = 1.01 * limit + SMALL_PACKED;
	return async function* (packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
		let size = 0;
		for await (const chunk of packed) {
			size += chunk.length;
			if (size > most) throw tooLong(head, aboveLimit(limit));
			yield chunk;
		}
	};
}

/** Why an object could not be unpacked: what its stream failed with, or that it is no gzip. */
export const notUnpacked = (head: TextHead, cause: unknown): S3Failure =>
	cause instanceof S3Failure
		? cause
		: notText(head, 'cannot be unpacked as gzip, which its content encoding says it is', {
				staysPacked: true,
				cause,
			});

/** Whether the object is stored as gzip, which is unpacked. */
export const isPacked = (head: TextHead): boolean => encodingsOf(head).join() === 'gzip';

const isBomb = ({ bytesWritten }: Gunzip, size: number): boolean =>
	size > ANY_RATIO && size > MAX_RATIO * bytesWritten;

/**
 * How the content is packed; some programs leave the encoding there in which they have sent it, and x-gzip is an old
 * name of gzip.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
const encodingsOf = ({ contentEncoding = '' }: TextHead): string[] =>
	contentEncoding
		.toLowerCase()
		.split(',')
		.map((encoding) => encoding.trim().replace(/^x-gzip$/, 'gzip'))
		.filter((encoding) => !['', 'aws-chunked', 'identity'].includes(encoding));

/**
 * The text that bytes stand for.
 *
 * @throws {S3Failure} of kind `invalid` when they are not text of the charset
 */
export async function decode(bytes: Buffer, head: TextHead): Promise<string> {
	const charset = markOf(bytes) ?? namedCharset(head) ?? 'utf-8';
	try {
		const decoder = new TextDecoder(charset, { fatal: true });
		let text = '';
		let at = 0;
		// 64 MiB at once would keep n8n from all other work for half a second.
		for (; bytes.length - at > PIECE; at += PIECE) {
			text += decoder.decode(bytes.subarray(at, at + PIECE), { stream: true });
			await nextTurn();
		}
		return text + decoder.decode(bytes.subarray(at));
	} catch (cause) {
		const encodings = isPacked(head) ? [] : encodingsOf(head);
		const staysPacked = encodings.length > 0;
		const why = staysPacked
			? `has the content encoding ${encodings.join(', ').slice(0, 40)}, which is not unpacked`
			: `is not text in the charset ${charset.slice(0, 40)}`;
		throw notText(head, why, { staysPacked, cause, isRange: head.contentRange !== undefined });
	}
}

const WITHIN_CHARACTER =
	'The range may begin or end within a character: begin or end it a byte or two earlier or later. ';

/** The charset that the type of an object names. */
const namedCharset = ({ contentType = '' }: TextHead): string | undefined =>
	/;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1];

/** Whether only the byte order mark at the beginning tells the charset, so that nothing tells that of what follows. */
export function needsMark(bytes: Buffer, head: TextHead): boolean {
	const charset = markOf(bytes);
	return charset !== undefined && charset !== namedCharset(head)?.toLowerCase();
}

/**
 * The charset of which a text begins with the byte order mark, whatever its type says: programs that write UTF-16 are
 * not those that store it. That of UTF-8 needs no mention.
 *
 * @see https://encoding.spec.whatwg.org/#bom-sniff
 */
function markOf(bytes: Buffer): string | undefined {
	if (bytes.length < 2) return undefined;
	const mark = bytes.readUInt16BE();
	if (mark === 0xfffe) return 'utf-16le';
	return mark === 0xfeff ? 'utf-16be' : undefined;
}

const aboveLimit = (limit: number): string =>
	`has more than ${limit / MiB} MiB, the limit for text and JSON`;

function tooLong({ bucket, key }: TextHead, why: string): S3Failure {
	return S3Failure.invalid(
		`The object “${key}” in bucket “${bucket}” ${why}`,
		'Get it as a file, get a part of it with the option Range, or raise the option Max Text Size.',
		{ bucket, key },
	);
}

function notText(
	{ bucket, key }: TextHead,
	why: string,
	{
		staysPacked,
		cause,
		isRange = false,
	}: { staysPacked: boolean; cause: unknown; isRange?: boolean },
): S3Failure {
	// In some charsets all bytes are text.
	const advice = staysPacked
		? 'Get it as a file, or make a link to it with Get Presigned URL.'
		: `${isRange ? WITHIN_CHARACTER : ''}Get it as a file, make a link to it with Get Presigned URL, or name its charset in the option Content Type, such as text/plain; charset=iso-8859-1.`;
	const message = `The object “${key}” in bucket “${bucket}” ${why}`;
	return S3Failure.invalid(message, advice, { bucket, key, cause });
}
