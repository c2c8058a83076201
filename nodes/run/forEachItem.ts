import {
	ManualExecutionCancelledError,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import {
	isSameForAllItems,
	readConnection,
	type CredentialType,
} from '../../credentials/read/readConnection';
import { openS3 } from '../../s3/client/openS3';
import type { OpenS3 } from '../../s3/client/S3';
import { credentialTypeOf } from '../parameters/fields';
import type { Operation, Registry } from './operation';
import { enteredIn, readNumber, readText, type ItemParameters } from '../parameters/read';
import { toNodeError } from '../errors/toNodeError';

const DEFAULT_CONCURRENCY = 8;
const MOST_CONCURRENCY = 100;
const MOST_HINTS = 5;

/**
 * Runs the chosen operation on every input item, several at once, and gives the items it makes in
 * the order of their input items, each linked to its own.
 *
 * An item that fails becomes an error item where the node is set to continue; where not, no further
 * item is begun, the running ones are stopped, and the first failure is thrown.
 *
 * @throws {NodeApiError | NodeOperationError | ManualExecutionCancelledError}
 */
export async function forEachItem(
	node: IExecuteFunctions,
	resources: Readonly<Record<string, Registry>>,
): Promise<INodeExecutionData[][]> {
	const parametersOf = parametersIn(node);
	const operation = chosenOperation(parametersOf(0), resources);
	const count = node.getInputData().length;
	const outputs = new Array<INodeExecutionData[]>(count);
	const hints = new Set<string>();
	const used = new Set<OpenS3>();
	const stop = new AbortController();
	const cancelled = node.getExecutionCancelSignal();
	const cancel = () => stop.abort(cancelled?.reason);
	if (cancelled?.aborted === true) cancel();
	cancelled?.addEventListener('abort', cancel, { once: true });

	const connectionOf = connectionsOf(node);
	const failures: Array<{ error: unknown; index: number }> = [];
	let next = 0;
	const work = async () => {
		while (next < count && !stop.signal.aborted) {
			const index = next++;
			try {
				const parameters = parametersOf(index);
				const s3 = await connectionOf(parameters);
				used.add(s3);
				const hint = (message: string) => hints.add(message);
				const item = { ...parameters, s3, signal: stop.signal, hint };
				outputs[index] = linked(await operation.execute(item), index);
			} catch (error) {
				if (node.continueOnFail()) {
					outputs[index] = linked([failedItem(node, error, index)], index);
				} else {
					failures.push({ error, index });
					stop.abort(error);
				}
			}
		}
	};
	try {
		const workers = Math.min(readConcurrency(parametersOf(0)), count);
		await Promise.all(Array.from({ length: workers }, work));
	} finally {
		cancelled?.removeEventListener('abort', cancel);
	}

	if (cancelled?.aborted === true) {
		throw new ManualExecutionCancelledError(node.getExecutionId());
	}
	const [first] = failures;
	if (first !== undefined) throw toNodeError(node.getNode(), first.error, first.index);
	showHints(node, [...clockHint(used), ...hints]);
	return [outputs.flat()];
}

/** Where to read the parameters of each item. */
function parametersIn(node: IExecuteFunctions): (index: number) => ItemParameters {
	const items = node.getInputData();
	const entered = enteredIn(node);
	return (index) => ({ node, index, json: items[index]?.json ?? {}, entered });
}

function chosenOperation(
	first: ItemParameters,
	resources: Readonly<Record<string, Registry>>,
): Operation {
	const resource = readText(first, 'resource') ?? '';
	const name = readText(first, 'operation') ?? '';
	const registry = Object.hasOwn(resources, resource) ? resources[resource] : undefined;
	const operation =
		registry !== undefined && Object.hasOwn(registry, name) ? registry[name] : undefined;
	if (operation === undefined) {
		throw new NodeOperationError(
			first.node.getNode(),
			`This version of the node has no operation “${name}” for the resource “${resource}”`,
			{
				description: 'Choose resource and operation again, or update n8n-nodes-amazon-s3.',
				itemIndex: 0,
			},
		);
	}
	return operation;
}

/** How many items are worked on at once is a setting of the whole run, so the first item says it. */
function readConcurrency(first: ItemParameters): number {
	try {
		const bounds = { min: 1, max: MOST_CONCURRENCY, whole: true };
		return readNumber(first, 'options.concurrency', bounds) ?? DEFAULT_CONCURRENCY;
	} catch (error) {
		throw toNodeError(first.node.getNode(), error, 0);
	}
}

/**
 * Opens the connection of an item. n8n takes a credential from its database and decrypts it each
 * time, so it is read again only where an expression in it may make it another one for each item.
 */
function connectionsOf(node: IExecuteFunctions): (item: ItemParameters) => Promise<OpenS3> {
	const shared = new Map<CredentialType, OpenS3>();
	return async (item) => {
		const type = credentialTypeOf(readText(item, 'authentication'));
		const known = shared.get(type);
		if (known !== undefined) return known;
		const fields = await node.getCredentials(type, item.index);
		const s3 = await openS3(readConnection(type, fields));
		if (isSameForAllItems(fields)) shared.set(type, s3);
		return s3;
	};
}

/** As n8n's `constructExecutionMetaData` does, which copies every item. */
function linked(items: INodeExecutionData[], index: number): INodeExecutionData[] {
	const pairedItem = { item: index };
	for (const item of items) item.pairedItem = pairedItem;
	return items;
}

/** n8n routes an item to the error output by its `error`, and shows its message in `json`. */
function failedItem(node: IExecuteFunctions, cause: unknown, index: number): INodeExecutionData {
	const error = toNodeError(node.getNode(), cause, index);
	return { json: { error: error.message }, error };
}

/** One is enough: it is the same clock for all connections. */
function clockHint(used: Iterable<OpenS3>): string[] {
	return [...used]
		.map((s3) => s3.clockWarning())
		.filter((warning) => warning !== undefined)
		.slice(0, 1);
}

function showHints(node: IExecuteFunctions, hints: readonly string[]): void {
	const messages = hints.slice(0, MOST_HINTS);
	if (hints.length > MOST_HINTS) {
		messages.push(`… and ${hints.length - MOST_HINTS} more like these.`);
	}
	if (messages.length === 0) return;
	node.addExecutionHints(
		...messages.map((message) => ({ message, location: 'outputPane' as const })),
	);
}
