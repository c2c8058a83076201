/** The trigger with a queue, on contexts of n8n's engine; the test is n8n's server, and ends the executions. */
import type { IDataObject, INodeParameters, IRun, ITriggerResponse } from 'n8n-workflow';

import { until, user, withSqs } from '../servers/sqs/withSqs';
import { pollingWorkflow, type Credential } from './n8n';

/** A receive that waits goes on after its test, so each has a queue of its own. */
const names = Array.from({ length: 40 }, (_, n) => `uploads-${n}`);
const sqs = withSqs({ queues: names.map((name) => ({ name })) });
let uploads: string;

beforeEach(() => {
	uploads = names.pop() ?? '';
});

const record = (key: string, more: object = {}) => ({
	eventVersion: '2.1',
	eventSource: 'aws:s3',
	awsRegion: 'eu-central-1',
	eventTime: '2026-11-30T01:02:03.004Z',
	eventName: 'ObjectCreated:Put',
	s3: { bucket: { name: 'bucket' }, object: { key, size: 1, eTag: 'e', sequencer: '00', ...more } },
});
const event = (...keys: string[]) => ({ Records: keys.map((key) => record(key)) });
const testEvent = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'bucket' };

const credentialWith = (fields: object = {}): Credential => ({
	endpoint: 'http://s3.invalid',
	region: sqs.region,
	accessKeyId: user.accessKeyId,
	secretAccessKey: user.secretAccessKey,
	...fields,
});

const workflowWith = (parameters: INodeParameters = {}, fields: object = {}) =>
	pollingWorkflow({
		parameters: { watch: 'queue', queueUrl: sqs.urlOf(uploads), ...parameters },
		credential: credentialWith(fields),
	});

/** An execution that the trigger has started. */
interface Execution {
	readonly items: IDataObject[];
	end(run?: object): void;
	fail(): void;
}

const active: ITriggerResponse[] = [];
const started: Execution[] = [];
afterEach(async () => {
	for (const execution of started.splice(0)) execution.end();
	for (const { closeFunction } of active.splice(0)) await closeFunction?.();
	sqs.clear();
});

/** Activates a workflow, and gives the executions that it starts. */
async function activate(parameters: INodeParameters = {}, fields: object = {}) {
	const executions: Execution[] = [];
	const saveFailedExecution = jest.fn<undefined, [error: Error]>();
	const response = await workflowWith(parameters, fields).trigger({
		emit: ([items = []], _response, done) => {
			const execution: Execution = {
				items: items.map(({ json }) => json),
				end: (run = { status: 'success', data: { resultData: {} } }) => done?.resolve(run as IRun),
				fail: () => done?.reject(new Error('crashed')),
			};
			started.push(execution);
			executions.push(execution);
		},
		saveFailedExecution,
	});
	if (response === undefined) throw new Error('there is nothing to close');
	active.push(response);
	return { executions, saveFailedExecution, close: async () => await response.closeFunction?.() };
}

const failed = { status: 'error', data: { resultData: { error: new Error('failed') } } };
const deletions = () => sqs.deletedFrom(uploads);
const messages = () => sqs.messagesIn(uploads);
const requests = (action: string) =>
	sqs.requests.filter((one) => one.action === action && one.input.QueueUrl === sqs.urlOf(uploads));
/** Lets the messages come again that were given back for later, but not so that clocks differ too much. */
const passTime = () => sqs.advance(200_000);

