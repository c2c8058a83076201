import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';

import type { IBinaryData } from 'n8n-workflow';

import { MiB } from '../../s3/bytes';
import { S3Failure } from '../../s3/S3Failure';
import type { ByteSource } from '../../s3/upload/putObject';
import { labelOf } from '../parameters/label';
import { checkEntered, readValue } from '../parameters/read';
import type { Item } from '../run/operation';
import { checkReadable, hintAtMemory, modeOf, FILESYSTEM } from './binaryMode';
import { typeOfText, wholeTypeOf } from './contentTypes';

/** Bytes that n8n reads from its store at once. */
const READ_SIZE = MiB;
const PLAIN_TEXT = 'text/plain; charset=utf-8';

/**
 * A file of an item as a source that can be opened again.
 *
 * @param property the name of the field that holds it, or the file itself, which an expression can give
 * @throws {NodeOperationError} n8n's own, when the item has no such file
 * @throws {S3Failure} of kind `invalid` when n8n's store has lost it, or cannot give it
 */
export async function fileOf(item: Item, property: string | IBinaryData): Promise<ByteSource> {
	const { helpers } = item.node;
	const binary = helpers.assertBinaryData(item.index, property);
	const contentType = wholeTypeOf(binary);
	const { id } = binary;
	if (id === undefined || id === '') {
		const buffer = await helpers.getBinaryDataBuffer(item.index, property);
		hintAtMemory(item, binary, buffer.length, 'read');
		return bufferSource(buffer, contentType);
	}
	const size = await storedSize(item, binary, id);
	checkReadable(binary, size);
	hintAtMemory(item, binary, size, 'read');
	return {
		size,
		contentType,
		open: async () => {
			try {
				return await helpers.getBinaryStream(id, READ_SIZE);
			} catch (cause) {
				throw lostFile(binary, cause);
			}
		},
		// Reading it as a file costs a third of the CPU time of reading its stream.
		openFile: modeOf(id) === FILESYSTEM ? async () => await openFile(item, binary, id) : undefined,
	};
}

async function openFile(item: Item, binary: IBinaryData, id: string): Promise<FileHandle> {
	try {
		return await open(item.node.helpers.getBinaryPath(id));
	} catch (cause) {
		throw lostFile(binary, cause);
	}
}

/** Bytes, as n8n's store knows them. */
async function storedSize(item: Item, binary: IBinaryData, id: string): Promise<number> {
	try {
		return (await item.node.helpers.getBinaryMetadata(id)).fileSize;
	} catch (cause) {
		throw lostFile(binary, cause);
	}
}

function lostFile({ fileName }: IBinaryData, cause: unknown): S3Failure {
	return S3Failure.invalid(
		`n8n cannot read the file${fileName ? ` “${fileName}”` : ''} of the item from its store`,
		'Run the node that made the file again; n8n deletes files together with their execution.',
		{ cause },
	);
}

/**
 * The text of the item's `text` parameter in UTF-8; an object from an expression becomes JSON.
 *
 * @param key under which it is stored: its ending says what kind of text it is
 * @throws {S3Failure} of kind `invalid` when an expression gave nothing: an empty text is no mistake, a lost one is
 */
export function textSource(item: Item, key: string): ByteSource {
	const value = readValue(item, 'text');
	if (value === undefined) checkEntered(item.entered('text'), labelOf(item, 'text'));
	if (typeof value === 'string') {
		return bufferSource(Buffer.from(value), typeOfText(key) ?? PLAIN_TEXT);
	}
	const isObject = typeof value === 'object' && value !== null;
	const text = value === undefined || value === null ? '' : JSON.stringify(value);
	return bufferSource(Buffer.from(text), isObject ? 'application/json' : PLAIN_TEXT);
}

function bufferSource(buffer: Buffer, contentType: string | undefined): ByteSource {
	return {
		size: buffer.length,
		contentType,
		bytes: buffer,
		open: async () => await Promise.resolve(Readable.from([buffer], { objectMode: false })),
	};
}
