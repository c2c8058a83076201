import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { OpenS3 } from '../../s3/client/S3';
import { bucketListWarning, connectionWarnings } from '../connection/connectionWarnings';

/** Hints shown at most; more would push the output out of sight. */
const MAX_HINTS = 5;

/** Shows sentences above the output of the node. */
export function showHints(node: IExecuteFunctions, hints: readonly string[]): void {
	const messages = hints.slice(0, MAX_HINTS);
	if (hints.length > MAX_HINTS) {
		messages.push(`… and ${hints.length - MAX_HINTS} more like these.`);
	}
	if (messages.length === 0) return;
	node.addExecutionHints(
		...messages.map((message) => ({ message, location: 'outputPane' as const })),
	);
}

/** The hint at a wrong clock of this machine; one for all connections, because it is the same clock. */
export function clockHint(connections: Iterable<OpenS3>): string[] {
	return [...connections]
		.map((s3) => s3.clockWarning())
		.filter((warning) => warning !== undefined)
		.slice(0, 1);
}

/** What people were already told of a connection, as long as this process has it. */
const told = new WeakMap<OpenS3, Set<string>>();

/**
 * Warnings about connections when a person first runs a node with them in the editor. n8n shows nothing of a
 * connection test that passed.
 *
 * @param made what the node has made of its items
 */
export function firstRunHints(
	node: IExecuteFunctions,
	connections: Iterable<OpenS3>,
	made: readonly INodeExecutionData[],
): string[] {
	if (node.getMode() !== 'manual') return [];
	const buckets = bucketsIn(made);
	return [...connections].flatMap((s3) => {
		const before = told.get(s3) ?? new Set();
		const warnings = [...connectionWarnings(s3, buckets), bucketListWarning(s3)];
		const news = warnings
			.filter((warning) => warning !== undefined)
			.filter((warning) => !before.has(warning));
		told.set(s3, new Set([...before, ...news]));
		return news;
	});
}

/** The buckets that items are about: those of copies are also about that of the source. */
function bucketsIn(made: readonly INodeExecutionData[]): Set<string> {
	const buckets = made.flatMap(({ json: { bucket, source } }) => [
		bucket,
		(source as { bucket?: unknown } | undefined)?.bucket,
	]);
	return new Set(buckets.filter((bucket) => typeof bucket === 'string'));
}
