/** The trigger with a bucket and its queue: each write starts one execution, whichever side tells of it first. */
import type { IDataObject, INodeParameters, IRun, ITriggerResponse } from 'n8n-workflow';

import { MAIN } from '../servers/embedded/users';
import { until, withSqs } from '../servers/sqs/withSqs';
import { withServer } from '../servers/withServer';
import { pollingWorkflow, type PollSettings } from './n8n';

/** Small, so that a few objects are more than can be remembered. */
jest.mock('../../s3/watch/limits', () => ({
	MAX_SEEN: 40,
	KEPT: 30,
	MAX_UPLOADS: 3,
	MARGIN: 120,
	MAX_UPLOAD_PAGES: 2,
}));

const bucket = 'incoming';
const region = 'eu-central-1';
const denied = new Set<string>();
const server = withServer({ bucketsOfEachTest: [bucket], region });
/** A receive that waits goes on after its test, so each has a queue of its own. */
const names = Array.from({ length: 40 }, (_, n) => `uploads-${n}`);
const sqs = withSqs({
	users: [{ ...MAIN, denied }],
	queues: names.map((name) => ({ name })),
	region,
});
let uploads: string;
/** Names of processes: what one knows, another one has only from what is stored. */
let processes = 0;
const active: ITriggerResponse[] = [];
const executions: Started[][] = [];

beforeEach(() => {
	denied.clear();
	uploads = names.pop() ?? '';
});
afterEach(async () => {
	await stop();
	sqs.clear();
});

/** Ends n8n, without what its executions had still to do. */
async function stop(): Promise<void> {
	for (const execution of executions.splice(0).flat()) execution.fail();
	for (const { closeFunction } of active.splice(0)) await closeFunction?.();
}

const GRACE = 15 * 60;
/** Puts an object that was written so many seconds ago, and gives the message about it. */
function write(key: string, secondsAgo = GRACE + 60, size = 1): object {
	const written = new Date(1000 * Math.floor(Date.now() / 1000 - secondsAgo));
	server.store.putMany(bucket, [key], size);
	const stored = server.store.bucket(bucket).get(key)!;
	stored.lastModified = written;
	return messageOf(key, { eTag: stored.etag, size }, written);
}
const messageOf = (key: string, object: object, time: Date, more: object = {}): object => ({
	Records: [
		{
			eventVersion: '2.1',
			eventSource: 'aws:s3',
			eventTime: time.toISOString(),
			eventName: 'ObjectCreated:Put',
			s3: { bucket: { name: bucket }, object: { key, sequencer: String(+time), ...object } },
			...more,
		},
	],
});

const workflow = (options: INodeParameters = {}, more: INodeParameters = {}, stored = {}) =>
	pollingWorkflow(
		{
			parameters: {
				watch: 'both',
				bucket: { __rl: true, mode: 'name', value: bucket },
				queueUrl: sqs.urlOf(uploads),
				options,
				...more,
			},
			credential: { ...server.credential, region },
		},
		stored,
		`process-${++processes}`,
	);

/** The data of n8n as they are in its database: with each execution n8n saves them. */
const copyOf = (data: IDataObject) => JSON.parse(JSON.stringify(data)) as IDataObject;

interface Started {
	items: IDataObject[];
	end(): void;
	fail(): void;
}

/** Activates a workflow as n8n does: its trigger, and then its first poll. */
async function activate(
	trigger = workflow(),
	activation: 'activate' | 'init' = 'activate',
	settings: PollSettings = {},
) {
	const started: Started[] = [];
	executions.push(started);
	const saved = { data: copyOf(trigger.workflow.staticData) };
	const save = () => (saved.data = copyOf(trigger.workflow.staticData));
	const saveFailedExecution = jest.fn<undefined, [error: Error]>();
	const response = await trigger.trigger({
		activation,
		saveFailedExecution,
		emit: ([items = []], _response, done) => {
			save();
			const error = new Error('failed');
			started.push({
				items: items.map(({ json }) => json),
				end: () => done?.resolve({ status: 'success', data: { resultData: {} } } as IRun),
				fail: () => done?.resolve({ status: 'error', data: { resultData: { error } } } as IRun),
			});
		},
	});
	if (response === undefined) throw new Error('there is nothing to close');
	active.push(response);
	const poll = async (more: PollSettings = {}) => {
		const items = await trigger.poll({ ...settings, ...more });
		if (items !== null) save();
		return items;
	};
	const first = await poll({ activation });
	// n8n saves them when it has activated a workflow, too.
	save();
	return { started, saved, saveFailedExecution, first, poll, close: response.closeFunction };
}

