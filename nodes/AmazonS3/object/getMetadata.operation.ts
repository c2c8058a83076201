import type {
	IDataObject,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { headObject, type ObjectAttributes } from '../../../s3/objects/headObject';
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
import { customerKey } from '../../parameters/encryption';
import { optionsField } from '../../parameters/OptionGroup';
import { readBoolean } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import { versionId } from '../../parameters/versionId';
import type { CallUses, Item, ItemOperation } from '../../run/operation';
import {
	arrayOf,
	boolean,
	integer,
	object,
	optional,
	schemaOf,
	textByName,
} from '../../run/schema';
import { bucketAndKey, checksumFields, objectHeadFields } from './outputFields';

const option: INodePropertyOptions = {
	name: 'Get Metadata',
	value: 'getMetadata',
	description: 'Get size, type, ETag and metadata of an object, without its content',
	action: 'Get metadata of object',
	builderHint: {
		propertyHint:
			'Reads size, type, ETag and metadata without the content. With the option failIfMissing off it tells whether an object exists.',
	},
};

const fields: INodeProperties[] = [
	bucketField,
	existingKeyField,
	optionsField(
		{
			displayName: 'Fail If Missing',
			name: 'failIfMissing',
			type: 'boolean',
			default: true,
			description:
				'Whether the item fails if the object does not exist. Otherwise it has “exists” set to false.',
		},
		{
			displayName: 'Include Tags',
			name: 'includeTags',
			type: 'boolean',
			default: false,
			description: 'Whether to also get the tags. This needs the permission s3:GetObjectTagging.',
		},
		{
			displayName: 'Attributes',
			name: 'attributes',
			type: 'boolean',
			default: false,
			description:
				'Whether to also get parts and checksums. This needs the permission s3:GetObjectAttributes.',
		},
		...versionId.fields,
		...customerKey.fields,
		...concurrency.fields,
		...retrying.fields,
		...caller.fields,
	),
];

const exists = boolean('Whether there is such an object');
const output = schemaOf(
	{
		...bucketAndKey,
		exists,
		...objectHeadFields,
		...optional({
			attributes: object('What S3 keeps besides; with the option Attributes', {
				...optional({
					checksum: object('Checksum of the object', checksumFields),
					partsCount: integer('Number of parts it was uploaded in'),
				}),
				parts: arrayOf(
					'The parts, if they were uploaded with a checksum',
					optional({
						partNumber: integer('Number of the part, from 1'),
						size: integer('Bytes of the part'),
						checksum: object('Checksum of the part', checksumFields),
					}),
				),
			}),
			tags: textByName('Tags of the object; with the option Include Tags'),
		}),
	},
	{ ...bucketAndKey, exists },
);

const calls: CallUses = {
	HeadObject: 'always',
	GetObjectAttributes: 'with the option Attributes',
	GetObjectTagging: 'with the option Include Tags',
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const request = {
		bucket: bucketOf(item, item.s3.connection),
		key: existingKeyOf(item),
		versionId: versionId.read(item),
		attributes: readBoolean(item, 'options.attributes'),
		includeTags: readBoolean(item, 'options.includeTags'),
		customerKey: customerKey.read(item),
		...caller.read(item),
	};
	const failIfMissing = readBoolean(item, 'options.failIfMissing', true);
	const found = await headObject(item.s3, request, item).catch((error: unknown) => {
		const missing = error instanceof S3Failure && error.kind === 'notFound';
		if (failIfMissing || !missing) throw error;
		return undefined;
	});
	const { bucket, key } = request;
	if (found === undefined) return [{ json: { bucket, key, exists: false } }];
	const { attributes, ...head } = found;
	const json = { ...head, bucket, key, exists: true, attributes: attributesOf(attributes) };
	return [{ json: withoutUndefined(json) }];
}

function attributesOf(attributes: ObjectAttributes | undefined): IDataObject | undefined {
	if (attributes === undefined) return undefined;
	const { parts, ...more } = attributes;
	return { ...withoutUndefined(more), parts: parts.map((part) => withoutUndefined({ ...part })) };
}

/** Reads what S3 says of one object. */
export const getMetadata: ItemOperation = { option, fields, output, calls, execute };
