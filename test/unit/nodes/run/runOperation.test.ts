import type { INodeExecutionData } from 'n8n-workflow';

import type {
	BulkOperation,
	Item,
	ItemOperation,
	ItemRequest,
} from '../../../../nodes/run/operation';
import { runOperation } from '../../../../nodes/run/runOperation';
import { nodeOf, type NodeSettings } from './nodeOf';

const made = (item: Item): INodeExecutionData[] => [{ json: { index: item.index } }];

const each = {
	execute: (item: Item) => {
		item.hint('Have a look.');
		return Promise.resolve(made(item));
	},
} as ItemOperation;

const many = {
	read: ({ index }: Item) => index,
	executeAll: async function* (requests: Array<ItemRequest<number>>) {
		await Promise.resolve();
		for (const { item } of [...requests].reverse()) yield { item, items: made(item) };
	},
} as unknown as BulkOperation;

const resources = { object: { each, many } };

function run(operation: string, settings: NodeSettings = {}) {
	const parameters = { resource: 'object', operation, ...settings.parameters };
	const { node, addExecutionHints } = nodeOf({ count: 3, ...settings, parameters });
	return { outputs: runOperation(node, resources), addExecutionHints };
}

it.each(['each', 'many'])(
	'the items of the operation “%s” come in the order of the input, linked to it',
	async (operation) => {
		expect(await run(operation).outputs).toEqual([
			[0, 1, 2].map((index) => ({ json: { index }, pairedItem: { item: index } })),
		]);
	},
);

it('the hints of an operation are shown once', async () => {
	const { outputs, addExecutionHints } = run('each');
	await outputs;
	expect(addExecutionHints.mock.calls).toEqual([
		[{ message: 'Have a look.', location: 'outputPane' }],
	]);
});

it('the summary of an operation is shown after its hints, and knows what did not fail and what was entered', async () => {
	const failing = {
		execute: async (item: Item) =>
			await (item.index === 1 ? Promise.reject(new Error('no')) : Promise.resolve(made(item))),
		summaryOf: (all: readonly INodeExecutionData[], entered: Item['entered']) => [
			`${all.length} of 3 items by ${String(entered('operation'))}.`,
		],
	} as ItemOperation;
	const parameters = { resource: 'object', operation: 'failing' };
	const { node, addExecutionHints } = nodeOf({ count: 3, continues: true, parameters });
	await runOperation(node, { object: { failing } });
	expect(addExecutionHints.mock.calls).toEqual([
		[{ message: '2 of 3 items by failing.', location: 'outputPane' }],
	]);
});

it('the concurrency of the first item holds for the whole run', async () => {
	let [inFlight, most] = [0, 0];
	const counting = jest.spyOn(each, 'execute').mockImplementation(async (item) => {
		most = Math.max(most, ++inFlight);
		await new Promise(setImmediate);
		inFlight -= 1;
		return made(item);
	});
	const parametersOfItem = (index: number) => ({ 'options.concurrency': index === 0 ? 1 : 3 });
	await run('each', { parametersOfItem }).outputs;
	expect(most).toBe(1);
	await run('each', { parameters: { 'options.concurrency': 3 } }).outputs;
	expect(most).toBe(3);
	counting.mockRestore();
});

it('a concurrency that cannot be used fails the run with the first item', async () => {
	const { outputs } = run('each', { parameters: { 'options.concurrency': 0 }, continues: true });
	await expect(outputs).rejects.toMatchObject({
		name: 'NodeOperationError',
		context: { itemIndex: 0 },
	});
});

it('an operation that this version does not have is refused', async () => {
	await expect(run('levitate').outputs).rejects.toThrow(
		'This version of the node has no operation “levitate” for the resource “object”',
	);
});
