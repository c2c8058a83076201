import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { listObjects, type ListRequest } from '../../../s3/list/listObjects';
import { withoutUndefined } from '../../files/json';
import { bucketField, bucketOf } from '../../parameters/bucketAndKey';
import { caller } from '../../parameters/caller';
import { concurrency } from '../../parameters/concurrency';
import { filter } from '../../parameters/filter';
import { optionsField } from '../../parameters/OptionGroup';
import { listedPrefixOf } from '../../parameters/listedPrefix';
import { listingOptions, readsPartitions } from '../../parameters/listingOptions';
import { listingFileOptions, listingOutput } from '../../parameters/listingOutput';
import { MAX_RESULTS, paging } from '../../parameters/paging';
import { readSafeguard } from '../../parameters/read';
import { restoreStatus } from '../../parameters/restoreStatus';
import { retrying } from '../../parameters/retrying';
import type { Item, ItemOperation } from '../../run/operation';
import { arrayOf, boolean, integer, optional, schemaOf, text } from '../../run/schema';
import { csvLines, jsonLines, Listing } from './Listing';
import { listingFile } from './listingFile';
import { listedRowForms } from './outputFields';
import { whyEmpty } from './whyEmpty';

const option: INodePropertyOptions = {
	name: 'List',
	value: 'list',
	description: 'List the objects of a bucket or prefix',
	action: 'List objects',
	builderHint: {
		propertyHint:
			'Gives an item for each object with bucket, key, size, etag and lastModified. Prefix is the beginning of keys, without a slash before it; it takes no wildcards: use the option keyMatches.',
	},
};

const outputForm = listingOutput('object');

const fields: INodeProperties[] = [
	bucketField,
	{
		displayName: 'Prefix',
		name: 'prefix',
		type: 'string',
		default: '',
		placeholder: 'e.g. invoices/2026/',
		description:
			'Only list objects whose key begins with this. Leave it empty for the whole bucket.',
	},
	...paging.fields,
	...outputForm.fields,
	optionsField(
		...filter.fields,
		...listingOptions.fields,
		...restoreStatus.fields,
		...listingFileOptions,
		...concurrency.fields,
		...retrying.fields,
		...caller.fields,
	),
];

const schema = schemaOf(...listedRowForms, {
	bucket: text('Name of the bucket'),
	count: integer('Objects and common prefixes listed; with Output set to Array or a file'),
	truncated: boolean('Whether the listing was cut at its limit'),
	...optional({
		prefix: text('Prefix that was listed'),
		nextStartAfter: text(
			'Key to go on after, for the option Start After; not of a directory bucket, which has no order',
		),
		objects: arrayOf('What was listed; with Output set to Array', ...listedRowForms),
	}),
});

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const output = outputForm.read(item);
	const inItems = output === 'items' || output === 'array';
	const limit = paging.read(item) ?? (inItems ? MAX_RESULTS : undefined);
	const request = requestFrom(item, limit);
	const listed = listObjects(item.s3, request, item);
	const listing = new Listing(request, listed, readsPartitions(item));
	if (!inItems) {
		const file = await fileItem(item, listing, output);
		if (listing.count === 0) item.hint(whyEmpty(request));
		return [file];
	}

	const items: INodeExecutionData[] = [];
	for await (const rows of listing.pages()) {
		// Objects that have all their members from the beginning take less time and memory in V8.
		for (const json of rows) items.push({ json, pairedItem: item.index });
	}
	if (listing.count === 0) item.hint(whyEmpty(request));
	if (listing.isTruncated && request.limit === MAX_RESULTS) {
		const goOn = listing.nextStartAfter === undefined ? '' : ' go on with the option Start After,';
		item.hint(
			`Only the first 100,000 objects of bucket “${request.bucket}” are returned; there are more. Narrow the prefix,${goOn} or choose a file as output.`,
		);
	}
	if (output === 'items') return items;
	return [{ json: { ...summaryOf(listing), objects: items.map(({ json }) => json) } }];
}

function requestFrom(item: Item, limit: number | undefined): ListRequest {
	return {
		bucket: bucketOf(item, item.s3.connection),
		prefix: listedPrefixOf(item),
		...listingOptions.read(item),
		limit,
		...filter.read(item),
		...restoreStatus.read(item),
		...caller.read(item),
	};
}

function summaryOf({ request, count, isTruncated, nextStartAfter }: Listing) {
	return withoutUndefined({
		bucket: request.bucket,
		prefix: request.prefix,
		count,
		truncated: isTruncated,
		nextStartAfter,
	});
}

async function fileItem(
	item: Item,
	listing: Listing,
	output: 'ndjson' | 'csv',
): Promise<INodeExecutionData> {
	const lines =
		output === 'csv'
			? csvLines(listing, readSafeguard(item, 'options.spreadsheetSafe'))
			: jsonLines(listing.pages());
	const binary = await listingFile(item, lines, `objects.${output}`);
	return { json: summaryOf(listing), binary };
}

/** Lists the objects of a bucket or prefix as items, one array or a file. */
export const list: ItemOperation = {
	option,
	fields,
	output: schema,
	calls: { ListObjectsV2: 'always' },
	execute,
};
