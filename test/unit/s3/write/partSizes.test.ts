import {
	checkObjectSize,
	checkPartSize,
	equalPartSizes,
	growingPartSizes,
	PART_LIMITS,
	partSizeFor,
} from '../../../../s3/write/partSizes';
import { failureOf } from '../../failureOf';

const MiB = 1024 * 1024;
const GiB = 1024 * MiB;
const MOST = 10_000 * 5 * GiB;

describe('partSizeFor', () => {
	const sizes = [1, 8 * MiB, 80_000 * MiB, 80_000 * MiB + 1, 5 * 1024 * GiB, MOST - 1, MOST];
	for (let size = 1; size < MOST; size = Math.ceil(size * 1.01) + 1) sizes.push(size);

	it('partSizeFor makes at most 10,000 parts of at most 5 GiB, up to 48.8 TiB', () => {
		for (const size of sizes) {
			const partSize = partSizeFor(size, undefined);
			expect(Math.ceil(size / partSize)).toBeLessThanOrEqual(10_000);
			expect(partSize).toBeLessThanOrEqual(5 * GiB);
			expect(partSize).toBeGreaterThanOrEqual(8 * MiB);
		}
	});

	it('partSizeFor gives the size that was asked for, unless that makes more than 10,000 parts', () => {
		for (const size of sizes) {
			const partSize = partSizeFor(size, 5 * MiB);
			const isEnough = size <= 50_000 * MiB;
			expect(partSize === 5 * MiB).toBe(isEnough);
			expect(Math.ceil(size / partSize)).toBeLessThanOrEqual(10_000);
		}
	});

	it('partSizeFor makes parts no larger than needed', () => {
		expect(partSizeFor(80_000 * MiB, undefined)).toBe(8 * MiB);
		expect(partSizeFor(80_000 * MiB + 1, undefined)).toBe(9 * MiB);
		expect(partSizeFor(5 * 1024 * GiB, undefined)).toBe(525 * MiB);
		expect(partSizeFor(MOST, undefined)).toBe(5 * GiB);
	});
});

describe('equalPartSizes', () => {
	const firstFour = (size: number, partSize: number) =>
		[1, 2, 3, 4].map(equalPartSizes(size, partSize));

	it('equalPartSizes leaves what is left for the last part', () => {
		expect(firstFour(25, 10).slice(0, 3)).toEqual([10, 10, 5]);
		expect(firstFour(20, 10).slice(0, 2)).toEqual([10, 10]);
		expect(firstFour(0, 0).slice(0, 1)).toEqual([0]);
	});

	it('equalPartSizes makes no empty parts of a source that gives more than it announced', () => {
		expect(firstFour(25, 10)).toEqual([10, 10, 5, 10]);
		expect(firstFour(0, 0)).toEqual([0, 1, 1, 1]);
	});
});

describe('growingPartSizes', () => {
	it('growingPartSizes doubles every 1,000 parts until they are too large for memory', () => {
		expect([1, 1000, 1001, 2000, 2001, 3000, 3001].map(growingPartSizes(undefined))).toEqual([
			8 * MiB,
			8 * MiB,
			16 * MiB,
			16 * MiB,
			32 * MiB,
			32 * MiB,
			undefined,
		]);
	});

	it('growingPartSizes leaves enough parts for the largest object', () => {
		const { largestInMemory, maxParts } = PART_LIMITS;
		for (const wanted of [5 * MiB, 8 * MiB, 31 * MiB, 32 * MiB]) {
			const sizes = growingPartSizes(wanted);
			let sent = 0;
			let number = 1;
			for (let size = sizes(1); size !== undefined; size = sizes(++number)) {
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

describe('checkPartSize', () => {
	const other = { endpoint: 'https://s3.example.com' };
	const aws = { endpoint: undefined };

	it.each([0, -1, 1.5, NaN, 5 * GiB + 1])('checkPartSize refuses parts of %d bytes', (size) => {
		const failure = failureOf(() => checkPartSize(other, size, PART_LIMITS));
		expect(failure).toMatchObject({ kind: 'invalid', message: `A part cannot have ${size} bytes` });
	});

	it('checkPartSize refuses less than 5 MiB on AWS only, where the minimum is known', () => {
		expect(failureOf(() => checkPartSize(aws, 5 * MiB - 1, PART_LIMITS)).kind).toBe('invalid');
		checkPartSize(aws, 5 * MiB, PART_LIMITS);
		checkPartSize(other, 1, PART_LIMITS);
		checkPartSize(aws, undefined, PART_LIMITS);
	});
});

describe('checkObjectSize', () => {
	it('checkObjectSize refuses only what S3 cannot hold', () => {
		const request = { bucket: 'b', key: 'k', source: { open: () => Promise.reject(new Error()) } };
		checkObjectSize(request, undefined, PART_LIMITS);
		checkObjectSize(request, MOST, PART_LIMITS);
		const failure = failureOf(() => checkObjectSize(request, MOST + 1, PART_LIMITS));
		expect(failure).toMatchObject({ kind: 'invalid', bucket: 'b', key: 'k' });
		expect(failure.message).toContain(`has ${MOST + 1} bytes, but S3 holds at most ${MOST} `);
	});
});
