import { receiveMessages } from '../../s3/queue/messages';
import { withServer } from '../servers/withServer';
import { user, withSqs } from '../servers/sqs/withSqs';
import { runNode, type Credential, type RunSettings } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const server = withServer({});
const sqs = withSqs({ queues: [{ name: 'uploads' }] });
withBinaryStore();

const credential = (): Credential => ({
	...server.credential,
	accessKeyId: user.accessKeyId,
	secretAccessKey: user.secretAccessKey,
	region: sqs.region,
	readOnly: true,
});

async function received(
	count: number,
): Promise<Array<{ queueUrl: string; receiptHandle: string }>> {
	for (let n = 0; n < count; n++) sqs.send('uploads', String(n));
	const request = { maxMessages: count, waitSeconds: 0, hiddenSeconds: 30 };
	const messages = await receiveMessages(await sqs.open('uploads'), request, { signal: undefined });
	return messages.map(({ receiptHandle }) => ({ queueUrl: sqs.urlOf('uploads'), receiptHandle }));
}

const run = async (items: object[], more: Partial<RunSettings> = {}) =>
	await runNode({
		items: items.map((json) => ({ json: json as never })),
		parameters: {
			resource: 'queue',
			operation: 'acknowledge',
			queueUrl: '={{ $json.queueUrl }}',
			receiptHandle: '={{ $json.receiptHandle }}',
		},
		credential: credential(),
		...more,
	});

describe('Acknowledge', () => {
	it('Acknowledge deletes the message of each item, also with a credential that is only for reading', async () => {
		const { outputs, error } = await run(await received(2));
		expect(error).toBeUndefined();
		expect(outputs[0]?.map(({ json, pairedItem }) => [json, pairedItem])).toEqual(
			[0, 1].map((item) => [{ queueUrl: sqs.urlOf('uploads'), acknowledged: true }, { item }]),
		);
		expect(sqs.messagesIn('uploads')).toEqual([]);
		expect(server.requests).toEqual([]);
	});

	it('Acknowledge says that a message is not held any more', async () => {
		const items = await received(1);
		sqs.advance(30_000);
		const { error } = await run(items);
		expect(error?.message).toContain('the message is not held any more');
		expect(sqs.messagesIn('uploads')).toHaveLength(1);
	});

	it.each([
		[{ queueUrl: 'https://queues.example.com/1/q' }, 'No receipt handle is entered'],
		[
			{ receiptHandle: 'handle' },
			'The expression of Queue URL gave nothing for this item: "{{ $json.queueUrl }}"',
		],
		[{ receiptHandle: 'handle', queueUrl: 'uploads' }, 'The Queue URL is not a URL'],
	])('Acknowledge refuses an item without what it needs: %p', async (json, message) => {
		expect((await run([json])).error?.message).toBe(message);
	});
});
