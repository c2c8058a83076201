/** What several runs of the same thing gave. */
export interface Figure {
	median: number;
	min: number;
	max: number;
	runs: number;
}

/** The middle of some numbers, or the mean of the two in the middle; throws without any. */
export function median(values: readonly number[]): number {
	if (values.length === 0) throw new Error('Nothing has no median.');
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle]!;
	return sorted.length % 2 === 1 ? upper : (sorted[middle - 1]! + upper) / 2;
}

/** Sums up runs; undefined without any. */
export function figureOf(values: readonly number[]): Figure | undefined {
	if (values.length === 0) return undefined;
	return {
		median: median(values),
		min: Math.min(...values),
		max: Math.max(...values),
		runs: values.length,
	};
}
