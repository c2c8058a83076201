import { compareKeys } from '../keyOrder';
import type { KeyPage } from './keys/KeyEstimator';
import { entriesBefore, isPending, reaches, waitingIn } from './KeyRange';
import type { Stretch } from './KeyRange';

/** Where another stretch should begin. */
export interface Guess {
	/** Index of the stretch behind which it comes. */
	behind: number;
	after: string;
	/** Entries it may have until the next one. */
	expected: number;
}

export interface Trust {
	/** Entries on a page of this listing. */
	pageSize: number;
	/** How many guesses in a row may be a page apart; below 1, distances tell nothing. */
	trust: number;
	/** How far from the first stretch anything may be guessed, in entries. */
	reach: number;
	/** Whether to guess only in the first gap. */
	firstGapOnly: boolean;
}

/** Entries that a guess goes ahead for each entry of a page: a little overlap costs less than a gap. */
const LEAN = 0.93;
/** Further guesses from the same page, each twice as far as the one before. */
const FAR_GUESSES = 3;
/** Guesses that may be without an answer where distances tell nothing. */
const BLIND_GUESSES = 4;
/** Pages that a gap has at least for a guess into its middle. */
const WIDE_GAP = 1.5;

/** The next place to begin a stretch at, the nearest to the front first; undefined if none is any good. */
export function nextGuess(stretches: readonly Stretch[], trust: Trust): Guess | undefined {
	const before = entriesBefore(stretches);
	for (const [index, known] of stretches.entries()) {
		if (isPending(known) || known.ended) continue;
		const gap = gapBehind(stretches, index);
		if (gap === undefined) continue;
		const { measure } = known;
		const guess =
			measure === undefined || known.pagesRead < known.waryUntil
				? undefined
				: trust.trust < 1
					? inTheMiddle(gap, measure, trust)
					: ahead(gap, measure, trust, (before[index] ?? 0) + waitingIn(known));
		if (guess !== undefined || trust.firstGapOnly) return guess;
	}
	return undefined;
}

/** What is not known behind a stretch of which pages have been read. */
interface Gap {
	/** Index of the stretch before it. */
	index: number;
	/** Where it begins, and the guesses in it that have no answer yet. */
	edges: string[];
	/** Where the next stretch begins that is known; undefined at the end of the listing. */
	end: string | undefined;
}

function gapBehind(stretches: readonly Stretch[], index: number): Gap | undefined {
	const known = stretches[index];
	const edges = [known?.position ?? ''];
	let next = stretches[index + 1];
	while (next !== undefined && isPending(next)) {
		edges.push(next.after ?? '');
		next = stretches[index + edges.length];
	}
	const closed = known !== undefined && next !== undefined && reaches(known, next);
	return closed ? undefined : { index, edges, end: next?.after };
}

/** Goes on from the last guess: by a page while guesses come true, by more where that is doubtful. */
function ahead(
	{ index, edges, end }: Gap,
	measure: KeyPage,
	{ pageSize, trust, reach }: Trust,
	before: number,
): Guess | undefined {
	const pending = edges.length - 1;
	if (pending > trust + FAR_GUESSES) return undefined;
	const last = edges.at(-1) ?? '';
	const doubtful = Math.max(0, Math.floor(pending - trust + 1));
	const expected = pageSize * LEAN * 2 ** doubtful;
	const covered = pending === 0 ? 0 : measure.entriesUpTo(last);
	const distance = covered + expected;
	if (before + distance > reach) return undefined;
	// What is known is within the page that the last guess will bring.
	if (end !== undefined && measure.entriesUpTo(end) - covered <= pageSize) return undefined;
	const after = measure.nameAfter(distance);
	return after !== undefined && isBetween(last, after, end)
		? { behind: index + pending, after, expected }
		: undefined;
}

/** Halves the widest gap: where keys come in bunches, their distances tell nothing. */
function inTheMiddle(
	{ index, edges, end }: Gap,
	measure: KeyPage,
	{ pageSize }: Trust,
): Guess | undefined {
	if (edges.length > BLIND_GUESSES) return undefined;
	const names = [...edges, end ?? measure.top()];
	const distances = names.map((name, i) => (i === 0 ? 0 : measure.entriesUpTo(name)));
	const widths = distances.slice(1).map((distance, i) => distance - (distances[i] ?? 0));
	const width = Math.max(...widths);
	if (!(width > WIDE_GAP * pageSize)) return undefined;
	const widest = widths.indexOf(width);
	const after = measure.nameAfter((distances[widest] ?? 0) + width / 2);
	return after !== undefined && isBetween(names[widest] ?? '', after, names[widest + 1])
		? { behind: index + widest, after, expected: width / 2 }
		: undefined;
}

const isBetween = (before: string, name: string, behind: string | undefined): boolean =>
	compareKeys(name, before) > 0 && (behind === undefined || compareKeys(name, behind) < 0);
