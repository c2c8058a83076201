import { HeldMessage } from '../../../s3/queue/HeldMessage';
import { receiveMessages } from '../../../s3/queue/messages';
import { until, user, withSqs } from '../../servers/sqs/withSqs';

const sqs = withSqs({ queues: [{ name: 'uploads' }] });
const once = { signal: undefined, retryFor: 0 };

/** Receives the only message, and holds it. */
async function held(hiddenSeconds: number): Promise<HeldMessage> {
	const queue = await sqs.open('uploads');
	sqs.send('uploads', 'text');
	const request = { maxMessages: 1, waitSeconds: 0, hiddenSeconds };
	const [message] = await receiveMessages(queue, request, once);
	if (message === undefined) throw new Error('there is no message');
	return new HeldMessage(queue, message, hiddenSeconds);
}

const beats = () =>
	sqs.requests.filter(({ action }) => action === 'ChangeMessageVisibility').length;

/** Lets the time pass in which a message would have been hidden again. */
const pause = async () => await new Promise((resolve) => setTimeout(resolve, 700));

it('a message stays hidden for longer than it was hidden for, until it is deleted', async () => {
	const message = await held(1);
	await until(() => beats() >= 4);
	expect(sqs.messagesIn('uploads')[0]?.receiveCount).toBe(1);
	await message.delete();
	expect(sqs.deletedFrom('uploads')).toEqual([message.id]);
	const made = beats();
	await pause();
	expect(beats()).toBe(made);
});

it('a message is hidden again after a failure that passes', async () => {
	sqs.faults.push({ action: 'ChangeMessageVisibility', status: 503, body: '' });
	const message = await held(1);
	await until(() => beats() >= 2);
	expect(sqs.faults).toEqual([]);
	await message.delete();
});

it('a message that was lost is hidden no more', async () => {
	const message = await held(1);
	sqs.advance(5000);
	await until(() => beats() === 1);
	await pause();
	expect(beats()).toBe(1);
	await expect(message.delete()).rejects.toMatchObject({ code: 'MessageNotInflight' });
});

it('a message that may not be hidden is not tried to be hidden again', async () => {
	user.denied.add('ChangeMessageVisibility');
	const message = await held(1);
	await until(() => beats() === 1);
	await pause();
	expect(beats()).toBe(1);
	message.letGo();
});

it('a message that is given back can be received at once, or later', async () => {
	const message = await held(30);
	await message.giveBack();
	const [stored] = sqs.messagesIn('uploads');
	expect((stored?.hiddenUntil ?? Infinity) - Date.now()).toBeLessThan(1000);
	sqs.clear();
	await (await held(30)).giveBack(300);
	const [later] = sqs.messagesIn('uploads');
	expect((later?.hiddenUntil ?? 0) - Date.now()).toBeGreaterThan(290_000);
});

it('a message that is given back is not hidden by a request that was under way before', async () => {
	sqs.faults.push({ action: 'ChangeMessageVisibility', delay: 400 });
	const message = await held(3);
	await until(() => sqs.faults.length === 0);
	await message.giveBack();
	expect(sqs.requests.map(({ input }) => input.VisibilityTimeout)).toEqual([3, 3, 0]);
});

it('a message that is let go comes again by itself', async () => {
	const message = await held(1);
	message.letGo();
	await pause();
	expect(beats()).toBe(0);
	expect(sqs.messagesIn('uploads')).toHaveLength(1);
});
