import { countAfter } from './entryOrder';
import { newRange, reaches, waitingIn } from './KeyRange';
import type { KeyRange } from './KeyRange';
import type { SplitPoint } from './splitPoint';

/** The ranges of one listing in order. Each is read until it reaches the next one, the last one to the end. */
export class KeyRanges {
	private readonly ranges: KeyRange[];

	/** @param startAfter the key that the listing begins after */
	constructor(startAfter: string | undefined) {
		this.ranges = [newRange(startAfter, { expected: Infinity, wrongGuesses: 0 })];
	}

	get all(): readonly KeyRange[] {
		return this.ranges;
	}

	/** The range whose pages are handed over. */
	get front(): KeyRange {
		const [front] = this.ranges;
		if (front === undefined) throw new Error('a listing has a range until it ends');
		return front;
	}

	/** The range after one; undefined for the last one. */
	after(range: KeyRange): KeyRange | undefined {
		return this.ranges[this.ranges.indexOf(range) + 1];
	}

	/** Makes the next range the front if nothing is missing before it, and returns whether that is so. */
	advance(): boolean {
		const [front, next] = this.ranges;
		const isRead = front !== undefined && next !== undefined && reaches(front, next);
		if (isRead) this.ranges.shift();
		return isRead;
	}

	/** Splits a range in two, and returns the second one. */
	split({ index, after, expected }: SplitPoint, wrongGuesses: number): KeyRange {
		const range = newRange(after, { expected, wrongGuesses });
		this.ranges.splice(index + 1, 0, range);
		return range;
	}

	removeAfter(index: number): void {
		this.ranges.length = index + 1;
	}

	/** Pages that were read and not handed over yet, or are in flight. */
	pagesAhead(): number {
		return this.ranges.reduce(
			(sum, { pages, inFlight }) => sum + pages.length + (inFlight ? 1 : 0),
			0,
		);
	}

	/** Entries that were read and not handed over yet; those that two ranges have read count once. */
	entriesAhead(): number {
		return this.ranges.reduce((sum, range, i) => {
			const last = range.pages.at(-1);
			const next = this.ranges[i + 1]?.after;
			const twice = last === undefined || next === undefined ? 0 : countAfter(last.entries, next);
			return sum + waitingIn(range) - twice;
		}, 0);
	}
}
