import type { Page } from '../../../../../s3/list/listPage';
import {
	addPage,
	entriesBefore,
	isOpen,
	missingBetween,
	newRange,
	reaches,
	waitingIn,
} from '../../../../../s3/list/parallel/KeyRange';
import type { KeyRange } from '../../../../../s3/list/parallel/KeyRange';
import { KeyRanges } from '../../../../../s3/list/parallel/ranges';
import { entriesOf } from '../listedKeys';

const pageOf = (keys: string[], more: Partial<Page> = {}): Page => ({
	entries: entriesOf(keys),
	truncated: true,
	nextToken: 't',
	retried: false,
	...more,
});
const guess = { expected: 100, wrongGuesses: 0 };

function rangeWith(after: string | undefined, ...pages: Page[]): KeyRange {
	const range = newRange(after, guess);
	for (const page of pages) addPage(range, page);
	return range;
}

describe('KeyRange', () => {
	it('a key range is read up to the last key of its last page, and goes on with its token', () => {
		const range = rangeWith('a', pageOf(['b', 'c']), pageOf(['d'], { nextToken: 'u' }));
		expect(range).toMatchObject({
			readUpTo: 'd',
			continuationToken: 'u',
			pagesRead: 2,
			ended: false,
		});
		expect(waitingIn(range)).toBe(3);
	});

	it('a key range is read up to the end of a common prefix', () => {
		const range = rangeWith(undefined, pageOf([], { entries: [{ bucket: 'b', prefix: 'x/' }] }));
		expect(range.readUpTo?.startsWith('x/')).toBe(true);
		expect(reaches(range, newRange('x/zzz', guess))).toBe(true);
		expect(reaches(range, newRange('x0', guess))).toBe(false);
	});

	it.each([
		['b', true],
		['c', true],
		['d', false],
	])('a key range that was read up to c reaches a range after %s: %s', (after, expected) => {
		const range = rangeWith('a', pageOf(['b', 'c']));
		expect(reaches(range, newRange(after, guess))).toBe(expected);
	});

	it('a key range is open until it is requested, reaches the next one, ends or fails', () => {
		const next = newRange('x', guess);
		expect(isOpen(rangeWith('a'), next)).toBe(true);
		expect(isOpen(rangeWith('a'), undefined)).toBe(true);
		expect(isOpen({ ...rangeWith('a'), inFlight: true }, next)).toBe(false);
		expect(isOpen({ ...rangeWith('a'), failure: { error: 1 } }, next)).toBe(false);
		expect(isOpen(rangeWith('a', pageOf(['y'])), next)).toBe(false);
		expect(isOpen(rangeWith('a', pageOf(['b'], { truncated: false })), undefined)).toBe(false);
	});

	it('a key range lacks what it was expected to have until its density is known, and nothing when it reaches the next one', () => {
		const next = newRange('x', guess);
		const range = rangeWith('a', pageOf(['b']));
		expect(missingBetween(range, next)).toBe(100);
		range.density = { entriesUpTo: () => 7, keyAfter: () => undefined };
		expect(missingBetween(range, next)).toBe(7);
		range.density = { entriesUpTo: () => NaN, keyAfter: () => undefined };
		expect(missingBetween(range, next)).toBe(0);
		expect(missingBetween(rangeWith('a', pageOf(['y'])), next)).toBe(0);
	});

	it('a key range has before it what waits in the ranges before and what these lack', () => {
		const ranges = [rangeWith(undefined, pageOf(['a', 'b'])), rangeWith('m', pageOf(['n']))];
		expect(entriesBefore([...ranges, newRange('x', guess)])).toEqual([0, 102, 203]);
	});
});

describe('KeyRanges', () => {
	it('splitting a range gives a second one, which becomes the front when nothing is missing before it', () => {
		const ranges = new KeyRanges('a');
		const second = ranges.split({ index: 0, after: 'm', expected: 9 }, 3);
		expect(second).toMatchObject({ after: 'm', expected: 9, wrongGuesses: 3, readUpTo: 'm' });
		expect(ranges.after(ranges.front)).toBe(second);
		addPage(ranges.front, pageOf(['b']));
		expect(ranges.advance()).toBe(false);
		addPage(ranges.front, pageOf(['m']));
		expect(ranges.advance()).toBe(true);
		expect(ranges.front).toBe(second);
		expect(ranges.advance()).toBe(false);
	});

	it('entries that two ranges have read count once', () => {
		const ranges = new KeyRanges(undefined);
		ranges.split({ index: 0, after: 'c', expected: 9 }, 0);
		const [first, second] = ranges.all;
		addPage(first!, pageOf(['a', 'b', 'c', 'd', 'e']));
		addPage(second!, pageOf(['d', 'e', 'f']));
		expect(ranges.entriesAhead()).toBe(6);
		expect(ranges.pagesAhead()).toBe(2);
		second!.inFlight = true;
		expect(ranges.pagesAhead()).toBe(3);
	});

	it('the ranges after one can be removed', () => {
		const ranges = new KeyRanges(undefined);
		ranges.split({ index: 0, after: 'c', expected: 9 }, 0);
		ranges.split({ index: 1, after: 'd', expected: 9 }, 0);
		ranges.removeAfter(0);
		expect(ranges.all).toEqual([ranges.front]);
		expect(ranges.after(ranges.front)).toBeUndefined();
	});
});
