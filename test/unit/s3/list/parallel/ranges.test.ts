import type { Page } from '../../../../../s3/list/listPage';
import { addPage } from '../../../../../s3/list/parallel/KeyRange';
import { KeyRanges } from '../../../../../s3/list/parallel/ranges';
import { entriesOf } from '../listedKeys';

const pageOf = (keys: string[]): Page => ({
	entries: entriesOf(keys),
	truncated: true,
	nextToken: 't',
	retried: false,
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
