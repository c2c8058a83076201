import type { Readable } from 'node:stream';
import type { Call, S3 } from './client';
import { cancelled } from './failureFrom';
import { integrityOfStream } from './integrity';
import { completedPart, partInput } from './MultipartUpload';
import type { MultipartUpload, SentParts } from './MultipartUpload';
import { checkObjectSize, partSizeFor } from './partPlan';
import type { PutRequest } from './PutRequest';
import { repeated } from './repeated';
import type { CompletedPart } from './sdk';
import { sendStream } from './sendStream';
import { checkSize, tooShort } from './sourceFailures';
import { SourceReader } from './SourceReader';

/**
 * Sends what is left in parts too large for memory, one after the other, each a stream. To repeat one,
 * the source is read again up to where it begins.
 */
export async function streamParts(
	s3: S3,
	{ request, limits }: MultipartUpload,
	uploadId: string,
	sent: SentParts,
	call: Call,
): Promise<void> {
	const reader = new SourceReader(request);
	const stop = () => {
		reader.stop(cancelled({ operation: 'UploadPart', server: '', ...request }));
	};
	call.signal?.addEventListener('abort', stop, { once: true });
	try {
		const size = request.source.size ?? (await reader.measure());
		const partsLeft = limits.maxParts - sent.parts.length;
		checkObjectSize(request, size - sent.size, { ...limits, maxParts: partsLeft });
		const partSize = partSizeFor(size - sent.size, request.partSize, limits, partsLeft);
		while (sent.size < size) {
			const length = Math.min(partSize, size - sent.size);
			const piece = { offset: sent.size, length, partNumber: sent.parts.length + 1 };
			const work = () => streamPart(s3, request, uploadId, { reader, ...piece }, call);
			sent.parts.push(await repeated(work, ({ retryable }) => retryable, call));
			sent.size += length;
		}
		for await (const { length } of reader.read(size, 1)) checkSize(request, size + length);
	} finally {
		call.signal?.removeEventListener('abort', stop);
		await reader.close();
	}
}

interface Piece {
	reader: SourceReader;
	partNumber: number;
	offset: number;
	length: number;
}

async function streamPart(
	s3: S3,
	request: PutRequest,
	uploadId: string,
	{ reader, partNumber, offset, length }: Piece,
	call: Call,
): Promise<CompletedPart> {
	const read = () => reader.read(offset, length);
	const input = {
		...partInput(request, uploadId, partNumber),
		...(await integrityOfStream(s3, request, read)),
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
