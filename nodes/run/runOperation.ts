import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { toNodeError } from '../errors/toNodeError';
import { concurrency } from '../parameters/concurrency';
import { ofItem } from '../parameters/ParameterSource';
import { allItems } from './allItems';
import { chosenOperation, type Resources } from './chosenOperation';
import { forEachItem } from './forEachItem';
import { showHints } from './hints';
import { Results } from './Results';
import { RunItems } from './RunItems';
import { transformItems } from './transformItems';

/**
 * Runs the chosen operation on the input items, and gives the items that it makes in the order of their
 * input items, each linked to its own.
 *
 * @throws {NodeApiError | NodeOperationError | ManualExecutionCancelledError}
 */
export async function runOperation(
	node: IExecuteFunctions,
	resources: Resources,
): Promise<INodeExecutionData[][]> {
	const operation = chosenOperation(ofItem(node, 0), resources, node.getNode());
	const items = new RunItems(node, operation.fields);
	const results = new Results(node, items.count, operation.keepsFiles);
	const outputs = await results.collect(async () => {
		if ('transform' in operation) transformItems(operation, items, results);
		else if ('executeAll' in operation) await allItems(operation, items, results);
		else await forEachItem(operation, items, results, readConcurrency(node, items));
	});
	const made = results.made();
	const summary = operation.summaryOf?.(made, items.entered) ?? [];
	showHints(node, [...items.allHints(made), ...summary]);
	return [outputs];
}

/** How many items are worked on at once is a setting of the whole run: the first item decides. */
function readConcurrency(node: IExecuteFunctions, items: RunItems): number | undefined {
	try {
		return concurrency.read(items.parametersOf(0));
	} catch (error) {
		throw toNodeError(node.getNode(), error, 0);
	}
}
