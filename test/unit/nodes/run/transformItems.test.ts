import type { Transformed, TransformOperation } from '../../../../nodes/run/operation';
import { runOperation } from '../../../../nodes/run/runOperation';
import { nodeOf, type NodeSettings } from './nodeOf';

const transform = jest.fn((item: Transformed) => {
	if (item.json.n === 1) throw new Error('not this one');
	item.hint('Have a look.');
	return [{ json: { n: item.json.n } }];
});
const resources = { object: { read: { transform } as unknown as TransformOperation } };

function run(settings: NodeSettings = {}) {
	const parameters = { resource: 'object', operation: 'read' };
	const made = nodeOf({ count: 3, ...settings, parameters });
	return { ...made, outputs: runOperation(made.node, resources) };
}

beforeEach(() => transform.mockClear());

it('an operation without a connection works on each item, and reads no credential', async () => {
	const { outputs, getCredentials, addExecutionHints } = run({ continues: true });
	const [items] = await outputs;
	expect(items?.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2].map((item) => ({ item })));
	expect(items?.map(({ json }) => json.error ?? json.n)).toEqual([0, 'not this one', 2]);
	expect(getCredentials).not.toHaveBeenCalled();
	expect(addExecutionHints).toHaveBeenCalledTimes(1);
});

it('an item that fails without a connection stops the node, and no further item is read', async () => {
	const { outputs } = run();
	await expect(outputs).rejects.toMatchObject({
		message: 'not this one',
		context: { itemIndex: 1 },
	});
	expect(transform).toHaveBeenCalledTimes(2);
});
