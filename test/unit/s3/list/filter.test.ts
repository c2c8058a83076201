import { filterOf, isFiltered, narrowedPrefix } from '../../../../s3/list/filter';
import type { FilteredListing, ListFilter } from '../../../../s3/list/filter';
import { newObject } from '../../../../s3/list/ListedEntry';

const DATE = '2026-01-31T08:00:00.000Z';
const at = (change: number) => new Date(Date.parse(DATE) + change);
const object = { ...newObject('b'), key: 'a/1.csv', size: 5, lastModified: DATE };

describe('isFiltered', () => {
	it.each<[ListFilter, boolean]>([
		[{}, false],
		[{ excludePrefixItself: false }, false],
		[{ excludePrefixItself: true }, true],
		[{ modifiedAfter: at(0) }, true],
		[{ modifiedBefore: at(0) }, true],
		[{ minSize: 0 }, true],
		[{ maxSize: 0 }, true],
		[{ keyMatches: '' }, true],
	])('whether the filter %j may leave anything out is %p', (filter, filtered) => {
		expect(isFiltered(filter)).toBe(filtered);
	});
});

describe('filterOf', () => {
	it.each<[FilteredListing, boolean]>([
		[{}, true],
		[{ minSize: 5 }, true],
		[{ minSize: 6 }, false],
		[{ maxSize: 5 }, true],
		[{ maxSize: 4 }, false],
		[{ modifiedAfter: at(0) }, true],
		[{ modifiedAfter: at(1) }, false],
		[{ modifiedBefore: at(0) }, false],
		[{ modifiedBefore: at(1) }, true],
		[{ keyMatches: 'a/*.csv' }, true],
		[{ keyMatches: '*.csv' }, false],
		[{ prefix: 'a/1.csv' }, true],
		[{ prefix: 'a/1.csv', excludePrefixItself: true }, false],
		[{ prefix: 'a/', excludePrefixItself: true }, true],
		[{ minSize: 1, maxSize: 9, keyMatches: 'b*' }, false],
	])('whether the filter %j keeps an object is %p', (filter, kept) => {
		expect(filterOf(filter)(object)).toBe(kept);
	});

	it('an object without a date is left out if the date counts', () => {
		const undated = { ...object, lastModified: undefined };
		expect(filterOf({ modifiedAfter: at(0) })(undated)).toBe(false);
		expect(filterOf({ modifiedBefore: at(0) })(undated)).toBe(false);
		expect(filterOf({ minSize: 1 })(undated)).toBe(true);
	});

	it('a common prefix is always kept', () => {
		const filter = { minSize: 1, keyMatches: 'x', prefix: 'a/', excludePrefixItself: true };
		expect(filterOf(filter)({ bucket: 'b', prefix: 'a/' })).toBe(true);
	});
});

describe('narrowedPrefix', () => {
	it.each<[FilteredListing, string | undefined]>([
		[{}, undefined],
		[{ prefix: 'a/' }, 'a/'],
		[{ keyMatches: 'a/0001*' }, 'a/0001'],
		[{ keyMatches: 'a/0001*', prefix: 'a/' }, 'a/0001'],
		[{ keyMatches: 'a/*', prefix: 'a/0002' }, 'a/0002'],
		[{ keyMatches: 'b*', prefix: 'a/' }, 'a/'],
		[{ keyMatches: 'a/0001*', delimiter: '' }, 'a/0001'],
		[{ keyMatches: 'a/0001*', delimiter: '/' }, undefined],
		[{ keyMatches: 'a/0001*', delimiter: '/', prefix: 'a' }, 'a'],
	])('the prefix for the listing %j is %j', (listing, prefix) => {
		expect(narrowedPrefix(listing)).toBe(prefix);
	});
});
