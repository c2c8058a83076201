import { concurrency } from '../../../../nodes/parameters/concurrency';
import { sourceOf } from './sourceOf';

const read = (value: unknown) => concurrency.read(sourceOf({ 'options.concurrency': value }));

it.each([
	['', undefined],
	[1, 1],
	['100', 100],
])('a concurrency of %p is %p items at once', (value, items) => {
	expect(read(value)).toBe(items);
});

it.each([0, 101, 2.5])('a concurrency of %p is refused', (value) => {
	expect(() => read(value)).toThrow(/^Concurrency must be a whole number from 1 to 100, but is "/);
});
