import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { putObject, type PutRequest } from '../../../s3/upload/putObject';
import { sizeOf, withoutUndefined } from '../../files/json';
import { fileOf, textSource } from '../../files/source';
import { bucketField, bucketOf, newKeyField, newKeyOf } from '../../parameters/bucketAndKey';
import { caller } from '../../parameters/caller';
import { concurrency } from '../../parameters/concurrency';
import { overwriteCondition } from '../../parameters/conditions';
import { encryption } from '../../parameters/encryption';
import { contentHeaders } from '../../parameters/headers';
import { metadataAndTags } from '../../parameters/metadataAndTags';
import { objectLock } from '../../parameters/objectLock';
import { optionsField } from '../../parameters/OptionGroup';
import type { ParameterSource } from '../../parameters/ParameterSource';
import { readLocator, readOneOf } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import { storage } from '../../parameters/storage';
import { uploading } from '../../parameters/uploading';
import type { CallUses, Item, ItemOperation } from '../../run/operation';
import { integer, object, optional, schemaOf, text } from '../../run/schema';
import { bucketAndKey, checksumFields } from './outputFields';

const option: INodePropertyOptions = {
	name: 'Put',
	value: 'put',
	description: 'Upload a file or text as an object',
	action: 'Put object (upload)',
	builderHint: {
		propertyHint:
			'Stores a file of the item, or text with source “text”, under the key; it replaces an object that is there unless the option overwrite is “never”. Keys have no slash at the beginning.',
	},
};

const fields: INodeProperties[] = [
	bucketField,
	newKeyField,
	{
		displayName: 'Source',
		name: 'source',
		type: 'options',
		options: [
			{
				name: 'File',
				value: 'binary',
				description: 'A file of the input item, streamed without holding it in memory',
			},
			{ name: 'Text', value: 'text', description: 'Text entered here, stored as UTF-8' },
		],
		default: 'binary',
		description: 'Where the content of the object comes from',
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryProperty',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		displayOptions: { show: { source: ['binary'] } },
		hint: 'The name of the input field that holds the file',
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: 'e.g. Hello from n8n',
		displayOptions: { show: { source: ['text'] } },
		description:
			'The content of the object; an expression that results in an object is stored as JSON',
	},
	optionsField(
		...overwriteCondition.fields,
		...contentHeaders.fields,
		...metadataAndTags.fields,
		...storage.fields,
		...encryption.fields,
		...objectLock.fields,
		...uploading.fields,
		...concurrency.fields,
		...retrying.fields,
		...caller.fields,
	),
];

const output = schemaOf({
	...bucketAndKey,
	size: integer('Bytes stored'),
	...optional({
		etag: text('ETag without quotes'),
		versionId: text('Version that was made, if the bucket has versions'),
		contentType: text('Content-Type'),
		checksum: object('Checksum that S3 stored', checksumFields),
	}),
	parts: integer('Parts of the multipart upload; 1 for a single request'),
});

const calls: CallUses = {
	PutObject: 'up to the multipart threshold',
	CreateMultipartUpload: 'above the multipart threshold',
	UploadPart: 'above the multipart threshold',
	CompleteMultipartUpload: 'above the multipart threshold',
	AbortMultipartUpload: 'after an upload in parts that failed',
	HeadObject: 'if the response to a write was lost',
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const { binary } = item.node.getInputData()[item.index] ?? {};
	const result = await putObject(item.s3, await requestFrom(item), item);
	return [{ json: withoutUndefined({ ...result }), ...(binary === undefined ? {} : { binary }) }];
}

async function requestFrom(item: Item): Promise<PutRequest> {
	const isText = readOneOf(item, 'source', ['binary', 'text']) === 'text';
	const key = newKeyOf(item);
	const source = isText ? textSource(item, key) : await fileOf(item);
	const headers = contentHeaders.read(item);
	return {
		bucket: bucketOf(item, item.s3.connection),
		key,
		source,
		...headers,
		contentType: headers.contentType ?? source.contentType,
		...metadataAndTags.read(item),
		...storage.read(item),
		encryption: encryption.read(item),
		...overwriteCondition.read(item),
		...uploading.read(item),
		objectLock: objectLock.read(item),
		...caller.read(item),
	};
}

/** The same for items that are put to one object; the bucket of the credential is empty. */
const targetOf = (parameters: ParameterSource): string =>
	JSON.stringify([readLocator(parameters, 'bucket')?.trim(), newKeyOf(parameters)]);

/** Uploads a file of the item, or text, as one object. */
export const put: ItemOperation = {
	option,
	fields,
	output,
	calls,
	execute,
	targetOf,
	keepsFiles: true,
	bytesOf: sizeOf,
};
