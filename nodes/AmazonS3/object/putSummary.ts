import type { INodeExecutionData } from 'n8n-workflow';

/** Buckets that are named; more would be no summary. */
const MAX_BUCKETS = 3;

/** Where objects were put, as a sentence: the output of Put shows their files first, which do not say so. */
export function putSummary(made: readonly INodeExecutionData[]): string[] {
	if (made.length === 0) return [];
	const keys = new Map<string, Set<unknown>>();
	for (const { json } of made) {
		const bucket = json.bucket as string;
		const known = keys.get(bucket) ?? new Set();
		keys.set(bucket, known.add(json.key));
	}
	const all = [...keys].map(([bucket, { size }]) => `${objects(size)} put into bucket “${bucket}”`);
	const more = all.length - MAX_BUCKETS;
	const named = all.slice(0, MAX_BUCKETS);
	return [`${[...named, ...(more > 0 ? [`others into ${more} more buckets`] : [])].join(', ')}.`];
}

const objects = (count: number): string => (count === 1 ? '1 object' : `${count} objects`);
