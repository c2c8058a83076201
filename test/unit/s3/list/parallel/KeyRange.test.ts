import { newObject } from '../../../../../s3/list/ListedEntry';
import type { Page } from '../../../../../s3/list/listPage';
import type { DensitySample } from '../../../../../s3/list/parallel/keys/KeyEstimator';
import {
	addPage,
	entriesBefore,
	isOpen,
	isUnread,
	missingBetween,
	newRange,
	reaches,
	waitingIn,
} from '../../../../../s3/list/parallel/KeyRange';
import type { KeyRange } from '../../../../../s3/list/parallel/KeyRange';

const GUESS = { expected: 100, wrongGuesses: 0 };
const pageOf = (keys: string[], more: Partial<Page> = {}): Page => ({
	entries: keys.map((key) => ({ ...newObject('b'), key })),
	truncated: true,
	nextToken: undefined,
	retried: false,
	...more,
});
const sampleOf = (missing: number) => ({ entriesUpTo: () => missing }) as unknown as DensitySample;

/** A range after a key with pages of these keys. */
function rangeOf(after: string | undefined, ...pages: string[][]): KeyRange {
	const range = newRange(after, GUESS);
	for (const keys of pages) addPage(range, pageOf(keys));
	return range;
}

it('a new range is unread, open, and begins where it was split off', () => {
	const range = newRange('m', { expected: 7, wrongGuesses: 2 });
	expect(range).toStrictEqual({
		after: 'm',
		readUpTo: 'm',
		expected: 7,
		wrongGuesses: 2,
		pages: [],
		pagesRead: 0,
		continuationToken: undefined,
		density: undefined,
		underestimated: false,
		ended: false,
		inFlight: false,
		failure: undefined,
	});
	expect(isUnread(range)).toBe(true);
	expect(isOpen(range, undefined)).toBe(true);
	expect(waitingIn(range)).toBe(0);
});

it('a range has been read up to the last entry of its pages', () => {
	const range = rangeOf('a', ['b', 'c'], ['d']);
	expect(range).toMatchObject({ readUpTo: 'd', pagesRead: 2, ended: false });
	expect(isUnread(range)).toBe(false);
	expect(waitingIn(range)).toBe(3);
});

it('a page without entries moves a range no further', () => {
	expect(rangeOf('a', ['b'], [])).toMatchObject({ readUpTo: 'b', pagesRead: 2 });
});

it('a range that ends with a common prefix has been read up to all of its keys', () => {
	const range = newRange(undefined, GUESS);
	addPage(range, { ...pageOf([]), entries: [{ bucket: 'b', prefix: 'a/' }] });
	expect(reaches(range, newRange('a/zzz', GUESS))).toBe(true);
	expect(reaches(range, newRange('a0', GUESS))).toBe(false);
});

it('a range keeps the token of its last page, and ends with the page that is not truncated', () => {
	const range = newRange(undefined, GUESS);
	addPage(range, pageOf(['a'], { nextToken: 't' }));
	expect(range).toMatchObject({ continuationToken: 't', ended: false });
	addPage(range, pageOf(['b'], { truncated: false }));
	expect(range).toMatchObject({ continuationToken: undefined, ended: true });
});

it('a range reaches the next one when it has been read up to its beginning', () => {
	const next = newRange('m', GUESS);
	expect(reaches(rangeOf(undefined, ['l']), next)).toBe(false);
	expect(reaches(rangeOf(undefined, ['m']), next)).toBe(true);
	expect(reaches(rangeOf(undefined, ['n']), next)).toBe(true);
	expect(reaches(newRange(undefined, GUESS), next)).toBe(false);
});

describe('isOpen', () => {
	const next = newRange('m', GUESS);

	it.each<[string, Partial<KeyRange>]>([
		['has a request in flight', { inFlight: true }],
		['has ended', { ended: true }],
		['has failed', { failure: { error: new Error('failed') } }],
		['has reached the next one', { readUpTo: 'm' }],
	])('a range that %s is not open', (_, state) => {
		expect(isOpen({ ...rangeOf('a', ['b']), ...state }, next)).toBe(false);
	});

	it('a range is open as long as it has not reached the next one', () => {
		expect(isOpen(rangeOf('a', ['b']), next)).toBe(true);
		expect(isOpen(rangeOf('a', ['n']), undefined)).toBe(true);
	});
});

describe('missingBetween', () => {
	const next = newRange('m', GUESS);

	it('the expected entries are missing when nothing is known of the density', () => {
		expect(missingBetween(rangeOf('a', ['b']), next)).toBe(100);
	});

	it.each([
		[30, 30],
		[-1, 0],
		[NaN, 0],
	])('the %d entries that the density says are missing count as %d', (estimated, missing) => {
		const range = { ...rangeOf('a', ['b']), density: sampleOf(estimated) };
		expect(missingBetween(range, next)).toBe(missing);
	});

	it('no entries are missing when the next range is reached', () => {
		expect(missingBetween(rangeOf('a', ['m']), next)).toBe(0);
	});
});

it('the entries before a range are those that wait or are missing in all ranges before it', () => {
	const ranges = [rangeOf(undefined, ['a', 'b']), rangeOf('g', ['h']), newRange('h', GUESS)];
	expect(entriesBefore(ranges)).toEqual([0, 102, 103]);
});
