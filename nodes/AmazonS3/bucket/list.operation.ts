import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { listBuckets } from '../../../s3/buckets/listBuckets';
import { concurrencyOption } from '../../parameters/fields';
import { withoutUndefined } from '../../files/itemBinary';
import type { Item, Operation } from '../../run/operation';
import { readBoolean, readNumber, readText } from '../../parameters/read';

/** AWS gives an account at most a million buckets; nobody reads more than this in n8n. */
const MOST_BUCKETS = 100_000;
const DEFAULT_LIMIT = 50;

const option: INodePropertyOptions = {
	name: 'List',
	value: 'list',
	description: 'List the buckets of the account',
	action: 'List buckets',
};

const fields: INodeProperties[] = [
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
		typeOptions: { minValue: 1, maxValue: MOST_BUCKETS },
		default: 50,
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
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
				displayName: 'Prefix',
				name: 'prefix',
				type: 'string',
				default: '',
				placeholder: 'e.g. my-',
				description: 'Only list buckets whose name begins with this',
			},
		],
	},
];

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const prefix = readText(item, 'options.prefix');
	const limit = limitFrom(item);
	const items: INodeExecutionData[] = [];
	const request = { ...(prefix === undefined ? {} : { prefix }), limit };
	for await (const buckets of listBuckets(item.s3, request, item)) {
		for (const bucket of buckets) items.push({ json: withoutUndefined({ ...bucket }) });
	}
	return items;
}

function limitFrom(item: Item): number {
	if (readBoolean(item, 'returnAll')) return MOST_BUCKETS;
	const bounds = { min: 1, max: MOST_BUCKETS, whole: true };
	return readNumber(item, 'limit', bounds) ?? DEFAULT_LIMIT;
}

/** Lists the buckets that the credential may see. */
export const list: Operation = { option, fields, execute };
