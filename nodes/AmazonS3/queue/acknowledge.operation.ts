import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { deleteMessage } from '../../../s3/queue/messages';
import { openQueue } from '../../../s3/queue/openQueue';
import { S3Failure } from '../../../s3/S3Failure';
import { concurrency } from '../../parameters/concurrency';
import { optionsField } from '../../parameters/OptionGroup';
import { queueEndpoint, queueOf, queueUrlField } from '../../parameters/queue';
import { readTrimmed } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import type { Item, ItemOperation } from '../../run/operation';
import { boolean, schemaOf, text } from '../../run/schema';

const option: INodePropertyOptions = {
	name: 'Acknowledge',
	value: 'acknowledge',
	description:
		'Delete the message that started the workflow, so that it does not start another one',
	action: 'Acknowledge message of queue (deletes it)',
	builderHint: {
		propertyHint:
			'Use at the end of a workflow that the Amazon S3 Trigger started from a queue with Acknowledge set to Later. Queue URL and Receipt Handle come from the items of the trigger.',
	},
};

const fields: INodeProperties[] = [
	{ ...queueUrlField, default: '={{ $json.queueUrl }}' },
	{
		displayName: 'Receipt Handle',
		name: 'receiptHandle',
		type: 'string',
		default: '={{ $json.receiptHandle }}',
		required: true,
		description:
			'The receipt handle that the trigger gave with the message. It is valid as long as the message is hidden.',
	},
	optionsField(...queueEndpoint.fields, ...concurrency.fields, ...retrying.fields),
];

const output = schemaOf({
	queueUrl: text('URL of the queue'),
	acknowledged: boolean('Always true: the message was deleted'),
});

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const receiptHandle = readTrimmed(item, 'receiptHandle');
	if (receiptHandle === undefined) {
		throw S3Failure.invalid(
			'No receipt handle is entered',
			'Use receiptHandle of the items of an Amazon S3 Trigger whose Acknowledge is Later.',
		);
	}
	const queue = await openQueue(item.s3.connection, queueOf(item));
	await deleteMessage(queue, receiptHandle, item);
	return [{ json: { queueUrl: queue.url, acknowledged: true } }];
}

/** Deletes a message of a queue whose work is done. It makes no call of S3. */
export const acknowledge: ItemOperation = { option, fields, output, calls: {}, execute };
