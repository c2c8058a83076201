import type { Readable } from 'node:stream';

import type { IBinaryData } from 'n8n-workflow';

import type { Item } from '../run/operation';
import { hintAtMemory } from './binaryMode';

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
 * @throws what the stream was destroyed with
 */
export async function storeFile(
	item: Item,
	body: Readable,
	{ fileName, mimeType, size }: FileFacts,
): Promise<IBinaryData> {
	try {
		const file = await item.node.helpers.prepareBinaryData(body, fileNameOf(fileName), mimeType);
		hintAtMemory(item, file, size ?? file.bytes ?? 0, 'write');
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
