import type { Readable } from 'node:stream';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { delayAfterFailure, retry } from '../retry/retry';
import type { CompletedPart } from '../sdk';
import { completedPart, partInput } from '../write/parts';
import { checkObjectSize, partSizeFor } from '../write/partSizes';
import { withWorkers } from '../write/workers';
import { checkEtag } from './etagCheck';
import { PARTS_IN_FLIGHT } from './partRequests';
import type { SentParts, UploadPlan } from './partRequests';
import type { PutRequest } from './PutRequest';
import { checksumOnce } from './requestChecksum';
import { sendStream } from './sendStream';
import { checkSize, tooShort } from './sourceErrors';
import { withSourceReader } from './SourceReader';
import type { SourceReader } from './SourceReader';

/** The bytes of an object that one part holds. */
interface PartRange {
	partNumber: number;
	/** Where the part begins in the object, in bytes. */
	offset: number;
	/** Bytes. */
	length: number;
}

/** A part to be sent as a stream, perhaps more than once. */
interface StreamedPart extends PartRange {
	reader: SourceReader;
	checksum: ReturnType<typeof checksumOnce>;
}

/**
 * Sends what is left of an object in parts that are too large for memory, each as a stream: several at a
 * time from a file, one after the other from any other source. To repeat a part, the source is read
 * again up to where the part begins.
 * @param sent the parts sent before; those sent here are added
 * @throws S3Failure the first one; it stops the others
 */
export async function streamParts(
	s3: S3,
	{ request, limits }: UploadPlan,
	uploadId: string,
	sent: SentParts,
	call: Call,
): Promise<void> {
	const partsLeft = limits.maxParts - sent.parts.length;
	const size =
		request.source.size ?? (await withSourceReader(request, call, (reader) => reader.measure()));
	const left = size - sent.size;
	checkObjectSize(request, left, { ...limits, maxParts: partsLeft });
	const ranges = rangesAfter(sent, size, partSizeFor(left, request.partSize, limits, partsLeft));
	const sendRanges = async (reader: SourceReader, stoppable: Call): Promise<void> => {
		for (const range of ranges) {
			const part = { ...range, reader, checksum: checksumOnce(s3, request) };
			// The SDK cannot repeat a stream.
			const send = () => sendPart(s3, request, uploadId, part, stoppable);
			const mayRetry = delayAfterFailure(({ retryable }) => retryable, stoppable);
			sent.parts.push(await retry(send, mayRetry, stoppable.signal));
			sent.size += range.length;
		}
		for await (const { length } of reader.read(size, 1)) checkSize(request, size + length);
	};
	const workers = request.source.openFile === undefined ? 1 : PARTS_IN_FLIGHT;
	await withWorkers(workers, call, async (stoppable) => {
		await withSourceReader(request, stoppable, (reader) => sendRanges(reader, stoppable));
	});
}

/** The parts that follow those already sent; each worker takes the next one. */
function* rangesAfter(
	sent: SentParts,
	size: number,
	partSize: number,
): Generator<PartRange, void, void> {
	let partNumber = sent.parts.length + 1;
	for (let offset = sent.size; offset < size; offset += partSize, partNumber++) {
		yield { partNumber, offset, length: Math.min(partSize, size - offset) };
	}
}

async function sendPart(
	s3: S3,
	request: PutRequest,
	uploadId: string,
	{ reader, checksum, partNumber, offset, length }: StreamedPart,
	call: Call,
): Promise<CompletedPart> {
	const read = () => reader.read(offset, length);
	const input = {
		...partInput(request, uploadId, partNumber),
		...(await checksum(read)),
		ContentLength: length,
	};
	const send = (body: Readable, linked: Call) =>
		s3.send('UploadPart', { ...input, Body: body }, linked);
	const stored = await sendStream(request, complete(), send, call);
	checkEtag(request, 'UploadPart', input, stored);
	return completedPart(partNumber, stored);

	/** The body must not end in order if the source ends too early. */
	async function* complete(): AsyncGenerator<Buffer> {
		let end = offset;
		for await (const chunk of read()) {
			end += chunk.length;
			yield chunk;
		}
		if (end < offset + length) throw tooShort(request, end);
	}
}
