import {
	MessageWork,
	type End,
	type Executions,
	type SharedWrites,
} from '../../../../nodes/AmazonS3Trigger/MessageWork';
import type { QueueSettings } from '../../../../nodes/AmazonS3Trigger/queueFields';
import type { Connection } from '../../../../s3/Connection';
import type { HeldMessage } from '../../../../s3/queue/HeldMessage';

const settings: QueueSettings = {
	queue: 'https://queues.example.com/1/q',
	acknowledge: 'whenSucceeded',
	together: false,
	isMeant: () => true,
	maxMessages: 10,
	maxReceives: 5,
	hiddenSeconds: 60,
	maxRun: 1000,
};

const body = (keys: string[], more: object = {}) =>
	JSON.stringify({
		Records: keys.map((key) => ({
			eventName: 'ObjectCreated:Put',
			s3: { bucket: { name: 'bucket' }, object: { key, sequencer: '01', ...more } },
		})),
	});

function message(keys: string[], more: object = {}) {
	const own = {
		id: 'id',
		body: body(keys),
		receiptHandle: 'handle',
		receiveCount: 1,
		delete: jest.fn(() => Promise.resolve()),
		giveBack: jest.fn(() => Promise.resolve()),
		letGo: jest.fn(),
		...more,
	};
	return own as unknown as HeldMessage & typeof own;
}

function workWith(ends: End[], changed: Partial<QueueSettings> = {}, writes?: SharedWrites) {
	const executions = {
		run: jest.fn<Promise<End>, unknown[]>(() => Promise.resolve(ends.shift() ?? 'succeeded')),
		report: jest.fn(),
		note: jest.fn(),
	} satisfies Executions;
	const connection = { bucketOnly: false } as Connection;
	const all = { ...settings, ...changed };
	const work = new MessageWork(all, 'url', connection, executions, writes);
	return { executions, work };
}

it.each<[QueueSettings['acknowledge'], End, 'delete' | 'giveBack' | 'letGo' | undefined]>([
	['whenSucceeded', 'succeeded', 'delete'],
	['whenSucceeded', 'failed', 'giveBack'],
	['whenSucceeded', 'unknown', 'letGo'],
	['whenFinished', 'succeeded', 'delete'],
	['whenFinished', 'failed', 'delete'],
	['whenFinished', 'unknown', 'letGo'],
	['later', 'succeeded', 'letGo'],
	['later', 'failed', 'letGo'],
	['immediately', 'failed', 'delete'],
])(
	'with %s and an execution that has %s, the message meets: %s',
	async (acknowledge, end, fate) => {
		const { work } = workWith([end], { acknowledge });
		const one = message(['a']);
		await work.workOn([one]);
		const met = (['delete', 'giveBack', 'letGo'] as const).filter(
			(name) => one[name].mock.calls.length > 0,
		);
		expect(met).toEqual([fate]);
	},
);

it('a message whose work has failed comes again after half a minute, and later each time', async () => {
	const { work } = workWith(
		Array.from({ length: 9 }, () => 'failed' as const),
		{ maxReceives: 99 },
	);
	const pauses: unknown[] = [];
	for (const receiveCount of [1, 2, 3, 20]) {
		const one = message(['a'], { receiveCount });
		await work.workOn([one]);
		pauses.push(...one.giveBack.mock.calls.flat());
	}
	expect(pauses).toEqual([30, 60, 120, 900]);
});

it('an event whose work is done is not worked on when its message comes again', async () => {
	const { work, executions } = workWith(['succeeded', 'failed']);
	await work.workOn([message(['a', 'b'])]);
	await work.workOn([message(['a', 'b'], { receiveCount: 2 })]);
	expect(executions.run.mock.calls).toHaveLength(3);
	const again = message(['a', 'b'], { receiveCount: 3 });
	await work.workOn([again]);
	expect(executions.run.mock.calls).toHaveLength(3);
	expect(again.delete).toHaveBeenCalled();
});

it('a message of more than a MiB is reported and left', async () => {
	const { work, executions } = workWith([]);
	const one = message(['a'], { body: body(['a'], { more: 'ü'.repeat(512 * 1024) }) });
	await work.workOn([one]);
	expect(executions.run).not.toHaveBeenCalled();
	expect(executions.report.mock.calls).toEqual([
		[
			expect.objectContaining({
				message:
					'Message id of the queue cannot be worked on: it has more than 1 MiB, which no server of SQS takes',
			}),
		],
	]);
	expect(one.giveBack).toHaveBeenCalled();
});

it('n8n does its other work between one message and the next that come together', async () => {
	const done: string[] = [];
	const { work } = workWith([], { together: true });
	const messages = ['a', 'b', 'c'].map((key) => {
		const own = message([key]);
		return Object.defineProperty(own, 'receiveCount', {
			get: () => {
				done.push(key);
				setImmediate(() => done.push('other work'));
				return 1;
			},
		});
	});
	await work.workOn(messages);
	expect(done.slice(0, 5)).toEqual(['a', 'other work', 'b', 'other work', 'c']);
});

it.each(['[]', '{"Records":[]}', '{"events":[],"order":7}'])(
	'a message without any event, which may be for somebody else, is reported and left: %s',
	async (text) => {
		const { work, executions } = workWith([]);
		const one = message([], { body: text });
		await work.workOn([one]);
		expect(executions.report).toHaveBeenCalledTimes(1);
		expect(one.delete).not.toHaveBeenCalled();
	},
);

