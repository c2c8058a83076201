import { randomBytes } from 'node:crypto';
import { Crc32, Crc32c, Crc64Nvme } from '../../../../s3/checksums/crc';

const ALGORITHMS = { Crc32, Crc32c, Crc64Nvme };
type Name = keyof typeof ALGORITHMS;

function hexOf(name: Name, ...chunks: Buffer[]): string {
	const sum = new ALGORITHMS[name]();
	for (const chunk of chunks) sum.update(chunk);
	return sum.digest().toString('hex');
}

/** The same bit by bit, straight from the definition. */
function slowly(bytes: Buffer, polynomial: bigint, width: bigint): string {
	const ones = (1n << width) - 1n;
	let crc = ones;
	for (const byte of bytes) {
		crc ^= BigInt(byte);
		for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n;
	}
	return (crc ^ ones).toString(16).padStart(Number(width / 4n), '0');
}

/** @see https://reveng.sourceforge.io/crc-catalogue/all.htm (the field `check`) */
it.each<[Name, string]>([
	['Crc32', 'cbf43926'],
	['Crc32c', 'e3069283'],
	['Crc64Nvme', 'ae8b14860a799888'],
])('%s of "123456789" is its published check value', (name, value) => {
	expect(hexOf(name, Buffer.from('123456789'))).toBe(value);
});

it.each<[Name, bigint, bigint]>([
	['Crc32', 0xedb88320n, 32n],
	['Crc32c', 0x82f63b78n, 32n],
	['Crc64Nvme', 0x9a6c9329ac4bc9b5n, 64n],
])('%s is that of its polynomial for every length', (name, polynomial, width) => {
	const bytes = randomBytes(100);
	for (let length = 0; length <= bytes.length; length++) {
		const part = bytes.subarray(0, length);
		expect(hexOf(name, part)).toBe(slowly(part, polynomial, width));
	}
});

it.each<Name>(['Crc32', 'Crc32c', 'Crc64Nvme'])(
	'%s does not depend on how the bytes are cut into chunks',
	(name) => {
		const bytes = randomBytes(5000);
		for (const size of [1, 3, 15, 16, 17, 4096]) {
			const chunks = [];
			for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
			expect(hexOf(name, ...chunks)).toBe(hexOf(name, bytes));
		}
	},
);
