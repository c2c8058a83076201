import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { setTags as writeTags, type TagsChange } from '../../../s3/objects/tags';
import { S3Failure } from '../../../s3/S3Failure';
import { withoutUndefined } from '../../files/json';
import {
	bucketField,
	bucketOf,
	existingKeyField,
	existingKeyOf,
} from '../../parameters/bucketAndKey';
import { caller } from '../../parameters/caller';
import { concurrency } from '../../parameters/concurrency';
import { objectTagsField } from '../../parameters/metadataAndTags';
import { optionsField } from '../../parameters/OptionGroup';
import { readNames, readPairs } from '../../parameters/pairs';
import { readOneOf } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import { versionId } from '../../parameters/versionId';
import type { Item, ItemOperation } from '../../run/operation';
import { schemaOf } from '../../run/schema';
import { tagsOutput } from './outputFields';

const option: INodePropertyOptions = {
	name: 'Set Tags',
	value: 'setTags',
	description: 'Add, replace or remove tags of an object',
	action: 'Set tags of object',
	builderHint: {
		propertyHint:
			'Changes tags of one object: mode merge adds, replace sets exactly these, remove deletes by name.',
	},
};

const fields: INodeProperties[] = [
	bucketField,
	existingKeyField,
	{
		displayName: 'Mode',
		name: 'mode',
		type: 'options',
		options: [
			{
				name: 'Merge',
				value: 'merge',
				description: 'Add these tags. Tags that exist already get the new value.',
			},
			{ name: 'Remove', value: 'remove', description: 'Remove the tags with these names' },
			{
				name: 'Replace',
				value: 'replace',
				description: 'Give the object only these tags. Without any, all are removed.',
			},
		],
		default: 'merge',
		description: 'What to do with the tags that the object has',
		hint: 'Merge and Remove read the tags first. A change that somebody else makes in between is lost.',
	},
	objectTagsField('An object has at most 10 tags. To remove tags, their names are enough.', {
		hide: { '/mode': ['remove'] },
	}),
	optionsField(...versionId.fields, ...concurrency.fields, ...retrying.fields, ...caller.fields),
];

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const request = {
		bucket: bucketOf(item, item.s3.connection),
		key: existingKeyOf(item),
		versionId: versionId.read(item),
		...caller.read(item),
	};
	const result = await writeTags(item.s3, request, changeFrom(item), item);
	return [{ json: withoutUndefined({ ...result }) }];
}

function changeFrom(item: Item): TagsChange {
	const mode = readOneOf(item, 'mode', ['merge', 'replace', 'remove']) ?? 'merge';
	const names = readNames(item, 'tags.tag', 'tag');
	if (mode !== 'replace' && names.length === 0) {
		throw S3Failure.invalid(
			`No tag is given to ${mode}`,
			'Add a tag, or choose Replace as Mode to remove all tags.',
		);
	}
	if (mode === 'remove') return { mode, names };
	return { mode, tags: readPairs(item, 'tags.tag', 'tag') ?? {} };
}

/** Changes the tags of one object. */
export const setTags: ItemOperation = {
	option,
	fields,
	output: schemaOf(tagsOutput),
	calls: { PutObjectTagging: 'always', GetObjectTagging: 'with the mode Merge or Remove' },
	execute,
};
