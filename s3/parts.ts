import type { Readable } from 'node:stream';
import type { ByteBudget } from './ByteBudget';

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

/**
 * Cuts a stream into parts of exactly the sizes asked for, whatever chunks come; the last part is
 * shorter. A stream without bytes gives one empty part. Memory for a part is taken from the budget
 * before it is filled.
 * @param sizeOf bytes of the part with this number; undefined ends it before the end of the stream
 */
export async function* partsOf(
	stream: Readable,
	sizeOf: (partNumber: number) => number | undefined,
	budget: ByteBudget,
): AsyncGenerator<Part, void, void> {
	const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
	let rest = await nextChunk(chunks);
	const free: Buffer[] = [];
	let offset = 0;
	for (let partNumber = 1; rest !== undefined || partNumber === 1; partNumber++) {
		const size = sizeOf(partNumber);
		if (size === undefined) return;
		const giveBack = await budget.take(size);
		// New memory for every part would pile up until the garbage collector comes by.
		const spare = free.findIndex(({ length }) => length === size);
		const buffer = free.splice(spare, spare === -1 ? 0 : 1)[0] ?? Buffer.allocUnsafeSlow(size);
		const release = () => {
			free.push(buffer);
			giveBack();
		};
		let handedOver = false;
		try {
			let filled = 0;
			while (rest !== undefined && filled < size) {
				const copied = rest.copy(buffer, filled);
				filled += copied;
				rest = copied < rest.length ? rest.subarray(copied) : await nextChunk(chunks);
			}
			handedOver = true;
			yield {
				partNumber,
				offset,
				body: buffer.subarray(0, filled),
				last: rest === undefined,
				release,
			};
			offset += filled;
		} finally {
			if (!handedOver) release();
		}
	}
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