describe('a message that comes while its event is being worked on', () => {
	it.each<[End, 'delete' | 'giveBack' | 'letGo']>([
		['succeeded', 'delete'],
		['failed', 'giveBack'],
		['unknown', 'letGo'],
	])('it starts nothing, and as the execution has %s, it meets: %s', async (end, fate) => {
		const { work, executions } = workWith([]);
		let finish: (end: End) => void = () => undefined;
		executions.run.mockReturnValueOnce(new Promise((resolve) => (finish = resolve)));
		const [first, second] = [message(['a']), message(['a'], { receiptHandle: 'newer' })];
		const working = Promise.all([work.workOn([first]), work.workOn([second])]);
		await Promise.resolve();
		finish(end);
		await working;
		expect(executions.run).toHaveBeenCalledTimes(1);
		for (const one of [first, second]) expect(one[fate]).toHaveBeenCalledTimes(1);
	});

	it('it starts nothing among others that are worked on together', async () => {
		const { work, executions } = workWith([], { together: true });
		await Promise.all([
			work.workOn([message(['a'])]),
			work.workOn([message(['a']), message(['b'])]),
		]);
		expect(executions.run.mock.calls).toMatchObject([[[{ key: 'a' }]], [[{ key: 'b' }]]]);
	});

	it.each<[End, 'delete' | 'giveBack']>([
		['succeeded', 'delete'],
		['failed', 'giveBack'],
	])('it is once in an execution of all that come together, which has %s', async (end, fate) => {
		const { work, executions } = workWith([end], { together: true });
		const all = [message(['a']), message(['b', 'a'])];
		await work.workOn(all);
		expect(executions.run.mock.calls).toMatchObject([[[{ key: 'a' }, { key: 'b' }]]]);
		for (const one of all) expect(one[fate]).toHaveBeenCalledTimes(1);
	});

	it('it starts an execution with Later, as only the newer message can be acknowledged', async () => {
		const { work, executions } = workWith([], { acknowledge: 'later' });
		await Promise.all([work.workOn([message(['a'])]), work.workOn([message(['a'])])]);
		expect(executions.run).toHaveBeenCalledTimes(2);
	});
});

it('another event of the same key is worked on', async () => {
	const { work, executions } = workWith([]);
	await work.workOn([message(['a'])]);
	await work.workOn([message(['a'], { body: body(['a'], { sequencer: '02' }) })]);
	expect(executions.run.mock.calls).toHaveLength(2);
});

it('a message that cannot be deleted is noted, and the others are not affected', async () => {
	const { work, executions } = workWith([]);
	const stubborn = message(['a'], { delete: () => Promise.reject(new Error('not now')) });
	const other = message(['b'], { id: 'other' });
	await work.workOn([stubborn, other]);
	expect(executions.note.mock.calls).toEqual([[new Error('not now')]]);
	expect(other.delete).toHaveBeenCalled();
});

it('messages that are worked on together come again together', async () => {
	const { work, executions } = workWith(['failed'], { together: true });
	const both = [message(['a']), message(['b'])];
	await work.workOn(both);
	expect(executions.run.mock.calls).toHaveLength(1);
	for (const one of both) expect(one.giveBack).toHaveBeenCalledWith(30);
});

it('of a message about a bucket with a name without end only the beginning is reported', async () => {
	const { work, executions } = workWith([], { bucket: 'bucket' });
	const s3 = { bucket: { name: 'x'.repeat(100_000) }, object: { key: 'a' } };
	const record = { eventName: 'ObjectCreated:Put', s3 };
	await work.workOn([message(['a'], { body: JSON.stringify({ Records: [record] }) })]);
	const [[failure]] = executions.report.mock.calls as [[Error]];
	expect(failure.message).toContain('has 100000 characters');
	expect(failure.message.length).toBeLessThan(300);
});

it('a message is reported once, however often it comes', async () => {
	const { work, executions } = workWith([]);
	for (const receiveCount of [6, 7]) {
		const poison = message(['a'], { receiveCount });
		await work.workOn([poison]);
		expect(poison.giveBack).toHaveBeenCalled();
		expect(poison.delete).not.toHaveBeenCalled();
	}
	expect(executions.report).toHaveBeenCalledTimes(1);
	expect(executions.run).not.toHaveBeenCalled();
});

describe('beside polls', () => {
	it('an event whose object a poll has found starts nothing, and its message is deleted', async () => {
		const writes = { wasFound: ({ key }: { key: string }) => key === 'a', take: () => true };
		const { work, executions } = workWith([], {}, writes);
		const [found, half] = [message(['a']), message(['a', 'b'])];
		await work.workOn([found, half]);
		expect(executions.run.mock.calls).toMatchObject([[[{ key: 'b' }]]]);
		for (const one of [found, half]) expect(one.delete).toHaveBeenCalledTimes(1);
	});

	it('an event whose object a poll finds while its message is deleted starts nothing', async () => {
		let isFound = false;
		const writes = { wasFound: () => isFound, take: () => !isFound };
		const { work, executions } = workWith([], { acknowledge: 'immediately' }, writes);
		const finds = () => Promise.resolve().then(() => void (isFound = true));
		await work.workOn([message(['a'], { delete: finds })]);
		expect(executions.run).not.toHaveBeenCalled();
	});

	it('a message that cannot be deleted before it starts an execution is not known to polls', async () => {
		const take = jest.fn(() => true);
		const { work } = workWith([], { acknowledge: 'immediately' }, { wasFound: () => false, take });
		await work.workOn([message(['a'], { delete: () => Promise.reject(new Error('not now')) })]);
		expect(take).not.toHaveBeenCalled();
	});

	it('a message of another bucket than that of polls is left in the queue', async () => {
		const { work, executions } = workWith([], { bucket: 'other' });
		const one = message(['a']);
		await work.workOn([one]);
		expect(executions.report).toHaveBeenCalledTimes(1);
		expect(one.giveBack).toHaveBeenCalledWith(30);
	});
});
