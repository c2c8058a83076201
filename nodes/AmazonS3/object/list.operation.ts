import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import {
	listObjects,
	type ListedEntry,
	type ListPage,
	type ListRequest,
} from '../../../s3/listing';
import { bucketField, concurrencyOption, requestPayerOption } from '../fields';
import { fileNameOf, outputFieldOf, storeFile, textStream, withoutUndefined } from '../itemBinary';
import type { Item, Operation } from '../operation';
import { readBoolean, readDate, readNumber, readOneOf, readText } from '../parameters';
import { bucketOf } from '../target';

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
		description: 'Only list objects whose key begins with this. Left empty, it is the whole bucket.',
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
		default: DEFAULT_LIMIT,
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
				description: 'Whether to leave out the object whose key is the prefix, as consoles make one for a folder',
			},
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
	const listing = new Listing(listObjects(item.s3, request, item), {
		partitions: readBoolean(item, 'options.partitionColumns'),
	});
	if (!inItems) return [await fileItem(item, request, listing, output)];

	const entries: ListedRow[] = [];
	for await (const rows of listing.pages()) for (const row of rows) entries.push(row);
	if (listing.nextStartAfter !== undefined && request.limit === MOST_ITEMS) {
		item.hint(
			`Only the first 100,000 objects of bucket “${request.bucket}” are returned; there are more. Narrow the prefix, go on with the option Start After, or choose a file as output.`,
		);
	}
	if (output === 'items') return entries.map((json) => ({ json: { ...json } }));
	return [{ json: { ...summaryOf(request, listing), objects: entries } }];
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
	};
}

type ListedRow = ListedEntry & { partitions?: Record<string, string> };

/** A listing on its way to the output: its rows page by page, and what is known at its end. */
class Listing {
	/** Rows that went through. */
	count = 0;

	/** The key to go on after, when the listing was cut at its limit. */
	nextStartAfter: string | undefined;

	constructor(
		private readonly listed: AsyncIterable<ListPage>,
		private readonly options: { partitions: boolean },
	) {}

	async *pages(): AsyncGenerator<ListedRow[]> {
		for await (const { entries, nextStartAfter } of this.listed) {
			this.count += entries.length;
			this.nextStartAfter = nextStartAfter;
			yield this.options.partitions ? entries.map(withPartitions) : entries;
		}
	}
}

function withPartitions(entry: ListedEntry): ListedRow {
	return { ...entry, partitions: partitionsOf('key' in entry ? entry.key : entry.prefix) };
}

/** The `name=value` folders of a key; its last part is the object's own name. */
function partitionsOf(key: string): Record<string, string> {
	const folders = key.split('/').slice(0, -1);
	const pairs = folders.map((folder) => /^([^=]+)=(.*)$/s.exec(folder));
	return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1], pair[2]]] : [])));
}

function summaryOf(request: ListRequest, { count, nextStartAfter }: Listing) {
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
	request: ListRequest,
	listing: Listing,
	output: 'ndjson' | 'csv',
): Promise<INodeExecutionData> {
	const binaryProperty = outputFieldOf(item);
	const fileName = fileNameOf(readText(item, 'options.fileName') ?? `objects.${output}`);
	const mimeType = output === 'csv' ? 'text/csv' : 'application/x-ndjson';
	const lines = output === 'csv' ? csvLines(item, request, listing) : jsonLines(listing);
	const file = await storeFile(item, textStream(lines), { fileName, mimeType });
	return { json: summaryOf(request, listing), binary: { [binaryProperty]: file } };
}

async function* jsonLines(listing: Listing): AsyncGenerator<string> {
	for await (const rows of listing.pages()) {
		yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
	}
}

/** RFC 4180: a header, commas, CRLF, quotes around what needs them. */
async function* csvLines(
	item: Item,
	request: ListRequest,
	listing: Listing,
): AsyncGenerator<string> {
	const columns = csvColumns(request, readBoolean(item, 'options.partitionColumns'));
	yield csvLine(columns.map(({ name }) => name));
	for await (const rows of listing.pages()) {
		yield rows.map((row) => csvLine(columns.map(({ valueOf }) => valueOf(row)))).join('');
	}
}

interface CsvColumn {
	name: string;
	valueOf(row: ListedRow): string | number | undefined;
}

function csvColumns(request: ListRequest, partitions: boolean): CsvColumn[] {
	const column = <Name extends 'key' | 'size' | 'etag' | 'lastModified' | 'storageClass'>(
		name: Name,
	): CsvColumn => ({ name, valueOf: (row) => ('key' in row ? row[name] : undefined) });
	return [
		{ name: 'bucket', valueOf: (row) => row.bucket },
		...(request.delimiter === undefined
			? []
			: [{ name: 'prefix', valueOf: (row: ListedRow) => ('key' in row ? undefined : row.prefix) }]),
		column('key'),
		column('size'),
		column('etag'),
		column('lastModified'),
		column('storageClass'),
		...(request.fetchOwner === true ? ownerColumns : []),
		...(partitions
			? [{ name: 'partitions', valueOf: (row: ListedRow) => JSON.stringify(row.partitions) }]
			: []),
	];
}

const ownerColumns: CsvColumn[] = [
	{ name: 'ownerId', valueOf: (row) => ('key' in row ? row.owner?.id : undefined) },
	{ name: 'ownerDisplayName', valueOf: (row) => ('key' in row ? row.owner?.displayName : undefined) },
];

function csvLine(values: Array<string | number | undefined>): string {
	return `${values.map(csvValue).join(',')}\r\n`;
}

function csvValue(value: string | number | undefined): string {
	const text = value === undefined ? '' : String(value);
	return /[",\r\n]/.test(text) ? `“${text.replaceAll('"', '""')}”` : text;
}

/** Lists the objects of a bucket or prefix as items, one array or a file. */
export const list: Operation = { option, fields, execute };