/** Waits until an event has started an execution that has succeeded, and its message is deleted. */
async function workedOn(started: Started[], count = 1): Promise<void> {
	const before = deletions();
	await until(() => started.length === count);
	started[count - 1]?.end();
	await until(() => deletions() > before);
}
const deletions = () => sqs.deletedFrom(uploads).length;
const keysOf = (items: IDataObject[] | null) => items?.map(({ key }) => key);

describe('a write starts one execution', () => {
	it('an object whose message was lost is emitted once, by a poll', async () => {
		write('old');
		const { started, poll } = await activate();
		write('lost');
		expect(await poll()).toEqual([
			{
				bucket,
				key: 'lost',
				size: 1,
				etag: expect.any(String) as string,
				lastModified: expect.any(String) as string,
				storageClass: 'STANDARD',
				change: 'created',
				sender: 'poll',
			},
		]);
		expect(await poll()).toBeNull();
		expect(started).toEqual([]);
	});

	it('an object whose message came is not emitted by polls', async () => {
		const { started, poll } = await activate();
		sqs.send(uploads, write('a'));
		await workedOn(started);
		for (let n = 0; n < 3; n++) expect(await poll()).toBeNull();
		expect(started.map(({ items }) => items)).toMatchObject([[{ key: 'a', sender: 's3' }]]);
	});

	it('an object whose message is being worked on, or comes again, is not emitted by polls', async () => {
		const { started, poll } = await activate();
		sqs.send(uploads, write('a'));
		await until(() => started.length === 1);
		expect(await poll()).toBeNull();
		started[0]?.fail();
		await until(() => (sqs.messagesIn(uploads)[0]?.hiddenUntil ?? 0) < Date.now() + 31_000);
		for (let n = 0; n < 2; n++) expect(await poll()).toBeNull();
		sqs.advance(200_000);
		await workedOn(started, 2);
		expect(await poll()).toBeNull();
	});

	it.each(['immediately', 'whenFinished', 'whenSucceeded'])(
		'a message that comes after a poll has emitted its object starts nothing and is deleted, with %s',
		async (acknowledge) => {
			const { started, poll } = await activate(workflow({}, { acknowledge }));
			const late = write('a');
			expect(keysOf(await poll())).toEqual(['a']);
			sqs.send(uploads, late);
			sqs.send(uploads, late);
			await until(() => deletions() === 2);
			expect(started).toEqual([]);
		},
	);

	it('a message whose event came while a poll was listing starts the only execution', async () => {
		const { started, poll } = await activate();
		const message = write('a');
		server.faults.add({
			operation: 'ListObjectsV2',
			times: 1,
			effect: { kind: 'latency', ms: 1000 },
		});
		const polling = poll();
		sqs.send(uploads, message);
		await workedOn(started);
		expect(await polling).toBeNull();
	});

	it('a young object is left to its message, until the next poll', async () => {
		const { poll } = await activate(workflow({ graceMinutes: 30 }));
		write('young', 29 * 60);
		write('old', 31 * 60);
		expect(keysOf(await poll())).toEqual(['old']);
	});

	it('an upload in parts that was begun hours ago is emitted once, whoever is first', async () => {
		const { started, poll } = await activate();
		write('a', 7200);
		write('b', 7200);
		const etag = server.store.bucket(bucket).get('a')!.etag;
		const now = new Date();
		sqs.send(uploads, messageOf('a', { eTag: etag, size: 1 }, now));
		await workedOn(started);
		expect(keysOf(await poll())).toEqual(['b']);
		sqs.send(uploads, messageOf('b', { eTag: etag, size: 1 }, new Date(+now - 5000)));
		await until(() => deletions() === 2);
		expect(started).toHaveLength(1);
	});

	it('more objects than a poll can remember, whose messages came, are not emitted by polls', async () => {
		const { started, poll } = await activate(workflow({ maxMessages: 100 }));
		const keys = Array.from({ length: 60 }, (_, n) => `many/${n}`);
		for (const key of keys) sqs.send(uploads, write(key, 3600));
		await until(() => started.length === keys.length);
		for (let n = 0; n < 4; n++) expect(await poll()).toBeNull();
	});

	it('more objects than a poll may emit, whose messages came, do not keep it from others', async () => {
		const { started, poll } = await activate(workflow({ maxObjects: 1 }));
		for (const key of ['a', 'b', 'c']) sqs.send(uploads, write(key));
		await until(() => started.length === 3);
		write('d');
		expect(keysOf(await poll())).toEqual(['d']);
	});
});

