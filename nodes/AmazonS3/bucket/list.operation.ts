import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { listBuckets } from '../../../s3/buckets/listBuckets';
import { withoutUndefined } from '../../files/json';
import { concurrency } from '../../parameters/concurrency';
import { optionsField } from '../../parameters/OptionGroup';
import { MAX_RESULTS, paging } from '../../parameters/paging';
import { readText } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import type { Item, ItemOperation } from '../../run/operation';
import { dateTime, optional, schemaOf, text } from '../../run/schema';

const option: INodePropertyOptions = {
	name: 'List',
	value: 'list',
	description: 'List the buckets of the account',
	action: 'List buckets',
	builderHint: {
		propertyHint: 'Lists the buckets of the account.',
	},
};

const fields: INodeProperties[] = [
	...paging.fields,
	optionsField(
		{
			displayName: 'Prefix',
			name: 'prefix',
			type: 'string',
			default: '',
			placeholder: 'e.g. my-',
			description: 'Only list buckets whose name begins with this',
		},
		...concurrency.fields,
		...retrying.fields,
	),
];

const output = schemaOf({
	bucket: text('Name of the bucket'),
	...optional({
		creationDate: dateTime('When the bucket was created'),
		region: text('Region of the bucket, if the server names it'),
	}),
});

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const request = {
		prefix: readText(item, 'options.prefix'),
		limit: paging.read(item) ?? MAX_RESULTS,
	};
	const items: INodeExecutionData[] = [];
	for await (const buckets of listBuckets(item.s3, request, item)) {
		for (const bucket of buckets) items.push({ json: withoutUndefined({ ...bucket }) });
	}
	if (items.length === 0) item.hint(noBuckets(request.prefix));
	return items;
}

const noBuckets = (prefix: string | undefined): string =>
	prefix === undefined
		? 'There is no bucket that the credential may see.'
		: `There is no bucket that the credential may see and whose name begins with “${prefix}”.`;

/** Lists the buckets that the credential may see. */
export const list: ItemOperation = {
	option,
	fields,
	output,
	calls: { ListBuckets: 'always' },
	execute,
};
