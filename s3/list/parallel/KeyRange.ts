import type { KeyPage } from './keys/KeyEstimator';
import { LAST_CHARACTER } from './keys/KeyEstimator';
import { compareKeys } from '../keyOrder';
import { nameOfEntry } from '../listPage';
import type { Page } from '../listPage';

export type PageEntry = Page['entries'][number];

/** A part of a listing that is read page after page until it reaches the part that follows. */
export interface Stretch {
	/** All its names come after this one; undefined is the beginning of the listing. */
	readonly after: string | undefined;
	/** Entries that it was guessed to have. */
	readonly expected: number;
	/** How often guesses had been in vain when it was guessed. */
	readonly doubts: number;
	/** Read, and not yet taken. */
	readonly pages: Page[];
	pagesRead: number;
	/** All names up to this one have been read. */
	position: string | undefined;
	/** Of the last page. */
	token: string | undefined;
	/** The last page as a measure of what follows. */
	measure: KeyPage | undefined;
	/** Whether few entries seemed to be missing to the next one. Where that was wrong, it is not believed again. */
	wasNear: boolean;
	/** Pages to be read before anything is guessed behind it again. */
	waryUntil: number;
	/** Whether the server has nothing behind it. */
	ended: boolean;
	busy: boolean;
	failure: { error: unknown } | undefined;
}

/** A stretch of which nothing has been read yet. */
export function stretchAfter(
	after: string | undefined,
	guessed: Pick<Stretch, 'expected' | 'doubts'>,
): Stretch {
	return {
		after,
		...guessed,
		pages: [],
		pagesRead: 0,
		position: after,
		token: undefined,
		measure: undefined,
		wasNear: false,
		waryUntil: 0,
		ended: false,
		busy: false,
		failure: undefined,
	};
}

/** What to start after to go on behind an entry. */
export const positionOf = (entry: PageEntry): string =>
	'key' in entry ? entry.key : entry.prefix + LAST_CHARACTER;

/** Whether nothing is missing between a stretch and the next one. */
export const reaches = ({ position }: Stretch, next: Stretch): boolean =>
	position !== undefined && compareKeys(position, next.after ?? '') >= 0;

/** Whether a stretch is only a guess so far. */
export const isPending = ({ pagesRead }: Stretch): boolean => pagesRead === 0;

/** Entries read and not yet taken. */
export const waitingIn = ({ pages }: Stretch): number =>
	pages.reduce((sum, { entries }) => sum + entries.length, 0);

/** Entries that wait in all stretches together, those that two have counted once. */
export function differentIn(stretches: readonly Stretch[]): number {
	return stretches.reduce((sum, stretch, i) => {
		const last = stretch.pages.at(-1);
		const next = stretches[i + 1]?.after;
		const twice = last === undefined || next === undefined ? 0 : entriesBehind(last.entries, next);
		return sum + waitingIn(stretch) - twice;
	}, 0);
}

/** How many entries of a page that is in order come behind a name. */
export function entriesBehind(entries: readonly PageEntry[], name: string): number {
	let low = 0;
	let high = entries.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		const entry = entries[middle];
		if (entry !== undefined && compareKeys(nameOfEntry(entry), name) <= 0) low = middle + 1;
		else high = middle;
	}
	return entries.length - low;
}

/** About how many entries are missing between what was read of a stretch and the next one. */
export function missingBetween(stretch: Stretch, next: Stretch): number {
	if (reaches(stretch, next)) return 0;
	const missing = stretch.measure?.entriesUpTo(next.after ?? '') ?? stretch.expected;
	return Number.isNaN(missing) ? 0 : Math.max(0, missing);
}

/** About how many entries that nobody has taken yet come before each stretch. */
export function entriesBefore(stretches: readonly Stretch[]): number[] {
	let sum = 0;
	return stretches.map((stretch, i) => {
		const before = sum;
		const next = stretches[i + 1];
		sum += waitingIn(stretch) + (next === undefined ? 0 : missingBetween(stretch, next));
		return before;
	});
}

/**
 * Whether entries are in order and behind what was read before, as those of S3 are. A common prefix
 * may have begun before.
 * @param names those of the entries
 */
export function isInOrder(
	entries: readonly PageEntry[],
	names: readonly string[],
	after: string | undefined,
): boolean {
	const [first] = entries;
	if (first === undefined) return true;
	const begun = after !== undefined && 'prefix' in first && after.startsWith(first.prefix);
	let previous = begun ? '' : (after ?? '');
	for (const name of names) {
		if (compareKeys(name, previous) <= 0) return false;
		previous = name;
	}
	return true;
}
