import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export type Algorithm = 'crc32' | 'crc32c' | 'crc64nvme' | 'sha1' | 'sha256' | 'md5';

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
		const bytes = Buffer.alloc(4);
		bytes.writeUInt32BE(this.value >>> 0);
		return bytes.toString('base64');
	}
}

const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
	let value = byte;
	for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
	return value >>> 0;
});

class Crc32c implements Running {
	private value = 0xffffffff;

	update(chunk: Buffer): void {
		let value = this.value;
		for (const byte of chunk)
			value = ((CRC32C_TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8)) >>> 0;
		this.value = value;
	}

	digest(): string {
		const bytes = Buffer.alloc(4);
		bytes.writeUInt32BE((this.value ^ 0xffffffff) >>> 0);
		return bytes.toString('base64');
	}
}

/** Reflected polynomial 0x9a6c9329ac4bc9b5, in two halves of 32 bits. */
const CRC64_TABLE = Array.from({ length: 256 }, (_, byte) => {
	let high = 0;
	let low = byte;
	for (let bit = 0; bit < 8; bit++) {
		const carry = low & 1;
		low = ((low >>> 1) | ((high & 1) << 31)) >>> 0;
		high >>>= 1;
		if (carry) {
			high = (high ^ 0x9a6c9329) >>> 0;
			low = (low ^ 0xac4bc9b5) >>> 0;
		}
	}
	return [high, low] as const;
});

class Crc64Nvme implements Running {
	private high = 0xffffffff;
	private low = 0xffffffff;

	update(chunk: Buffer): void {
		let { high, low } = this;
		for (const byte of chunk) {
			const [tableHigh, tableLow] = CRC64_TABLE[(low ^ byte) & 0xff] ?? [0, 0];
			low = (((low >>> 8) | (high << 24)) ^ tableLow) >>> 0;
			high = ((high >>> 8) ^ tableHigh) >>> 0;
		}
		this.high = high;
		this.low = low;
	}

	digest(): string {
		const bytes = Buffer.alloc(8);
		bytes.writeUInt32BE((this.high ^ 0xffffffff) >>> 0, 0);
		bytes.writeUInt32BE((this.low ^ 0xffffffff) >>> 0, 4);
		return bytes.toString('base64');
	}
}
