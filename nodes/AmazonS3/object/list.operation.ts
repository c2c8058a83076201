import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { listObjects, type ListRequest } from '../../../s3/list/listObjects';
import {
	bucketField,
	concurrencyOption,
	expectedBucketOwnerOption,
	requestPayerOption,
} from '../../parameters/fields';
import { fileNameOf, outputFieldOf, storeFile, withoutUndefined } from '../../files/itemBinary';
import type { Item, Operation } from '../../run/operation';
import {
	readBoolean,
	readDate,
	readNumber,
	readOneOf,
	readText,
	readTrimmed,
} from '../../parameters/read';
import { bucketOf } from '../../parameters/bucketAndKey';
import { textStream } from '../../files/lines';
import { csvLines, jsonLines, Listing } from './Listing';

/** More items than this freeze n8n's editor. */
const MOST_ITEMS = 100_000;
const DEFAULT_LIMIT = 50;

const option: INodePropertyOptions = {
	name: 'List',
	value: 'list',
	description: 'List the objects of a bucket or prefix',
	action: 'List objects',
};

const fields: INodeProperties[] = [
	bucketField,
	{
		displayName: 'Prefix',
		name: 'prefix',
		type: 'string',
		default: '',
		placeholder: 'e.g. invoices/2026/',
		description:
			'Only list objects whose key begins with this. Left empty, it is the whole bucket.',
	},
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MOST_ITEMS },
		default: 50,
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	},
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{
				name: 'Array',
				value: 'array',
				description: 'One item that holds a list of the objects, at most 100,000',
			},
			{
				name: 'CSV File',
				value: 'csv',
				description: 'A file with a line for each object, however many there are',
			},
			{ name: 'Items', value: 'items', description: 'An item for each object, at most 100,000' },
			{
				name: 'NDJSON File',
				value: 'ndjson',
				description: 'A file with a JSON object on each line, however many there are',
			},
		],
		default: 'items',
		description: 'What becomes of the listing',
	},
	{
		displayName: 'Put Output File in Field',
		name: 'binaryProperty',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		displayOptions: { show: { output: ['csv', 'ndjson'] } },
		hint: 'The name of the output binary field to put the file in',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			concurrencyOption,
			{
				displayName: 'Delimiter',
				name: 'delimiter',
				type: 'string',
				default: '',
				placeholder: 'e.g. /',
				description:
					'Keys that go on after the prefix up to this text are listed together as one common prefix, as folders are',
			},
			{
				displayName: 'Exclude Prefix Itself',
				name: 'excludePrefixItself',
				type: 'boolean',
				default: false,
				description:
					'Whether to leave out the object whose key is the prefix, as consoles make one for a folder',
			},
			expectedBucketOwnerOption,
			{
				displayName: 'Fetch Owner',
				name: 'fetchOwner',
				type: 'boolean',
				default: false,
				description: 'Whether to list the owner of each object too',
			},
			{
				displayName: 'File Name',
				name: 'fileName',
				type: 'string',
				default: '',
				placeholder: 'e.g. objects.csv',
				description: 'The name of the CSV or NDJSON file',
			},
			{
				displayName: 'Key Matches',
				name: 'keyMatches',
				type: 'string',
				default: '',
				placeholder: 'e.g. **/*.pdf',
				description:
					'A pattern for the whole key: * is any text without a slash, ** any text, ? one character, and ^ takes the next character as it is',
			},
			{
				displayName: 'Max Size',
				name: 'maxSize',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 0,
				description: 'Only list objects of at most this many bytes',
			},
			{
				displayName: 'Min Size',
				name: 'minSize',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 0,
				description: 'Only list objects of at least this many bytes',
			},
			{
				displayName: 'Modified After',
				name: 'modifiedAfter',
				type: 'dateTime',
				default: '',
				description: 'Only list objects modified at this moment or later',
			},
			{
				displayName: 'Modified Before',
				name: 'modifiedBefore',
				type: 'dateTime',
				default: '',
				description: 'Only list objects modified before this moment',
			},
			{
				displayName: 'Partition Columns',
				name: 'partitionColumns',
				type: 'boolean',
				default: false,
				description:
					'Whether to add the name=value parts of the key, such as year=2026/month=08, as the object partitions; in a CSV file it is one column of JSON',
			},
			requestPayerOption,
			{
				displayName: 'Start After',
				name: 'startAfter',
				type: 'string',
				default: '',
				placeholder: 'e.g. invoices/2026/0815.pdf',
				description: 'Only list keys that come after this one in the order of S3',
			},
		],
	},
];

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const output = readOneOf(item, 'output', ['items', 'array', 'ndjson', 'csv']) ?? 'items';
	const inItems = output === 'items' || output === 'array';
	const limit = limitFrom(item);
	const request = requestFrom(item, limit ?? (inItems ? MOST_ITEMS : undefined));
	const listing = new Listing(
		request,
		listObjects(item.s3, request, item),
		readBoolean(item, 'options.partitionColumns'),
	);
	if (!inItems) return [await fileItem(item, listing, output)];

	const items: INodeExecutionData[] = [];
	for await (const rows of listing.pages()) {
		// With a place for its link from the beginning an item takes less time and memory than with one added.
		for (const json of rows) items.push({ json, pairedItem: item.index });
	}
	if (listing.nextStartAfter !== undefined && request.limit === MOST_ITEMS) {
		item.hint(
			`Only the first 100,000 objects of bucket “${request.bucket}” are returned; there are more. Narrow the prefix, go on with the option Start After, or choose a file as output.`,
		);
	}
	if (output === 'items') return items;
	return [{ json: { ...summaryOf(listing), objects: items.map(({ json }) => json) } }];
}

