import { crc32 } from 'node:zlib';

/** A checksum that is updated chunk by chunk. */
export interface RunningChecksum {
	update(chunk: Buffer): void;
	/** The checksum of all bytes so far, most significant byte first. */
	digest(): Buffer;
}

/** Bytes that one round of the loops below takes: four words of 32 bits. */
const STRIDE = 16;

interface Tables {
	high: Int32Array;
	low: Int32Array;
}

/**
 * Tables to take 16 bytes at a time ("slicing by 16"): entry `256 * n + byte` is what the byte does to the
 * checksum if `n` more bytes follow. In two halves, because bitwise operators work on 32 bits.
 * @param polynomialHigh the upper half of the reflected polynomial; 0 for a CRC of 32 bits
 * @param polynomialLow its lower half
 */
function tablesOf(polynomialHigh: number, polynomialLow: number): Tables {
	const high = new Int32Array(256 * STRIDE);
	const low = new Int32Array(256 * STRIDE);
	for (let byte = 0; byte < 256; byte++) {
		let h = 0;
		let l = byte;
		for (let bit = 0; bit < 8; bit++) {
			const carry = -(l & 1);
			l = ((l >>> 1) | (h << 31)) ^ (polynomialLow & carry);
			h = (h >>> 1) ^ (polynomialHigh & carry);
		}
		high[byte] = h;
		low[byte] = l;
	}
	for (let index = 256; index < high.length; index++) {
		const h = entry(high, index - 256);
		const l = entry(low, index - 256);
		high[index] = (h >>> 8) ^ entry(high, l & 255);
		low[index] = ((l >>> 8) | (h << 24)) ^ entry(low, l & 255);
	}
	return { high, low };
}

/** A cast, because `?? 0` would cost a third of the speed. */
const entry = (table: Int32Array, index: number): number => table[index] as number;

/**
 * What four bytes, the first in the lowest bits, do to the checksum; `at` is where their tables begin. Without
 * `entry`: V8 inlines a limited amount of code into one function, and CRC64NVME would lose 40 % of its speed.
 */
const wordIn = (table: Int32Array, word: number, at: number): number =>
	(table[at + 768 + (word & 255)] as number) ^
	(table[at + 512 + ((word >>> 8) & 255)] as number) ^
	(table[at + 256 + ((word >>> 16) & 255)] as number) ^
	(table[at + (word >>> 24)] as number);

const viewOf = ({ buffer, byteOffset, length }: Buffer): DataView =>
	new DataView(buffer, byteOffset, length);

function bytesOf(...words: number[]): Buffer {
	const bytes = Buffer.alloc(4 * words.length);
	words.forEach((word, index) => bytes.writeInt32BE(word | 0, 4 * index));
	return bytes;
}

/** The CRC of zlib and PNG; Node has it. */
export class Crc32 implements RunningChecksum {
	private value = 0;

	update(chunk: Buffer): void {
		this.value = crc32(chunk, this.value);
	}

	digest(): Buffer {
		return bytesOf(this.value);
	}
}

/** Reflected polynomial. */
const CASTAGNOLI = 0x82f63b78;
/** Made at first use, as the other tables. */
let castagnoli: Int32Array | undefined;

/** Castagnoli's CRC. @see https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4 */
export class Crc32c implements RunningChecksum {
	private value = -1;

	update(chunk: Buffer): void {
		const table = (castagnoli ??= tablesOf(0, CASTAGNOLI).low);
		const view = viewOf(chunk);
		const whole = chunk.length - (chunk.length % STRIDE);
		let { value } = this;
		for (let i = 0; i < whole; i += STRIDE) {
			value =
				wordIn(table, value ^ view.getInt32(i, true), 3072) ^
				wordIn(table, view.getInt32(i + 4, true), 2048) ^
				wordIn(table, view.getInt32(i + 8, true), 1024) ^
				wordIn(table, view.getInt32(i + 12, true), 0);
		}
		for (let i = whole; i < chunk.length; i++) {
			value = entry(table, (value ^ view.getUint8(i)) & 255) ^ (value >>> 8);
		}
		this.value = value;
	}

	digest(): Buffer {
		return bytesOf(~this.value);
	}
}

let nvme: Tables | undefined;

/**
 * The CRC of NVM Express, which S3 computes for every upload that comes without a checksum.
 * @see https://reveng.sourceforge.io/crc-catalogue/all.htm (CRC-64/NVME)
 */
export class Crc64Nvme implements RunningChecksum {
	private high = -1;
	private low = -1;

	update(chunk: Buffer): void {
		const tables = (nvme ??= tablesOf(0x9a6c9329, 0xac4bc9b5));
		const view = viewOf(chunk);
		const whole = chunk.length - (chunk.length % STRIDE);
		let { high, low } = this;
		for (let i = 0; i < whole; i += STRIDE) {
			const a = low ^ view.getInt32(i, true);
			const b = high ^ view.getInt32(i + 4, true);
			const c = view.getInt32(i + 8, true);
			const d = view.getInt32(i + 12, true);
			high =
				wordIn(tables.high, a, 3072) ^
				wordIn(tables.high, b, 2048) ^
				wordIn(tables.high, c, 1024) ^
				wordIn(tables.high, d, 0);
			low =
				wordIn(tables.low, a, 3072) ^
				wordIn(tables.low, b, 2048) ^
				wordIn(tables.low, c, 1024) ^
				wordIn(tables.low, d, 0);
		}
		for (let i = whole; i < chunk.length; i++) {
			const index = (low ^ view.getUint8(i)) & 255;
			low = ((low >>> 8) | (high << 24)) ^ entry(tables.low, index);
			high = (high >>> 8) ^ entry(tables.high, index);
		}
		this.high = high;
		this.low = low;
	}

	digest(): Buffer {
		return bytesOf(~this.high, ~this.low);
	}
}
