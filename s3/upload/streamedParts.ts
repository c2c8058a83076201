import type { Readable } from 'node:stream';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { cancelled } from '../errors/failureFrom';
import { integrityOnce } from './requestChecksum';
import { linkedSignal } from '../retry/linkedSignal';
import { completedPart, partInput, PARTS_IN_FLIGHT } from './partRequests';
import type { MultipartUpload, SentParts } from './partRequests';
import { checkObjectSize, partSizeFor } from './partSizes';
import type { PutRequest } from './PutRequest';
import { delayAfterFailure, retry } from '../retry/retry';
import type { CompletedPart } from '../sdk';
import { sendStream } from './sendStream';
import { checkSize, tooShort } from './sourceErrors';
import { SourceReader } from './SourceReader';

/**
 * Sends what is left in parts too large for memory, each a stream: of a file several at a time, of any
 * other source one after the other, and to repeat one it is read again up to where the part begins.
 */
export async function streamParts(
	s3: S3,
	{ request, limits }: MultipartUpload,
	uploadId: string,
	sent: SentParts,
	call: Call,
): Promise<void> {
	const partsLeft = limits.maxParts - sent.parts.length;
	const size = request.source.size ?? (await withReader(request, call, (all) => all.measure()));
	checkObjectSize(request, size - sent.size, { ...limits, maxParts: partsLeft });
	const pieces = piecesOf(
		sent,
		size,
		partSizeFor(size - sent.size, request.partSize, limits, partsLeft),
	);
	const linked = linkedSignal(call.signal);
	const failures: unknown[] = [];
	const work = async (reader: SourceReader): Promise<void> => {
		for (const piece of pieces) {
			const part = { ...piece, reader, integrity: integrityOnce(s3, request) };
			const once = () => streamPart(s3, request, uploadId, part, linked);
			sent.parts.push(
				await retry(
					once,
					delayAfterFailure(({ retryable }) => retryable),
					linked.signal,
				),
			);
			sent.size += piece.length;
		}
		for await (const { length } of reader.read(size, 1)) checkSize(request, size + length);
	};
	const worker = () =>
		withReader(request, linked, work).catch((error: unknown) => {
			failures.push(error);
			linked.abort();
		});
	const workers = request.source.openFile === undefined ? 1 : PARTS_IN_FLIGHT;
	await Promise.all(Array.from({ length: workers }, worker));
	linked.unlink();
	if (failures.length > 0) throw failures[0];
}

/** Reads a source until `work` has ended or the signal fires. */
async function withReader<Result>(
	request: PutRequest,
	{ signal }: Call,
	work: (reader: SourceReader) => Promise<Result>,
): Promise<Result> {
	const reader = new SourceReader(request);
	const stop = () => {
		reader.stop(cancelled({ operation: 'UploadPart', server: '', ...request }));
	};
	signal?.addEventListener('abort', stop, { once: true });
	try {
		return await work(reader);
	} finally {
		signal?.removeEventListener('abort', stop);
		await reader.close();
	}
}

interface Piece {
	partNumber: number;
	offset: number;
	length: number;
}

/** The parts that follow on those sent already; whoever asks gets the next. */
function* piecesOf(sent: SentParts, size: number, partSize: number): Generator<Piece, void, void> {
	let partNumber = sent.parts.length + 1;
	for (let offset = sent.size; offset < size; offset += partSize, partNumber++) {
		yield { partNumber, offset, length: Math.min(partSize, size - offset) };
	}
}

async function streamPart(
	s3: S3,
	request: PutRequest,
	uploadId: string,
	{
		reader,
		integrity,
		partNumber,
		offset,
		length,
	}: Piece & { reader: SourceReader; integrity: ReturnType<typeof integrityOnce> },
	call: Call,
): Promise<CompletedPart> {
	const read = () => reader.read(offset, length);
	const input = {
		...partInput(request, uploadId, partNumber),
		...(await integrity(read)),
		ContentLength: length,
	};
	const send = (body: Readable, linked: Call) =>
		s3.send('UploadPart', { ...input, Body: body }, linked);
	return completedPart(partNumber, await sendStream(request, complete(), send, call));

	async function* complete(): AsyncGenerator<Buffer> {
		let end = offset;
		for await (const chunk of read()) {
			end += chunk.length;
			yield chunk;
		}
		// Where the source ends too early the request must not end in order.
		if (end < offset + length) throw tooShort(request, end);
	}
}
