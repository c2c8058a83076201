import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { Results } from '../../../../nodes/run/Results';
import { S3Failure } from '../../../../s3/S3Failure';

interface Settings {
	continues?: boolean;
	cancelled?: AbortSignal;
}

function resultsOf(count: number, { continues = false, cancelled }: Settings = {}): Results {
	const node = {
		continueOnFail: () => continues,
		getExecutionCancelSignal: () => cancelled,
		getExecutionId: () => '7',
		getNode: () => ({ name: 'Amazon S3' }),
	};
	return new Results(node as unknown as IExecuteFunctions, count);
}

const nothing = async () => await Promise.resolve();
const made = (name: string): INodeExecutionData => ({ json: { name } });
const cancelledFailure = () => S3Failure.cancelled('Could not get “a”');

describe('the results of a run', () => {
	it('the results of a run are in the order of the items, whichever was done first', async () => {
		const results = resultsOf(3);
		results.succeed(2, [made('c')]);
		results.succeed(0, [made('a1'), made('a2')]);
		expect(await results.collect(nothing)).toEqual([
			{ json: { name: 'a1' }, pairedItem: { item: 0 } },
			{ json: { name: 'a2' }, pairedItem: { item: 0 } },
			{ json: { name: 'c' }, pairedItem: { item: 2 } },
		]);
	});

	it('the results of a run have an error item for an item that failed, if the node is set to continue', async () => {
		const results = resultsOf(2, { continues: true });
		results.fail(1, new Error('no such key'));
		results.succeed(0, [made('a')]);
		expect(results.signal.aborted).toBe(false);
		const [, failed] = await results.collect(nothing);
		expect(failed).toMatchObject({ json: { error: 'no such key' }, pairedItem: { item: 1 } });
		expect(failed?.error?.message).toBe('no such key');
	});
});

describe('a node that stops because items failed', () => {
	it('a node that is not set to continue stops the work with the first failure', () => {
		const results = resultsOf(2);
		results.fail(1, new Error('no such key'));
		expect(results.signal.aborted).toBe(true);
	});

	it('a node that stops throws the error of the first item in their order, not of the first in time', async () => {
		const results = resultsOf(3);
		for (const index of [2, 0, 1]) results.fail(index, new Error(`item ${index} failed`));
		await expect(results.collect(nothing)).rejects.toMatchObject({
			message: 'item 0 failed',
			context: { itemIndex: 0 },
		});
	});

	it('a node that stops does not blame an item that was only stopped with it', async () => {
		const results = resultsOf(3);
		const error = new Error('item 2 failed');
		results.fail(2, error);
		results.fail(0, cancelledFailure());
		results.fail(1, error);
		await expect(results.collect(nothing)).rejects.toMatchObject({
			message: 'item 2 failed',
			context: { itemIndex: 2 },
		});
	});

	it('a node that stops names an item that was cancelled although nothing was stopped', async () => {
		const results = resultsOf(1);
		results.fail(0, cancelledFailure());
		await expect(results.collect(nothing)).rejects.toThrow('Could not get “a”');
	});
});

describe('a run of a workflow that is cancelled', () => {
	it('a workflow that is cancelled stops the work, and ends as a cancelled run whatever failed', async () => {
		const cancel = new AbortController();
		const results = resultsOf(1, { cancelled: cancel.signal });
		const running = results.collect(async () => {
			cancel.abort();
			expect(results.signal.aborted).toBe(true);
			results.fail(0, new Error('something else'));
			await Promise.resolve();
		});
		await expect(running).rejects.toMatchObject({ name: 'ManualExecutionCancelledError' });
	});

	it('a workflow that was cancelled before has its work stopped from the beginning', async () => {
		const results = resultsOf(1, { cancelled: AbortSignal.abort() });
		let stopped: boolean | undefined;
		const work = async () => {
			stopped = results.signal.aborted;
			await Promise.resolve();
		};
		await expect(results.collect(work)).rejects.toThrow('cancelled');
		expect(stopped).toBe(true);
	});

	it('a run that has ended does not listen to the signal of the workflow any more', async () => {
		const { signal } = new AbortController();
		const remove = jest.spyOn(signal, 'removeEventListener');
		const results = resultsOf(0, { cancelled: signal });
		await results.collect(nothing);
		expect(remove).toHaveBeenCalledTimes(1);
	});
});
