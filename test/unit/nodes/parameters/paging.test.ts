import { paging } from '../../../../nodes/parameters/paging';
import { sourceOf } from './sourceOf';

it.each([
	[{}, 50],
	[{ returnAll: false, limit: 7 }, 7],
	[{ returnAll: true, limit: 7 }, undefined],
	[{ returnAll: 'true', limit: 0 }, undefined],
	[{ limit: 100_000 }, 100_000],
])('%j limits the results to %p', (values, limit) => {
	expect(paging.read(sourceOf(values))).toBe(limit);
});

it.each([0, 100_001, 1.5])('a limit of %p is refused', (limit) => {
	expect(() => paging.read(sourceOf({ limit }))).toThrow(
		/^Limit must be a whole number from 1 to 100,000/,
	);
});
