import type { ItemOperation } from './operation';
import type { Results } from './Results';
import type { RunItems } from './RunItems';

/**
 * Works on every input item by itself, several at once. No further item is begun once the work is to stop.
 *
 * @param concurrency how many items are worked on at once
 */
export async function forEachItem(
	operation: ItemOperation,
	items: RunItems,
	results: Results,
	concurrency: number,
): Promise<void> {
	const { signal } = results;
	let next = 0;
	const work = async () => {
		while (next < items.count && !signal.aborted) {
			const index = next++;
			try {
				const item = await items.open(index, signal);
				results.succeed(index, await operation.execute(item));
			} catch (error) {
				results.fail(index, error);
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(concurrency, items.count) }, work));
}
