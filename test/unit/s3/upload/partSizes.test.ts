import {
	checkObjectSize,
	growingPartSize,
	PART_LIMITS,
	partSizeFor,
} from '../../../../s3/upload/partSizes';

const MiB = 1024 * 1024;
const GiB = 1024 * MiB;
const MOST = 10_000 * 5 * GiB;

describe('the parts of an object of known size', () => {
	const sizes = [1, 8 * MiB, 80_000 * MiB, 80_000 * MiB + 1, 5 * 1024 * GiB, MOST - 1, MOST];
	for (let size = 1; size < MOST; size = Math.ceil(size * 1.01) + 1) sizes.push(size);

	it('are at most 10,000 of at most 5 GiB, up to 48.8 TiB', () => {
		for (const size of sizes) {
			const partSize = partSizeFor(size, undefined);
			expect(Math.ceil(size / partSize)).toBeLessThanOrEqual(10_000);
			expect(partSize).toBeLessThanOrEqual(5 * GiB);
			expect(partSize).toBeGreaterThanOrEqual(8 * MiB);
		}
	});

	it('are as large as asked for, unless more than 10,000 would be needed', () => {
		for (const size of sizes) {
			const partSize = partSizeFor(size, 5 * MiB);
			const enough = size <= 50_000 * MiB;
			expect(partSize === 5 * MiB).toBe(enough);
			expect(Math.ceil(size / partSize)).toBeLessThanOrEqual(10_000);
		}
	});

	it('are refused only for what S3 cannot hold', () => {
		const request = { bucket: 'b', key: 'k', source: { open: () => Promise.reject(new Error()) } };
		expect(() => checkObjectSize(request, MOST, PART_LIMITS)).not.toThrow();
		expect(() => checkObjectSize(request, MOST + 1, PART_LIMITS)).toThrow('holds at most');
	});

	it('are no larger than needed', () => {
		expect(partSizeFor(80_000 * MiB, undefined)).toBe(8 * MiB);
		expect(partSizeFor(80_000 * MiB + 1, undefined)).toBe(9 * MiB);
		expect(partSizeFor(5 * 1024 * GiB, undefined)).toBe(525 * MiB);
		expect(partSizeFor(MOST, undefined)).toBe(5 * GiB);
	});
});

describe('the parts of an object of unknown size', () => {
	it('double every 1,000 until they are too large for memory', () => {
		expect(
			[1, 1000, 1001, 2000, 2001, 3000, 3001].map((number) => growingPartSize(number, undefined)),
		).toEqual([8 * MiB, 8 * MiB, 16 * MiB, 16 * MiB, 32 * MiB, 32 * MiB, undefined]);
	});

	it('leave enough parts for the largest object', () => {
		const { largestInMemory, maxParts } = PART_LIMITS;
		for (const wanted of [5 * MiB, 8 * MiB, 31 * MiB, 32 * MiB]) {
			let sent = 0;
			let number = 1;
			for (; ; number++) {
				const size = growingPartSize(number, wanted);
				if (size === undefined) break;
				expect(size).toBeLessThanOrEqual(largestInMemory);
				sent += size;
			}
			const left = maxParts - number + 1;
			// 5 GiB times what is left is less than 48.8 TiB by what the small parts did not hold.
			const reachable = sent + left * 5 * GiB;
			expect(reachable).toBeGreaterThan(MOST / 2);
			expect(partSizeFor(reachable - sent, wanted, PART_LIMITS, left)).toBe(5 * GiB);
		}
	});
});
