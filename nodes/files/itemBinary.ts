import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

import type { IBinaryData, IDataObject } from 'n8n-workflow';

import type { ObjectHead } from '../../s3/download/getObject';
import { S3Failure } from '../../s3/S3Failure';
import type { ByteSource } from '../../s3/upload/putObject';
import type { Item } from '../run/operation';
import { readTrimmed, readValue } from '../parameters/read';

const MEBIBYTE = 1024 * 1024;
/** Bytes n8n reads from its store at a time. */
const READ_SIZE = MEBIBYTE;
/** Where n8n holds a file of this size in memory, it is worth saying. */
const LARGE_FILE = 16 * MEBIBYTE;
/** Modes of n8n's store that take a stream, and that give one. */
const FILES = 'filesystem';
const STREAMED_IN = [FILES];
const STREAMED_OUT = [FILES, 's3', 'azure'];
/** The longest text that Node can hold, in bytes of an encoding of one byte per character. */
const LONGEST_TEXT = 512 * MEBIBYTE - 24;
const PLAIN_TEXT = 'text/plain; charset=utf-8';

/**
 * The item's file as a source that can be opened again.
 *
 * @throws {NodeOperationError} n8n's own, when the item has no such file
 */
export async function fileOf(item: Item): Promise<ByteSource> {
	const { helpers } = item.node;
	const property: unknown = item.node.getNodeParameter('binaryProperty', item.index, 'data');
	// an expression can give the file itself instead of the name of its field
	const binary = helpers.assertBinaryData(item.index, property as string | IBinaryData);
	const contentType = binary.mimeType || undefined;
	const { id } = binary;
	if (id === undefined || id === '') {
		const buffer = await helpers.getBinaryDataBuffer(item.index, property as string | IBinaryData);
		hintAtMemory(item, binary, buffer.length, STREAMED_OUT);
		return bufferSource(buffer, contentType);
	}
	const size = await storedSize(item, binary, id);
	hintAtMemory(item, binary, size, STREAMED_OUT);
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
		// Read as a file, it costs a third of the CPU time that its stream does.
		openFile: modeOf(id) === FILES ? async () => await openFile(item, binary, id) : undefined,
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
	return new S3Failure({
		kind: 'invalid',
		message: `n8n cannot read the file${fileName ? ` “${fileName}”` : ''} of the item from its store`,
		advice:
			'Run the node that made the file again; n8n deletes files together with their execution.',
		cause,
	});
}

/** The text of the item's `text` parameter, in UTF-8; an object from an expression becomes JSON. */
export function textSource(item: Item): ByteSource {
	const value = readValue(item, 'text');
	if (typeof value === 'string') return bufferSource(Buffer.from(value), PLAIN_TEXT);
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

export interface FileFacts {
	fileName: string;
	mimeType: string;
	/** Bytes, where they are known before. */
	size?: number | undefined;
}

/**
 * Puts a stream into n8n's binary store, and says so where that store holds whole files in memory.
 *
 * @throws what the stream was destroyed with
 */
export async function storeFile(
	item: Item,
	body: Readable,
	{ fileName, mimeType, size }: FileFacts,
): Promise<IBinaryData> {
	try {
		const file = await item.node.helpers.prepareBinaryData(body, fileName, mimeType);
		hintAtMemory(item, file, size ?? file.bytes ?? 0, STREAMED_IN);
		return file;
	} finally {
		body.destroy();
	}
}

/** The mode of n8n's store that keeps a file; empty where none does. */
const modeOf = (id: string | undefined): string => id?.split(/[:-]/, 1)[0] ?? '';

/** Says so where n8n holds a large file in memory, because its store has no streams one way. */
function hintAtMemory(item: Item, { id }: IBinaryData, size: number, streaming: string[]): void {
	const mode = modeOf(id);
	if (size < LARGE_FILE || streaming.includes(mode)) return;
	const where =
		mode === ''
			? 'in memory here'
			: `in “${mode}” mode here, which holds each whole file in memory`;
	item.hint(
		`n8n keeps files ${where}, so its memory limits their size. Set N8N_DEFAULT_BINARY_DATA_MODE to filesystem to stream files of any size.`,
	);
}

/**
 * The text of an object in the charset that its content type names, else UTF-8; gzip is unpacked.
 *
 * @throws {S3Failure} of kind `invalid` when it is too long or not text of that charset
 */
export async function textOf(
	body: Readable,
	head: Pick<ObjectHead, 'bucket' | 'key' | 'size' | 'contentType' | 'contentEncoding'>,
): Promise<string> {
	try {
		if ((head.size ?? 0) > LONGEST_TEXT) throw notText(head, 'is too large for text');
		const chunks: Buffer[] = [];
		for await (const chunk of body) chunks.push(chunk as Buffer);
		const stored = Buffer.concat(chunks);
		return decode(head.contentEncoding === 'gzip' ? await unpack(stored, head) : stored, head);
	} finally {
		body.destroy();
	}
}

type TextHead = Pick<ObjectHead, 'bucket' | 'key' | 'contentType'>;

async function unpack(stored: Buffer, head: TextHead): Promise<Buffer> {
	try {
		return await promisify(gunzip)(stored, { maxOutputLength: LONGEST_TEXT });
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
	return new S3Failure({
		kind: 'invalid',
		message: `The object “${key}” in bucket “${bucket}” ${why}`,
		advice:
			'Get it as a file, or name its charset in the option Content Type, such as text/plain; charset=iso-8859-1.',
		bucket,
		key,
		cause,
	});
}

/** A name that is safe for a file: the last part of a key or path, without control characters. */
export function fileNameOf(path: string): string {
	const parts = path.split(/[/\\]/).map((part) =>
		// eslint-disable-next-line no-control-regex -- control characters are what is removed
		part.replaceAll(/[\u0000-\u001f\u007f]/g, '').trim(),
	);
	return parts.filter((part) => !['', '.', '..'].includes(part)).at(-1) ?? 'file';
}

/** An object for an item's `json`, without the members that are undefined. */
export function withoutUndefined(record: Record<string, unknown>): IDataObject {
	return Object.fromEntries(
		Object.entries(record).filter(([, value]) => value !== undefined),
	) as IDataObject;
}

/** The trimmed name of the field a file goes to. */
export function outputFieldOf(item: Item): string {
	return readTrimmed(item, 'binaryProperty') ?? 'data';
}
