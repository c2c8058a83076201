import type {
	IDataObject,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { getObject, type GetRequest } from '../../../s3/download';
import {
	bucketField,
	concurrencyOption,
	customerKeyOption,
	existingKeyField,
	expectedBucketOwnerOption,
	requestPayerOption,
} from '../fields';
import { fileNameOf, outputFieldOf, storeFile, textOf, withoutUndefined } from '../itemBinary';
import type { Item, Operation } from '../operation';
import { invalid, readBoolean, readDate, readOneOf, readText, readTrimmed } from '../parameters';
import { bucketOf, customerKeyOf, existingKeyOf } from '../target';

const option: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	description: 'Download an object as a file, text or JSON',
	action: 'Get object',
};

const fields: INodeProperties[] = [
	bucketField,
	existingKeyField,
	{
		displayName: 'As',
		name: 'as',
		type: 'options',
		options: [
			{
				name: 'File',
				value: 'file',
				description: 'A file in a binary field, streamed without holding it in memory',
			},
			{ name: 'JSON', value: 'json', description: 'The parsed content in the field data' },
			{ name: 'Text', value: 'text', description: 'The content in the field text' },
		],
		default: 'file',
		description: 'What becomes of the content of the object',
	},
	{
		displayName: 'Put Output File in Field',
		name: 'binaryProperty',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		displayOptions: { show: { as: ['file'] } },
		hint: 'The name of the output binary field to put the file in',
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
				displayName: 'Content Type',
				name: 'contentType',
				type: 'string',
				default: '',
				placeholder: 'e.g. text/plain; charset=iso-8859-1',
				description:
					'The type to take the content for, instead of the one S3 has; for text its charset decides the decoding',
			},
			customerKeyOption,
			expectedBucketOwnerOption,
			{
				displayName: 'File Name',
				name: 'fileName',
				type: 'string',
				default: '',
				placeholder: 'e.g. invoice.pdf',
				description: 'The name of the file. Left empty, it is the last part of the key.',
			},
			{
				displayName: 'If ETag Differs',
				name: 'ifNoneMatch',
				type: 'string',
				default: '',
				description: 'Fail if the object still has this ETag',
			},
			{
				displayName: 'If ETag Matches',
				name: 'ifMatch',
				type: 'string',
				default: '',
				description: 'Fail unless the object has this ETag',
			},
			{
				displayName: 'If Modified Since',
				name: 'ifModifiedSince',
				type: 'dateTime',
				default: '',
				description: 'Fail unless the object was modified after this moment',
			},
			{
				displayName: 'Range',
				name: 'range',
				type: 'string',
				default: '',
				placeholder: 'e.g. bytes=0-1023',
				description: 'The part of the object to get, first and last byte counted from 0',
			},
			requestPayerOption,
			{
				displayName: 'Version ID',
				name: 'versionId',
				type: 'string',
				default: '',
				description: 'The version to get. Left empty, it is the newest.',
			},
		],
	},
];

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const request = requestFrom(item);
	const as = readOneOf(item, 'as', ['file', 'text', 'json']) ?? 'file';
	const contentType = readTrimmed(item, 'options.contentType');
	const fileName = fileNameOf(readText(item, 'options.fileName') ?? request.key);
	const binaryProperty = outputFieldOf(item);
	const { head, body } = await getObject(item.s3, request, item);
	const json = withoutUndefined({ ...head });
	if (as === 'file') {
		const mimeType = contentType ?? head.contentType ?? 'application/octet-stream';
		const file = await storeFile(item, body, { fileName, mimeType, size: head.size });
		return [{ json, binary: { [binaryProperty]: file } }];
	}
	const text = await textOf(body, {
		...head,
		contentType: contentType ?? head.contentType,
	});
	return [{ json: { ...json, ...(as === 'text' ? { text } : { data: parse(text, request) }) } }];
}

function requestFrom(item: Item): GetRequest {
	return {
		bucket: bucketOf(item),
		key: existingKeyOf(item),
		versionId: readTrimmed(item, 'options.versionId'),
		range: rangeFrom(item),
		ifMatch: readTrimmed(item, 'options.ifMatch'),
		ifNoneMatch: readTrimmed(item, 'options.ifNoneMatch'),
		ifModifiedSince: readDate(item, 'options.ifModifiedSince'),
		customerKey: customerKeyOf(item),
		requestPayer: readBoolean(item, 'options.requestPayer'),
		expectedBucketOwner: readTrimmed(item, 'options.expectedBucketOwner'),
	};
}

function rangeFrom(item: Item): string | undefined {
	const range = readTrimmed(item, 'options.range')?.replaceAll(' ', '');
	if (range === undefined) return undefined;
	const [, first, last] = /^(?:bytes=)?(\d*)-(\d*)$/.exec(range) ?? [];
	const backwards = first && last && BigInt(first) > BigInt(last);
	if ((!first && !last) || backwards) {
		throw invalid(
			`The range “${range.slice(0, 60)}” is not one range of bytes`,
			'Give first and last byte such as bytes=0-1023, bytes=1024- for the rest, or bytes=-1024 for the end.',
		);
	}
	return `bytes=${first}-${last}`;
}

function parse(text: string, { bucket, key }: GetRequest): IDataObject[string] {
	try {
		return JSON.parse(text) as IDataObject[string];
	} catch {
		throw invalid(
			`The object “${key}” in bucket “${bucket}” is not JSON`,
			'Get it as text or as a file instead.',
		);
	}
}

/** Downloads one object as a file, text or JSON. */
export const get: Operation = { option, fields, execute };
