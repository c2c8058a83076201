import { countAfter, hasBegun, isInOrder } from '../../../../../s3/list/parallel/entryOrder';
import { nameOfEntry } from '../../../../../s3/list/ListedEntry';
import { entriesOf } from '../listedKeys';

it.each([
	['', 4],
	['a', 3],
	['aa', 3],
	['d', 0],
	['z', 0],
])('countAfter counts the entries after “%s”', (name, count) => {
	expect(countAfter(entriesOf(['a', 'b', 'c', 'd']), name)).toBe(count);
});

it.each<[string | undefined, string, boolean]>([
	['a/1', 'a/5', true],
	['a/1', 'a/', true],
	['a/1', 'b', false],
	['a', 'a', false],
	[undefined, 'a', false],
])('the common prefix of %s has begun before %s: %s', (key, name, expected) => {
	expect(hasBegun(entriesOf(key === undefined ? [] : [key], '/')[0], name)).toBe(expected);
});

it.each<[string[], string | undefined, boolean]>([
	[['a', 'b'], undefined, true],
	[['a', 'b'], '', true],
	[['b', 'c'], 'a', true],
	[['a', 'b'], 'a', false],
	[['b', 'a'], undefined, false],
	[['a', 'a'], undefined, false],
	[['a/1', 'b/1'], 'a/5', true],
	[['a/1', 'b/1'], 'b/5', false],
	[[], 'a', true],
])('isInOrder says whether %j is in order after %s', (keys, after, expected) => {
	const entries = entriesOf(keys, '/');
	expect(isInOrder(entries, entries.map(nameOfEntry), after)).toBe(expected);
});
