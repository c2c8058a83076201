import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { S3Failure } from '../../../s3/S3Failure';
import {
	putObject,
	type ByteSource,
	type PutRequest,
	type PutResult,
} from '../../../s3/upload/putObject';
import { openUrl } from '../../../s3/url/openUrl';
import { typeOfFile } from '../../files/contentTypes';
import { filesOf, filesOfInput, type ItemFile } from '../../files/itemFiles';
import { sizeOf, withoutUndefined } from '../../files/json';
import { fileOf, textSource } from '../../files/source';
import { bucketField, bucketOf, newKeyOf, objectIdOf } from '../../parameters/bucketAndKey';
import { caller } from '../../parameters/caller';
import { concurrency } from '../../parameters/concurrency';
import { overwriteCondition } from '../../parameters/conditions';
import { encryption } from '../../parameters/encryption';
import { fileKeyFields, fileKeyOf, folderOf, isMadeOfFile } from '../../parameters/fileKey';
import { contentHeaders, type ContentHeaders } from '../../parameters/headers';
import { metadataAndTags } from '../../parameters/metadataAndTags';
import { objectLock } from '../../parameters/objectLock';
import { withTool } from '../../parameters/forTools';
import { optionsField } from '../../parameters/OptionGroup';
import { readOneOf, readText } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import { storage } from '../../parameters/storage';
import { uploading } from '../../parameters/uploading';
import { urlField, urlRequest } from '../../parameters/urlRequest';
import type { CallUses, InputItem, Item, ItemOperation } from '../../run/operation';
import { integer, object, optional, schemaOf, text } from '../../run/schema';
import { bucketAndKey, checksumFields } from './outputFields';
import { putSummary } from './putSummary';
import { unusualKeys } from './unusualKeys';
import { urlHints } from './urlHints';

const option: INodePropertyOptions = {
	name: 'Put',
	value: 'put',
	description:
		'Upload files, the file of a URL, or text. An object with the same key is replaced, unless Overwrite says otherwise.',
	action: 'Put object (upload)',
	builderHint: {
		propertyHint:
			'Stores a file of the item, or text with source “text”, under the key; it replaces an object that is there unless the option overwrite is “never”. Keys have no slash at the beginning.',
	},
};

const TEXT_CHOICE: INodePropertyOptions = {
	name: 'Text',
	value: 'text',
	description: 'Text entered here, stored as UTF-8',
};
const URL_CHOICE: INodePropertyOptions = {
	name: 'URL',
	value: 'url',
	description: 'A file on another server, streamed to S3 without being kept in n8n',
};

const sourceField: INodeProperties = {
	displayName: 'Source',
	name: 'source',
	type: 'options',
	options: [
		{
			name: 'File',
			value: 'binary',
			description: 'A file of the input item, streamed without holding it in memory',
		},
		TEXT_CHOICE,
		URL_CHOICE,
	],
	default: 'binary',
	description: 'Where the content of the object comes from',
};

const fields: INodeProperties[] = [
	bucketField,
	...fileKeyFields,
	...withTool(sourceField, {
		options: [TEXT_CHOICE, URL_CHOICE],
		default: 'text',
		description: 'Where the content of the object comes from. An agent cannot hand over files.',
	}),
	{
		displayName: 'Input Binary Field',
		name: 'binaryProperty',
		type: 'string',
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		displayOptions: { show: { source: ['binary'] } },
		hint: 'The name of the input field that holds the file, or several names separated by commas',
		description:
			'Each of several files becomes an item of its own. An expression can also give a list of names.',
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
			'The content of the object. If an expression gives an object, it is stored as JSON.',
	},
	urlField,
	optionsField(
		...overwriteCondition.fields,
		...contentHeaders.fields,
		...metadataAndTags.fields,
		...storage.fields,
		...encryption.fields,
		...objectLock.fields,
		...uploading.fields,
		...urlRequest.fields,
		...concurrency.fields,
		...retrying.fields,
		...caller.fields,
	),
];

const SOURCES = ['binary', 'text', 'url'] as const;

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
	HeadObject:
		'if the response to a write was lost; on servers other than AWS also for what is locked and goes in parts',
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	switch (readOneOf(item, 'source', SOURCES)) {
		case 'text':
			return await putText(item);
		case 'url':
			return await putUrl(item);
		default:
			return await putFiles(item);
	}
}

async function putText(item: Item): Promise<INodeExecutionData[]> {
	const key = newKeyOf(item);
	return [outputOf(await putAs(item, key, textSource(item, key)), filesOfInput(item))];
}

/** Puts the file of a URL; what the server says of it is kept unless options say something else. */
async function putUrl(item: Item): Promise<INodeExecutionData[]> {
	const target = {
		bucket: bucketOf(item, item.s3.connection),
		key: isMadeOfFile(item) ? undefined : newKeyOf(item),
		acl: storage.read(item).acl,
	};
	const request = urlRequest.read(item);
	const file = await openUrl(item.s3, request, target, item);
	try {
		const key = fileKeyOf(item, file);
		if (target.key === undefined) await item.turnFor(objectIdOf(item, item.s3.connection, key));
		const contentType = file.contentType ?? typeOfFile(undefined, file.fileName ?? key);
		const result = await putAs(item, key, { ...file, contentType });
		for (const hint of urlHints(key, request.url, file)) item.hint(hint);
		return [outputOf(result, filesOfInput(item))];
	} finally {
		file.close();
	}
}

