/** What the engine of n8n makes of an operation that works on many input items in one request. */
import type { INodeExecutionData, OnError } from 'n8n-workflow';

import type { ItemResult } from '../../nodes/run/operation';
import { withServer } from '../servers/withServer';
import { newBucket, putAll } from './bucket';
import { runNode, type Credential } from './n8n';
import { nodeThatRemoves, remove } from './removal';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ bucketsOfEachTest: [bucket], bucketOfCredential: bucket });
const { credential } = server;
withBinaryStore();

beforeEach(async () => {
	await putAll(credential, bucket, { a: 'A', b: 'B', c: 'C' });
	server.users.limited.allow = [];
	server.requests.length = 0;
});

const items = (...json: Array<Record<string, unknown>>): INodeExecutionData[] =>
	json.map((fields) => ({ json: fields as INodeExecutionData['json'] }));

interface Removals {
	items: INodeExecutionData[];
	credential?: Credential;
	onError?: OnError;
	onStart?: (cancel: () => void) => void;
	operation?: typeof remove;
}

async function run({ operation, ...settings }: Removals) {
	return await runNode({
		parameters: {
			resource: 'object',
			operation: 'remove',
			bucket: { __rl: true, mode: 'name', value: '={{ $json.bucket || "bucket" }}' },
			key: '={{ $json.key }}',
		},
		credential,
		nodeType: nodeThatRemoves(operation),
		...settings,
	});
}

const requests = () => server.requests.map(({ operation, bucket: of }) => [operation, of]);
const linked = (output: INodeExecutionData[] = []) =>
	output.map(({ json, pairedItem }) => [json.error ?? json.key, pairedItem]);

/** Someone who may delete only what begins with one of these keys. */
function limitedTo(...keys: string[]): Credential {
	const resources = keys.map((key) => `${bucket}/${key}`);
	server.users.limited.allow?.push({ actions: ['s3:DeleteObject'], resources });
	return { ...server.credentialOf(server.users.limited), bucket };
}

describe('an operation on many items', () => {
	it('an operation on many items sends one request for all of them and gives their results in the order of the items', async () => {
		const { outputs, error } = await run({
			items: items({ key: 'c' }, { key: 'a' }, { key: 'b' }),
		});
		expect(error).toBeUndefined();
		expect(requests()).toEqual([['DeleteObjects', bucket]]);
		expect(linked(outputs[0])).toEqual([
			['c', { item: 0 }],
			['a', { item: 1 }],
			['b', { item: 2 }],
		]);
	});

	it('an operation on many items works on those of another bucket and connection by themselves', async () => {
		const other = await newBucket(credential);
		await putAll(credential, other, { a: 'other A' });
		server.requests.length = 0;
		const { outputs, error } = await run({
			items: items({ key: 'a', bucket }, { key: 'a', bucket: other }, { key: 'b', bucket }),
			credential: { ...credential, bucket: '={{ $json.bucket }}' },
		});
		expect(error).toBeUndefined();
		expect(requests()).toEqual([
			['DeleteObjects', bucket],
			['DeleteObjects', other],
		]);
		expect(outputs[0]?.map(({ json }) => [json.key, json.bucket])).toEqual([
			['a', bucket],
			['a', other],
			['b', bucket],
		]);
	});
});

