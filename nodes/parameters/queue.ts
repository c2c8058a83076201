import type { INodeProperties } from 'n8n-workflow';

import type { QueueName } from '../../s3/queue/openQueue';
import { endpointUrl } from '../../s3/policy/endpointUrl';
import { S3Failure } from '../../s3/S3Failure';
import type { OptionGroup } from './OptionGroup';
import type { ParameterSource } from './ParameterSource';
import { checkEntered, notLost, readTrimmed } from './read';

export const queueUrlField: INodeProperties = {
	displayName: 'Queue URL',
	name: 'queueUrl',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. https://sqs.….amazonaws.com/…/new',
	description: 'URL or ARN of a standard queue of Amazon SQS',
};

/** Where requests about the queue go, if not to its URL. */
export const queueEndpoint: OptionGroup<Pick<QueueName, 'endpoint'>> = {
	fields: [
		{
			displayName: 'SQS Endpoint',
			name: 'endpoint',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://vpce-….vpce.amazonaws.com',
			description:
				'URL to send requests to instead of the Queue URL, such as that of a VPC endpoint',
		},
	],
	read: (source) => {
		const name = 'options.endpoint';
		// Without it requests would go to another server, such as one of AWS.
		const endpoint = notLost(source, name, readTrimmed(source, name));
		if (endpoint === undefined) return {};
		return { endpoint: endpointUrl(endpoint, 'SQS Endpoint', 'node') };
	},
};

/**
 * The queue that is entered.
 *
 * @throws {S3Failure} of kind `invalid` when there is none
 */
export function queueOf(source: ParameterSource): QueueName {
	const queue = readTrimmed(source, 'queueUrl');
	if (queue !== undefined) return { queue, ...queueEndpoint.read(source) };
	checkEntered(source.entered('queueUrl'), queueUrlField.displayName, false);
	throw S3Failure.invalid(
		'No queue is entered',
		'Enter the Queue URL: the console of SQS shows it among the details of the queue.',
	);
}
