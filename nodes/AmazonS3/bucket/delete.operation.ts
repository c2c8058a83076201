import {
	updateDisplayOptions,
	type INodeExecutionData,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

import { deleteBucket } from '../../../s3/buckets/deleteBucket';
import { deleteWithContent } from '../../../s3/objects/prefix/deleteWithContent';
import { S3Failure } from '../../../s3/S3Failure';
import { concurrency } from '../../parameters/concurrency';
import { expectedBucketOwner } from '../../parameters/expectedBucketOwner';
import { optionsField } from '../../parameters/OptionGroup';
import { checkEntered, readBoolean } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import { bucketField, enteredBucketOf } from '../../parameters/bucketAndKey';
import { maxObjects } from '../../parameters/maxObjects';
import type { CallUses, Item, ItemOperation } from '../../run/operation';
import { boolean, integer, schemaOf, text } from '../../run/schema';

const option: INodePropertyOptions = {
	name: 'Delete',
	value: 'delete',
	description:
		'Delete a bucket, which must be empty unless Empty First is on: then everything in it is lost',
	action: 'Delete bucket (if asked, with its objects)',
	builderHint: {
		propertyHint:
			'Deletes an empty bucket; with the option that empties it, everything in it is lost.',
	},
};

const fields: INodeProperties[] = [
	{
		...bucketField,
		required: true,
		modes: (bucketField.modes ?? []).map((mode) =>
			mode.name === 'list' ? { ...mode, placeholder: 'Choose a bucket…' } : mode,
		),
		description:
			'The bucket to delete. It has to be chosen here, even if the credential has a bucket.',
	},
	optionsField(
		{
			displayName: 'Empty First',
			name: 'emptyFirst',
			type: 'boolean',
			default: false,
			description:
				'Whether to first delete all objects, versions and unfinished uploads of the bucket permanently',
		},
		...updateDisplayOptions({ show: { emptyFirst: [true] } }, maxObjects.fields),
		{
			displayName: 'Bypass Governance Retention',
			name: 'bypassGovernance',
			type: 'boolean',
			default: false,
			displayOptions: { show: { emptyFirst: [true] } },
			description:
				'Whether to delete versions that are retained in governance mode. This needs the permission s3:BypassGovernanceRetention.',
		},
		...concurrency.fields,
		...retrying.fields,
		...expectedBucketOwner.fields,
	),
];

const output = schemaOf({
	bucket: text('Name of the bucket'),
	deleted: boolean('True'),
	deletedVersions: integer('Versions and delete markers that were deleted with Empty First'),
});

const calls: CallUses = {
	DeleteBucket: 'always',
	HeadBucket: 'if the response was lost',
	ListObjectVersions: 'with the option Empty First',
	ListObjectsV2: 'with the option Empty First, in a directory bucket',
	DeleteObjects: 'with the option Empty First',
	DeleteObject: 'with the option Empty First, for what cannot go together',
	ListMultipartUploads: 'with the option Empty First',
	AbortMultipartUpload: 'with the option Empty First',
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const bucket = enteredBucketOf(item, 'bucket');
	if (bucket === undefined) {
		checkEntered(item.entered('bucket'), 'Bucket', false);
		throw S3Failure.invalid('No bucket is given', 'Choose the Bucket to delete in the node.');
	}
	const owner = expectedBucketOwner.read(item);
	const request = { bucket, expectedBucketOwner: owner };
	if (!readBoolean(item, 'options.emptyFirst')) {
		await deleteBucket(item.s3, request, item);
		return [{ json: { bucket, deleted: true, deletedVersions: 0 } }];
	}
	const everything = {
		...request,
		maxObjects: maxObjects.read(item),
		bypassGovernance: readBoolean(item, 'options.bypassGovernance'),
	};
	const deletedVersions = await deleteWithContent(item.s3, everything, item);
	return [{ json: { bucket, deleted: true, deletedVersions } }];
}

/** Deletes a bucket, on request with all that is in it. */
export const deleteOperation: ItemOperation = { option, fields, output, calls, execute };
