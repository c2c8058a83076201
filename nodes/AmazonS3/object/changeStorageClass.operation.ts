import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { changeStorageClass as changeClass } from '../../../s3/objects/changeStorageClass';
import { S3Failure } from '../../../s3/S3Failure';
import { sizeOf } from '../../files/json';
import {
	bucketField,
	bucketOf,
	existingKeyField,
	existingKeyOf,
	objectIdOf,
} from '../../parameters/bucketAndKey';
import { caller } from '../../parameters/caller';
import { concurrency } from '../../parameters/concurrency';
import { customerKey } from '../../parameters/encryption';
import { optionsField } from '../../parameters/OptionGroup';
import { readTrimmed } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import { aclField, storageClassField } from '../../parameters/storage';
import { copyParts } from '../../parameters/uploading';
import { versionId } from '../../parameters/versionId';
import type { CallUses, Item, ItemOperation } from '../../run/operation';
import { schemaOf } from '../../run/schema';
import { copyOutput, jsonOf } from './Copying';

const option: INodePropertyOptions = {
	name: 'Change Storage Class',
	value: 'changeStorageClass',
	description: 'Move an object to another storage class, such as an archive',
	action: 'Change storage class of object',
	builderHint: {
		propertyHint:
			'Moves an existing object to another storage class under the same key; archived objects need restore first.',
	},
};

const fields: INodeProperties[] = [
	bucketField,
	existingKeyField,
	{
		...storageClassField,
		default: 'STANDARD_IA',
		required: true,
		description:
			'The class decides what it costs to keep and to read the object. Classes for rarely read objects bill a minimum of days. Objects in Glacier Flexible Retrieval or Deep Archive must be restored before they can be read. An expression can name any other class.',
	},
	optionsField(
		...versionId.fields.map((field) => ({
			...field,
			description:
				'The version to take the content of. S3 makes a new version with it, which is then the newest. Leave it empty for the newest.',
		})),
		{
			...aclField,
			description:
				'Who else may read the object. S3 does not keep the ACL: without this option the object is private afterwards. Most buckets have ACLs switched off.',
		},
		...customerKey.fields,
		...copyParts.fields,
		...concurrency.fields,
		...retrying.fields,
		...caller.fields,
	),
];

const calls: CallUses = {
	HeadObject:
		'always; again if a response was lost, and on servers other than AWS for what is locked above 5 GiB',
	CopyObject: 'up to 5 GiB',
	UploadPartCopy: 'above 5 GiB',
	CreateMultipartUpload: 'above 5 GiB',
	CompleteMultipartUpload: 'above 5 GiB',
	AbortMultipartUpload: 'after a copy in parts that failed',
	GetObjectTagging: 'above 5 GiB; up to 5 GiB S3 asks for the permission if the object has tags',
	PutObjectTagging: 'on servers other than AWS above 5 GiB, if the tags were lost',
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const request = {
		bucket: bucketOf(item, item.s3.connection),
		key: existingKeyOf(item),
		versionId: versionId.read(item),
		storageClass: storageClassOf(item),
		acl: readTrimmed(item, 'options.acl'),
		customerKey: customerKey.read(item),
		...copyParts.read(item),
		...caller.read(item),
	};
	return [{ json: jsonOf(await changeClass(item.s3, request, item)) }];
}

/** @throws {S3Failure} of kind `invalid` when none is given */
function storageClassOf(item: Item): string {
	const storageClass = readTrimmed(item, 'storageClass');
	if (storageClass !== undefined) return storageClass;
	throw S3Failure.invalid('No storage class is given', 'Choose a Storage Class.');
}

/** Puts one object into another storage class. */
export const changeStorageClass: ItemOperation = {
	option,
	fields,
	output: schemaOf(copyOutput),
	calls,
	execute,
	targetsOf: (item) => [objectIdOf(item, item.s3.connection, existingKeyOf(item))],
	bytesOf: sizeOf,
};
