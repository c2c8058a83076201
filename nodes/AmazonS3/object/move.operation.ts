import type { INodeExecutionData, INodePropertyOptions } from 'n8n-workflow';

import { moveObject } from '../../../s3/objects/moveObject';
import { S3Failure } from '../../../s3/S3Failure';
import { newKeyOf } from '../../parameters/bucketAndKey';
import { copyCondition } from '../../parameters/conditions';
import { readBoolean } from '../../parameters/read';
import type { CallUses, Item, ItemOperation } from '../../run/operation';
import { boolean, schemaOf } from '../../run/schema';
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
	name: 'Move',
	value: 'move',
	description:
		'Move or rename an object: copy it, check the copy, delete the source. An object with the target key is replaced, unless Overwrite says otherwise.',
	action: 'Move or rename object (deletes the source)',
	builderHint: {
		propertyHint:
			'Moves or renames: copies, checks the copy, and deletes the source. There is no other operation to rename.',
	},
};

const fields = copyFields({
	displayName: 'Delete This Version',
	name: 'deleteThisVersion',
	type: 'boolean',
	default: false,
	description:
		'Whether to delete the copied version permanently. This needs the permission s3:DeleteObjectVersion. Otherwise a bucket with versions only hides the object behind a delete marker.',
});

const output = schemaOf({
	...copyOutput,
	sourceDeleted: boolean(
		'True: the object that was copied is deleted, or hidden by a delete marker',
	),
});

const calls: CallUses = {
	...copyCalls,
	HeadObject: 'always of source and target',
	GetObjectTagging:
		'in parts or streamed, with Tags set to Keep; unless Tags is set to Drop, of source and target if a response was lost, or if Overwrite is set and the object there seems to be the copy already; on servers other than AWS also if tags or metadata are not kept',
	RenameObject:
		'instead of all others but HeadObject, within a directory bucket if nothing changes',
	DeleteObject: 'always of the source; s3:DeleteObjectVersion with the option Delete This Version',
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const connections = await copyConnections(item);
	const request = {
		...copyRequestOf(item, connections),
		deleteVersion: readBoolean(item, 'options.deleteThisVersion'),
	};
	const { sourceDeleted, ...copied } = await moveObject(connections, request, item);
	return [{ json: { ...jsonOf(copied), sourceDeleted } }];
}

/** The object that was moved there before would be lost: its source is deleted. */
function refusalOf(item: Item): S3Failure | undefined {
	if (copyCondition.read(item).overwrite !== undefined) return undefined;
	const key = newKeyOf(item);
	return S3Failure.invalid(
		`An item before this one has the Target Key “${key}”, too`,
		'This item was not moved, so that no object is lost. Give each a Target Key of its own, by an expression such as archive/{{ $json.key }}. If only the last object is to stay, add the option Overwrite and set it to Always.',
		{ key },
	);
}

/** Moves one object. */
export const move: ItemOperation = {
	option,
	fields,
	output,
	calls,
	execute,
	...copiesAtOnce,
	refusalOf,
	summaryOf: unusualKeys,
};