function limitFrom(item: Item): number | undefined {
	if (readBoolean(item, 'returnAll')) return undefined;
	const bounds = { min: 1, max: MOST_ITEMS, whole: true };
	return readNumber(item, 'limit', bounds) ?? DEFAULT_LIMIT;
}

function requestFrom(item: Item, limit: number | undefined): ListRequest {
	const bytes = { min: 0, max: Infinity };
	return {
		bucket: bucketOf(item),
		prefix: readText(item, 'prefix'),
		delimiter: readText(item, 'options.delimiter'),
		startAfter: readText(item, 'options.startAfter'),
		limit,
		modifiedAfter: readDate(item, 'options.modifiedAfter'),
		modifiedBefore: readDate(item, 'options.modifiedBefore'),
		minSize: readNumber(item, 'options.minSize', bytes),
		maxSize: readNumber(item, 'options.maxSize', bytes),
		keyMatches: readText(item, 'options.keyMatches'),
		excludePrefixItself: readBoolean(item, 'options.excludePrefixItself'),
		fetchOwner: readBoolean(item, 'options.fetchOwner'),
		requestPayer: readBoolean(item, 'options.requestPayer'),
		expectedBucketOwner: readTrimmed(item, 'options.expectedBucketOwner'),
	};
}

function summaryOf({ request, count, nextStartAfter }: Listing) {
	return withoutUndefined({
		bucket: request.bucket,
		prefix: request.prefix,
		count,
		truncated: nextStartAfter !== undefined,
		nextStartAfter,
	});
}

async function fileItem(
	item: Item,
	listing: Listing,
	output: 'ndjson' | 'csv',
): Promise<INodeExecutionData> {
	const binaryProperty = outputFieldOf(item);
	const fileName = fileNameOf(readText(item, 'options.fileName') ?? `objects.${output}`);
	const mimeType = output === 'csv' ? 'text/csv' : 'application/x-ndjson';
	const lines = output === 'csv' ? csvLines(listing) : jsonLines(listing);
	const file = await storeFile(item, textStream(lines), { fileName, mimeType });
	return { json: summaryOf(listing), binary: { [binaryProperty]: file } };
}

/** Lists the objects of a bucket or prefix as items, one array or a file. */
export const list: Operation = { option, fields, execute };
