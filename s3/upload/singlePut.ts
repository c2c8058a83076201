import type { Readable } from 'node:stream';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { checkEtag, retryIfDamaged } from './etagCheck';
import type { Part } from './partReader';
import type { UploadPlan } from './partRequests';
import type { PutRequest } from './PutRequest';
import { putResult } from './putResult';
import type { PutResult } from './putResult';
import { requestChecksum } from './requestChecksum';
import type { checksumOnce } from './requestChecksum';
import { sendStream } from './sendStream';
import { checkSize } from './sourceErrors';
import { withSourceReader } from './SourceReader';

/**
 * Sends a body in memory as the whole object, in one PutObject.
 * @throws S3Failure
 */
export async function putPart(
	s3: S3,
	{ request, headers, condition }: UploadPlan,
	{ body, last, release }: Pick<Part, 'body' | 'last' | 'release'>,
	call: Call,
): Promise<PutResult> {
	try {
		checkSize(request, body.length + (last ? 0 : 1));
		const checksum = requestChecksum(s3, request, body, 'MD5');
		const input = { ...headers, ...condition, ...checksum, Body: body };
		const output = await retryIfDamaged(async () => {
			const stored = await s3.send('PutObject', input, call);
			checkEtag(request, 'PutObject', checksum, stored);
			return stored;
		}, call);
		return putResult(request, { size: body.length, parts: 1 }, output);
	} finally {
		release();
	}
}

/**
 * Sends a source of known size as a stream, in one PutObject. The request is made once: the SDK cannot
 * repeat a stream.
 * @param checksum gives the same checksum for every attempt
 * @throws S3Failure
 */
export async function putStream(
	s3: S3,
	{ request, headers, condition }: UploadPlan,
	{ size, checksum }: { size: number; checksum: ReturnType<typeof checksumOnce> },
	call: Call,
): Promise<PutResult> {
	return await withSourceReader(request, call, async (reader) => {
		// One byte more than announced would not be noticed otherwise.
		const read = () => exactly(reader.read(0, size + 1), size, request);
		const input = { ...headers, ...condition, ...(await checksum(read)), ContentLength: size };
		const send = (body: Readable, linked: Call) =>
			s3.send('PutObject', { ...input, Body: body }, linked);
		const output = await sendStream(request, read(), send, call);
		checkEtag(request, 'PutObject', input, output);
		return putResult(request, { size, parts: 1 }, output);
	});
}

/**
 * The chunks of a source, or an error before the last one if there are fewer or more bytes than
 * announced: the last chunk is held back, so the server never gets a complete body of a wrong file.
 */
async function* exactly(
	chunks: AsyncIterable<Buffer>,
	size: number,
	request: PutRequest,
): AsyncGenerator<Buffer> {
	let bytes = 0;
	let held: Buffer | undefined;
	for await (const chunk of chunks) {
		bytes += chunk.length;
		if (bytes > size) break;
		if (held !== undefined) yield held;
		held = chunk;
	}
	checkSize(request, bytes);
	if (held !== undefined) yield held;
}
