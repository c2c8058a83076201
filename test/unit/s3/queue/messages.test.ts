import { receiveMessages } from '../../../../s3/queue/messages';
import type { Queue } from '../../../../s3/queue/Queue';

const queueThatGives = (response: Readonly<Record<string, unknown>>): Queue => ({
	url: 'https://queues.example.com/1/q',
	name: 'q',
	send: jest.fn(() => Promise.resolve(response)),
});
const request = { maxMessages: 1, waitSeconds: 20, hiddenSeconds: 30 };

it('the server has as long for a response as it may wait for a message', async () => {
	const queue = queueThatGives({});
	expect(await receiveMessages(queue, request, { signal: undefined })).toEqual([]);
	const [, , call] = (queue.send as jest.Mock).mock.calls[0] as unknown[];
	expect(call).toMatchObject({ waiting: 20_000 });
});

it('a message tells as much as a server gives', async () => {
	const Messages = [{ Body: 'text' }, { Attributes: { ApproximateReceiveCount: '3' } }];
	const messages = await receiveMessages(queueThatGives({ Messages }), request, {
		signal: undefined,
	});
	expect(messages).toEqual([
		{ id: '', body: 'text', receiptHandle: '', receiveCount: 1 },
		{ id: '', body: '', receiptHandle: '', receiveCount: 3 },
	]);
});
