import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { parseEvents } from '../../../s3/events/parseEvents';
import { eventFilter } from '../../parameters/eventFilter';
import { optionsField } from '../../parameters/OptionGroup';
import { readValue } from '../../parameters/read';
import type { Transformed, TransformOperation } from '../../run/operation';
import { schemaOf } from '../../run/schema';
import { eventFields } from './outputFields';

const option: INodePropertyOptions = {
	name: 'Parse Event',
	value: 'parseEvent',
	description:
		'Read a notification of S3, MinIO, Ceph, R2 or B2 that a webhook or another trigger received',
	action: 'Parse event about objects',
	builderHint: {
		propertyHint:
			'Use after a Webhook, RabbitMQ, Kafka or MQTT trigger that receives notifications of a bucket. It makes an item with bucket and key for each object.',
	},
};

const fields: INodeProperties[] = [
	{
		displayName: 'Event',
		name: 'event',
		type: 'json',
		default: '={{ $json }}',
		description:
			'The message as it was received, also if SNS, SQS or EventBridge passed it on. The result is an item for each object.',
	},
	optionsField(...eventFilter.fields),
];

const output = schemaOf(eventFields);

function transform(item: Transformed): INodeExecutionData[] {
	const { events, isTest } = parseEvents(readValue(item, 'event'));
	if (isTest) {
		item.hint('The message only tests the notifications, so there is no item for it.');
	}
	return events.filter(eventFilter.read(item)).map((event) => ({ json: { ...event } }));
}

/** Reads what a message tells of objects. It asks no server. */
export const parseEvent: TransformOperation = { option, fields, output, calls: {}, transform };
