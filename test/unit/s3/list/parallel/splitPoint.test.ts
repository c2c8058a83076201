import type { Page } from '../../../../../s3/list/listPage';
import { addPage, newRange } from '../../../../../s3/list/parallel/KeyRange';
import type { KeyRange } from '../../../../../s3/list/parallel/KeyRange';
import { nextSplitPoint } from '../../../../../s3/list/parallel/splitPoint';
import type { SplitLimits } from '../../../../../s3/list/parallel/splitPoint';
import { entriesOf } from '../listedKeys';

const keyOf = (number: number): string => String(Math.round(number)).padStart(6, '0');
const LIMITS: SplitLimits = {
	pageSize: 100,
	guessesInARow: 2,
	reach: 10_000,
	onlyFirstGap: false,
};

/** A range of numbers of which a page was read: all from `from` to before `to`. */
function read(from: number, to: number): KeyRange {
	const range = newRange(from === 0 ? undefined : keyOf(from - 1), {
		expected: 100,
		wrongGuesses: 0,
	});
	const keys = Array.from({ length: to - from }, (_, i) => keyOf(from + i));
	const page: Page = {
		entries: entriesOf(keys),
		truncated: true,
		nextToken: 't',
		retried: false,
	};
	addPage(range, page);
	range.density = {
		keyAfter: (entries) => keyOf(to - 1 + entries),
		entriesUpTo: (key) => Number(key) - (to - 1),
	};
	return range;
}

/** A range after a split point that has no response yet. */
const unread = (after: number): KeyRange =>
	newRange(keyOf(after), { expected: 93, wrongGuesses: 0 });

describe('nextSplitPoint', () => {
	it('the next split point is a little less than a page after what was read', () => {
		expect(nextSplitPoint([read(0, 100)], LIMITS)).toEqual({
			index: 0,
			after: '000192',
			expected: 93,
		});
	});

	it('the next split point is a little less than a page after the last split point without a response', () => {
		expect(nextSplitPoint([read(0, 100), unread(192)], LIMITS)).toEqual({
			index: 1,
			after: '000285',
			expected: 93,
		});
	});

	it('the next split point is twice as far from the one before, each time, beyond the guesses in a row', () => {
		const ranges = [read(0, 100), unread(192), unread(285)];
		for (const distance of [186, 372, 744, 1488]) {
			const point = nextSplitPoint(ranges, LIMITS);
			expect(point?.expected).toBeCloseTo(distance);
			ranges.push(unread(Number(point?.after)));
		}
		expect(nextSplitPoint(ranges, LIMITS)).toBeUndefined();
	});

	it('the next split point is in the next gap if the first one is about a page', () => {
		const ranges = [read(0, 100), read(190, 290)];
		expect(nextSplitPoint(ranges, LIMITS)?.after).toBe('000382');
		expect(nextSplitPoint(ranges, { ...LIMITS, onlyFirstGap: true })).toBeUndefined();
	});

	it('the next split point is in no gap after a range that reaches the next one, that ended or of which nothing is known', () => {
		expect(nextSplitPoint([read(0, 100), unread(192), read(50, 80)], LIMITS)?.index).toBe(2);
		expect(nextSplitPoint([{ ...read(0, 100), ended: true }], LIMITS)).toBeUndefined();
		expect(nextSplitPoint([{ ...read(0, 100), density: undefined }], LIMITS)).toBeUndefined();
		expect(nextSplitPoint([unread(0)], LIMITS)).toBeUndefined();
	});

	it('the next split point is not farther ahead than may be read', () => {
		expect(nextSplitPoint([read(0, 100)], { ...LIMITS, reach: 193 })).toBeDefined();
		expect(nextSplitPoint([read(0, 100)], { ...LIMITS, reach: 192 })).toBeUndefined();
	});

	it('the next split point is never outside of its gap, whatever the estimate says', () => {
		const range = read(0, 100);
		range.density = { keyAfter: () => keyOf(50), entriesUpTo: () => 1000 };
		expect(nextSplitPoint([range], LIMITS)).toBeUndefined();
		range.density = { keyAfter: () => keyOf(900), entriesUpTo: () => 1000 };
		expect(nextSplitPoint([range, read(800, 900)], LIMITS)?.index).toBe(1);
		range.density = { keyAfter: () => undefined, entriesUpTo: () => NaN };
		expect(nextSplitPoint([range], LIMITS)).toBeUndefined();
	});
});