describe('an object that is written again with the same content', () => {
	it('an object that is written again is emitted again by a poll if its second message was lost', async () => {
		const { started, poll } = await activate();
		sqs.send(uploads, write('a', 3000));
		await workedOn(started);
		expect(await poll()).toBeNull();
		write('a', 2000);
		expect(keysOf(await poll())).toEqual(['a']);
	});

	it('an object that is written again starts an execution by its message, although a poll has emitted what was there', async () => {
		const { started, poll } = await activate();
		write('a', 3000);
		expect(keysOf(await poll())).toEqual(['a']);
		sqs.send(uploads, write('a', -60));
		await until(() => started.length === 1);
	});

	it('the message of a first write starts an execution, although a poll has emitted the second one', async () => {
		const { started, poll } = await activate();
		const first = write('a', 3000);
		write('a', 2000);
		expect(keysOf(await poll())).toEqual(['a']);
		sqs.send(uploads, first);
		await until(() => started.length === 1);
	});
});

async function restart({ saved }: { saved: { data: IDataObject } }) {
	await stop();
	return await activate(workflow({}, {}, saved.data), 'init');
}

describe('what n8n has stored', () => {
	it('after a restart polls know of messages, also of those since the last poll', async () => {
		const before = await activate();
		sqs.send(uploads, write('a'));
		await workedOn(before.started, 1);
		expect(await before.poll()).toBeNull();
		sqs.send(uploads, write('b'));
		await workedOn(before.started, 2);
		write('c');
		const again = await restart(before);
		expect(keysOf(again.first)).toEqual(['c']);
		expect(await again.poll()).toBeNull();
	});

	it('after a restart messages know of polls', async () => {
		const before = await activate();
		const late = write('a');
		expect(keysOf(await before.poll())).toEqual(['a']);
		await stop();
		// It ends the receive that waits, which would take the message.
		sqs.clear();
		sqs.send(uploads, late);
		const again = await restart(before);
		sqs.send(uploads, late);
		await until(() => deletions() === 2);
		expect(again.started).toEqual([]);
	});

	it('a message that n8n was killed with starts its execution after the restart', async () => {
		const before = await activate();
		sqs.send(uploads, write('a'));
		await until(() => before.started.length === 1);
		const restarting = restart(before);
		await until(() => (sqs.messagesIn(uploads)[0]?.hiddenUntil ?? 0) < Date.now() + 31_000);
		sqs.advance(200_000);
		const again = await restarting;
		await until(() => again.started.length === 1);
		expect([again.first, await again.poll()]).toEqual([null, null]);
	});

	it('with n8n’s durable engine it is in the cursor of the polls', async () => {
		const staticData: IDataObject = {};
		const durable = { staticData, budgetMs: 30_000 };
		const { started, first, poll } = await activate(workflow(), 'activate', durable);
		expect(first).toEqual([]);
		const late = write('a');
		expect(keysOf(await poll())).toEqual(['a']);
		sqs.send(uploads, write('b'));
		await workedOn(started);
		expect(await poll()).toBeNull();
		await stop();
		const cursor = copyOf(staticData);
		const again = await activate(workflow(), 'init', { staticData: cursor });
		expect(again.first).toBeNull();
		sqs.send(uploads, late);
		await until(() => deletions() === 2);
		expect(again.started).toEqual([]);
	});

	it('a process that does not receive the messages does not list the bucket', async () => {
		const { saved, poll, close } = await activate();
		write('a');
		const elsewhere = workflow({}, {}, saved.data);
		server.requests.length = 0;
		expect(await elsewhere.poll()).toBeNull();
		expect(server.requests).toEqual([]);
		expect(keysOf(await poll())).toEqual(['a']);
		await close?.();
		write('b');
		expect(await poll()).toBeNull();
	});
});

