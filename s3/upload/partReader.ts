import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Call } from '../Call';
import type { MemoryBudget } from '../memory/MemoryBudget';
import type { S3Failure } from '../S3Failure';
import type { PartSizes } from '../write/partSizes';
import type { PutRequest } from './PutRequest';
import { putCancelled, sourceReadFailure } from './sourceErrors';

/** Some bytes of an object, ready to be uploaded as one part. */
export interface Part {
	/** From 1, as S3 counts. */
	partNumber: number;
	/** Where the part begins in the object, in bytes. */
	offset: number;
	body: Buffer;
	/** Whether the source ended with this part. */
	last: boolean;
	/** Gives the memory to the next part; the body must not be used afterwards. A second call does nothing. */
	release: () => void;
}

/** A source that is being read part by part. */
export interface PartSupply {
	/** Has been read already. */
	first: Part;
	/** Reads the others. */
	rest: AsyncGenerator<Part, void, void>;
	/** Ends reading with an error, if it could go on for long. */
	stop: () => void;
}

/** Reads a source from its beginning to its end. */
interface SequentialReader {
	/** Fills the buffer; gives the number of bytes, which is smaller than the buffer only at the end. */
	fill(buffer: Buffer): Promise<number>;
	/** Whether all bytes have been read. */
	ended(): Promise<boolean>;
	/** Ends a read that could go on for long, with this failure if there is one. */
	stop(failure?: S3Failure): void;
	/** To be called when nothing is being read. */
	close(): Promise<void>;
}

/** @throws S3Failure if the source cannot be opened */
export async function openSource(request: PutRequest): Promise<Readable> {
	try {
		return await request.source.open();
	} catch (error) {
		throw sourceReadFailure(request, error);
	}
}

/**
 * Reads a source part by part, each of exactly the size asked for, whatever chunks come; the last part is
 * shorter. A source without bytes gives one empty part. Memory for a part is taken from the budget before
 * it is filled. When the signal fires, reading and waiting for memory end with an error.
 * @param work gets the parts; the source is closed after it
 * @throws S3Failure if the source cannot be opened, or its first part not read
 */
export async function withParts<Result>(
	request: PutRequest,
	sizes: PartSizes,
	budget: MemoryBudget,
	{ signal }: Call,
	work: (supply: PartSupply) => Promise<Result>,
): Promise<Result> {
	const reader = await openReader(request);
	const parts = cutIntoParts(reader, sizes, budget, signal);
	const stop = () => {
		reader.stop(putCancelled(request));
	};
	signal?.addEventListener('abort', stop, { once: true });
	try {
		const first = await parts.next().catch((error: unknown) => {
			throw sourceReadFailure(request, error);
		});
		if (first.done === true) throw new Error('the first part has a size');
		return await work({ first: first.value, rest: parts, stop });
	} finally {
		signal?.removeEventListener('abort', stop);
		reader.stop();
		await parts.return();
		await reader.close();
	}
}

async function openReader(request: PutRequest): Promise<SequentialReader> {
	const { openFile } = request.source;
	if (openFile === undefined) return streamReader(await openSource(request));
	try {
		return fileReader(await openFile());
	} catch (error) {
		throw sourceReadFailure(request, error);
	}
}

async function* cutIntoParts(
	reader: SequentialReader,
	sizes: PartSizes,
	budget: MemoryBudget,
	signal: AbortSignal | undefined,
): AsyncGenerator<Part, void, void> {
	let offset = 0;
	for (let partNumber = 1; partNumber === 1 || !(await reader.ended()); partNumber++) {
		const size = sizes(partNumber);
		if (size === undefined) return;
		const { buffer, release } = await budget.acquireBuffer(size, signal);
		let handedOver = false;
		try {
			const body = buffer.subarray(0, await reader.fill(buffer));
			const last = await reader.ended();
			handedOver = true;
			yield { partNumber, offset, body, last, release };
			offset += body.length;
		} finally {
			if (!handedOver) release();
		}
	}
}

/** Reads a file straight into the buffers, without the chunks that a stream would copy it to first. */
function fileReader(file: FileHandle): SequentialReader {
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
		stop: () => undefined,
		close: () => file.close(),
	};
}

function streamReader(stream: Readable): SequentialReader {
	// Reading reports errors; one between two reads would end the process without a listener.
	stream.on('error', () => undefined);
	const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
	/** What is left of the last chunk; undefined if it is used up. */
	let rest: Buffer | undefined;
	const more = async (): Promise<Buffer | undefined> => (rest ??= await nextChunk(chunks));
	return {
		fill: async (buffer) => {
			let filled = 0;
			while (filled < buffer.length) {
				const chunk = await more();
				if (chunk === undefined) break;
				const copied = chunk.copy(buffer, filled);
				filled += copied;
				rest = copied < chunk.length ? chunk.subarray(copied) : undefined;
			}
			return filled;
		},
		ended: async () => (await more()) === undefined,
		stop: (failure) => {
			stream.destroy(failure);
		},
		close: () => Promise.resolve(),
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
