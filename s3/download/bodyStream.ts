import { Readable } from 'node:stream';

/** Bytes: one piece waits for a slow reader. Several would be copied into one for it. */
const HIGH_WATER_MARK = 1;

/**
 * The pieces of an object as a stream. Node's own writer of files, with which n8n keeps files, gets them
 * past the buffer of the stream: it has written each before it asks for the next, so they may be lent.
 * @param lend called when the reader turns out to be that one, before it gets the first piece; undefined
 * where nothing can be lent, which saves looking for who reads
 * @see https://nodejs.org/api/fs.html#filehandlewritefiledata-options
 */
export function objectBody(
	pieces: AsyncGenerator<Buffer, void, void>,
	lend: (() => void) | undefined,
): Readable {
	const body = readableOf(pieces);
	if (lend === undefined) return body;
	const iterate = body[Symbol.asyncIterator].bind(body);
	body[Symbol.asyncIterator] = () => {
		if (!isFileWriter(new Error().stack)) return iterate();
		lend();
		return untilDestroyed(body, pieces);
	};
	return body;
}

/** As `Readable.from`, the streams of which keep each other as described at `readBody`. */
function readableOf(pieces: AsyncGenerator<Buffer, void, void>): Readable {
	return new Readable({
		highWaterMark: HIGH_WATER_MARK,
		read() {
			pieces.next().then(
				({ done, value }) => this.push(done === true ? null : value),
				(error: unknown) => this.destroy(error as Error),
			);
		},
		destroy(error, callback) {
			pieces.return().then(
				() => callback(error),
				(failure: unknown) => callback(error ?? (failure as Error)),
			);
		},
	});
}

/**
 * Whether it was Node's writer of files that asked; where that cannot be seen, it was not.
 * @param stack of an error, which is whatever somebody's `Error.prepareStackTrace` makes of it
 */
const isFileWriter = (stack: unknown): boolean =>
	typeof stack === 'string' &&
	/^ *at (?:async )?\w* ?\(?node:internal\/fs\/promises:/.test(stack.split('\n')[2] ?? '');

async function* untilDestroyed(
	body: Readable,
	pieces: AsyncGenerator<Buffer, void, void>,
): AsyncGenerator<Buffer, void, void> {
	try {
		yield* pieces;
	} finally {
		body.destroy();
	}
}
