import type { HeldMessage } from '../../../s3/queue/HeldMessage';
import type { Queue } from '../../../s3/queue/Queue';
import { QueueConsumer, type ConsumerSettings } from '../../../s3/queue/QueueConsumer';
import { until, user, withSqs } from '../../servers/sqs/withSqs';

/** A receive that waits goes on after its test, so each has a queue of its own. */
const names = Array.from({ length: 30 }, (_, n) => `uploads-${n}`);
const sqs = withSqs({
	queues: [
		...names.map((name) => ({ name, redrive: { maxReceiveCount: 2, to: 'dead' } })),
		{ name: 'dead' },
	],
});
let uploads: string;

const consumers: QueueConsumer[] = [];
beforeEach(() => {
	uploads = names.pop() ?? '';
});
afterEach(async () => {
	for (const consumer of consumers.splice(0)) await consumer.stop(0);
	sqs.clear();
});

const consume = async (settings: Partial<ConsumerSettings>): Promise<QueueConsumer> =>
	begin(await sqs.open(uploads), settings);

async function begin(queue: Queue, settings: Partial<ConsumerSettings>): Promise<QueueConsumer> {
	const consumer = consumerOf(queue, settings);
	await consumer.start();
	return consumer;
}

function consumerOf(queue: Queue, settings: Partial<ConsumerSettings>): QueueConsumer {
	const consumer = new QueueConsumer(queue, {
		maxMessages: 10,
		hiddenSeconds: 30,
		together: false,
		deletes: true,
		work: async (messages) => {
			for (const message of messages) await message.delete();
		},
		onOutage: () => undefined,
		...settings,
	});
	consumers.push(consumer);
	return consumer;
}

/** A queue of a server that answers each request for messages at once. */
const answering = (received: () => Record<string, unknown>): Queue => ({
	url: 'https://sqs.example.com/1/queue',
	name: 'queue',
	send: (action) => Promise.resolve(action === 'ReceiveMessage' ? received() : {}),
});

/** The requests about the queue of this test. */
const requests = () => sqs.requests.filter(({ input }) => input.QueueUrl === sqs.urlOf(uploads));
const receives = () => requests().filter(({ action }) => action === 'ReceiveMessage');

