import { startChecksum, storedChecksum } from '../../../../s3/checksums/stored';

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
