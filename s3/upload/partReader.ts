import type { Call } from '../Call';
import type { MemoryBudget } from '../memory/MemoryBudget';
import type { PartSizes } from '../write/partSizes';
import type { PutRequest } from './PutRequest';
import { putCancelled, sourceReadFailure } from './sourceErrors';
import { withSourceReader } from './SourceReader';
import type { SourceReader } from './SourceReader';

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
	call: Call,
	work: (supply: PartSupply) => Promise<Result>,
): Promise<Result> {
	return await withSourceReader(request, call, async (reader) => {
		const parts = cutIntoParts(reader, sizes, budget, call.signal);
		const stop = () => {
			reader.stop(putCancelled(request));
		};
		try {
			const first = await parts.next().catch((error: unknown) => {
				throw sourceReadFailure(request, error);
			});
			if (first.done === true) throw new Error('the first part has a size');
			return await work({ first: first.value, rest: parts, stop });
		} finally {
			// A part that is still being read would be waited for.
			await reader.close();
			await parts.return();
		}
	});
}

async function* cutIntoParts(
	reader: SourceReader,
	sizes: PartSizes,
	budget: MemoryBudget,
	signal: AbortSignal | undefined,
): AsyncGenerator<Part, void, void> {
	let offset = 0;
	for (let partNumber = 1; partNumber === 1 || !(await reader.hasEnded()); partNumber++) {
		const size = sizes(partNumber);
		if (size === undefined) return;
		const { buffer, release } = await budget.acquireBuffer(size, signal);
		let handedOver = false;
		try {
			const body = buffer.subarray(0, await reader.fill(buffer));
			const last = await reader.hasEnded();
			handedOver = true;
			yield { partNumber, offset, body, last, release };
			offset += body.length;
		} finally {
			if (!handedOver) release();
		}
	}
}