/** Puts one or more files of the item; of several, each makes an item of its own. */
async function putFiles(item: Item): Promise<INodeExecutionData[]> {
	const files = keyedFilesOf(item);
	if (files.length === 0) item.hint(NO_FILES);
	const made: INodeExecutionData[] = [];
	for (const { key, field, property = 'data' } of files) {
		const store = async () => await putAs(item, key, await fileOf(item, field));
		const result = await store().catch((error: unknown) => {
			throw afterOthers(error, made);
		});
		const file = item.node.helpers.assertBinaryData(item.index, field);
		made.push(outputOf(result, files.length > 1 ? { [property]: file } : filesOfInput(item)));
	}
	return made;
}

const NO_FILES = 'For items without files nothing was put: their list of fields is empty.';

/** The files to put, each with its key. @throws {S3Failure} when two have the same key */
function keyedFilesOf(item: InputItem): Array<ItemFile & { key: string }> {
	const files = filesOf(item).map((file) => ({ ...file, key: fileKeyOf(item, file) }));
	const keys = files.map(({ key }) => key);
	const twice = keys.find((key, index) => keys.indexOf(key) !== index);
	if (twice === undefined) return files;
	const folders = new Set(files.filter(({ key }) => key === twice).map(folderOf));
	const path = folders.size > 1 ? '{filePath}, ' : '';
	throw S3Failure.invalid(
		`Two files of the item would have the key “${twice}”`,
		`Nothing was stored. Let the Key differ for each file, such as ${path}{index}-{fileName} or {property}/{fileName}.`,
	);
}

/** A failure of one of several files says that others are stored. */
function afterOthers(error: unknown, made: readonly INodeExecutionData[]): unknown {
	const keys = made.map(({ json: { key } }) => `“${key as string}”`).join(', ');
	if (!(error instanceof S3Failure) || keys === '') return error;
	return error.reworded(
		error.message,
		`${error.advice} Of the files of the item, ${keys} ${made.length === 1 ? 'was' : 'were'} stored.`,
	);
}

async function putAs(
	item: Item,
	key: string,
	source: ByteSource & Partial<ContentHeaders>,
): Promise<Stored> {
	const headers = contentHeaders.read(item);
	const request: PutRequest = {
		bucket: bucketOf(item, item.s3.connection),
		key,
		source,
		...headers,
		contentType: headers.contentType ?? source.contentType ?? typeOfFile(undefined, key),
		contentDisposition: headers.contentDisposition ?? source.contentDisposition,
		contentEncoding: headers.contentEncoding ?? source.contentEncoding,
		...metadataAndTags.read(item),
		...storage.read(item),
		encryption: encryption.read(item),
		...overwriteCondition.read(item),
		...uploading.read(item),
		objectLock: objectLock.read(item),
		...caller.read(item),
	};
	const { encryption: said, ...stored } = await putObject(item.s3, request, item);
	const isAsked = request.encryption !== undefined && request.encryption.kind !== 'customer';
	if (isAsked && said === undefined && stored.parts === 1) item.hint(NOT_ENCRYPTED);
	return stored;
}

/** What the output has of an object that was stored. */
type Stored = Omit<PutResult, 'encryption'>;

/** The same for all objects, to be shown once. */
const NOT_ENCRYPTED =
	'The server does not say that it encrypts what it stores: it may ignore the option Encryption. If it encrypts everything by itself, remove the option.';

const outputOf = (result: Stored, binary: INodeExecutionData['binary']): INodeExecutionData => ({
	json: withoutUndefined({ ...result }),
	...(binary === undefined ? {} : { binary }),
});

/** Whether the key is made of the name of a URL's file, which is not known yet. */
const findsTarget = (item: Item): boolean =>
	readOneOf(item, 'source', SOURCES) === 'url' && isMadeOfFile(item);

/** The same for items that write to one object. */
function targetsOf(item: Item): string[] {
	const keys = keysOf(item);
	return keys.map((key) => objectIdOf(item, item.s3.connection, key));
}

function keysOf(item: Item): string[] {
	// The same URL gives a file of the same name.
	if (findsTarget(item)) return [`${readText(item, 'key') ?? ''} ${urlRequest.read(item).url}`];
	const isOfFiles = readOneOf(item, 'source', SOURCES) === 'binary';
	return isOfFiles ? keyedFilesOf(item).map(({ key }) => key) : [newKeyOf(item)];
}

/** Uploads files of the item, a file of a URL, or text. */
export const put: ItemOperation = {
	option,
	fields,
	output,
	calls,
	execute,
	targetsOf,
	findsTarget,
	summaryOf: (made, entered) => [...putSummary(made), ...unusualKeys(made, entered)],
	keepsFiles: true,
	bytesOf: sizeOf,
};
