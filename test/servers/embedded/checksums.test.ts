import { ALGORITHMS, checksum, running } from './checksums';
import { bytesFrom } from '../../bytes';

const hex = (base64: string) => Buffer.from(base64, 'base64').toString('hex');

describe('checksums', () => {
	it.each([
		['crc32', 'cbf43926'],
		['crc32c', 'e3069283'],
		['crc64nvme', 'ae8b14860a799888'],
		['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
		['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
	] as const)('%s of "123456789" is its published check value', (algorithm, value) => {
		expect(hex(checksum(algorithm, Buffer.from('123456789')))).toBe(value);
	});

	/** Bit by bit, straight from the definition. */
	function slowly(bytes: Buffer, polynomial: bigint, width: bigint): string {
		const ones = (1n << width) - 1n;
		let crc = ones;
		for (const byte of bytes) {
			crc ^= BigInt(byte);
			for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n;
		}
		return (crc ^ ones).toString(16).padStart(Number(width / 4n), '0');
	}

	it.each([
		['crc32', 0xedb88320n, 32n],
		['crc32c', 0x82f63b78n, 32n],
		['crc64nvme', 0x9a6c9329ac4bc9b5n, 64n],
	] as const)('%s is that of its polynomial for every length', (algorithm, polynomial, width) => {
		const bytes = bytesFrom(70, (i) => (i * 89 + 7) % 256);
		for (let length = 0; length <= bytes.length; length++) {
			const part = bytes.subarray(0, length);
			expect(hex(checksum(algorithm, part))).toBe(slowly(part, polynomial, width));
		}
	});

	it.each(ALGORITHMS)('%s does not depend on how the bytes come', (algorithm) => {
		const bytes = bytesFrom(5000, (i) => (i * 31) % 251);
		for (const size of [1, 3, 8, 13, 4096]) {
			const sum = running(algorithm);
			for (let at = 0; at < bytes.length; at += size) sum.update(bytes.subarray(at, at + size));
			expect(sum.digest()).toBe(checksum(algorithm, bytes));
		}
	});
});
