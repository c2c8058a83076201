import { globPrefix, keyGlob } from './keyGlob';
import type { ListedEntry } from './ListedEntry';

/** Which objects of a listing to keep. Common prefixes are always kept. */
export interface ListFilter {
	/** Inclusive. */
	modifiedAfter?: Date | undefined;
	/** Exclusive. */
	modifiedBefore?: Date | undefined;
	/** Bytes, inclusive. */
	minSize?: number | undefined;
	/** Bytes, inclusive. */
	maxSize?: number | undefined;
	/** A glob for the whole key, see `keyGlob`. */
	keyMatches?: string | undefined;
	/** Leave out the object whose key is the prefix itself, which often marks a “folder”. */
	excludePrefixItself?: boolean | undefined;
}

/** A filter, and the listing that it is for. */
export interface FilteredListing extends ListFilter {
	/** What all keys begin with. */
	prefix?: string | undefined;
	/** Keys that are alike up to this, after the prefix, are listed as one common prefix. */
	delimiter?: string | undefined;
}

/** Whether a filter may leave anything out. */
export function isFiltered(filter: ListFilter): boolean {
	const { modifiedAfter, modifiedBefore, minSize, maxSize, keyMatches } = filter;
	return (
		filter.excludePrefixItself === true ||
		[modifiedAfter, modifiedBefore, minSize, maxSize, keyMatches].some((set) => set !== undefined)
	);
}

/** A test for the entries to keep. */
export function filterOf(listing: FilteredListing): (entry: ListedEntry) => boolean {
	const { minSize = 0, maxSize = Infinity, prefix = '', excludePrefixItself } = listing;
	const after = listing.modifiedAfter?.getTime() ?? -Infinity;
	const before = listing.modifiedBefore?.getTime() ?? Infinity;
	const matches = listing.keyMatches === undefined ? undefined : keyGlob(listing.keyMatches);
	return (entry) => {
		if (!('key' in entry)) return true;
		if (excludePrefixItself === true && entry.key === prefix) return false;
		if (entry.size < minSize || entry.size > maxSize) return false;
		if (after !== -Infinity || before !== Infinity) {
			const modified = Date.parse(entry.lastModified ?? '');
			if (!(modified >= after && modified < before)) return false;
		}
		return matches?.(entry.key) ?? true;
	};
}

/** The prefix to list: if the glob begins with plain characters, the server leaves out what cannot match. */
export function narrowedPrefix(listing: FilteredListing): string | undefined {
	const { prefix, delimiter, keyMatches } = listing;
	// With a delimiter a longer prefix would give other common prefixes.
	if (keyMatches === undefined || (delimiter ?? '') !== '') return prefix;
	const literal = globPrefix(keyMatches);
	return literal.startsWith(prefix ?? '') ? literal : prefix;
}
