import type { Readable } from 'node:stream';
import type { PutRequest } from './PutRequest';
import type { S3Failure } from './S3Failure';
import { unreadable } from './sourceFailures';

/**
 * Reads a source piece by piece without holding more than a chunk of it. What follows on the piece read
 * last comes from the same stream; to go back, the source is opened again and read up to there.
 */
export class SourceReader {
	private stream: Readable | undefined;
	private chunks: AsyncIterator<Buffer> | undefined;
	/** Read from the stream and not given out yet. */
	private rest: Buffer | undefined;
	/** Where `rest`, or the next chunk, begins. */
	private position = 0;
	private stopped: S3Failure | undefined;

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

	close(): void {
		this.stream?.destroy();
		this.stream = undefined;
		this.rest = undefined;
		this.position = 0;
	}

	private async moveTo(offset: number): Promise<void> {
		if (offset < this.position) this.close();
		while (this.position < offset) {
			if ((await this.take(offset - this.position)) === undefined) return;
		}
	}

	/** The next bytes, at most so many; undefined at the end. */
	private async take(most: number): Promise<Buffer | undefined> {
		const chunk = this.rest ?? (await this.next());
		this.rest = undefined;
		if (chunk === undefined) return undefined;
		const taken = chunk.length <= most ? chunk : chunk.subarray(0, most);
		if (taken.length < chunk.length) this.rest = chunk.subarray(most);
		this.position += taken.length;
		return taken;
	}

	private async next(): Promise<Buffer | undefined> {
		try {
			if (this.stopped !== undefined) throw this.stopped;
			if (this.stream === undefined) {
				this.stream = await this.request.source.open();
				// Reading reports the error; without a listener one between two reads would end the process.
				this.stream.on('error', () => undefined);
				this.chunks = this.stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
			}
			for (;;) {
				const next = await this.chunks?.next();
				if (next === undefined || next.done === true) return undefined;
				if (next.value.length > 0) return next.value;
			}
		} catch (error) {
			throw unreadable(this.request, error);
		}
	}
}
