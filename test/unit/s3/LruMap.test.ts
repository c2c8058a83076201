import { LruMap } from '../../../s3/LruMap';

/** A map of three entries, set in this order. */
function mapOfThree(): LruMap<string, number> {
	const map = new LruMap<string, number>(3);
	map.set('a', 1);
	map.set('b', 2);
	map.set('c', 3);
	return map;
}

it('an LruMap gives what was set, and undefined for what was not', () => {
	const map = mapOfThree();
	expect(map.get('a')).toBe(1);
	expect(map.get('d')).toBeUndefined();
	expect([map.has('a'), map.has('d')]).toEqual([true, false]);
});

it('an LruMap drops the entry set first when one more is set than its limit', () => {
	const map = mapOfThree();
	map.set('d', 4);
	expect([...map.values()]).toEqual([2, 3, 4]);
});

it('an LruMap keeps an entry that was read lately', () => {
	const map = mapOfThree();
	map.get('a');
	map.set('d', 4);
	expect([...map.values()]).toEqual([3, 1, 4]);
});

it('an LruMap keeps an entry that was set again lately, with its new value', () => {
	const map = mapOfThree();
	map.set('a', 10);
	map.set('d', 4);
	expect([...map.values()]).toEqual([3, 10, 4]);
});

it('looking for an entry of an LruMap does not keep it', () => {
	const map = mapOfThree();
	expect(map.has('a')).toBe(true);
	map.set('d', 4);
	expect(map.has('a')).toBe(false);
});

it('an LruMap makes room for another entry when one is deleted', () => {
	const map = mapOfThree();
	expect(map.delete('b')).toBe(true);
	expect(map.delete('b')).toBe(false);
	map.set('d', 4);
	expect([...map.values()]).toEqual([1, 3, 4]);
});