describe('a consumer of a queue', () => {
	it('a consumer takes the messages that are there, and those that come later', async () => {
		sqs.send(uploads, '1');
		await consume({});
		await until(() => sqs.deletedFrom(uploads).length === 1);
		sqs.send(uploads, '2');
		await until(() => sqs.deletedFrom(uploads).length === 2);
		expect(receives().at(-1)?.input).toMatchObject({ WaitTimeSeconds: 20, VisibilityTimeout: 30 });
	});

	it('n8n does its other work between the messages that come at once', async () => {
		let turns = 0;
		let isOver = false;
		const begunAt = new Set<number>();
		const count = () => {
			turns += 1;
			if (!isOver) setImmediate(count);
		};
		const work = async ([message]: readonly HeldMessage[]) => {
			begunAt.add(turns);
			await message?.delete();
		};
		count();
		let sent = ['a', 'b', 'c'];
		await begin(
			answering(() => {
				const Messages = sent.map((Body) => ({ Body }));
				sent = [];
				return { Messages };
			}),
			{ work },
		);
		isOver = true;
		expect(begunAt.size).toBe(3);
	});

	it.each([false, true])(
		'messages that come at once are worked on together if that is wished: %p',
		async (together) => {
			const groups: string[][] = [];
			const work = async (messages: readonly HeldMessage[]) => {
				groups.push(messages.map(({ body }) => body));
				await Promise.resolve();
			};
			for (const body of ['1', '2', '3']) sqs.send(uploads, body);
			await consume({ together, work });
			expect(groups).toEqual(together ? [['1', '2', '3']] : [['1'], ['2'], ['3']]);
		},
	);

	it('no more messages are taken than are worked on at once', async () => {
		const ends: Array<() => void> = [];
		const work = async ([message]: readonly HeldMessage[]) => {
			await new Promise<void>((resolve) => ends.push(resolve));
			await message?.delete();
		};
		for (let n = 0; n < 5; n++) sqs.send(uploads, String(n));
		const onOutage = jest.fn();
		await consume({ maxMessages: 2, work, onOutage });
		expect(ends).toHaveLength(2);
		expect(receives()[0]?.input.MaxNumberOfMessages).toBe(2);
		const asked = receives().length;
		ends.shift()?.();
		await until(() => ends.length === 2);
		expect(receives().slice(asked)[0]?.input.MaxNumberOfMessages).toBe(1);
		while (sqs.deletedFrom(uploads).length < 5) {
			ends.shift()?.();
			await new Promise(setImmediate);
		}
		expect(onOutage).not.toHaveBeenCalled();
	});

	it('of more messages than were asked for as many are taken as were', async () => {
		const groups: number[] = [];
		const work = (messages: readonly HeldMessage[]) => {
			groups.push(messages.length);
			return new Promise<void>(() => undefined);
		};
		const messages = Array.from({ length: 1000 }, (_, n) => ({ MessageId: `${n}`, Body: 'x' }));
		await begin(
			answering(() => ({ Messages: messages })),
			{ maxMessages: 3, together: true, work },
		);
		expect(groups).toEqual([3]);
	});

	it('a server that does not wait for messages is not asked without pause', async () => {
		let asked = 0;
		const queue = answering(() => {
			asked += 1;
			return {};
		});
		await begin(queue, {});
		for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
		expect(asked).toBeLessThanOrEqual(2);
	});

	it.each([
		['deletes', async (message?: HeldMessage) => await message?.delete()],
		['is asked to hide', async (message?: HeldMessage) => await message?.giveBack(30)],
		['leaves hidden', async (message?: HeldMessage) => await Promise.resolve(message?.letGo())],
	])(
		'a server that gives a message again that a consumer %s is asked ever less often',
		async (_, end) => {
			let asked = 0;
			const onOutage = jest.fn();
			const queue = answering(() => {
				asked += 1;
				return { Messages: [{ MessageId: 'again', Body: 'x' }] };
			});
			const work = async ([message]: readonly HeldMessage[]) => await end(message);
			await begin(queue, { work, onOutage });
			for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
			expect(asked).toBe(2);
			const begun = performance.now();
			await until(() => asked === 4);
			// Half of 1 s and half of 2 s at least.
			expect(performance.now() - begun).toBeGreaterThan(1400);
			await until(() => onOutage.mock.calls.length > 0);
			expect(onOutage.mock.calls).toMatchObject([
				[
					{
						message: expect.stringContaining(
							'Queue “queue” gives nothing but messages that',
						) as string,
					},
				],
			]);
		},
	);

	it('a message that comes again keeps no other one waiting', async () => {
		let asked = 0;
		const seen = new Set<string>();
		const queue = answering(() => {
			asked += 1;
			return { Messages: ['again', `new ${asked}`].map((id) => ({ MessageId: id, Body: id })) };
		});
		const work = async ([message]: readonly HeldMessage[]) => {
			seen.add(message?.id ?? '');
			await message?.delete();
		};
		const consumer = await begin(queue, { work });
		await until(() => seen.size > 20);
		await consumer.stop(0);
	});

	it('a message whose work failed comes again, and goes where the queue sends it after that', async () => {
		const seen: number[] = [];
		const work = async ([message]: readonly HeldMessage[]) => {
			seen.push(message?.receiveCount ?? 0);
			await message?.giveBack();
		};
		sqs.send(uploads, 'poison');
		await consume({ work });
		await until(() => sqs.messagesIn('dead').length === 1);
		expect(seen).toEqual([1, 2]);
	});

	it('a consumer goes on after an outage, which it tells of once', async () => {
		const onOutage = jest.fn();
		sqs.faults.push(...[1, 2].map(() => ({ action: 'ReceiveMessage', status: 503, body: '' })));
		// The first receive is to succeed.
		const [first, second] = sqs.faults.splice(0);
		await consume({ onOutage });
		sqs.clear();
		if (first !== undefined && second !== undefined) sqs.faults.push(first, second);
		await until(() => sqs.faults.length === 0);
		sqs.send(uploads, 'after');
		await until(() => sqs.deletedFrom(uploads).length === 1);
		expect(onOutage).toHaveBeenCalledTimes(1);
		expect(onOutage).toHaveBeenCalledWith(expect.objectContaining({ kind: 'unavailable' }));
	});
});

