import { filterOf, isFiltered, narrowedPrefix } from '../../../../s3/list/filter';
import type { FilteredListing } from '../../../../s3/list/filter';
import type { ListedObject } from '../../../../s3/list/ListedEntry';

const MODIFIED = '2026-03-01T12:00:00.000Z';
const at = (ms: number) => new Date(Date.parse(MODIFIED) + ms);
const object: ListedObject = {
	bucket: 'b',
	key: 'logs/a.csv',
	size: 5,
	etag: undefined,
	lastModified: MODIFIED,
	storageClass: undefined,
};

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
	[{ keyMatches: 'logs/*' }, true],
	[{ keyMatches: '*' }, false],
	[{ excludePrefixItself: true, prefix: 'logs/a.csv' }, false],
	[{ excludePrefixItself: true, prefix: 'logs/' }, true],
	[{ minSize: 5, maxSize: 5, keyMatches: '**.csv', modifiedAfter: at(0) }, true],
])('the filter %j keeps an object that just fits: %s', (filter, kept) => {
	expect(filterOf(filter)(object)).toBe(kept);
});

it('a filter of dates leaves out an object without a date', () => {
	const undated = { ...object, lastModified: undefined };
	expect(filterOf({ modifiedAfter: at(-1) })(undated)).toBe(false);
	expect(filterOf({ modifiedBefore: at(1) })(undated)).toBe(false);
	expect(filterOf({ minSize: 1 })(undated)).toBe(true);
});

it('a filter keeps common prefixes', () => {
	const filter = filterOf({ minSize: 6, keyMatches: 'x', excludePrefixItself: true, prefix: 'p/' });
	expect(filter({ bucket: 'b', prefix: 'p/' })).toBe(true);
});

it.each<[FilteredListing, boolean]>([
	[{}, false],
	[{ prefix: 'p', delimiter: '/' }, false],
	[{ excludePrefixItself: false }, false],
	[{ excludePrefixItself: true }, true],
	[{ maxSize: 0 }, true],
	[{ modifiedBefore: at(0) }, true],
	[{ keyMatches: '' }, true],
])('isFiltered says whether %j may leave anything out: %s', (filter, expected) => {
	expect(isFiltered(filter)).toBe(expected);
});

it.each<[FilteredListing, string | undefined]>([
	[{}, undefined],
	[{ prefix: 'logs/' }, 'logs/'],
	[{ keyMatches: 'logs/2026*' }, 'logs/2026'],
	[{ keyMatches: 'logs/2026*', prefix: 'logs/' }, 'logs/2026'],
	[{ keyMatches: 'logs/*', prefix: 'logs/2026' }, 'logs/2026'],
	[{ keyMatches: 'data/*', prefix: 'logs/' }, 'logs/'],
	[{ keyMatches: 'logs/2026*', prefix: 'logs/', delimiter: '/' }, 'logs/'],
	[{ keyMatches: 'logs/2026*', prefix: 'logs/', delimiter: '' }, 'logs/2026'],
])('narrowedPrefix makes of %j the prefix %s', (filter, prefix) => {
	expect(narrowedPrefix(filter)).toBe(prefix);
});
