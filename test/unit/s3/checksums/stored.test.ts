import { randomBytes } from 'node:crypto';
import { startChecksum, storedChecksum } from '../../../../s3/checksums/stored';

const CRCS = ['CRC32', 'CRC32C', 'CRC64NVME'] as const;

function hex(algorithm: Parameters<typeof startChecksum>[0], ...chunks: Buffer[]): string {
	const sum = startChecksum(algorithm)!();
	for (const chunk of chunks) sum.update(chunk);
	return sum.digest().toString('hex');
}

describe('checksums of downloads', () => {
	it.each([
		['CRC32', 'cbf43926'],
		['CRC32C', 'e3069283'],
		['CRC64NVME', 'ae8b14860a799888'],
		['MD5', '25f9e794323b453885f5181f1b624d0b'],
		['SHA1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
		['SHA256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
		[
			'SHA512',
			'd9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274ad27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85',
		],
	] as const)('%s of "123456789" is its published check value', (algorithm, value) => {
		expect(hex(algorithm, Buffer.from('123456789'))).toBe(value);
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
		['CRC32', 0xedb88320n, 32n],
		['CRC32C', 0x82f63b78n, 32n],
		['CRC64NVME', 0x9a6c9329ac4bc9b5n, 64n],
	] as const)('%s is that of its polynomial for every length', (algorithm, polynomial, width) => {
		const bytes = randomBytes(100);
		for (let length = 0; length <= bytes.length; length++) {
			const part = bytes.subarray(0, length);
			expect(hex(algorithm, part)).toBe(slowly(part, polynomial, width));
		}
	});

	it.each(CRCS)('%s does not depend on how the bytes come', (algorithm) => {
		const bytes = randomBytes(5000);
		for (const size of [1, 3, 15, 16, 17, 4096]) {
			const chunks = [];
			for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
			expect(hex(algorithm, ...chunks)).toBe(hex(algorithm, bytes));
		}
	});

	it('are read from an answer with their type, which the number of parts shows too', () => {
		expect(storedChecksum({})).toBeUndefined();
		expect(
			storedChecksum({ ChecksumCRC64NVME: 'AAAAAAAAAAA=', ChecksumType: 'FULL_OBJECT' }),
		).toEqual({ algorithm: 'CRC64NVME', value: 'AAAAAAAAAAA=', type: 'FULL_OBJECT' });
		expect(storedChecksum({ ChecksumSHA1: 'x-2' })?.type).toBe('COMPOSITE');
		expect(storedChecksum({ ChecksumSHA1: 'x', ChecksumType: 'COMPOSITE' })?.type).toBe(
			'COMPOSITE',
		);
		expect(storedChecksum({ ChecksumXXHASH3: 'x' })?.algorithm).toBe('XXHASH3');
	});
});
