import { isAscii } from 'node:buffer';

/**
 * The XML of a listing. What is kept of it is cut out as copies: what `slice` gives holds on to all of
 * the text, a third of a megabyte for each page, for as long as any key of it is in use.
 */
export class ListingText {
	readonly xml: string;
	/** Where a character has the same place in both. */
	private readonly bytes: Buffer | undefined;

	/** @param bytes UTF-8 */
	constructor(bytes: Buffer) {
		this.bytes = isAscii(bytes) ? bytes : undefined;
		this.xml = bytes.toString(this.bytes === undefined ? 'utf8' : 'latin1');
	}

	/** The characters from `start` to before `end`. */
	cut(start: number, end: number): string {
		return this.bytes?.toString('latin1', start, end) ?? this.xml.slice(start, end);
	}
}
