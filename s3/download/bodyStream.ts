import { Readable } from 'node:stream';

/** Bytes, so at most one chunk is buffered: several would be joined into a copy for some readers. */
const HIGH_WATER_MARK = 1;

/**
 * The bytes of an object as a stream. It ends when `chunks` has ended, and is destroyed with whatever
 * `chunks` throws. Not `Readable.from`: its streams keep each other alive as described at `readBody`.
 * @param stop called once, when nobody reads any more: ends what `chunks` waits for
 * @see https://nodejs.org/api/stream.html#implementing-a-readable-stream
 */
export function bodyStream(chunks: AsyncGenerator<Buffer, void, void>, stop: () => void): Readable {
	return new Readable({
		highWaterMark: HIGH_WATER_MARK,
		read() {
			chunks.next().then(
				({ done, value }) => this.push(done === true ? null : value),
				(error: unknown) => this.destroy(error as Error),
			);
		},
		destroy(error, callback) {
			stop();
			// Waits for the chunk that was being read.
			chunks.return().then(
				() => callback(error),
				(failure: unknown) => callback(error ?? (failure as Error)),
			);
		},
	});
}
