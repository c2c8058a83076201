import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export type Algorithm = 'crc32' | 'crc32c' | 'crc64nvme' | 'sha1' | 'sha256';

export const ALGORITHMS: readonly Algorithm[] = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'];

/** A checksum that grows with the bytes. */
export interface Running {
	update(chunk: Buffer): void;
	/** The value as S3 sends it: base64 of the bytes, most significant first. */
	digest(): string;
}

export function running(algorithm: Algorithm): Running {
	if (algorithm === 'crc32') return new Crc32();
	if (algorithm === 'crc32c') return new Crc32c();
	if (algorithm === 'crc64nvme') return new Crc64Nvme();
	const hash = createHash(algorithm);
	return {
		update: (chunk) => {
			hash.update(chunk);
		},
		digest: () => hash.digest('base64'),
	};
}

/** The checksum of all bytes at once. */
export function checksum(algorithm: Algorithm, bytes: Buffer): string {
	const sum = running(algorithm);
	sum.update(bytes);
	return sum.digest();
}

class Crc32 implements Running {
	private value = 0;

	update(chunk: Buffer): void {
		this.value = crc32(chunk, this.value);
	}

	digest(): string {
		return base64Of(this.value);
	}
}

/**
 * Tables for eight bytes at a time: entry `256 * k + b` is what the byte `b` does to the checksum
 * when `k` more bytes follow it. In two halves, as numbers here have 32 bits.
 */
function slicingTables(polynomialHigh: number, polynomialLow: number) {
	const high = new Int32Array(2048);
	const low = new Int32Array(2048);
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
	for (let index = 256; index < 2048; index++) {
		const h = high[index - 256]!;
		const l = low[index - 256]!;
		high[index] = (h >>> 8) ^ high[l & 255]!;
		low[index] = ((l >>> 8) | (h << 24)) ^ low[l & 255]!;
	}
	return { high, low };
}

/** Reflected polynomial of Castagnoli's CRC. */
const { low: CRC32C } = slicingTables(0, 0x82f63b78);
/** Reflected polynomial 0x9a6c9329ac4bc9b5, in two halves. */
const CRC64 = slicingTables(0x9a6c9329, 0xac4bc9b5);

class Crc32c implements Running {
	private value = -1;

	update(chunk: Buffer): void {
		let value = this.value;
		let i = 0;
		for (const end = chunk.length - 7; i < end; i += 8) {
			const word =
				value ^ (chunk[i]! | (chunk[i + 1]! << 8) | (chunk[i + 2]! << 16) | (chunk[i + 3]! << 24));
			value =
				CRC32C[1792 + (word & 255)]! ^
				CRC32C[1536 + ((word >>> 8) & 255)]! ^
				CRC32C[1280 + ((word >>> 16) & 255)]! ^
				CRC32C[1024 + (word >>> 24)]! ^
				CRC32C[768 + chunk[i + 4]!]! ^
				CRC32C[512 + chunk[i + 5]!]! ^
				CRC32C[256 + chunk[i + 6]!]! ^
				CRC32C[chunk[i + 7]!]!;
		}
		for (; i < chunk.length; i++) value = CRC32C[(value ^ chunk[i]!) & 255]! ^ (value >>> 8);
		this.value = value;
	}

	digest(): string {
		return base64Of(~this.value);
	}
}

class Crc64Nvme implements Running {
	private high = -1;
	private low = -1;

	update(chunk: Buffer): void {
		const { high: tableHigh, low: tableLow } = CRC64;
		let { high, low } = this;
		let i = 0;
		for (const end = chunk.length - 7; i < end; i += 8) {
			const l =
				low ^ (chunk[i]! | (chunk[i + 1]! << 8) | (chunk[i + 2]! << 16) | (chunk[i + 3]! << 24));
			const h =
				high ^
				(chunk[i + 4]! | (chunk[i + 5]! << 8) | (chunk[i + 6]! << 16) | (chunk[i + 7]! << 24));
			const a = 1792 + (l & 255);
			const b = 1536 + ((l >>> 8) & 255);
			const c = 1280 + ((l >>> 16) & 255);
			const d = 1024 + (l >>> 24);
			const e = 768 + (h & 255);
			const f = 512 + ((h >>> 8) & 255);
			const g = 256 + ((h >>> 16) & 255);
			const j = h >>> 24;
			high =
				tableHigh[a]! ^
				tableHigh[b]! ^
				tableHigh[c]! ^
				tableHigh[d]! ^
				tableHigh[e]! ^
				tableHigh[f]! ^
				tableHigh[g]! ^
				tableHigh[j]!;
			low =
				tableLow[a]! ^
				tableLow[b]! ^
				tableLow[c]! ^
				tableLow[d]! ^
				tableLow[e]! ^
				tableLow[f]! ^
				tableLow[g]! ^
				tableLow[j]!;
		}
		for (; i < chunk.length; i++) {
			const index = (low ^ chunk[i]!) & 255;
			low = ((low >>> 8) | (high << 24)) ^ tableLow[index]!;
			high = (high >>> 8) ^ tableHigh[index]!;
		}
		this.high = high;
		this.low = low;
	}

	digest(): string {
		return base64Of(~this.high, ~this.low);
	}
}

function base64Of(...words: number[]): string {
	const bytes = Buffer.alloc(4 * words.length);
	words.forEach((word, index) => bytes.writeInt32BE(word | 0, 4 * index));
	return bytes.toString('base64');
}
