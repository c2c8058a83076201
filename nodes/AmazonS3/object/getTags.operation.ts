import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { getTags as readTags } from '../../../s3/objects/tags';
import { withoutUndefined } from '../../files/json';
import {
	bucketField,
	bucketOf,
	existingKeyField,
	existingKeyOf,
} from '../../parameters/bucketAndKey';
import { caller } from '../../parameters/caller';
import { concurrency } from '../../parameters/concurrency';
import { optionsField } from '../../parameters/OptionGroup';
import { retrying } from '../../parameters/retrying';
import { versionId } from '../../parameters/versionId';
import type { Item, ItemOperation } from '../../run/operation';
import { schemaOf } from '../../run/schema';
import { tagsOutput } from './outputFields';

const option: INodePropertyOptions = {
	name: 'Get Tags',
	value: 'getTags',
	description: 'Get the tags of an object',
	action: 'Get tags of object',
	builderHint: {
		propertyHint: 'Reads the tags of one object into {{ $json.tags }}.',
	},
};

const fields: INodeProperties[] = [
	bucketField,
	existingKeyField,
	optionsField(...versionId.fields, ...concurrency.fields, ...retrying.fields, ...caller.fields),
];

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const request = {
		bucket: bucketOf(item, item.s3.connection),
		key: existingKeyOf(item),
		versionId: versionId.read(item),
		...caller.read(item),
	};
	return [{ json: withoutUndefined({ ...(await readTags(item.s3, request, item)) }) }];
}

/** Reads the tags of one object. */
export const getTags: ItemOperation = {
	option,
	fields,
	output: schemaOf(tagsOutput),
	calls: { GetObjectTagging: 'always' },
	execute,
};
