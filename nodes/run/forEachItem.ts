import type { OpenS3 } from '../../s3/client/S3';
import { automaticConcurrencyOf, MOST_AT_ONCE, type ItemSlots } from './AutomaticConcurrency';
import type { ItemOperation } from './operation';
import type { Results } from './Results';
import type { RunItems } from './RunItems';

/**
 * Works on every input item by itself, several at once. No further item is begun once the work is to stop.
 *
 * @param concurrency how many items are worked on at once; undefined finds out what each connection takes
 */
export async function forEachItem(
	operation: ItemOperation,
	items: RunItems,
	results: Results,
	concurrency: number | undefined,
): Promise<void> {
	const { signal } = results;
	const slotsOf = concurrency === undefined ? automaticSlots() : () => FREE;
	let next = 0;
	const work = async () => {
		while (next < items.count && !signal.aborted) {
			const index = next++;
			try {
				const item = await items.open(index, signal);
				const leave = await slotsOf(item.s3).enter(signal);
				let bytes = 0;
				try {
					const made = await operation.execute(item);
					bytes = operation.bytesOf?.(made) ?? 0;
					results.succeed(index, made);
				} finally {
					leave(bytes);
				}
			} catch (error) {
				results.fail(index, error);
			}
		}
	};
	const workers = Math.min(concurrency ?? MOST_AT_ONCE, items.count);
	await Promise.all(Array.from({ length: workers }, work));
}

/** With a fixed concurrency the number of workers is the limit. */
const FREE: ItemSlots = { enter: () => Promise.resolve(() => undefined) };

/** The slots of this run, for each connection that its items use. */
function automaticSlots(): (connection: OpenS3) => ItemSlots {
	const known = new Map<OpenS3, ItemSlots>();
	return (connection) => {
		const slots = known.get(connection) ?? automaticConcurrencyOf(connection).forRun();
		known.set(connection, slots);
		return slots;
	};
}
