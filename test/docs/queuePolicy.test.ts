/** The policy of docs/trigger-queue.md is enough for the trigger with a queue, and none of its actions is too many. */
import type { INodeParameters, IRun, ITriggerResponse } from 'n8n-workflow';

import { pollingWorkflow, runNode, type Credential } from '../engine/n8n';
import { withBinaryStore } from '../engine/withBinaryStore';
import { until, user, withSqs } from '../servers/sqs/withSqs';
import { blockWith, readDoc } from './page';

interface Policy {
	Statement: Array<{ Action: string[]; Resource: string }>;
}

/** All that the server knows. */
const ACTIONS = ['ReceiveMessage', 'ChangeMessageVisibility', 'DeleteMessage'];
const [statement] = (
	JSON.parse(blockWith(readDoc('trigger-queue.md'), 'json', 'sqs:ReceiveMessage')) as Policy
).Statement;
const { Action: printed, Resource: resource } = statement!;
const [, , , region = '', , queue = ''] = resource.split(':');

const sqs = withSqs({ queues: [{ name: queue }], region });
withBinaryStore();
const active: ITriggerResponse[] = [];
afterEach(async () => {
	for (const { closeFunction } of active.splice(0)) await closeFunction?.();
});

const credential = (): Credential => ({
	endpoint: 'http://s3.invalid',
	region: sqs.region,
	accessKeyId: user.accessKeyId,
	secretAccessKey: user.secretAccessKey,
});

/** Allows these actions alone. */
function permit(actions: readonly string[]): void {
	const allowed = actions.map((action) => action.replace(/^sqs:/, ''));
	for (const action of ACTIONS) if (!allowed.includes(action)) user.denied.add(action);
}

/** Activates a workflow whose executions succeed; gives their items. */
async function activate(parameters: INodeParameters = {}) {
	const items: object[] = [];
	const response = await pollingWorkflow({
		parameters: { watch: 'queue', queueUrl: sqs.urlOf(queue), ...parameters },
		credential: credential(),
	}).trigger({
		emit: ([one = []], _response, done) => {
			items.push(...one.map(({ json }) => json));
			done?.resolve({ status: 'success', data: { resultData: {} } } as IRun);
		},
	});
	if (response !== undefined) active.push(response);
	return items;
}

const object = { bucket: { name: 'bucket' }, object: { key: 'key' } };
const record = { eventVersion: '2.1', eventName: 'ObjectCreated:Put', s3: object };
const sendEvent = () => sqs.send(queue, { Records: [record] });

it('the policy of the queue is enough to start a workflow and to delete the message', async () => {
	permit(printed);
	sendEvent();
	const items = await activate();
	await until(() => sqs.deletedFrom(queue).length === 1);
	expect(items).toMatchObject([{ key: 'key' }]);
});

it.each(printed)(
	'a trigger with a queue that may not do %s says so when it is activated',
	async (action) => {
		permit(printed.filter((one) => one !== action));
		await expect(activate()).rejects.toMatchObject({
			message: expect.stringContaining(`queue “${queue}”: access denied`) as string,
			description: expect.stringContaining(`needs ${action} on the queue`) as string,
		});
	},
);

it('with Acknowledge set to Later the trigger needs no permission to delete, and the node that acknowledges no other', async () => {
	const remove = 'sqs:DeleteMessage';
	permit(printed.filter((action) => action !== remove));
	sendEvent();
	const items = await activate({ acknowledge: 'later' });
	await until(() => items.length === 1);
	for (const { closeFunction } of active.splice(0)) await closeFunction?.();
	user.denied.clear();
	permit([remove]);
	const { error } = await runNode({
		items: items.map((json) => ({ json: json as never })),
		parameters: {
			resource: 'queue',
			operation: 'acknowledge',
			queueUrl: '={{ $json.queueUrl }}',
			receiptHandle: '={{ $json.receiptHandle }}',
		},
		credential: credential(),
	});
	expect(error).toBeUndefined();
	expect(sqs.deletedFrom(queue)).toHaveLength(1);
});