describe('an item that fails among many', () => {
	it('an item among many goes to the error output alone when its parameters cannot be read', async () => {
		const { outputs } = await run({
			items: items({ key: 'a' }, { key: { not: 'text' } }, { key: 'c' }),
			onError: 'continueErrorOutput',
		});
		expect(linked(outputs[0])).toEqual([
			['a', { item: 0 }],
			['c', { item: 2 }],
		]);
		expect(linked(outputs[1])).toEqual([['Key is not text but an object', { item: 1 }]]);
		expect(requests()).toEqual([['DeleteObjects', bucket]]);
	});

	it('an operation on many items is not begun when one cannot be read and the node is to stop', async () => {
		const read = jest.fn(remove.read);
		const executeAll = jest.fn(remove.executeAll);
		const { status, error } = await run({
			items: items({ key: 'a' }, { key: '' }, { key: 'c' }),
			operation: { ...remove, read, executeAll },
		});
		expect(status).toBe('error');
		expect(error?.message).toContain('The expression of Key gave nothing for this item');
		expect(error).toMatchObject({ context: { itemIndex: 1 } });
		expect(read).toHaveBeenCalledTimes(2);
		expect(executeAll).not.toHaveBeenCalled();
	});

	it('an item among many goes to the error output alone when the server refuses its part of the request', async () => {
		const { outputs } = await run({
			items: items({ key: 'a' }, { key: 'b' }, { key: 'c' }),
			credential: limitedTo('a', 'c'),
			onError: 'continueErrorOutput',
		});
		expect(linked(outputs[0])).toEqual([
			['a', { item: 0 }],
			['c', { item: 2 }],
		]);
		expect(linked(outputs[1])).toEqual([
			[`Could not delete “b” in bucket “${bucket}”`, { item: 1 }],
		]);
		expect(outputs[1]?.[0]?.json.message).toMatch(/AccessDenied/);
	});

	it('an item that fails among many is passed on in its place when the node continues', async () => {
		const { outputs } = await run({
			items: items({ key: 'a' }, { key: 'b' }, { key: 'c' }),
			credential: limitedTo('a', 'c'),
			onError: 'continueRegularOutput',
		});
		expect(linked(outputs[0])).toEqual([
			['a', { item: 0 }],
			[`Could not delete “b” in bucket “${bucket}”`, { item: 1 }],
			['c', { item: 2 }],
		]);
	});

	it('several items that fail among many stop the workflow with the error of the first, whichever is known first', async () => {
		const { status, error } = await run({
			items: items({ key: 'a' }, { key: 'b' }, { key: 'c' }),
			credential: limitedTo('a'),
		});
		expect(status).toBe('error');
		expect(error?.message).toBe(`Could not delete “b” in bucket “${bucket}”`);
		expect(error).toMatchObject({ context: { itemIndex: 1 } });
	});

	it('an operation on many items sends no further request when one has failed and the node is to stop', async () => {
		const other = await newBucket(credential);
		server.requests.length = 0;
		const { error } = await run({
			items: items({ key: 'a', bucket: other }, { key: 'a', bucket }, { key: 'b', bucket: other }),
			credential: limitedTo('a'),
		});
		expect(error).toMatchObject({ context: { itemIndex: 0 } });
		expect(requests()).toEqual([['DeleteObjects', other]]);
	});
});

describe('an operation on many items that breaks off', () => {
	const onError = 'continueErrorOutput';
	const breaksOff = (error?: Error): typeof remove => ({
		...remove,
		executeAll: async function* ([first]): AsyncGenerator<ItemResult> {
			if (first !== undefined) yield { item: first.item, items: [{ json: { key: 'done' } }] };
			await Promise.resolve();
			if (error !== undefined) throw error;
		},
	});

	it('an operation on many items that throws fails those that have no result yet', async () => {
		const { outputs } = await run({
			items: items({ key: 'a' }, { key: 'b' }, { key: 'c' }),
			operation: breaksOff(new Error('the line is cut')),
			onError,
		});
		expect(linked(outputs[0])).toEqual([['done', { item: 0 }]]);
		expect(linked(outputs[1])).toEqual([
			['the line is cut', { item: 1 }],
			['the line is cut', { item: 2 }],
		]);
	});

	it('an item that an operation on many says nothing of fails', async () => {
		const { outputs } = await run({
			items: items({ key: 'a' }, { key: 'b' }),
			operation: breaksOff(),
			onError,
		});
		expect(linked(outputs[0])).toEqual([['done', { item: 0 }]]);
		expect(linked(outputs[1])).toEqual([
			['The operation did not say what became of the item', { item: 1 }],
		]);
	});
});

it('an item that has no result because the node stops is not the one that the error names', async () => {
	const executeAll: typeof remove.executeAll = async function* (all): AsyncGenerator<ItemResult> {
		await Promise.resolve();
		yield { item: all[1]!.item, error: new Error('the second failed') };
	};
	const { error } = await run({
		items: items({ key: 'a' }, { key: 'b' }),
		operation: { ...remove, executeAll },
	});
	expect(error?.message).toBe('the second failed');
	expect(error).toMatchObject({ context: { itemIndex: 1 } });
});

describe('a workflow that is cancelled while many items are worked on', () => {
	it.each(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const)(
		'a cancelled workflow gives up the request for many items and makes no error items (%s)',
		async (onError) => {
			let cancel = () => {};
			const arrived = () => {
				cancel();
				return true;
			};
			server.faults.add({ when: arrived, effect: { kind: 'stall' } });
			const { status, outputs } = await run({
				items: items({ key: 'a' }, { key: 'b' }),
				onError,
				onStart: (stop) => (cancel = stop),
			});
			expect(status).toBe('canceled');
			expect(outputs.flat().filter(({ json, error }) => error ?? json.error)).toEqual([]);
		},
	);
});
