import type { DirectBody } from './RangeConnection';
import type { PageMemory } from '../../memory/PageBuffer';

const LINE_END = 0x0a;
/** Characters of a chunk's size with the end of the line. */
const LONGEST_LINE = 10;

/**
 * The body of an answer in chunks, which are put together in the memory where they arrive. Servers may put
 * more beside them, chunk extensions and trailers; it takes none of that.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-7.1
 */
export class ChunkedBody implements DirectBody {
	private next: 'size' | 'data' | 'endOfData' | 'endOfBody' | 'nothing' = 'size';
	/** Bytes of this chunk that have not come yet. */
	private left = 0;
	/** What has come of this line. */
	private line = '';

	constructor(private readonly page: PageMemory) {}

	memory(): Buffer {
		return this.page.room();
	}

	arrived(bytes: number): void {
		const come = this.page.room().subarray(0, bytes);
		let at = 0;
		while (at < bytes) at = this.next === 'data' ? this.data(come, at) : this.text(come, at);
	}

	isComplete(): boolean {
		return this.next === 'nothing';
	}

	breakOff(): boolean {
		return false;
	}

	/** Returns where what belongs to the chunk ends. */
	private data(come: Buffer, start: number): number {
		const piece = come.subarray(start, start + this.left);
		this.page.append(piece);
		this.left -= piece.length;
		if (this.left === 0) this.next = 'endOfData';
		return start + piece.length;
	}

	/** Returns where what belongs to the line ends. */
	private text(come: Buffer, start: number): number {
		if (this.next === 'nothing') throw new Error('the server said more than its last chunk');
		const lineEnd = come.indexOf(LINE_END, start);
		const end = lineEnd === -1 ? come.length : lineEnd + 1;
		this.line += come.toString('latin1', start, end);
		if (lineEnd !== -1) {
			this.lineEnded(this.line);
			this.line = '';
		} else if (this.line.length > LONGEST_LINE) throw new Error('a chunk begins with a long line');
		return end;
	}

	private lineEnded(line: string): void {
		const size = /^([\da-f]{1,8})\r\n$/i.exec(line)?.[1];
		if (this.next === 'size' && size !== undefined) {
			this.left = parseInt(size, 16);
			this.next = this.left === 0 ? 'endOfBody' : 'data';
		} else if (this.next === 'endOfData' && line === '\r\n') this.next = 'size';
		else if (this.next === 'endOfBody' && line === '\r\n') this.next = 'nothing';
		else throw new Error('a line between chunks is not what it should be');
	}
}
