import { Readable } from 'node:stream';

import { MiB } from '../../s3/bytes';
import { GrowableBuffer } from '../../s3/memory/GrowableBuffer';

/** Bytes of the buffer for the lines of a page at first; it grows with longer lines. */
const PAGE_SIZE = 256 * 1024;
/** Bytes that a UTF-16 code unit takes at most in UTF-8. */
const MAX_BYTES_PER_UNIT = 3;

/** Rows that become the lines of a text, page by page. */
export interface Lines<Row> {
	/** The first line. */
	header?: string;
	/** A page is emptied when its rows have become lines. */
	pages: AsyncIterable<Row[]>;
	lineOf: (row: Row) => string;
	/** What each line ends with. */
	end: string;
}

/** A stream of the lines in UTF-8; they are made while it is read. */
export function textStream<Row>(lines: Lines<Row>): Readable {
	return Readable.from(bytesOf(lines), { objectMode: false, highWaterMark: MiB });
}

async function* bytesOf<Row>({ header, pages, lineOf, end }: Lines<Row>): AsyncGenerator<Buffer> {
	if (header !== undefined) yield Buffer.from(header + end);
	const writer = new LineWriter(Buffer.from(end));
	for await (const rows of pages) {
		for (const row of rows) writer.add(lineOf(row));
		// The generators before this one keep the page until they give the next.
		rows.length = 0;
		yield writer.take();
	}
}

/** Lines are encoded one by one: three times as fast as joining a page and encoding it. */
class LineWriter {
	private readonly written = new GrowableBuffer(Buffer.allocUnsafeSlow(PAGE_SIZE));

	constructor(private readonly end: Buffer) {}

	add(line: string): void {
		const { written } = this;
		written.makeRoom(MAX_BYTES_PER_UNIT * line.length + this.end.length);
		written.length += written.memory.write(line, written.length);
		for (const byte of this.end) written.memory[written.length++] = byte;
	}

	/** Gives the lines that were added since the last call. */
	take(): Buffer {
		const bytes = Buffer.from(this.written.filled());
		this.written.length = 0;
		return bytes;
	}
}
