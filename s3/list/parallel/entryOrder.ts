import { compareKeys } from '../keyOrder';
import { nameOfEntry } from '../ListedEntry';
import type { ListedEntry } from '../ListedEntry';

/** How many entries of a page that is in order come after a name. */
export function countAfter(entries: readonly ListedEntry[], name: string): number {
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

/** Whether an entry is a common prefix of which a name is one of the keys. */
export const hasBegun = (entry: ListedEntry | undefined, name: string): boolean =>
	entry !== undefined && 'prefix' in entry && name.startsWith(entry.prefix);

/**
 * Whether entries are in order and after those read before, as those of S3 are. A common prefix may have
 * begun before.
 * @param names those of the entries
 */
export function isInOrder(
	entries: readonly ListedEntry[],
	names: readonly string[],
	after: string | undefined,
): boolean {
	const [first] = entries;
	if (first === undefined) return true;
	let previous = after === undefined || hasBegun(first, after) ? '' : after;
	for (const name of names) {
		if (compareKeys(name, previous) <= 0) return false;
		previous = name;
	}
	return true;
}
