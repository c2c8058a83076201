import type { Readable } from 'node:stream';
import type { MemoryBudget } from '../memory/MemoryBudget';
import type { Call } from '../Call';
import { cancelled } from '../errors/failureFrom';
import { partsOf, partsOfFile } from './partReader';
import type { Part } from './partReader';
import type { PutRequest } from './PutRequest';
import { unreadable } from './sourceErrors';

/** A source that is being cut into parts. */
export interface OpenParts {
	parts: AsyncGenerator<Part, void, void>;
	/** Ends reading with an error, where it could go on for long. */
	stop: () => void;
	close: () => Promise<void>;
}

/** @throws S3Failure when the source cannot be opened */
export async function openSource(request: PutRequest): Promise<Readable> {
	try {
		return await request.source.open();
	} catch (error) {
		throw unreadable(request, error);
	}
}

/**
 * Opens a source to be read part by part, as a file where it is one.
 * @param sizeOf see `partsOf`
 * @throws S3Failure when the source cannot be opened
 */
export async function openParts(
	request: PutRequest,
	sizeOf: (partNumber: number) => number | undefined,
	budget: MemoryBudget,
	{ signal }: Call,
): Promise<OpenParts> {
	const opening = request.source.openFile?.();
	const file = await opening?.catch((error: unknown) => {
		throw unreadable(request, error);
	});
	if (file !== undefined) {
		const parts = partsOfFile(file, sizeOf, budget, signal);
		const close = async () => {
			await parts.return();
			await file.close();
		};
		return { parts, stop: () => undefined, close };
	}
	const stream = await openSource(request);
	// Reading reports the error; without a listener one between two reads would end the process.
	stream.on('error', () => undefined);
	const stop = () => stream.destroy(cancelled({ operation: 'PutObject', server: '', ...request }));
	const parts = partsOf(stream, sizeOf, budget, signal);
	return {
		parts,
		stop,
		close: async () => {
			stream.destroy();
			await parts.return();
		},
	};
}
