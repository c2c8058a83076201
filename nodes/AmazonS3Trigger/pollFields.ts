import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { bucketField } from '../parameters/bucketAndKey';
import { caller } from '../parameters/caller';
import { optionsField } from '../parameters/OptionGroup';
import type { ParameterSource } from '../parameters/ParameterSource';
import { notLost, readText } from '../parameters/read';
import { requestsField } from './requestsField';
import { watching } from './watching';

export const prefixField: INodeProperties = {
	displayName: 'Prefix',
	name: 'prefix',
	type: 'string',
	default: '',
	placeholder: 'e.g. invoices/incoming/',
	description:
		'Only watch objects whose key begins with this. Leave it empty for the whole bucket. With another prefix the node starts over.',
};

/**
 * What the keys begin with that are watched; undefined: the whole bucket.
 *
 * @throws {S3Failure} of kind `invalid` when an expression gives nothing
 */
export const watchedPrefix = (source: ParameterSource): string | undefined =>
	notLost(source, 'prefix', readText(source, 'prefix'));

/** What is watched by polling. */
export const pollFields: INodeProperties[] = updateDisplayOptions({ show: { watch: ['poll'] } }, [
	bucketField,
	prefixField,
	{
		displayName: 'Order of Keys',
		name: 'order',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Any',
				value: 'any',
				description: 'Every object is found, whatever its key and date: the whole prefix is listed',
			},
			{
				name: 'Growing',
				value: 'growing',
				description:
					'Each new key sorts after all earlier ones, as keys that begin with a date do: only what comes after the last key is listed, and a key before it is never found',
			},
		],
		default: 'any',
		description: 'In which order new keys come',
	},
	{
		displayName: 'Event',
		name: 'event',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Object Created',
				value: 'created',
				description: 'An object whose key was not there before',
			},
			{
				name: 'Object Created or Changed',
				value: 'createdOrChanged',
				description: 'Also an object that was written again, even with the same content',
			},
		],
		default: 'createdOrChanged',
		description: 'What starts the workflow',
		displayOptions: { show: { order: ['any'] } },
	},
	requestsField,
	optionsField(...watching.fields, ...caller.fields),
]);
