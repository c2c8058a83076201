import type {
	IDataObject,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import { getObject, type GetRequest, type GetResult } from '../../../s3/download/getObject';
import { S3Failure } from '../../../s3/S3Failure';
import {
	bucketField,
	concurrencyOption,
	customerKeyOption,
	existingKeyField,
	expectedBucketOwnerOption,
	requestPayerOption,
} from '../../parameters/fields';
import {
	fileNameOf,
	outputFieldOf,
	storeFile,
	textOf,
	withoutUndefined,
} from '../../files/itemBinary';
import type { Item, Operation } from '../../run/operation';
import {
	invalid,
	readBoolean,
	readDate,
	readOneOf,
	readText,
	readTrimmed,
} from '../../parameters/read';
import { bucketOf, customerKeyOf, existingKeyOf } from '../../parameters/bucketAndKey';

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
				placeholder: 'e.g. 5d41402abc4b2a76b9719d911017c592',
				description:
					'Get the object only if its ETag is another one. If it is not, the item comes out without content and with the outcome “notModified”.',
			},
			{
				displayName: 'If ETag Matches',
				name: 'ifMatch',
				type: 'string',
				default: '',
				placeholder: 'e.g. 5d41402abc4b2a76b9719d911017c592',
				description:
					'Get the object only if this is its ETag. If it is not, the item comes out without content and with the outcome “preconditionFailed”.',
			},
			{
				displayName: 'If Modified Since',
				name: 'ifModifiedSince',
				type: 'dateTime',
				default: '',
				description:
					'Get the object only if it was modified after this moment. If it was not, the item comes out without content and with the outcome “notModified”.',
			},
			{
				displayName: 'If Unmodified Since',
				name: 'ifUnmodifiedSince',
				type: 'dateTime',
				default: '',
				description:
					'Get the object only if it was not modified after this moment. If it was, the item comes out without content and with the outcome “preconditionFailed”.',
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
	const answer = await getObject(item.s3, request, item).catch((error: unknown) =>
		conditionNotMet(request, error),
	);
	if ('outcome' in answer) return [{ json: { ...answer } }];
	const { head, body } = answer;
	if (as === 'file') {
		const mimeType = contentType ?? head.contentType ?? 'application/octet-stream';
		const file = await storeFile(item, body, { fileName, mimeType, size: head.size });
		return [{ json: factsOf(answer), binary: { [binaryProperty]: file } }];
	}
	const text = await textOf(body, {
		...head,
		contentType: contentType ?? head.contentType,
	});
	const content = as === 'text' ? { text } : { data: parse(text, request) };
	return [{ json: { ...factsOf(answer), ...content } }];
}

/** What is known of an object whose body has been read. */
function factsOf({ head, verified }: GetResult): IDataObject {
	const { bucket, key, ...facts } = head;
	const checksum = head.checksum && { ...head.checksum, verified: verified() };
	return withoutUndefined({ bucket, key, outcome: 'found', ...facts, checksum });
}

interface NotMet {
	bucket: string;
	key: string;
	outcome: 'notModified' | 'preconditionFailed';
	httpCode: number;
}

/**
 * S3 answers 304 or 412 when the object is not as a condition wants it: an outcome that a workflow can
 * branch on. Throws every other error.
 */
function conditionNotMet(request: GetRequest, error: unknown): NotMet {
	const { bucket, key, ifNoneMatch, ifModifiedSince, ifMatch, ifUnmodifiedSince } = request;
	const status = error instanceof S3Failure ? error.status : undefined;
	if (status === 304 && (ifNoneMatch ?? ifModifiedSince) !== undefined) {
		return { bucket, key, outcome: 'notModified', httpCode: status };
	}
	if (status === 412 && (ifMatch ?? ifUnmodifiedSince) !== undefined) {
		return { bucket, key, outcome: 'preconditionFailed', httpCode: status };
	}
	throw error;
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
		ifUnmodifiedSince: readDate(item, 'options.ifUnmodifiedSince'),
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
