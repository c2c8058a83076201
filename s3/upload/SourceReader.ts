import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { PutRequest } from './PutRequest';
import type { S3Failure } from '../S3Failure';
import { unreadable } from './sourceErrors';

/** Bytes that are read of a file at a time. */
const FILE_CHUNK = 1024 * 1024;

/**
 * Reads a source piece by piece without holding more than a chunk of it. What follows on the piece read
 * last comes from the same stream; to go back, a stream is opened again and read up to there. A file is
 * read from anywhere.
 */
export class SourceReader {
	private stream: Readable | undefined;
	private chunks: AsyncIterator<Buffer> | undefined;
	private file: Promise<FileHandle> | undefined;
	/** Read from the stream and not given out yet. */
	private rest: Buffer | undefined;
	/** Where `rest`, or the next chunk, begins. */
	private position = 0;
	private stopped: S3Failure | undefined;
	private closed = false;

	constructor(private readonly request: PutRequest) {}

	/** The bytes from `offset` on; fewer where the source ends before. @throws S3Failure */
	async *read(offset: number, length: number): AsyncGenerator<Buffer, void, void> {
		await this.moveTo(offset);
		for (let left = length; left > 0;) {
			const chunk = await this.take(left);
			if (chunk === undefined) return;
			left -= chunk.length;
			yield chunk;
		}
	}

	/** Bytes of the whole source, which is read through for that. @throws S3Failure */
	async measure(): Promise<number> {
		while ((await this.take(Infinity)) !== undefined);
		return this.position;
	}

	/** Ends all reading with this failure. */
	stop(failure: S3Failure): void {
		this.stopped = failure;
		this.stream?.destroy(failure);
	}

	/** Ends all reading; what is still being read then comes to an end. */
	async close(): Promise<void> {
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

	/** The next bytes, at most so many; undefined at the end. */
	private async take(most: number): Promise<Buffer | undefined> {
		const chunk = this.rest ?? (await this.next(most));
		this.rest = undefined;
		if (chunk === undefined) return undefined;
		const taken = chunk.length <= most ? chunk : chunk.subarray(0, most);
		if (taken.length < chunk.length) this.rest = chunk.subarray(most);
		this.position += taken.length;
		return taken;
	}

	/** The next bytes: of a stream a chunk as it comes, of a file at most so many. */
	private async next(most: number): Promise<Buffer | undefined> {
		try {
			if (this.stopped !== undefined) throw this.stopped;
			if (this.closed) return undefined;
			const { openFile } = this.request.source;
			if (openFile === undefined) return await this.nextOfStream();
			this.file ??= openFile();
			const length = Math.min(most, FILE_CHUNK);
			const chunk = Buffer.allocUnsafeSlow(length);
			const { bytesRead } = await (await this.file).read(chunk, 0, length, this.position);
			return bytesRead === 0 ? undefined : chunk.subarray(0, bytesRead);
		} catch (error) {
			throw unreadable(this.request, error);
		}
	}

	private async nextOfStream(): Promise<Buffer | undefined> {
		if (this.stream === undefined) {
			this.stream = await this.request.source.open();
			// Reading reports the error; without a listener one between two reads would end the process.
			this.stream.on('error', () => undefined);
			if (this.closed) this.stream.destroy();
			this.chunks = this.stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
		}
		for (;;) {
			const next = await this.chunks?.next();
			if (next === undefined || next.done === true) return undefined;
			if (next.value.length > 0) return next.value;
		}
	}
}
