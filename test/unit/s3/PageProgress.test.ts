import { PageProgress } from '../../../s3/PageProgress';

it('a list has stalled with the hundredth page in a row without an entry', () => {
	const progress = new PageProgress();
	for (let round = 0; round < 3; round++) {
		for (let i = 0; i < 99; i++) expect(progress.hasStalled(0)).toBe(false);
		expect(progress.hasStalled(1)).toBe(false);
	}
	for (let i = 0; i < 99; i++) expect(progress.hasStalled(0)).toBe(false);
	expect(progress.hasStalled(0)).toBe(true);
});

it.each([1, 2, 3, 7, 64, 1000])('a circle of %i pages is found within three rounds', (length) => {
	for (const before of [0, 1, 5]) {
		const progress = new PageProgress();
		for (let i = 0; i < before; i++) expect(progress.isRepeated([`before ${i}`])).toBe(false);
		let read = 0;
		while (!progress.isRepeated([`${read % length}`, 'last'])) read++;
		expect(read).toBeGreaterThanOrEqual(length);
		expect(read).toBeLessThanOrEqual(3 * Math.max(length, before));
	}
});

it('pages that differ in anything, and pages without entries, are not repeated', () => {
	const progress = new PageProgress();
	for (const names of [['a', 'b'], ['a'], ['a', 'c'], ['b', 'c'], ['a', 'x', 'c'], [], []]) {
		expect(progress.isRepeated(names)).toBe(false);
	}
});
