import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { MemoryBudget } from '../memory/MemoryBudget';

/** Some bytes of an object, ready to be uploaded as one part. */
export interface Part {
	/** From 1, as S3 counts. */
	partNumber: number;
	/** Where the part begins in the object, in bytes. */
	offset: number;
	body: Buffer;
	/** Whether the stream ended with this part. */
	last: boolean;
	/** Gives the memory to the next part; the body must not be used afterwards. Once only. */
	release: () => void;
}

/** Gives the bytes of a source one after the other. */
interface Bytes {
	/** Fills the buffer; gives the number of bytes, fewer than it holds only at the end. */
	fill(buffer: Buffer): Promise<number>;
	/** Whether all bytes were given. */
	ended(): Promise<boolean>;
}

/**
 * Cuts a stream into parts of exactly the sizes asked for, whatever chunks come; the last part is
 * shorter. A stream without bytes gives one empty part. Memory for a part is taken from the budget
 * before it is filled.
 * @param sizeOf bytes of the part with this number; undefined ends it before the end of the stream
 * @param signal ends waiting for memory
 */
export const partsOf = (
	stream: Readable,
	sizeOf: (partNumber: number) => number | undefined,
	budget: MemoryBudget,
	signal?: AbortSignal,
): AsyncGenerator<Part, void, void> => cut(bytesOfStream(stream), sizeOf, budget, signal);

/** As `partsOf`: reads a file straight into the parts, without the chunks of a stream between them. */
export const partsOfFile = (
	file: FileHandle,
	sizeOf: (partNumber: number) => number | undefined,
	budget: MemoryBudget,
	signal?: AbortSignal,
): AsyncGenerator<Part, void, void> => cut(bytesOfFile(file), sizeOf, budget, signal);

async function* cut(
	bytes: Bytes,
	sizeOf: (partNumber: number) => number | undefined,
	budget: MemoryBudget,
	signal: AbortSignal | undefined,
): AsyncGenerator<Part, void, void> {
	let offset = 0;
	for (let partNumber = 1; partNumber === 1 || !(await bytes.ended()); partNumber++) {
		const size = sizeOf(partNumber);
		if (size === undefined) return;
		const { buffer, release } = await budget.acquireBuffer(size, signal);
		let handedOver = false;
		try {
			const body = buffer.subarray(0, await bytes.fill(buffer));
			const last = await bytes.ended();
			handedOver = true;
			yield { partNumber, offset, body, last, release };
			offset += body.length;
		} finally {
			if (!handedOver) release();
		}
	}
}

function bytesOfFile(file: FileHandle): Bytes {
	let position = 0;
	const read = async (buffer: Buffer): Promise<number> => {
		let filled = 0;
		while (filled < buffer.length) {
			const left = buffer.length - filled;
			const { bytesRead } = await file.read(buffer, filled, left, position + filled);
			if (bytesRead === 0) break;
			filled += bytesRead;
		}
		return filled;
	};
	return {
		fill: async (buffer) => {
			const filled = await read(buffer);
			position += filled;
			return filled;
		},
		ended: async () => (await read(Buffer.alloc(1))) === 0,
	};
}

function bytesOfStream(stream: Readable): Bytes {
	const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
	let rest: Buffer | undefined;
	/** Whether `rest` is to be read on. */
	let empty = true;
	const more = async (): Promise<Buffer | undefined> => {
		if (empty) rest = await nextChunk(chunks);
		empty = false;
		return rest;
	};
	return {
		fill: async (buffer) => {
			let filled = 0;
			while (filled < buffer.length) {
				const chunk = await more();
				if (chunk === undefined) break;
				const copied = chunk.copy(buffer, filled);
				filled += copied;
				rest = chunk.subarray(copied);
				empty = rest.length === 0;
			}
			return filled;
		},
		ended: async () => (await more()) === undefined,
	};
}

/** The next chunk that holds any bytes; undefined at the end. */
async function nextChunk(chunks: AsyncIterator<Buffer | string>): Promise<Buffer | undefined> {
	for (;;) {
		const next = await chunks.next();
		if (next.done === true) return undefined;
		const chunk = typeof next.value === 'string' ? Buffer.from(next.value) : next.value;
		if (chunk.length > 0) return chunk;
	}
}
