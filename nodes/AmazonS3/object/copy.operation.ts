import type { INodeExecutionData, INodePropertyOptions } from 'n8n-workflow';

import { copyBetween } from '../../../s3/objects/copyBetween';
import type { Item, ItemOperation } from '../../run/operation';
import { schemaOf } from '../../run/schema';
import {
	copiesAtOnce,
	copyCalls,
	copyConnections,
	copyFields,
	copyOutput,
	copyRequestOf,
	jsonOf,
} from './Copying';
import { unusualKeys } from './unusualKeys';

const option: INodePropertyOptions = {
	name: 'Copy',
	value: 'copy',
	description:
		'Copy an object to another key, bucket, account or server. An object with the target key is replaced, unless Overwrite says otherwise.',
	action: 'Copy object (replaces an existing one)',
	builderHint: {
		propertyHint:
			'Copies on the server if that is possible; with anotherConnection to another account or server. The source stays.',
	},
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const connections = await copyConnections(item);
	const copied = await copyBetween(connections, copyRequestOf(item, connections), item);
	return [{ json: jsonOf(copied) }];
}

/** Copies one object. */
export const copy: ItemOperation = {
	option,
	fields: copyFields(),
	output: schemaOf(copyOutput),
	calls: copyCalls,
	execute,
	...copiesAtOnce,
	summaryOf: unusualKeys,
};
