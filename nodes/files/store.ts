import type { Readable } from 'node:stream';

import type { IBinaryData } from 'n8n-workflow';

import type { Item } from '../run/operation';
import { checkReadable, hintAtMemory, isTooLargeForDatabase } from './binaryMode';

/** What n8n is told of a file. */
export interface FileFacts {
	/** A name, or a key or path of which the last part is the name. */
	fileName: string;
	mimeType: string;
	/** Bytes, if they are known before the file is read. */
	size?: number | undefined;
}

/**
 * Puts a stream into n8n's binary store. Shows a hint if that store holds whole files in memory.
 *
 * @throws {S3Failure} of kind `invalid` if n8n could not read the file from its store: before the stream is read, if
 * the size is known
 * @throws what the stream was destroyed with
 */
export async function storeFile(
	item: Item,
	body: Readable,
	{ fileName, mimeType, size }: FileFacts,
): Promise<IBinaryData> {
	const { helpers } = item.node;
	const name = fileNameOf(fileName);
	try {
		if (size !== undefined && isTooLargeForDatabase(size)) {
			// n8n tells the mode of its store only with a file.
			checkReadable(await helpers.prepareBinaryData(Buffer.alloc(0), name, mimeType), size);
		}
		const file = await helpers.prepareBinaryData(body, name, mimeType);
		const bytes = size ?? file.bytes ?? 0;
		checkReadable(file, bytes);
		hintAtMemory(item, file, bytes, 'write');
		return file;
	} finally {
		body.destroy();
	}
}

const UNNAMED = ['', '.', '..'];

/** A name that is safe for a file: the last part of a key or path, without control characters, not even those that
 * change the direction in which it is read. */
function fileNameOf(path: string): string {
	const parts = path
		.split(/[/\\]/)
		.map((part) => part.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '').trim());
	return parts.filter((part) => !UNNAMED.includes(part)).at(-1) ?? 'file';
}