describe('the trigger with a queue', () => {
	it('each object starts an execution with what the message tells of it', async () => {
		const { id } = sqs.send(uploads, event('red+flower.jpg', 'b'));
		const { executions } = await activate();
		await until(() => executions.length === 2);
		expect(executions.map(({ items }) => items)).toEqual(
			['red flower.jpg', 'b'].map((key) => [
				{
					bucket: 'bucket',
					key,
					change: 'created',
					event: 'ObjectCreated:Put',
					sender: 's3',
					time: '2026-11-30T01:02:03.004Z',
					region: 'eu-central-1',
					size: 1,
					etag: 'e',
					sequencer: '00',
					messageId: id,
				},
			]),
		);
	});

	it('a message that comes later starts an execution, also in SNS and of EventBridge', async () => {
		const { executions } = await activate();
		const detail = { bucket: { name: 'bucket' }, object: { key: 'a+b' } };
		const Message = JSON.stringify({ 'detail-type': 'Object Created', source: 'aws.s3', detail });
		sqs.send(uploads, { Type: 'Notification', Message });
		await until(() => executions.length === 1);
		expect(executions[0]?.items).toMatchObject([{ key: 'a+b', sender: 'eventBridge' }]);
	});

	it('all objects that come together start one execution if that is chosen, each key in its order', async () => {
		const later = { Records: [record('a', { sequencer: '02' }), record('b')] };
		const earlier = { Records: [record('a', { sequencer: '01' })] };
		sqs.send(uploads, later);
		sqs.send(uploads, earlier);
		const { executions } = await activate({ options: { executions: 'batch' } });
		await until(() => executions.length === 1);
		expect(executions[0]?.items.map(({ key, sequencer }) => [key, sequencer])).toEqual([
			['a', '01'],
			['b', '00'],
			['a', '02'],
		]);
		executions[0]?.end();
		await until(() => deletions().length === 2);
	});

	it('test messages, and events that are not meant, are deleted and start nothing', async () => {
		sqs.send(uploads, testEvent);
		sqs.send(uploads, event('other/a'));
		const { executions } = await activate({ options: { prefix: 'incoming/' } });
		await until(() => deletions().length === 2);
		expect(executions).toEqual([]);
	});

	it('a message about many objects does not start all of their executions at once', async () => {
		sqs.send(uploads, event(...Array.from({ length: 130 }, (_, n) => String(n))));
		const { executions } = await activate();
		await until(() => executions.length >= 100);
		expect(executions).toHaveLength(100);
		for (const { end } of executions.slice(0, 20)) end();
		await until(() => executions.length === 120);
		for (const execution of executions.splice(0)) execution.end();
		await until(() => executions.length === 10);
		for (const { end } of executions) end();
		await until(() => deletions().length === 1);
	});

	it('no more messages are taken than may be worked on at once', async () => {
		for (const key of ['a', 'b', 'c']) sqs.send(uploads, event(key));
		const { executions } = await activate({ options: { maxMessages: 2 } });
		expect(executions).toHaveLength(2);
		executions[0]?.end();
		await until(() => executions.length === 3);
	});
});

describe('acknowledge', () => {
	it('by default a message is deleted when all its executions have succeeded, and not before', async () => {
		sqs.send(uploads, event('a', 'b'));
		const { executions } = await activate();
		await until(() => executions.length === 2);
		executions[0]?.end();
		await new Promise(setImmediate);
		expect(deletions()).toEqual([]);
		executions[1]?.end();
		await until(() => deletions().length === 1);
	});

	it.each<[string, (execution: Execution | undefined) => void]>([
		['an execution that fails', (execution) => execution?.end(failed)],
		[
			'an execution that is cancelled',
			(execution) => execution?.end({ ...failed, status: 'canceled' }),
		],
		['an execution that n8n lost', (execution) => execution?.fail()],
	])('%s brings its message again, for the events that have not succeeded', async (_, end) => {
		sqs.send(uploads, event('a', 'b'));
		const { executions } = await activate();
		await until(() => executions.length === 2);
		executions[0]?.end();
		end(executions[1]);
		await until(() => (messages()[0]?.hiddenUntil ?? 0) < Date.now() + 31_000);
		passTime();
		await until(() => executions.length === 3);
		expect(executions[2]?.items).toMatchObject([{ key: 'b' }]);
		executions[2]?.end();
		await until(() => deletions().length === 1);
	});

	it('a message that comes again while its workflow still runs starts nothing, and is deleted with it', async () => {
		sqs.send(uploads, event('a'));
		const { executions } = await activate();
		await until(() => executions.length === 1);
		// As if nobody had prolonged its time.
		sqs.advance(61_000);
		await until(() => messages()[0]?.receiveCount === 2);
		await new Promise(setImmediate);
		executions[0]?.end();
		await until(() => deletions().length === 1);
		expect(executions).toHaveLength(1);
	});

	it('a workflow that waits has succeeded so far', async () => {
		sqs.send(uploads, event('a'));
		const { executions } = await activate();
		await until(() => executions.length === 1);
		executions[0]?.end({ status: 'waiting', data: { resultData: {} } });
		await until(() => deletions().length === 1);
	});

	it('with When Execution Finishes a message is deleted although its execution fails', async () => {
		sqs.send(uploads, event('a'));
		const { executions } = await activate({ acknowledge: 'whenFinished' });
		await until(() => executions.length === 1);
		executions[0]?.end(failed);
		await until(() => deletions().length === 1);
	});

	it('with Immediately a message is deleted before its execution starts', async () => {
		sqs.send(uploads, event('a'));
		const seen: number[] = [];
		const response = await workflowWith({ acknowledge: 'immediately' }).trigger({
			emit: () => void seen.push(deletions().length),
		});
		if (response !== undefined) active.push(response);
		await until(() => seen.length === 1);
		expect(seen).toEqual([1]);
	});

	it('with Immediately a message that cannot be deleted starts nothing, as it comes again', async () => {
		const { executions } = await activate({ acknowledge: 'immediately' });
		user.denied.add('DeleteMessage');
		sqs.send(uploads, event('a'));
		await until(() => requests('DeleteMessage').length === 2);
		await new Promise(setImmediate);
		expect(executions).toEqual([]);
		user.denied.clear();
		passTime();
		await until(() => executions.length === 1);
	});

	it('with Later a message stays hidden, and its items have what a node needs to delete it', async () => {
		user.denied.add('DeleteMessage');
		sqs.send(uploads, event('a'));
		const { executions } = await activate({ acknowledge: 'later' });
		await until(() => executions.length === 1);
		const receiptHandle = messages()[0]?.receiptHandle;
		expect(executions[0]?.items).toMatchObject([{ receiptHandle, queueUrl: sqs.urlOf(uploads) }]);
		executions[0]?.end();
		await new Promise(setImmediate);
		expect(deletions()).toEqual([]);
		expect(messages()[0]?.hiddenUntil).toBeGreaterThan(Date.now() + 50_000);
	});

	it('an execution of which n8n does not hear is waited for so long and no longer', async () => {
		sqs.send(uploads, event('a'));
		const doNotFake = [
			'Date',
			'nextTick',
			'performance',
			'queueMicrotask',
			'setImmediate',
		] as const;
		jest.useFakeTimers({ doNotFake: [...doNotFake] });
		const { executions } = await activate({ options: { maxMinutes: 1, maxMessages: 1 } });
		await jest.advanceTimersByTimeAsync(59_000);
		const asked = requests('ReceiveMessage').length;
		await jest.advanceTimersByTimeAsync(2000);
		jest.useRealTimers();
		expect(asked).toBe(1);
		sqs.send(uploads, event('b'));
		await until(() => executions.length === 2);
		expect(deletions()).toEqual([]);
	});
});

