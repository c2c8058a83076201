import type { IExecuteFunctions, INodeExecutionData, OnError } from 'n8n-workflow';

import { Results } from '../../../../nodes/run/Results';
import { S3Failure } from '../../../../s3/S3Failure';

interface Settings {
	continues?: boolean;
	cancelled?: AbortSignal;
	onError?: OnError;
	type?: string;
	keepsFiles?: boolean;
}

const binary = { data: { data: '', mimeType: 'text/plain' } };

function resultsOf(count: number, settings: Settings = {}): Results {
	const { continues = false, cancelled, onError, keepsFiles, type = 'amazonS3' } = settings;
	const node = {
		continueOnFail: () => continues,
		getExecutionCancelSignal: () => cancelled,
		getExecutionId: () => '7',
		getNode: () => ({ name: 'Amazon S3', type, onError }),
		getInputData: () => Array.from({ length: count }, (_, n) => ({ json: { n }, binary })),
	};
	return new Results(node as unknown as IExecuteFunctions, count, keepsFiles);
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
		expect(failed).toEqual({ json: { n: 1, error: 'no such key' }, pairedItem: { item: 1 } });
	});

	it('an error item has nothing but the error and its advice if n8n adds the input to it', async () => {
		const results = resultsOf(1, { continues: true, onError: 'continueErrorOutput' });
		results.fail(0, S3Failure.invalid('The key is empty', 'Enter a key.'));
		const [failed] = await results.collect(nothing);
		expect(failed?.json).toEqual({ error: 'The key is empty', message: 'Enter a key.' });
	});

	it('an agent is told of the failure of its tool and what to do, unless the tool is set to stop', async () => {
		const failure = S3Failure.invalid('The key is empty', 'Enter a key.');
		const told = resultsOf(1, { type: 'amazonS3Tool' });
		told.fail(0, failure);
		const [failed] = await told.collect(nothing);
		expect(failed?.json).toEqual({ n: 0, error: 'The key is empty', message: 'Enter a key.' });
		const stopped = resultsOf(1, { type: 'amazonS3Tool', onError: 'stopWorkflow' });
		stopped.fail(0, failure);
		await expect(stopped.collect(nothing)).rejects.toThrow('The key is empty');
	});

	it.each([
		[true, binary],
		[false, undefined],
	])('an error item has the files of the input: %p', async (keepsFiles, files) => {
		const results = resultsOf(1, { continues: true, keepsFiles });
		results.fail(0, new Error('access denied'));
		expect((await results.collect(nothing))[0]?.binary).toEqual(files);
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

	it('a node that stops lets the items before the one that failed go on, and stops those after it', () => {
		const results = resultsOf(3);
		const signals = [0, 1, 2].map((index) => results.begin(index));
		results.fail(1, new Error('item 1 failed'));
		expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, true]);
	});

	it('a node that stops still begins an item before the one that failed, and none after it', () => {
		const results = resultsOf(3);
		results.fail(1, new Error('item 1 failed'));
		expect([0, 2].map((index) => results.begin(index).aborted)).toEqual([false, true]);
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
			const signal = results.begin(0);
			cancel.abort();
			expect([results.signal.aborted, signal.aborted]).toEqual([true, true]);
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
