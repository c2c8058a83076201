/** A page of a listing as a sample of how densely keys lie after it. */
export interface DensitySample {
	/**
	 * The key after which the listing goes on when so many further entries have been read, if they lie as
	 * densely as those of the page; undefined if there is no such key or no telling.
	 */
	keyAfter(entries: number): string | undefined;
	/** About how many entries there are between the page and a key after it; NaN if there is no telling. */
	entriesUpTo(key: string): number;
}

/**
 * Estimates from the pages read so far how many keys lie between two keys. Estimates only say where to look:
 * nothing that is listed depends on their being right.
 */
export interface KeyEstimator {
	/** Learns from the names on a page, two or more in order, and gives their density. */
	observe(names: readonly string[]): DensitySample;
}
