import {
	updateDisplayOptions,
	type INodeProperties,
	type INodePropertyOptions,
	type NodeParameterValue,
} from 'n8n-workflow';

import { withTool } from './forTools';
import type { OptionGroup } from './OptionGroup';
import { outputField, outputFileName } from './outputFile';
import { readOneOf } from './read';

/** What is made of a listing: items, one item with a list, or a file. */
export type ListingOutput = 'items' | 'array' | 'ndjson' | 'csv';

const FILES: NodeParameterValue[] = ['csv', 'ndjson'];

/**
 * How a listing is returned; as a tool of an agent not as a file.
 *
 * @param what is listed, such as `object`
 */
export function listingOutput(what: string): OptionGroup<ListingOutput> {
	const options = choicesOf(what);
	const field: INodeProperties = {
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options,
		default: 'items',
		description: 'How to return the list',
	};
	return {
		fields: [
			...withTool(field, { options: options.filter(({ value }) => !FILES.includes(value)) }),
			...updateDisplayOptions({ show: { output: FILES } }, outputField.fields),
		],
		read: (source) => readOneOf(source, 'output', ['items', 'array', 'ndjson', 'csv']) ?? 'items',
	};
}

const choicesOf = (what: string): INodePropertyOptions[] => [
	{
		name: 'Array',
		value: 'array',
		description: `One item that holds a list of the ${what}s, at most 100,000`,
	},
	{
		name: 'CSV File',
		value: 'csv',
		description: `A file with a line for each ${what}, however many there are`,
	},
	{
		name: 'Items',
		value: 'items',
		description: `An item for each ${what}, at most 100,000`,
	},
	{
		name: 'NDJSON File',
		value: 'ndjson',
		description: 'A file with a JSON object on each line, however many there are',
	},
];

const fileName = outputFileName.fields.map((field) => ({
	...field,
	placeholder: 'e.g. inventory.csv',
	description: 'The name of the output file. Leave it empty for one that says what is listed.',
}));

/** The options of a listing that is written to a file. */
export const listingFileOptions: INodeProperties[] = [
	...updateDisplayOptions({ show: { '/output': FILES } }, fileName),
	{
		displayName: 'Safe for Spreadsheets',
		name: 'spreadsheetSafe',
		type: 'boolean',
		default: false,
		displayOptions: { show: { '/output': ['csv'] } },
		description:
			'Whether to put an apostrophe before texts that a spreadsheet would take for a formula: those that begin with = + - @, a tab or a carriage return',
	},
];