describe('a message that cannot be worked on', () => {
	it('a message that came too often is reported once, and left in the queue', async () => {
		const { id } = sqs.send(uploads, event('a'));
		const { executions, saveFailedExecution } = await activate({ options: { maxReceives: 1 } });
		await until(() => executions.length === 1);
		executions[0]?.end(failed);
		for (const receives of [1, 2, 3]) {
			await until(() => messages()[0]?.receiveCount === receives && givenBack() === receives);
			passTime();
		}
		await until(() => givenBack() === 4);
		expect(executions).toHaveLength(1);
		expect(saveFailedExecution).toHaveBeenCalledTimes(1);
		expect(saveFailedExecution.mock.calls[0]?.[0]).toMatchObject({
			name: 'NodeOperationError',
			message: `Message ${id} of the queue has started the workflow 1 times without success, and does not start it again`,
		});
		expect(deletions()).toEqual([]);
	});

	it.each<[string, unknown, string]>([
		['is no event', 'hello', 'it is text and not JSON'],
		[
			'is about another bucket than the credential',
			event('a'),
			'only for bucket “mine”, not for “bucket”',
		],
	])('a message that %s is reported, and left in the queue', async (_, body, words) => {
		sqs.send(uploads, body);
		const { executions, saveFailedExecution } = await activate(
			{},
			{ bucket: 'mine', bucketOnly: true },
		);
		await until(() => saveFailedExecution.mock.calls.length === 1);
		expect(saveFailedExecution.mock.calls[0]?.[0].message).toContain(words);
		await until(() => givenBack() === 1);
		expect([executions, deletions()]).toEqual([[], []]);
	});

	it('a message that cannot be worked on does no harm in an n8n that takes no reports', async () => {
		sqs.send(uploads, 'hello');
		const response = await workflowWith().trigger({ emit: jest.fn() });
		if (response !== undefined) active.push(response);
		await until(() => givenBack() === 1);
	});

	/** How often a message was hidden for later. */
	function givenBack(): number {
		const hidden = requests('ChangeMessageVisibility');
		return hidden.filter(({ input }) => Number(input.VisibilityTimeout) >= 30).length;
	}
});

describe('activation', () => {
	const activated = async (parameters: INodeParameters = {}) => await activate(parameters);

	it.each([
		['no queue', { queueUrl: '' }, 'No queue is entered'],
		[
			'a FIFO queue',
			{ queueUrl: 'https://sqs.eu-central-1.amazonaws.com/1/q.fifo' },
			'is a FIFO queue',
		],
		['a name', { queueUrl: 'uploads' }, 'The Queue URL is not a URL'],
	])('activation with %s fails with a sentence', async (_, parameters, message) => {
		await expect(activated(parameters)).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringContaining(message) as string,
		});
	});

	it('activation with a queue that is not there fails with a sentence', async () => {
		await expect(activated({ queueUrl: sqs.urlOf('nowhere') })).rejects.toMatchObject({
			name: 'NodeApiError',
			message: 'Could not delete a message of queue “nowhere”: the queue does not exist',
		});
	});

	it('activation without a permission fails with its name', async () => {
		user.denied.add('ReceiveMessage');
		await expect(activated()).rejects.toMatchObject({
			message: `Could not receive messages of queue “${uploads}”: access denied`,
			description: expect.stringContaining('needs sqs:ReceiveMessage') as string,
		});
	});

	it('a trigger that polls has nothing to watch, and one with a queue nothing to poll', async () => {
		const polling = workflowWith({ watch: 'poll' });
		expect(await polling.trigger({ emit: jest.fn() })).toBeUndefined();
		expect(await workflowWith().poll()).toBeNull();
		expect(requests('ReceiveMessage')).toEqual([]);
	});
});

