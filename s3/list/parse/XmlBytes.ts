import { isUtf8 } from 'node:buffer';

const PERCENT = 0x25;
const AMPERSAND = 0x26;
const PLUS = 0x2b;
const SPACE = 0x20;
/** Bytes: a key has at most 1,024, and each is written with at most three. */
const LONGEST_KEY = 3 * 1024;

/** Where keys are decoded, one at a time. */
const decoded = Buffer.allocUnsafeSlow(LONGEST_KEY);

/** What is looked for in the bytes of a listing. */
export const wordOf = (text: string): Buffer => Buffer.from(text, 'latin1');

/**
 * The XML of a listing, as the bytes that came. A string is made only of what is kept of it: one of the
 * whole would be a third of a megabyte more for each page, and what `slice` gives of it would hold on to
 * that for as long as any key is in use.
 */
export class ListingText {
	/** @param bytes UTF-8 */
	constructor(readonly bytes: Buffer) {}

	/** The characters from `start` to before `end`. */
	cut(start: number, end: number): string {
		return this.bytes.toString('utf8', start, end);
	}

	/** Whether a word stands at a position. */
	has(word: Buffer, position: number): boolean {
		for (let i = 0; i < word.length; i++) {
			if (this.bytes[position + i] !== word[i]) return false;
		}
		return true;
	}

	/** Where a byte comes next, at a position or behind it; -1 if it does not. Mostly it is near. */
	find(byte: number, position: number): number {
		const { bytes } = this;
		for (let i = position; i < bytes.length; i++) if (bytes[i] === byte) return i;
		return -1;
	}

	/**
	 * What URL-encoded characters from `start` to before `end` mean, as one new string: to cut it out before
	 * and to put it together afterwards would make several for each key.
	 * @returns undefined where they hold entities, are too many, or no text when decoded
	 */
	cutDecoded(start: number, end: number): string | undefined {
		const { bytes } = this;
		if (end - start > LONGEST_KEY) return undefined;
		let length = 0;
		let all = 0;
		for (let i = start; i < end; i++) {
			let byte = bytes[i] ?? 0;
			if (byte === AMPERSAND) return undefined;
			if (byte === PLUS) byte = SPACE;
			else if (byte === PERCENT) {
				byte = (digitOf(bytes[i + 1]) << 4) | digitOf(bytes[i + 2]);
				if (byte < 0) return undefined;
				i += 2;
			}
			all |= byte;
			decoded[length++] = byte;
		}
		if (all < 0x80) return decoded.toString('latin1', 0, length);
		return isUtf8(decoded.subarray(0, length)) ? decoded.toString('utf8', 0, length) : undefined;
	}
}

/** Of a hexadecimal digit; negative for anything else. */
function digitOf(digit = 0): number {
	if (digit >= 0x30 && digit <= 0x39) return digit - 0x30;
	const letter = digit | 0x20;
	return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
