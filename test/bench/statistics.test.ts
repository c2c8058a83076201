import { figureOf, median } from './statistics';

it.each([
	[[3], 3],
	[[9, 1, 4], 4],
	[[10, 9, 2, 1], 5.5],
	// As text 10 would come before 9.
	[[10, 9, 100], 10],
])('the median of %j is %d', (values, middle) => {
	expect(median(values)).toBe(middle);
});

it('nothing has no median', () => {
	expect(() => median([])).toThrow('Nothing has no median');
	expect(figureOf([])).toBeUndefined();
});

it('a figure says how far the runs lie apart, and leaves their order alone', () => {
	const values = [5, 1, 2];
	expect(figureOf(values)).toEqual({ median: 2, min: 1, max: 5, runs: 3 });
	expect(values).toEqual([5, 1, 2]);
});