describe('the beginning of a consumer', () => {
	it.each(['DeleteMessage', 'ChangeMessageVisibility', 'ReceiveMessage'])(
		'a consumer does not begin without the permission for %s, and takes no message then',
		async (action) => {
			user.denied.add(action);
			const message = sqs.send(uploads, 'text');
			await expect(consume({})).rejects.toMatchObject({ kind: 'denied', operation: action });
			expect(message.receiveCount).toBe(0);
		},
	);

	it('a consumer that deletes nothing needs no permission for it', async () => {
		user.denied.add('DeleteMessage');
		await consume({ deletes: false, work: async () => await Promise.resolve() });
	});

	it('a consumer that is to begin in any case tells once of a queue that it cannot use, and goes on', async () => {
		user.denied.add('ReceiveMessage');
		const onOutage = jest.fn();
		await consumerOf(await sqs.open(uploads), { onOutage }).startAnyway();
		await until(() => receives().length === 3);
		user.denied.clear();
		sqs.send(uploads, '1');
		await until(() => sqs.deletedFrom(uploads).length === 1);
		expect(onOutage.mock.calls).toMatchObject([[{ kind: 'denied' }]]);
	});

	it('a consumer does not begin for a queue that is not there', async () => {
		const consumer = new QueueConsumer(await sqs.open('nothing'), {} as ConsumerSettings);
		await expect(consumer.start()).rejects.toMatchObject({ kind: 'notFound' });
	});
});

describe('the end of a consumer', () => {
	it('a consumer that is stopped waits for the work, and takes no more', async () => {
		let end: () => void = () => undefined;
		const work = async ([message]: readonly HeldMessage[]) => {
			await new Promise<void>((resolve) => (end = resolve));
			await message?.delete();
		};
		sqs.send(uploads, '1');
		const consumer = await consume({ work, maxMessages: 1 });
		let hasStopped = false;
		const stopping = consumer.stop(30_000).then(() => (hasStopped = true));
		sqs.send(uploads, '2');
		await new Promise(setImmediate);
		expect(hasStopped).toBe(false);
		end();
		await stopping;
		expect(sqs.deletedFrom(uploads)).toHaveLength(1);
		expect(sqs.messagesIn(uploads)).toMatchObject([{ body: '2', receiveCount: 0 }]);
	});

	it('a consumer that is stopped waits no longer than it is told to, and the work goes on', async () => {
		let end: () => void = () => undefined;
		const work = async ([message]: readonly HeldMessage[]) => {
			await new Promise<void>((resolve) => (end = resolve));
			await message?.delete();
		};
		sqs.send(uploads, '1');
		const consumer = await consume({ work });
		await consumer.stop(50);
		expect(sqs.deletedFrom(uploads)).toEqual([]);
		end();
		await until(() => sqs.deletedFrom(uploads).length === 1);
	});

	it('a message that comes while a consumer stops is given back, as nobody has begun with it', async () => {
		const work = jest.fn();
		const consumer = await consume({ work });
		await until(() => receives().length === 2);
		await consumer.stop(0);
		const message = sqs.send(uploads, 'late');
		await until(() => requests().at(-1)?.input.VisibilityTimeout === 0);
		await until(() => message.hiddenUntil <= Date.now());
		expect(work).not.toHaveBeenCalled();
		expect(message.receiveCount).toBe(1);
		expect(receives()).toHaveLength(2);
	});
});
