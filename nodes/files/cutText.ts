import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

import type { ObjectHead } from '../../s3/download/getObject';
import { decode, isPacked, needsMark, notUnpacked, packedWithin, type TextHead } from './text';

/** The text of an object, or its beginning. */
export interface CutText {
	text: string;
	/** Whether there is more. */
	truncated: boolean;
	/** The range of the rest, as the option Range takes it; undefined if there is none, or if it could not be read as text. */
	nextRange: string | undefined;
}

/**
 * The text of an object as `textOf` gives it, but only its first bytes, unpacked; nothing more is read of it.
 *
 * @param limit bytes of the text; a character that goes beyond is left out
 * @throws {S3Failure} of kind `invalid` when it is not text of its charset
 */
export async function cutTextOf(
	body: Readable,
	head: TextHead & Pick<ObjectHead, 'contentRange'>,
	limit: number,
): Promise<CutText> {
	try {
		const packed = isPacked(head);
		const read = packed
			? await unpackedBeginning(body, head, limit)
			: await beginningOf(body, limit);
		const truncated = read.length > limit;
		if (!truncated) return { text: await decode(read, head), truncated, nextRange: undefined };
		const { text, end } = await wholeCharacters(read, head, limit);
		// A range of packed bytes cannot be unpacked.
		const hasRest = !packed && !needsMark(read, head);
		const nextRange = hasRest ? `bytes=${firstByteOf(head) + end}-` : undefined;
		return { text, truncated, nextRange };
	} finally {
		body.destroy();
	}
}

/** At least one byte more than the limit, if there are so many. */
async function beginningOf(stream: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of stream) {
		chunks.push(chunk);
		size += chunk.length;
		if (size > limit) break;
	}
	return Buffer.concat(chunks);
}

async function unpackedBeginning(body: Readable, head: TextHead, limit: number): Promise<Buffer> {
	let read: Buffer | undefined;
	const take = async (unpacked: AsyncIterable<Buffer>) => {
		read = await beginningOf(unpacked, limit);
	};
	// The pipeline fails if not all of it is read.
	await pipeline(body, packedWithin(limit, head), createGunzip(), take).catch((error: unknown) => {
		if (read === undefined) throw notUnpacked(head, error);
	});
	return read ?? Buffer.alloc(0);
}

/** Bytes of a character at most, in any charset. */
const LONGEST_CHARACTER = 4;

/** The text up to the last character that is whole within the limit, and where that ends. */
async function wholeCharacters(
	bytes: Buffer,
	head: TextHead,
	limit: number,
): Promise<{ text: string; end: number }> {
	const least = Math.max(0, limit + 1 - LONGEST_CHARACTER);
	for (let end = limit; end > least; end -= 1) {
		try {
			return { text: await decode(bytes.subarray(0, end), head), end };
		} catch {
			// It may end within a character.
		}
	}
	return { text: await decode(bytes.subarray(0, least), head), end: least };
}

/** Where in the object the first byte is that was read. */
const firstByteOf = ({ contentRange = '' }: Pick<ObjectHead, 'contentRange'>): number =>
	Number(/^bytes (\d+)-/.exec(contentRange)?.[1] ?? 0);
