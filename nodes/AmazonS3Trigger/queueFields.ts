import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import type { ObjectEvent } from '../../s3/events/ObjectEvent';
import type { QueueName } from '../../s3/queue/openQueue';
import { eventFilter } from '../parameters/eventFilter';
import { optionsField } from '../parameters/OptionGroup';
import type { ParameterSource } from '../parameters/ParameterSource';
import { queueEndpoint, queueOf, queueUrlField } from '../parameters/queue';
import { readNumber, readOneOf } from '../parameters/read';

/** When a message is deleted. */
const ACKNOWLEDGE = ['immediately', 'whenFinished', 'whenSucceeded', 'later'] as const;
type Acknowledge = (typeof ACKNOWLEDGE)[number];

/** How a queue is watched. */
export interface QueueSettings extends QueueName {
	/** The only bucket whose messages are worked on. */
	readonly bucket?: string;
	readonly acknowledge: Acknowledge;
	/** Whether all objects of the messages that come together start one execution. */
	readonly together: boolean;
	/** Whether an event starts the workflow. */
	readonly isMeant: (event: ObjectEvent) => boolean;
	/** Messages that are worked on at once. */
	readonly maxMessages: number;
	/** How often a message may be received; after that it is not worked on any more. */
	readonly maxReceives: number;
	/** Seconds for which a message is hidden after the last sign of life. */
	readonly hiddenSeconds: number;
	/** Milliseconds that are waited for the end of an execution. */
	readonly maxRun: number;
}

const MESSAGES = { min: 1, max: 1000, whole: true };
const RECEIVES = { min: 1, max: 1000, whole: true };
/** SQS hides a message for 12 hours at most. */
const HIDDEN = { min: 10, max: 43_200, whole: true };
const MINUTES = { min: 1, max: 700, whole: true };

/** When to delete a message. */
export const acknowledgeField: INodeProperties = {
	displayName: 'Acknowledge',
	name: 'acknowledge',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Immediately',
			value: 'immediately',
			description:
				'Delete the message before the workflow starts: nothing starts twice for it, but what fails is lost',
		},
		{
			name: 'Later, by Another Node',
			value: 'later',
			description: 'Leave the message to the operation Queue: Acknowledge in the workflow',
		},
		{
			name: 'When Execution Finishes',
			value: 'whenFinished',
			description: 'Delete the message when the workflow has ended, even if it failed',
		},
		{
			name: 'When Execution Succeeds',
			value: 'whenSucceeded',
			description:
				'Delete the message when the workflow has succeeded; if it fails, the message comes again',
		},
	],
	default: 'whenSucceeded',
	description: 'When to delete the message from the queue',
};

/** How messages are worked on. */
export const queueOptions: INodeProperties[] = [
	{
		displayName: 'Executions',
		name: 'executions',
		type: 'options',
		options: [
			{ name: 'One for Each Object', value: 'object' },
			{
				name: 'One for All That Come Together',
				value: 'batch',
				description: 'For all objects of at most 10 messages. If it fails, all of them come again.',
			},
		],
		default: 'object',
		description: 'How many executions the messages start',
	},
	{
		displayName: 'Max Execution Time (Minutes)',
		name: 'maxMinutes',
		type: 'number',
		typeOptions: { minValue: MINUTES.min, maxValue: MINUTES.max },
		default: 60,
		description:
			'How long to keep the message hidden and wait for the end of the workflow. After that the message comes again, and starts another execution.',
	},
	{
		displayName: 'Max Messages at Once',
		name: 'maxMessages',
		type: 'number',
		typeOptions: { minValue: MESSAGES.min, maxValue: MESSAGES.max },
		default: 10,
		description: 'How many messages are worked on at the same time',
	},
	{
		displayName: 'Max Receives',
		name: 'maxReceives',
		type: 'number',
		typeOptions: { minValue: RECEIVES.min, maxValue: RECEIVES.max },
		default: 5,
		description:
			'How often a message may start the workflow. After that it is reported once as a failed execution, and left to the redrive policy of the queue.',
	},
	{
		displayName: 'Visibility Timeout (Seconds)',
		name: 'visibilityTimeout',
		type: 'number',
		typeOptions: { minValue: HIDDEN.min, maxValue: HIDDEN.max },
		default: 60,
		description:
			'How long a message stays hidden from others when n8n stops or, with Acknowledge Later, after the workflow has ended. It is prolonged as long as the workflow runs.',
	},
];

/** What is watched by a queue. */
export const queueFields: INodeProperties[] = updateDisplayOptions({ show: { watch: ['queue'] } }, [
	{
		displayName:
			'Messages start the workflow as soon as they come; Poll Times has no effect. A test takes one message that is there or comes within 20 seconds, and gives it back.',
		name: 'queueNotice',
		type: 'notice',
		default: '',
	},
	queueUrlField,
	acknowledgeField,
	optionsField(...eventFilter.fields, ...queueEndpoint.fields, ...queueOptions),
]);

/**
 * How a queue is watched.
 *
 * @param acknowledges what can be chosen
 * @throws {S3Failure} of kind `invalid` when a field cannot be used
 */
export function readQueueSettings(
	source: ParameterSource,
	acknowledges: readonly Acknowledge[] = ACKNOWLEDGE,
): QueueSettings {
	const number = (name: string, bounds: Parameters<typeof readNumber>[2], whenEmpty: number) =>
		readNumber(source, `options.${name}`, bounds) ?? whenEmpty;
	return {
		...queueOf(source),
		acknowledge: readOneOf(source, 'acknowledge', acknowledges) ?? 'whenSucceeded',
		together: readOneOf(source, 'options.executions', ['object', 'batch']) === 'batch',
		isMeant: eventFilter.read(source),
		maxMessages: number('maxMessages', MESSAGES, 10),
		maxReceives: number('maxReceives', RECEIVES, 5),
		hiddenSeconds: number('visibilityTimeout', HIDDEN, 60),
		maxRun: 60_000 * number('maxMinutes', MINUTES, 60),
	};
}
