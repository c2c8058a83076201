import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { MiB } from '../bytes';
import type { Call } from '../Call';
import type { S3Failure } from '../S3Failure';
import type { PutRequest } from './PutRequest';
import { putCancelled, sourceReadFailure } from './sourceErrors';

/** Bytes that are read from a file at a time. */
const FILE_CHUNK = MiB;

/**
 * Reads ranges of a source, holding at most one chunk in memory. A range that follows the last one comes
 * from the same stream; to go back, the stream is opened again and read up to the beginning of the
 * range. A file is read at any position.
 */
export class SourceReader {
	private stream: Readable | undefined;
	private chunks: AsyncIterator<Buffer | string> | undefined;
	private file: Promise<FileHandle> | undefined;
	/** The end of a chunk of the stream, which belongs to the next range. */
	private rest: Buffer | undefined;
	/** Where `rest`, or the next chunk, begins in the source, in bytes. */
	private position = 0;
	private stopped: S3Failure | undefined;
	private closed = false;

	constructor(private readonly request: PutRequest) {}

	/** The bytes from `offset` on; fewer if the source ends before. @throws S3Failure */
	async *read(offset: number, length: number): AsyncGenerator<Buffer, void, void> {
		await this.moveTo(offset);
		for (let left = length; left > 0;) {
			const chunk = await this.take(left);
			if (chunk === undefined) return;
			left -= chunk.length;
			yield chunk;
		}
	}

	/**
	 * Fills a buffer with the bytes that follow the last ones.
	 * @returns their number, which is smaller than the buffer only at the end
	 * @throws S3Failure
	 */
	async fill(buffer: Buffer): Promise<number> {
		let filled = 0;
		while (filled < buffer.length) {
			const left = buffer.subarray(filled);
			const chunk = await this.take(left.length, left);
			if (chunk === undefined) break;
			// Those of a file were read into it.
			if (chunk.buffer !== buffer.buffer) chunk.copy(left);
			filled += chunk.length;
		}
		return filled;
	}

	/** Whether all bytes have been read. @throws S3Failure */
	async hasEnded(): Promise<boolean> {
		this.rest ??= await this.next(1);
		return this.rest === undefined;
	}

	/** The size of the source in bytes, which is read to its end for that. @throws S3Failure */
	async measure(): Promise<number> {
		while ((await this.take(Infinity)) !== undefined);
		return this.position;
	}

	/** Ends all reading with this failure. */
	stop(failure: S3Failure): void {
		this.stopped = failure;
		this.stream?.destroy(failure);
	}

	/** Ends all reading, as if the source ended here. */
	async close(): Promise<void> {
		if (this.closed) return;
		this.closed = true;
		this.stream?.destroy();
		await (await this.file?.catch(() => undefined))?.close();
	}

	private async moveTo(offset: number): Promise<void> {
		const isFile = this.request.source.openFile !== undefined;
		if (offset < this.position || isFile) this.startAt(isFile ? offset : 0);
		while (this.position < offset) {
			if ((await this.take(offset - this.position)) === undefined) return;
		}
	}

	private startAt(offset: number): void {
		if (offset === this.position) return;
		this.stream?.destroy();
		this.stream = undefined;
		this.rest = undefined;
		this.position = offset;
	}

	/** The next bytes, at most so many; undefined at the end. @param into where those of a file are read into */
	private async take(most: number, into?: Buffer): Promise<Buffer | undefined> {
		const chunk = this.rest ?? (await this.next(most, into));
		this.rest = undefined;
		if (chunk === undefined) return undefined;
		const taken = chunk.length <= most ? chunk : chunk.subarray(0, most);
		if (taken.length < chunk.length) this.rest = chunk.subarray(most);
		this.position += taken.length;
		return taken;
	}

	/** The next chunk: of a stream as it comes, of a file at most so many bytes. */
	private async next(most: number, into?: Buffer): Promise<Buffer | undefined> {
		try {
			if (this.stopped !== undefined) throw this.stopped;
			if (this.closed) return undefined;
			const { openFile } = this.request.source;
			if (openFile === undefined) return await this.nextOfStream();
			this.file ??= openFile();
			const memory = into ?? Buffer.allocUnsafeSlow(Math.min(most, FILE_CHUNK));
			return await this.nextOfFile(await this.file, memory);
		} catch (error) {
			throw sourceReadFailure(this.request, error);
		}
	}

	private async nextOfFile(file: FileHandle, into: Buffer): Promise<Buffer | undefined> {
		const { bytesRead } = await file.read(into, 0, into.length, this.position);
		return bytesRead === 0 ? undefined : into.subarray(0, bytesRead);
	}

	private async nextOfStream(): Promise<Buffer | undefined> {
		if (this.stream === undefined) {
			this.stream = await this.request.source.open();
			// Reading reports errors; one between two reads would end the process without a listener.
			this.stream.on('error', () => undefined);
			if (this.closed || this.stopped !== undefined) this.stream.destroy(this.stopped);
			this.chunks = this.stream[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
		}
		for (;;) {
			const next = await this.chunks?.next();
			if (next === undefined || next.done === true) return undefined;
			const chunk = typeof next.value === 'string' ? Buffer.from(next.value) : next.value;
			if (chunk.length > 0) return chunk;
		}
	}
}

/** Gives a reader of the source to `work`, stops it when the signal fires, and closes it afterwards. */
export async function withSourceReader<Result>(
	request: PutRequest,
	{ signal }: Call,
	work: (reader: SourceReader) => Promise<Result>,
): Promise<Result> {
	const reader = new SourceReader(request);
	const stop = () => {
		reader.stop(putCancelled(request));
	};
	signal?.addEventListener('abort', stop, { once: true });
	try {
		return await work(reader);
	} finally {
		signal?.removeEventListener('abort', stop);
		await reader.close();
	}
}
