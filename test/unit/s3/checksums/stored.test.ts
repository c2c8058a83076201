import { startChecksum, storedChecksum } from '../../../../s3/checksums/stored';
import { likelyPartSizes } from '../../../../s3/download/likelyPartSizes';

const MiB = 1024 * 1024;

describe('storedChecksum', () => {
	it('storedChecksum is undefined if the response names no checksum', () => {
		expect(storedChecksum({})).toBeUndefined();
	});

	it('storedChecksum has the algorithm, the value and the type that the response names', () => {
		expect(
			storedChecksum({ ChecksumCRC64NVME: 'AAAAAAAAAAA=', ChecksumType: 'FULL_OBJECT' }),
		).toEqual({ algorithm: 'CRC64NVME', value: 'AAAAAAAAAAA=', type: 'FULL_OBJECT' });
		expect(storedChecksum({ ChecksumSHA1: 'x', ChecksumType: 'COMPOSITE' })?.type).toBe(
			'COMPOSITE',
		);
		expect(storedChecksum({ ChecksumXXHASH3: 'x' })?.algorithm).toBe('XXHASH3');
	});

	it('storedChecksum is composite if its value ends with the number of parts', () => {
		expect(storedChecksum({ ChecksumSHA1: 'x-2' })?.type).toBe('COMPOSITE');
	});
});

describe('startChecksum', () => {
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
	] as const)('startChecksum gives %s, whose check value is published', (algorithm, value) => {
		const sum = startChecksum(algorithm)!();
		sum.update(Buffer.from('12345'));
		sum.update(Buffer.from('6789'));
		expect(sum.digest().toString('hex')).toBe(value);
	});

	it('startChecksum gives nothing for an algorithm that is known by name only', () => {
		expect(startChecksum('XXHASH64')).toBeUndefined();
	});
});

describe('the likely sizes of the parts of an object', () => {
	it.each([5, 8, 16, 64, 100])('hold %i MiB for any number of parts', (partSize) => {
		for (const parts of [1, 2, 3, 4, 7, 10, 11, 128, 999, 10_000]) {
			for (const last of [1, MiB, partSize * MiB - 1, partSize * MiB]) {
				const size = (parts - 1) * partSize * MiB + last;
				const sizes = likelyPartSizes(size, parts);
				expect(sizes.length).toBeLessThanOrEqual(3);
				// The size of a single part is the object's.
				expect(sizes).toContain(parts === 1 ? size : partSize * MiB);
			}
		}
	});

	it('hold odd ones that are the only ones in whole MiB, or that divide the object evenly', () => {
		expect(likelyPartSizes(20 * 13 * MiB - 1, 20)).toContain(13 * MiB);
		expect(likelyPartSizes(10_000 * 7_654_321, 10_000)).toContain(7_654_321);
	});

	it('are none that give another number of parts', () => {
		for (const [size, parts] of [
			[30 * MiB + 1, 4],
			[30 * MiB, 3],
			[17, 5],
		] as const) {
			for (const partSize of likelyPartSizes(size, parts)) {
				expect(Math.ceil(size / partSize)).toBe(parts);
			}
		}
		expect(likelyPartSizes(0, 1)).toEqual([]);
		expect(likelyPartSizes(100, 0)).toEqual([]);
	});
});
