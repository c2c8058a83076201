import { compareKeys } from '../keyOrder';
import { entriesBefore, isUnread, reaches, waitingIn } from './KeyRange';
import type { KeyRange } from './KeyRange';
import type { DensitySample } from './keys/KeyEstimator';
import { FAR_GUESSES, PAGES_BETWEEN } from './tuning';

/** Where a range should be split. */
export interface SplitPoint {
	/** Index of the range. */
	index: number;
	/** The key after which its second part begins. */
	after: string;
	/** Entries that the second part may have. */
	expected: number;
}

export interface SplitLimits {
	/** Entries on a page of this listing. */
	pageSize: number;
	/** Split points that may be guessed a page apart from each other without a response in between. */
	guessesInARow: number;
	/** Entries that may be read before their turn. */
	reach: number;
	/** Whether a split point is of use only in the first gap. */
	onlyFirstGap: boolean;
}

/** Keys between two ranges that were read, of which nothing is known yet. */
interface Gap {
	/** Index of the range before it. */
	index: number;
	/** The key after which it begins. */
	start: string;
	/** The key after which the next range that was read begins; undefined at the end of the listing. */
	end: string | undefined;
	/** Split points in it that have no response yet. */
	unread: readonly string[];
	/** Entries before it that were not handed over yet. */
	before: number;
	/** How densely keys lie before it, if that is known. */
	density: DensitySample | undefined;
}

/** Guesses a key to split a range at, the nearest to the front first; undefined if none is of use. */
export function nextSplitPoint(
	ranges: readonly KeyRange[],
	limits: SplitLimits,
): SplitPoint | undefined {
	const before = entriesBefore(ranges);
	for (const index of ranges.keys()) {
		const gap = gapAfter(ranges, index, before[index] ?? 0);
		if (gap === undefined) continue;
		const point = splitPointIn(gap, limits);
		if (point !== undefined || limits.onlyFirstGap) return point;
	}
	return undefined;
}

function gapAfter(ranges: readonly KeyRange[], index: number, before: number): Gap | undefined {
	const range = ranges[index];
	if (range === undefined || isUnread(range) || range.ended) return undefined;
	const unread: string[] = [];
	let next = ranges[index + 1];
	while (next !== undefined && isUnread(next)) {
		unread.push(next.after ?? '');
		next = ranges[index + 1 + unread.length];
	}
	if (next !== undefined && reaches(range, next)) return undefined;
	return {
		index,
		start: range.readUpTo ?? '',
		end: next?.after,
		unread,
		before: before + waitingIn(range),
		density: range.density,
	};
}

/** A page after the last split point in a gap, or several if that many guesses in a row are unlikely to be right. */
function splitPointIn(
	{ index, start, end, unread, before, density }: Gap,
	{ pageSize, guessesInARow, reach }: SplitLimits,
): SplitPoint | undefined {
	const farGuesses = Math.max(0, Math.floor(unread.length - guessesInARow + 1));
	if (density === undefined || unread.length > guessesInARow + FAR_GUESSES) return undefined;
	const last = unread.at(-1);
	const covered = last === undefined ? 0 : density.entriesUpTo(last);
	const expected = pageSize * PAGES_BETWEEN * 2 ** farGuesses;
	if (before + covered + expected > reach) return undefined;
	// The page that the last split point will bring reaches the end of the gap.
	if (end !== undefined && density.entriesUpTo(end) - covered <= pageSize) return undefined;
	const after = density.keyAfter(covered + expected);
	return after !== undefined && isBetween(last ?? start, after, end)
		? { index: index + unread.length, after, expected }
		: undefined;
}

const isBetween = (start: string, key: string, end: string | undefined): boolean =>
	compareKeys(key, start) > 0 && (end === undefined || compareKeys(key, end) < 0);
