import { compareKeys } from '../keyOrder';
import { startAfterEntry } from '../ListedEntry';
import type { Page } from '../listPage';
import type { DensitySample } from './keys/KeyEstimator';

/**
 * A range of keys that is read page after page until it reaches the next range. The first range of a listing
 * begins where the listing does, every other one at a split point that was guessed.
 */
export interface KeyRange {
	/** All keys of the range come after this one; undefined: the beginning of the bucket. */
	readonly after: string | undefined;
	/** Entries that the range was expected to have when it was split off. */
	readonly expected: number;
	/** Wrong guesses that were known when the range was split off. */
	readonly wrongGuesses: number;
	/** Pages that were read and not handed over yet. */
	readonly pages: Page[];
	pagesRead: number;
	/** All keys up to this one have been read. */
	readUpTo: string | undefined;
	continuationToken: string | undefined;
	/** The density of keys on the last page. */
	density: DensitySample | undefined;
	/** Whether fewer entries seemed to be missing once than were; whole pages are asked for from then on. */
	underestimated: boolean;
	/** Whether the server has no keys after those read. */
	ended: boolean;
	/** Whether the next page has been requested. */
	inFlight: boolean;
	failure: { error: unknown } | undefined;
}

/** A range of which nothing has been read yet. */
export function newRange(
	after: string | undefined,
	guess: Pick<KeyRange, 'expected' | 'wrongGuesses'>,
): KeyRange {
	return {
		after,
		...guess,
		pages: [],
		pagesRead: 0,
		readUpTo: after,
		continuationToken: undefined,
		density: undefined,
		underestimated: false,
		ended: false,
		inFlight: false,
		failure: undefined,
	};
}

/** Adds the page that follows those read. */
export function addPage(range: KeyRange, page: Page): void {
	const last = page.entries.at(-1);
	range.pages.push(page);
	range.pagesRead += 1;
	range.continuationToken = page.nextToken;
	range.ended = !page.truncated;
	if (last !== undefined) range.readUpTo = startAfterEntry(last);
}

/** Whether no page of a range has arrived yet. */
export const isUnread = ({ pagesRead }: KeyRange): boolean => pagesRead === 0;

/** Entries that were read and not handed over yet. */
export const waitingIn = ({ pages }: KeyRange): number =>
	pages.reduce((sum, { entries }) => sum + entries.length, 0);

/** Whether no keys are missing between what was read of a range and the next range. */
export const reaches = ({ readUpTo }: KeyRange, next: KeyRange): boolean =>
	readUpTo !== undefined && compareKeys(readUpTo, next.after ?? '') >= 0;

/** Whether a range has to be read on and no request does so. @param next the range after it, if any */
export function isOpen(range: KeyRange, next: KeyRange | undefined): boolean {
	const { inFlight, ended, failure } = range;
	if (inFlight || ended || failure !== undefined) return false;
	return next === undefined || !reaches(range, next);
}

/** About how many entries are missing between what was read of a range and the next range. */
export function missingBetween(range: KeyRange, next: KeyRange): number {
	if (reaches(range, next)) return 0;
	const missing = range.density?.entriesUpTo(next.after ?? '') ?? range.expected;
	return Number.isNaN(missing) ? 0 : Math.max(0, missing);
}

/** About how many entries that were not handed over yet come before each range. */
export function entriesBefore(ranges: readonly KeyRange[]): number[] {
	let sum = 0;
	return ranges.map((range, i) => {
		const before = sum;
		const next = ranges[i + 1];
		sum += waitingIn(range) + (next === undefined ? 0 : missingBetween(range, next));
		return before;
	});
}
