import { readText } from '../../../../nodes/parameters/read';
import { RunItems } from '../../../../nodes/run/RunItems';
import { nodeOf } from './nodeOf';

const { signal } = new AbortController();
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

const items = () => {
	const parts = nodeOf({
		count: 2,
		parameters: { authentication: 'accessKeys', targetAuthentication: 'basicAuth' },
		parametersOfItem: (index) => ({ key: `key of item ${index}` }),
		credential: { ...keys, endpoint: 'https://minio.test', username: 'u', password: 'p' },
	});
	return { ...parts, runItems: new RunItems(parts.node) };
};

it('the items of a run are as many as the node has', () => {
	expect(items().runItems.count).toBe(2);
});

it('the parameters of an item of a run are its own', () => {
	expect(readText(items().runItems.parametersOf(1), 'key')).toBe('key of item 1');
});

it('what was entered in the node is looked up once for all items', () => {
	const { runItems, getNodeParameter } = items();
	for (const index of [0, 1]) readText(runItems.parametersOf(index), 'key');
	const lookedUp = getNodeParameter.mock.calls.filter(([, , , options]) => options?.rawExpressions);
	expect(lookedUp).toHaveLength(1);
});

it('an item that is opened has its node, number, parameters, signal and connection', async () => {
	const { runItems, node, getCredentials } = items();
	const item = await runItems.open(1, signal);
	expect(item).toMatchObject({ node, index: 1, json: { n: 1 } });
	expect(item.signal).toBe(signal);
	expect(readText(item, 'key')).toBe('key of item 1');
	expect(item.s3.connection.identity).toMatchObject({ kind: 'accessKeys' });
	expect(getCredentials.mock.calls).toEqual([['amazonS3AccessKeysApi', 1]]);
});

it('an item opens another connection of the node when it is asked for', async () => {
	const { runItems, getCredentials } = items();
	const { s3, connection } = await runItems.open(0, signal);
	const target = await connection('target');
	expect(target).not.toBe(s3);
	expect(target.connection.identity).toMatchObject({ accessKeyId: 'u', secretAccessKey: 'p' });
	expect(getCredentials.mock.calls[1]).toEqual(['amazonS3TargetBasicAuthApi', 0]);
});

it('a credential that is the same for all items is read once in a run', async () => {
	const credential = { ...keys, sameForAllItems: true };
	const { node, getCredentials } = nodeOf({ count: 2, credential });
	const runItems = new RunItems(node);
	const [first, second] = [await runItems.open(0, signal), await runItems.open(1, signal)];
	expect(second.s3).toBe(first.s3);
	expect(getCredentials).toHaveBeenCalledTimes(1);
});

it('the hints of a run are those of its connections and items, each once', async () => {
	const { runItems } = items();
	const [first, second] = [await runItems.open(0, signal), await runItems.open(1, signal)];
	for (const { hint } of [first, second]) hint('This bucket is in another region.');
	second.hint('Nothing was found.');
	const warning = jest.spyOn(first.s3, 'clockWarning').mockReturnValue('The clock is wrong.');
	expect(runItems.allHints([])).toEqual([
		'The clock is wrong.',
		'This bucket is in another region.',
		'Nothing was found.',
	]);
	warning.mockRestore();
});
