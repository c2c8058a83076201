import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { listVersions as versionsOf } from '../../../s3/list/listVersions';
import { withoutUndefined } from '../../files/json';
import { bucketField, bucketOf } from '../../parameters/bucketAndKey';
import { caller } from '../../parameters/caller';
import { concurrency } from '../../parameters/concurrency';
import { filter } from '../../parameters/filter';
import { optionsField } from '../../parameters/OptionGroup';
import { MAX_RESULTS, paging } from '../../parameters/paging';
import { readText } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import type { Item, ItemOperation } from '../../run/operation';
import { boolean, dateTime, integer, optional, schemaOf, text } from '../../run/schema';
import { bucketAndKey } from './outputFields';

const option: INodePropertyOptions = {
	name: 'List Versions',
	value: 'listVersions',
	description: 'List the versions and delete markers of one object, of a prefix or of a bucket',
	action: 'List versions of objects',
	builderHint: {
		propertyHint: 'Lists versions and delete markers; set versionsOf for a single key.',
	},
};

const fields: INodeProperties[] = [
	bucketField,
	{
		displayName: 'Versions Of',
		name: 'versionsOf',
		type: 'string',
		default: '',
		placeholder: 'e.g. invoices/2026/0815.pdf',
		description: 'The key of one object. Left empty, Prefix decides.',
	},
	{
		displayName: 'Prefix',
		name: 'prefix',
		type: 'string',
		default: '',
		placeholder: 'e.g. invoices/2026/',
		displayOptions: { show: { versionsOf: [''] } },
		description:
			'Only list versions of objects whose key begins with this. Left empty, it is the whole bucket.',
	},
	...paging.fields,
	optionsField(...filter.fields, ...concurrency.fields, ...retrying.fields, ...caller.fields),
];

const output = schemaOf({
	...bucketAndKey,
	versionId: text('The version; “null” if it was put while the bucket kept no versions'),
	isLatest: boolean('Whether it is the newest of its key'),
	isDeleteMarker: boolean('Whether it is a delete marker, which hides the object'),
	size: integer('Bytes; 0 of a delete marker'),
	...optional({
		etag: text('ETag without quotes'),
		lastModified: dateTime('When it was made'),
		storageClass: text('Storage class'),
	}),
});

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const limit = paging.read(item) ?? MAX_RESULTS;
	const request = {
		bucket: bucketOf(item, item.s3.connection),
		versionsOf: readText(item, 'versionsOf'),
		prefix: readText(item, 'prefix'),
		limit,
		...filter.read(item),
		...caller.read(item),
	};
	const items: INodeExecutionData[] = [];
	for await (const versions of versionsOf(item.s3, request, item)) {
		for (const version of versions) items.push({ json: withoutUndefined(version) });
	}
	if (items.length === MAX_RESULTS) {
		item.hint(
			`At most 100,000 versions are returned, and there may be more in bucket “${request.bucket}”. Narrow the prefix.`,
		);
	}
	return items;
}

/** Lists versions and delete markers, the newest of each key first. */
export const listVersions: ItemOperation = {
	option,
	fields,
	output,
	calls: { ListObjectVersions: 'always' },
	execute,
};