describe('one side that fails', () => {
	const noList = (times?: number) =>
		server.faults.add({
			operation: 'ListObjectsV2',
			...(times !== undefined && { times }),
			effect: { kind: 'answer', status: 403, code: 'AccessDenied' },
		});

	it('polls go on while the queue is away, and messages when it is back', async () => {
		const { started, saveFailedExecution, poll } = await activate();
		denied.add('ReceiveMessage');
		// It ends the receive that waits.
		sqs.clear();
		await until(() => saveFailedExecution.mock.calls.length === 1);
		write('a');
		expect(keysOf(await poll())).toEqual(['a']);
		denied.clear();
		sqs.send(uploads, write('b'));
		await until(() => started.length === 1);
	});

	it('messages go on while polls are denied, and polls when they are permitted', async () => {
		const { started, poll } = await activate(workflow(), 'activate', {
			staticData: {},
			budgetMs: 30_000,
		});
		noList(1);
		await expect(poll()).rejects.toMatchObject({ name: 'NodeApiError' });
		sqs.send(uploads, write('a'));
		await workedOn(started);
		write('b');
		expect(keysOf(await poll())).toEqual(['b']);
	});

	it('a restart without the queue does not keep polls from going on, and it is tried again', async () => {
		const before = await activate();
		denied.add('ReceiveMessage');
		write('a');
		const again = await restart(before);
		expect(keysOf(again.first)).toEqual(['a']);
		expect(again.saveFailedExecution).toHaveBeenCalledTimes(1);
		denied.clear();
		sqs.send(uploads, write('b'));
		await until(() => again.started.length === 1);
		expect(again.saveFailedExecution).toHaveBeenCalledTimes(1);
	});

	it('a restart without the bucket does not keep messages from coming', async () => {
		const before = await activate();
		noList();
		const again = await restart(before);
		expect(again.first).toBeNull();
		sqs.send(uploads, write('a'));
		await until(() => again.started.length === 1);
		await expect(again.poll({ staticData: {}, budgetMs: 30_000 })).rejects.toMatchObject({
			name: 'NodeApiError',
		});
	});

	it('an activation fails without the queue, and without the bucket it receives no messages', async () => {
		denied.add('ReceiveMessage');
		await expect(activate()).rejects.toMatchObject({
			message: `Could not receive messages of queue “${uploads}”: access denied`,
		});
		denied.clear();
		noList();
		await expect(activate()).rejects.toMatchObject({
			message: expect.stringContaining(`bucket “${bucket}”`) as string,
		});
		sqs.send(uploads, write('a'));
		// The receive that waits takes it once more.
		const given = () => sqs.messagesIn(uploads)[0];
		await until(() => given()?.receiveCount === 1 && given()!.hiddenUntil <= Date.now());
		expect(executions.flat()).toEqual([]);
	});
});

describe('what is meant', () => {
	it('prefix and pattern leave out the same for messages and for polls', async () => {
		const { started, poll } = await activate(workflow({ keyMatches: '**.pdf' }, { prefix: 'in/' }));
		for (const key of ['in/a.txt', 'out/a.pdf', 'in/a.pdf']) sqs.send(uploads, write(key));
		await workedOn(started, 1);
		await until(() => deletions() === 3);
		for (const key of ['in/b.txt', 'out/b.pdf', 'in/b.pdf']) write(key);
		expect(keysOf(await poll())).toEqual(['in/b.pdf']);
		expect(started.map(({ items }) => keysOf(items))).toEqual([['in/a.pdf']]);
	});

	it('a message that an object was deleted starts nothing', async () => {
		const { started } = await activate();
		const deleted = { eventName: 'ObjectRemoved:Delete' };
		sqs.send(uploads, messageOf('a', {}, new Date(), deleted));
		await until(() => deletions() === 1);
		expect(started).toEqual([]);
	});

	it('a message of another bucket is reported, and left in the queue', async () => {
		const { started, saveFailedExecution } = await activate();
		const s3 = { bucket: { name: 'other' }, object: { key: 'a' } };
		const { id } = sqs.send(uploads, messageOf('a', {}, new Date(), { s3 }));
		await until(() => saveFailedExecution.mock.calls.length === 1);
		expect(saveFailedExecution.mock.calls[0]?.[0].message).toBe(
			`Message ${id} of the queue cannot be worked on: this trigger watches bucket “incoming”, and not “other”`,
		);
		expect([started, deletions()]).toEqual([[], 0]);
	});
});
