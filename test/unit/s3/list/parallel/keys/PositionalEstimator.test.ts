import { compareKeys } from '../../../../../../s3/list/keyOrder';
import type { DensitySample } from '../../../../../../s3/list/parallel/keys/KeyEstimator';
import { PositionalEstimator } from '../../../../../../s3/list/parallel/keys/PositionalEstimator';
import { KINDS, keysOf, randomFrom } from '../../listedKeys';

const numbers = (from: number, count: number): string[] =>
	Array.from({ length: count }, (_, i) => `data/${String(from + i).padStart(8, '0')}`);

const after = (names: readonly string[], prefix = ''): DensitySample =>
	new PositionalEstimator(prefix).observe(names);

/** A key, or the beginning of one, as a number. */
const numberIn = (key = ''): number => Number(key.slice('data/'.length).padEnd(8, '0'));

describe('PositionalEstimator', () => {
	it.each([100, 500, 1000, 2345, 80_000])(
		'a PositionalEstimator finds the key after %d further numbers',
		(entries) => {
			const key = after(numbers(4000, 1000)).keyAfter(entries);
			expect(Math.abs(numberIn(key) - (4999 + entries))).toBeLessThan(0.02 * entries + 20);
		},
	);

	it('a PositionalEstimator carries into the positions before those that differ on the page', () => {
		const key = after(numbers(99_999_000 - 500, 1000)).keyAfter(400);
		expect(numberIn(key)).toBeGreaterThan(99_999_800);
	});

	it.each([100, 1000, 75_000])(
		'a PositionalEstimator estimates that %d numbers lie before a key',
		(entries) => {
			const sample = after(numbers(4000, 1000));
			const [key = ''] = numbers(4999 + entries, 1);
			expect(sample.entriesUpTo(key)).toBeGreaterThan(0.98 * entries - 20);
			expect(sample.entriesUpTo(key)).toBeLessThan(1.02 * entries + 20);
		},
	);

	it('a PositionalEstimator knows how many days a month has', () => {
		const names = Array.from({ length: 1000 }, (_, i) =>
			new Date(Date.UTC(2024, 0, 30) + i * 60_000).toISOString().replace(/[-T:]/g, '/'),
		);
		const sample = after(names);
		expect(sample.keyAfter(10 * 24 * 60)?.slice(0, 13)).toBe('2024/02/09/16');
		expect(sample.entriesUpTo('2024/02/01/00/00')).toBeCloseTo(2 * 1440 - 1000, -2);
	});

	/** The names 00 to 49 in some folders. */
	const inFolders = (...folders: number[]): string[] =>
		folders.flatMap((folder) =>
			Array.from({ length: 50 }, (_, i) => `f${folder}/${String(i).padStart(2, '0')}`),
		);

	it('a PositionalEstimator expects in a folder what earlier pages have shown of others', () => {
		const estimator = new PositionalEstimator('');
		estimator.observe(inFolders(1, 2, 3, 4));
		expect(estimator.observe(inFolders(5).slice(0, 10)).keyAfter(50)).toBe('f6/04');
	});

	it('a PositionalEstimator expects in a folder what later pages show of others', () => {
		const estimator = new PositionalEstimator('');
		const sample = estimator.observe(inFolders(5).slice(0, 10));
		expect(sample.keyAfter(50)).toBe('f5/54');
		estimator.observe(inFolders(6, 7, 8, 9));
		expect(sample.keyAfter(50)).toBe('f6/04');
	});

	it.each(Object.keys(KINDS))(
		'a PositionalEstimator finds only keys with the prefix and after the page, for %s',
		(kind) => {
			for (let seed = 0; seed < 20; seed++) {
				const random = randomFrom(seed);
				const keys = keysOf(kind, 2000, random);
				const prefix = random() < 0.5 ? '' : (keys[0] ?? '').slice(0, 3);
				const names = keys.filter((key) => key.startsWith(prefix)).slice(0, 2 + 500 * random());
				if (names.length < 2) continue;
				const sample = after(names, prefix);
				for (const entries of [1, 10, 1000, 1e6]) {
					const key = sample.keyAfter(entries);
					if (key === undefined) continue;
					expect(key.startsWith(prefix)).toBe(true);
					expect(compareKeys(key, names.at(-1) ?? '')).toBeGreaterThan(0);
					expect(Buffer.from(key).toString()).toBe(key);
				}
			}
		},
	);

	it('a PositionalEstimator finds no key after the last one with the prefix', () => {
		const names = Array.from({ length: 10 }, (_, i) => `data/${i}`);
		expect(after(names, 'data/').keyAfter(1000)).toBeUndefined();
	});
});
