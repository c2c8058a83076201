import type { INodeExecutionData } from 'n8n-workflow';

import { MOST_AT_ONCE } from '../../../../nodes/run/AutomaticConcurrency';
import { forEachItem } from '../../../../nodes/run/forEachItem';
import type { Item, ItemOperation } from '../../../../nodes/run/operation';
import { Results } from '../../../../nodes/run/Results';
import { RunItems } from '../../../../nodes/run/RunItems';
import type { OpenS3 } from '../../../../s3/client/S3';
import { nodeOf } from './nodeOf';

const connection = () => ({ isUnderPressure: () => false }) as OpenS3;

interface Run {
	count: number;
	concurrency?: number | undefined;
	continues?: boolean;
	/** The connection of each item; one for all unless given. */
	s3Of?: (index: number) => OpenS3;
	bytesOf?: ItemOperation['bytesOf'];
	targetsOf?: ItemOperation['targetsOf'];
	/** Another connection, which each item opens. */
	target?: OpenS3;
}

/** Runs work on items that can be looked at and ended by hand; they end by themselves unless `held`. */
function start(
	{ count, concurrency, continues = false, s3Of, bytesOf, targetsOf, target }: Run,
	held = false,
) {
	const s3 = connection();
	const begun: number[] = [];
	const ends = new Map<number, { succeed: () => void; fail: (error: Error) => void }>();
	const { node } = nodeOf({ count, continues });
	const items = new RunItems(node);
	jest.spyOn(items, 'open').mockImplementation((index, signal) =>
		Promise.resolve({
			index,
			signal,
			json: { n: index },
			s3: s3Of?.(index) ?? s3,
			connection: () => Promise.resolve(target),
		} as unknown as Item),
	);
	const results = new Results(node, count);
	const operation = {
		execute: async ({ index, connection: open }: Item) => {
			begun.push(index);
			if (target) await open('target');
			return await new Promise<INodeExecutionData[]>((resolve, reject) => {
				const succeed = () => {
					resolve([{ json: { index } }]);
				};
				ends.set(index, { succeed, fail: reject });
				if (!held) succeed();
			});
		},
		...(bytesOf && { bytesOf }),
		...(targetsOf && { targetsOf }),
	} as ItemOperation;
	const outputs = results.collect(() => forEachItem(operation, items, results, concurrency));
	return { begun, ends, outputs, results, items };
}

/** Lets everything happen that does not wait for an item. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Ends the items in flight, and those that begin after them. */
async function succeedAll(ends: Map<number, { succeed: () => void }>): Promise<void> {
	while (ends.size > 0) {
		for (const [index, { succeed }] of ends) {
			ends.delete(index);
			succeed();
		}
		await settle();
	}
}

it('forEachItem works on every item, and no more at once than the concurrency', async () => {
	const { begun, ends, outputs } = start({ count: 5, concurrency: 2 }, true);
	for (let done = 0; done < 5; done++) {
		await settle();
		expect(begun).toHaveLength(Math.min(done + 2, 5));
		ends.get(done)?.succeed();
	}
	expect((await outputs).map(({ json }) => json.index)).toEqual([0, 1, 2, 3, 4]);
});

it('forEachItem begins no further item after one has failed', async () => {
	const { begun, ends, outputs, results } = start({ count: 9, concurrency: 2 }, true);
	await settle();
	ends.get(1)?.fail(new Error('item 1 failed'));
	await settle();
	expect(results.signal.aborted).toBe(true);
	ends.get(0)?.succeed();
	await expect(outputs).rejects.toThrow('item 1 failed');
	expect(begun).toEqual([0, 1]);
});

it('forEachItem works on all items if the node continues after a failure', async () => {
	const { ends, outputs } = start({ count: 2, concurrency: 1, continues: true }, true);
	await settle();
	ends.get(0)?.fail(new Error('no such key'));
	await settle();
	ends.get(1)?.succeed();
	expect((await outputs).map(({ json }) => json)).toEqual([
		{ n: 0, error: 'no such key' },
		{ index: 1 },
	]);
});

it('forEachItem begins with 8 items if no concurrency is set', async () => {
	const { begun, ends, outputs } = start({ count: 9 }, true);
	await settle();
	expect(begun).toHaveLength(8);
	ends.get(0)?.succeed();
	await settle();
	expect(begun).toHaveLength(9);
	for (const { succeed } of ends.values()) succeed();
	await outputs;
});

