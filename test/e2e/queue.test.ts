/** The trigger with a queue in a real n8n: a message comes, the workflow runs, the message is deleted. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { N8n } from '../servers/n8n/n8n';
import { inARow, node } from '../servers/n8n/sample';
import { sharedN8n } from '../servers/n8n/shared';
import { startSqs } from '../servers/sqs/server';
import type { SqsServer } from '../servers/sqs/server';

const keys = { accessKeyId: 'AKIDSQS', secretAccessKey: 'secret of SQS' };
let sqs: SqsServer;
let n8n: N8n;
let credential: { id: string; name: string };

beforeAll(async () => {
	sqs = await startSqs({ users: [keys], queues: [{ name: 'good' }, { name: 'bad' }] });
	n8n = await sharedN8n();
	const type = 'amazonS3AccessKeysApi';
	const data = { ...keys, region: sqs.region, endpoint: 'http://127.0.0.1:1' };
	credential = await n8n.createCredential('SQS', type, data);
});

afterAll(async () => {
	await n8n.stop();
	await sqs.stop();
});

/** Activates a workflow that a queue starts, and gives its ID. */
async function activate(queue: string, after: string, parameters: object): Promise<string> {
	const trigger = node(
		'Trigger',
		0,
		'n8n-nodes-amazon-s3.amazonS3Trigger',
		{ watch: 'queue', queueUrl: sqs.urlOf(queue), options: {} },
		{ amazonS3AccessKeysApi: credential },
	);
	const workflow = inARow(queue, [trigger, node('After', 1, after, parameters)]);
	const id = await n8n.createWorkflow(workflow);
	await n8n.activate(id);
	return id;
}

const event = (key: string) => ({
	Records: [
		{
			eventVersion: '2.1',
			eventSource: 'aws:s3',
			eventName: 'ObjectCreated:Put',
			s3: { bucket: { name: 'bucket' }, object: { key, sequencer: '01' } },
		},
	],
});

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await isSo())) await sleep(200);
}

it('a message of a queue runs the workflow, and is deleted when that has succeeded', async () => {
	const { id } = sqs.send('good', event('red+flower.jpg'));
	const workflowId = await activate('good', 'n8n-nodes-base.noOp', {});
	await until(() => sqs.deletedFrom('good').includes(id));
	sqs.send('good', event('later'));
	await until(() => sqs.deletedFrom('good').length === 2);
	await until(async () => (await n8n.statuses(workflowId)).length === 2);
	expect(await n8n.statuses(workflowId)).toEqual(['success', 'success']);
	await n8n.api('POST', `/workflows/${workflowId}/deactivate`, {});
});

it('a message whose workflow fails stays in the queue, and comes again later', async () => {
	const message = sqs.send('bad', event('key'));
	const fail = { errorMessage: 'not this one' };
	const workflowId = await activate('bad', 'n8n-nodes-base.stopAndError', fail);
	const hidden = () => message.hiddenUntil - Date.now();
	await until(async () => (await n8n.statuses(workflowId)).includes('error'));
	await until(() => hidden() > 0 && hidden() < 30_500);
	expect(message.receiveCount).toBe(1);
	expect(sqs.deletedFrom('bad')).toEqual([]);
	await n8n.api('POST', `/workflows/${workflowId}/deactivate`, {});
});
