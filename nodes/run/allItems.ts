import type { BulkOperation, Item, ItemRequest, ItemResult } from './operation';
import type { Results } from './Results';
import type { RunItems } from './RunItems';

/**
 * Works on all input items together. An item whose parameters cannot be read fails alone; if the node
 * stops for that, the operation is not begun.
 */
export async function allItems(
	operation: BulkOperation,
	items: RunItems,
	results: Results,
): Promise<void> {
	const requests = await readAll(operation, items, results);
	if (!results.signal.aborted) await executeAll(operation, requests, results);
}

async function executeAll(
	operation: BulkOperation,
	requests: Array<ItemRequest<unknown>>,
	results: Results,
): Promise<void> {
	const left = new Set<Item>(requests.map(({ item }) => item));
	try {
		for await (const result of operation.executeAll(requests, (index) => results.begin(index))) {
			left.delete(result.item);
			take(result, results);
		}
		if (left.size > 0 && !results.signal.aborted) {
			throw new Error('The operation did not say what became of the item');
		}
	} catch (error) {
		for (const { index } of left) results.fail(index, error);
	}
}

function take(result: ItemResult, results: Results): void {
	const { index } = result.item;
	if ('error' in result) results.fail(index, result.error);
	else results.succeed(index, result.items);
}

async function readAll(
	operation: BulkOperation,
	items: RunItems,
	results: Results,
): Promise<Array<ItemRequest<unknown>>> {
	const requests: Array<ItemRequest<unknown>> = [];
	for (let index = 0; index < items.count && !results.signal.aborted; index++) {
		try {
			const item = await items.open(index, results.signal);
			requests.push({ item, request: operation.read(item) });
		} catch (error) {
			results.fail(index, error);
		}
	}
	return requests;
}
