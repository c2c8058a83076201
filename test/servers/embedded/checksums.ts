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
 * What each byte does to a checksum: the remainder of its division by the reflected polynomial. Worked
 * out with big integers and used byte by byte, so that it shares nothing with the code under test.
 */
function remainders(polynomial: bigint): bigint[] {
	return Array.from({ length: 256 }, (_, byte) => {
		let remainder = BigInt(byte);
		for (let bit = 0; bit < 8; bit++) {
			const isOdd = remainder % 2n === 1n;
			remainder /= 2n;
			if (isOdd) remainder ^= polynomial;
		}
		return remainder;
	});
}

/** @see https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4 */
const CASTAGNOLI = Uint32Array.from(remainders(0x82f63b78n), Number);

class Crc32c implements Running {
	private value = -1;

	update(chunk: Buffer): void {
		let { value } = this;
		for (let i = 0; i < chunk.length; i++) {
			value = (value >>> 8) ^ CASTAGNOLI[(value ^ chunk[i]!) & 0xff]!;
		}
		this.value = value;
	}

	digest(): string {
		return base64Of(~this.value);
	}
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
const NVME = remainders(0x9a6c9329ac4bc9b5n);
/** Numbers have 32 bits in the operations that are needed. */
const NVME_HIGH = Uint32Array.from(NVME, (remainder) => Number(remainder >> 32n));
const NVME_LOW = Uint32Array.from(NVME, (remainder) => Number(remainder & 0xffffffffn));

class Crc64Nvme implements Running {
	private high = -1;
	private low = -1;

	update(chunk: Buffer): void {
		let { high, low } = this;
		for (let i = 0; i < chunk.length; i++) {
			const index = (low ^ chunk[i]!) & 0xff;
			low = ((low >>> 8) | (high << 24)) ^ NVME_LOW[index]!;
			high = (high >>> 8) ^ NVME_HIGH[index]!;
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