describe('the end of the trigger', () => {
	it('a trigger that is closed waits for its executions, and takes no more messages', async () => {
		sqs.send(uploads, event('a'));
		const { executions, close } = await activate({ options: { maxMessages: 1 } });
		await until(() => executions.length === 1);
		let isClosed = false;
		const closing = close().then(() => (isClosed = true));
		sqs.send(uploads, event('b'));
		await new Promise(setImmediate);
		expect(isClosed).toBe(false);
		executions[0]?.end();
		await closing;
		expect(deletions()).toHaveLength(1);
		expect(messages()).toMatchObject([{ receiveCount: 0 }]);
		expect(executions).toHaveLength(1);
	});
});

describe('n8n 2, which activates a trigger that can also poll twice', () => {
	it('a trigger that is activated twice receives messages once, and none when one of them is closed', async () => {
		const { executions: first, close } = await activate();
		const { executions: second } = await activate();
		// It ends the receives that wait.
		sqs.clear();
		sqs.send(uploads, event('a'));
		await until(() => second.length === 1);
		second[0]?.end();
		await until(() => deletions().length === 1);
		await close();
		sqs.clear();
		await until(() => requests('ReceiveMessage').length >= 4);
		sqs.send(uploads, event('b'));
		await new Promise((resolve) => setTimeout(resolve, 500));
		expect([first.length, second.length]).toEqual([0, 1]);
		expect(messages()).toMatchObject([{ receiveCount: 0 }]);
	});
});

describe('an outage', () => {
	it('a permission that is taken away is reported once as a failed execution, and the trigger goes on', async () => {
		const { executions, saveFailedExecution } = await activate();
		user.denied.add('ReceiveMessage');
		// It ends the receive that waits.
		sqs.clear();
		await until(() => saveFailedExecution.mock.calls.length === 1);
		user.denied.clear();
		sqs.send(uploads, event('a'));
		await until(() => executions.length === 1);
		expect(saveFailedExecution).toHaveBeenCalledTimes(1);
	});

	it('a server that fails for a while is no failed execution', async () => {
		const { executions, saveFailedExecution } = await activate();
		sqs.faults.push({ action: 'ReceiveMessage', status: 503, body: '' });
		sqs.clear();
		await until(() => sqs.faults.length === 0);
		sqs.send(uploads, event('a'));
		await until(() => executions.length === 1);
		expect(saveFailedExecution).not.toHaveBeenCalled();
	});
});

describe('a test in the editor', () => {
	const test = async (parameters: INodeParameters = {}) =>
		await workflowWith(parameters).poll({ mode: 'manual', activation: 'manual' });

	it('a test shows one object of a message, and gives the message back', async () => {
		sqs.send(uploads, testEvent);
		const { id } = sqs.send(uploads, event('a', 'b'));
		expect(await test()).toMatchObject([{ key: 'a', messageId: id }]);
		expect(messages().map(({ hiddenUntil }) => hiddenUntil <= Date.now())).toEqual([true, true]);
		expect(deletions()).toEqual([]);
	});

	it('a test shows all objects of a message that would start one execution', async () => {
		sqs.send(uploads, event('a', 'b'));
		expect(await test({ options: { executions: 'batch' } })).toHaveLength(2);
	});

	it('a test with Later leaves the message hidden, so that a node can acknowledge it', async () => {
		sqs.send(uploads, event('a'));
		const [item] = (await test({ acknowledge: 'later' })) ?? [];
		const [message] = messages();
		expect(item?.receiptHandle).toBe(message?.receiptHandle);
		expect(message?.hiddenUntil).toBeGreaterThan(Date.now() + 50_000);
	});

	it('a test says so if no message is about an object that is meant', async () => {
		sqs.send(uploads, testEvent);
		await expect(test()).rejects.toMatchObject({
			message: `No message of queue “${uploads}” is about an object that this node takes`,
		});
		expect(messages()[0]?.hiddenUntil).toBeLessThanOrEqual(Date.now());
	});

	it('a test says so if no message comes', async () => {
		const testing = test();
		await until(() => requests('ReceiveMessage').length === 1);
		sqs.clear();
		await expect(testing).rejects.toMatchObject({
			message: `No message came from queue “${uploads}” within 20 seconds`,
		});
	});
});
