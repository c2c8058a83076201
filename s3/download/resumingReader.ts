import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from '../Call';
import { bodyBufferOf } from '../memory/BodyBuffer';
import { bodyChunks } from '../retry/bodyChunks';
import type { ByteRange, Download } from './Download';
import { brokenOff, cancelled } from './downloadErrors';
import { requestRange } from './requestRange';
import { Resumption } from './Resumption';

/**
 * The bytes of a range, from as many responses as it takes: after a break the next request begins with the
 * byte that is missing, for the same ETag.
 * @param first a body that begins at the start of the range and may go on after its end; it is destroyed.
 * Undefined if there is none yet
 * @throws S3Failure when the range cannot be read to its end
 */
export async function* resumingReader(
	download: Download,
	{ start, end }: ByteRange,
	first: Readable | undefined,
	call: Call,
): AsyncGenerator<Buffer, void, void> {
	const resumption = new Resumption(call);
	let position = start;
	let body = first;
	for (;;) {
		body ??= await requestRange(download, { start: position, end }, call);
		const chunks = bodyChunks(body, call.signal);
		const failure = yield* readUntilFailure(chunks, { start: position, end }, (bytes) => {
			position += bytes;
			resumption.onBytes(bytes);
		});
		if (failure === undefined) return;
		await waitToResume(download, { position, end, resumption }, failure, call);
		body = undefined;
	}
}

/**
 * Reads a range into a buffer that has room for it, resumed as by `resumingReader`.
 * @throws S3Failure when the range cannot be read to its end
 */
export async function readRangeInto(
	download: Download,
	{ start, end }: { start: number; end: number },
	buffer: Buffer,
	call: Call,
): Promise<void> {
	const resumption = new Resumption(call);
	for (let position = start; position < end;) {
		const body = bodyBufferOf(buffer.subarray(position - start, end - start));
		const empty = await requestRange(download, { start: position, end }, { ...call, body });
		empty.destroy();
		position += body.filled;
		resumption.onBytes(body.filled);
		if (position === end) return;
		const failure = body.failure ?? endedEarly();
		await waitToResume(download, { position, end, resumption }, failure, call);
	}
}

/** Passes the bytes of one body on; returns what broke it off, undefined if all bytes have arrived. */
async function* readUntilFailure(
	body: AsyncIterable<Buffer>,
	{ start, end }: ByteRange,
	onBytes: (bytes: number) => void,
): AsyncGenerator<Buffer, unknown, void> {
	let position = start;
	try {
		// The loop destroys the body, however it ends.
		for await (const whole of body) {
			const chunk = end === undefined ? whole : whole.subarray(0, end - position);
			position += chunk.length;
			onBytes(chunk.length);
			if (chunk.length > 0) yield chunk;
			// The rest of this body is not read: its connection cannot be used again.
			if (chunk.length < whole.length) return undefined;
		}
	} catch (error) {
		return position === end ? undefined : error;
	}
	return end === undefined || position === end ? undefined : endedEarly();
}

const endedEarly = () => new Error('the body ended early');

/** Waits before the request after a break; throws if there is to be none. */
async function waitToResume(
	download: Download,
	progress: { position: number; end: number | undefined; resumption: Resumption },
	failure: unknown,
	{ signal }: Call,
): Promise<void> {
	const { position, end, resumption } = progress;
	if (signal?.aborted === true) throw cancelled(download);
	const isPinned = end !== undefined && download.head.etag !== undefined;
	const delay = isPinned ? resumption.delayAfterBreak() : undefined;
	if (delay === undefined) throw brokenOff(download, position, failure);
	await sleep(delay, undefined, signal && { signal }).catch(() => {
		throw cancelled(download);
	});
}
