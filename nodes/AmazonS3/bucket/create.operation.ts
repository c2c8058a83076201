import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { createBucket, MAX_BUCKET_TAGS } from '../../../s3/buckets/createBucket';
import { S3Failure } from '../../../s3/S3Failure';
import { withoutUndefined } from '../../files/json';
import { concurrency } from '../../parameters/concurrency';
import { readTags, tagsField } from '../../parameters/metadataAndTags';
import { optionsField } from '../../parameters/OptionGroup';
import { checkEntered, readSafeguard, readTrimmed } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import type { CallUses, Item, ItemOperation } from '../../run/operation';
import { boolean, optional, schemaOf, text, textByName } from '../../run/schema';

const option: INodePropertyOptions = {
	name: 'Create',
	value: 'create',
	description: 'Create a bucket in the region of the credential',
	action: 'Create bucket',
	builderHint: {
		propertyHint: 'Creates a bucket in the region of the credential.',
	},
};

const fields: INodeProperties[] = [
	{
		displayName: 'Name',
		name: 'bucketName',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. my-company-invoices',
		description:
			'3 to 63 lower case letters, digits and hyphens. On AWS the name must be unique among all accounts.',
	},
	optionsField(
		{
			displayName: 'Keep Versions',
			name: 'versioning',
			type: 'boolean',
			default: false,
			description:
				'Whether deleted and overwritten objects can be brought back. This needs the permission s3:PutBucketVersioning.',
		},
		{
			displayName: 'Object Lock',
			name: 'objectLock',
			type: 'boolean',
			default: false,
			description:
				'Whether objects can be locked. It also keeps versions, and can never be switched off again.',
		},
		tagsField(
			MAX_BUCKET_TAGS,
			'At most 50 tags, which need the permission s3:TagResource. Servers other than AWS may ignore them: Bucket Get tells which there are.',
		),
		...concurrency.fields,
		...retrying.fields,
	),
];

const output = schemaOf({
	bucket: text('Name of the bucket'),
	...optional({
		region: text(
			'Region in which it was created; left out if the server does not know that of the credential',
		),
		tags: textByName(
			'Tags that it was given; left out on servers other than AWS, which may ignore them',
		),
	}),
	created: boolean('True'),
});

const calls: CallUses = {
	HeadBucket: 'always, to see whether there is such a bucket',
	CreateBucket: 'always',
	PutBucketVersioning: 'with the option Keep Versions',
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const bucket = readTrimmed(item, 'bucketName');
	if (bucket === undefined) {
		checkEntered(item.entered('bucketName'), 'Name', false);
		throw S3Failure.invalid('The name of the bucket is empty', 'Enter a Name for the bucket.');
	}
	const request = {
		bucket,
		versioning: readSafeguard(item, 'options.versioning'),
		objectLock: readSafeguard(item, 'options.objectLock'),
		tags: readTags(item),
	};
	const made = await createBucket(item.s3, request, item);
	return [{ json: withoutUndefined({ ...made, created: true }) }];
}

/** Creates a bucket. */
export const create: ItemOperation = { option, fields, output, calls, execute };
