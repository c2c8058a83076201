import type { INodeParameters } from 'n8n-workflow';

import { MAIN } from '../servers/embedded/users';
import { withSqs } from '../servers/sqs/withSqs';
import { withServer } from '../servers/withServer';
import { pollingWorkflow } from './n8n';

const bucket = 'incoming';
const region = 'eu-central-1';
const server = withServer({ bucketsOfEachTest: [bucket], region });
const sqs = withSqs({ users: [MAIN], queues: [{ name: 'uploads' }], region });

const workflow = (options: INodeParameters = {}, more: INodeParameters = {}) =>
	pollingWorkflow({
		parameters: {
			bucket: { __rl: true, mode: 'name', value: bucket },
			queueUrl: sqs.urlOf('uploads'),
			options,
			...more,
		},
		credential: { ...server.credential, region },
	});
const test = async (options: INodeParameters = {}, more: INodeParameters = {}) =>
	await workflow(options, more).poll({ mode: 'manual', activation: 'manual' });

it('a test in the editor gives the newest objects and remembers nothing', async () => {
	const trigger = workflow();
	server.store.putMany(bucket, ['a', 'b']);
	const items = await trigger.poll({ mode: 'manual', activation: 'manual' });
	expect(items?.map(({ key }) => key)).toEqual(['a', 'b']);
	expect(trigger.workflow.staticData).toEqual({});
});

it('a test in the editor says so if there is no object to show', async () => {
	server.store.putMany(bucket, ['a.txt']);
	await expect(test({ keyMatches: '*.pdf' }, { prefix: 'a' })).rejects.toMatchObject({
		message: 'There is no object to show in bucket “incoming” under “a”',
		description: expect.stringContaining('Key Matches') as string,
	});
});

describe('a test of a bucket and its queue', () => {
	const both = { watch: 'both' };
	const message = {
		Records: [
			{
				eventVersion: '2.1',
				eventSource: 'aws:s3',
				eventName: 'ObjectCreated:Put',
				s3: { bucket: { name: bucket }, object: { key: 'told', size: 1, eTag: 'e' } },
			},
		],
	};

	it('a test of both gives the newest objects as polls do', async () => {
		server.store.putMany(bucket, ['a']);
		sqs.send('uploads', message);
		expect(await test({}, both)).toMatchObject([{ key: 'a', change: 'created', sender: 'poll' }]);
	});

	it('a test of both gives the object of a message if there is no other, and gives the message back', async () => {
		const { id } = sqs.send('uploads', message);
		expect(await test({}, both)).toMatchObject([{ key: 'told', sender: 's3', messageId: id }]);
		const [left] = sqs.messagesIn('uploads');
		expect(left?.hiddenUntil).toBeLessThanOrEqual(Date.now());
	});

	it('a test of both says so if there is neither', async () => {
		await expect(test({}, { ...both, prefix: 'in/' })).rejects.toMatchObject({
			message:
				'There is no object to show in bucket “incoming” under “in/”, and no message about one in the queue',
		});
	});
});
