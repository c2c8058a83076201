import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import type { OptionGroup } from './OptionGroup';
import { outputField, outputFileName } from './outputFile';
import { readOneOf } from './read';

/** What is made of a listing: items, one item with a list, or a file. */
export type ListingOutput = 'items' | 'array' | 'ndjson' | 'csv';

/**
 * How a listing is returned.
 *
 * @param what is listed, such as `object`
 */
export const listingOutput = (what: string): OptionGroup<ListingOutput> => ({
	fields: [
		{
			displayName: 'Output',
			name: 'output',
			type: 'options',
			options: [
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
			],
			default: 'items',
			description: 'How to return the list',
		},
		...updateDisplayOptions({ show: { output: ['csv', 'ndjson'] } }, outputField.fields),
	],
	read: (source) => readOneOf(source, 'output', ['items', 'array', 'ndjson', 'csv']) ?? 'items',
});

/** The options of a listing that is written to a file. */
export const listingFileOptions: INodeProperties[] = [
	...updateDisplayOptions({ show: { '/output': ['csv', 'ndjson'] } }, outputFileName.fields),
	{
		displayName: 'Safe for Spreadsheets',
		name: 'spreadsheetSafe',
		type: 'boolean',
		default: false,
		displayOptions: { show: { '/output': ['csv'] } },
		description:
			'Whether to put an apostrophe before what a spreadsheet would take for a formula in a CSV file: texts that begin with = + - @, a tab or a carriage return',
	},
];