it('forEachItem works on no more than 64 items at once, however many connections there are', async () => {
	const { begun, ends, outputs } = start({ count: 100, s3Of: connection }, true);
	await settle();
	expect(begun).toHaveLength(MOST_AT_ONCE);
	while (begun.length < 100 || ends.size > 0) {
		for (const [index, { succeed }] of ends) {
			ends.delete(index);
			succeed();
		}
		await settle();
	}
	await outputs;
});

it('forEachItem counts the items of each connection by themselves', async () => {
	const [one, other] = [connection(), connection()];
	const s3Of = (index: number) => (index < 9 ? one : other);
	const { begun, ends, outputs } = start({ count: 10, s3Of }, true);
	await settle();
	expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 9]);
	ends.get(9)?.succeed();
	await settle();
	expect(begun).toHaveLength(9);
	for (const end of [...ends.values()]) end.succeed();
	await settle();
	ends.get(8)?.succeed();
	await outputs;
});

it('forEachItem works on fewer items at once after large ones', async () => {
	const s3 = connection();
	const large = { s3Of: () => s3, bytesOf: () => 9 * 1024 * 1024 };
	await start({ count: 8, ...large }).outputs;
	const { begun, ends, outputs } = start({ count: 9, ...large }, true);
	await settle();
	expect(begun).toHaveLength(4);
	await succeedAll(ends);
	await outputs;
});

it('forEachItem works on fewer items at once if the connection to which they are copied is throttled', async () => {
	const s3 = connection();
	const target = { isUnderPressure: () => true } as OpenS3;
	await start({ count: 8, s3Of: () => s3, target }).outputs;
	const { begun, ends, outputs } = start({ count: 9, s3Of: () => s3 }, true);
	await settle();
	expect(begun).toHaveLength(4);
	await succeedAll(ends);
	await outputs;
});

it('forEachItem lets the next item in after one that failed', async () => {
	const { begun, ends, outputs } = start({ count: 9, continues: true }, true);
	await settle();
	ends.get(3)?.fail(new Error('no such key'));
	await settle();
	expect(begun).toHaveLength(9);
	for (const { succeed } of ends.values()) succeed();
	await outputs;
});

it('forEachItem works on items with one target one after the other, and on others meanwhile', async () => {
	const targetsOf: ItemOperation['targetsOf'] = ({ json }) => [json.n === 2 ? 'other' : 'same'];
	const { begun, ends, outputs, items } = start({ count: 4, targetsOf }, true);
	await settle();
	expect(begun).toEqual([0, 2]);
	ends.get(0)?.succeed();
	await settle();
	expect(begun).toEqual([0, 2, 1]);
	ends.get(1)?.succeed();
	await settle();
	expect(begun).toEqual([0, 2, 1, 3]);
	for (const { succeed } of ends.values()) succeed();
	await outputs;
	expect(items.allHints([])).toEqual([
		expect.stringMatching(/^2 items have the same bucket and key/),
	]);
});

it('forEachItem keeps the order of items with one target, whichever connection is open first', async () => {
	const { begun, ends, outputs } = start(
		{
			count: 2,
			targetsOf: async ({ index }) => {
				if (index === 0) await settle();
				return ['same'];
			},
		},
		true,
	);
	await settle();
	await settle();
	expect(begun).toEqual([0]);
	ends.get(0)?.succeed();
	await settle();
	ends.get(1)?.succeed();
	await outputs;
});

it('forEachItem goes on with the next item of a target if one fails', async () => {
	const targetsOf = () => ['same'];
	const { begun, ends, outputs } = start({ count: 2, continues: true, targetsOf }, true);
	await settle();
	ends.get(0)?.fail(new Error('access denied'));
	await settle();
	expect(begun).toEqual([0, 1]);
	ends.get(1)?.succeed();
	await outputs;
});

it('forEachItem begins an item whose target cannot be read, so that it fails by itself', async () => {
	const targetsOf = () => {
		throw new Error('The key is empty');
	};
	const { outputs, items } = start({ count: 2, targetsOf });
	expect(await outputs).toHaveLength(2);
	expect(items.allHints([])).toEqual([]);
});
