import {
	updateDisplayOptions,
	type INodeExecutionData,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

import { appendObject, type ByteSource } from '../../../s3/objects/appendObject';
import { S3Failure } from '../../../s3/S3Failure';
import { typeOfFile } from '../../files/contentTypes';
import { filesOf, filesOfInput } from '../../files/itemFiles';
import { sizeOf, withoutUndefined } from '../../files/json';
import { fileOf, textSource } from '../../files/source';
import {
	bucketField,
	bucketOf,
	newKeyField,
	newKeyOf,
	objectIdOf,
} from '../../parameters/bucketAndKey';
import { caller } from '../../parameters/caller';
import { concurrency } from '../../parameters/concurrency';
import { customerKey } from '../../parameters/encryption';
import { withTool } from '../../parameters/forTools';
import { optionsField } from '../../parameters/OptionGroup';
import {
	isExpression,
	notLost,
	readBoolean,
	readOneOf,
	readText,
	readTrimmed,
} from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import type { CallUses, Item, ItemOperation } from '../../run/operation';
import { boolean, integer, optional, schemaOf, text } from '../../run/schema';
import { bucketAndKey } from './outputFields';
import { unusualKeys } from './unusualKeys';

const option: INodePropertyOptions = {
	name: 'Append',
	value: 'append',
	description: 'Add text or a file to the end of an object',
	action: 'Append to object',
	builderHint: {
		propertyHint:
			'Adds text, or a file of the item with source “binary”, to the end of an object, and creates it if it does not exist. For lines of a log set the option separator to \\n.',
	},
};

const sourceField: INodeProperties = {
	displayName: 'Source',
	name: 'source',
	type: 'options',
	options: [
		{ name: 'File', value: 'binary', description: 'A file of the input item' },
		{ name: 'Text', value: 'text', description: 'Text entered here, stored as UTF-8' },
	],
	default: 'text',
	description: 'Where the content to add comes from',
};

const fields: INodeProperties[] = [
	bucketField,
	{
		...newKeyField,
		placeholder: 'e.g. logs/2026-11-30.log',
		description: 'The full name of the object in the bucket, with its folders',
	},
	...withTool(sourceField, {
		options: (sourceField.options ?? []).slice(1),
		description: 'Where the content to add comes from. An agent cannot hand over files.',
	}),
	...updateDisplayOptions({ show: { source: ['binary'] } }, [
		{
			displayName: 'Input Binary Field',
			name: 'binaryProperty',
			type: 'string',
			default: 'data',
			required: true,
			placeholder: 'e.g. data',
			hint: 'The name of the input field that holds the file',
		},
	]),
	...updateDisplayOptions({ show: { source: ['text'] } }, [
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			placeholder: 'e.g. order 4711 was paid',
			description:
				'What to add to the object. If an expression gives an object, it is stored as JSON.',
		},
	]),
	optionsField(
		{
			displayName: 'Separator',
			name: 'separator',
			type: 'string',
			default: '\\n',
			placeholder: 'e.g. \\n',
			description:
				'What to put between the old content and the new. \\n stands for a line break, \\r for a carriage return, \\t for a tab.',
		},
		{
			displayName: 'Create If Missing',
			name: 'createIfMissing',
			type: 'boolean',
			default: true,
			description: 'Whether to create the object if it does not exist. Otherwise the item fails.',
		},
		{
			displayName: 'Content Type',
			name: 'contentType',
			type: 'string',
			default: '',
			placeholder: 'e.g. text/csv; charset=utf-8',
			description: 'The type of a new object. An existing object keeps its own.',
		},
		{
			displayName: 'Tags',
			name: 'tags',
			type: 'options',
			options: [
				{
					name: 'Drop',
					value: 'drop',
					description: 'The object has no tags afterwards. This needs no permission for tags.',
				},
				{
					name: 'Keep',
					value: 'keep',
					description:
						'The object keeps its tags. This needs the permission s3:GetObjectTagging and, if there are tags, s3:PutObjectTagging.',
				},
			],
			default: 'keep',
			description: 'What to do with the tags of an existing object',
		},
		...customerKey.fields,
		...concurrency.fields,
		...retrying.fields,
		...caller.fields,
	),
];

const output = schemaOf({
	...bucketAndKey,
	size: integer('Bytes of the whole object now'),
	...optional({
		etag: text('ETag without quotes'),
		versionId: text('Version that was made, if the bucket has versions'),
	}),
	appended: integer('Bytes that were added, with the separator'),
	guarded: boolean(
		'Whether the server made sure that nobody else changed the object meanwhile; if not, what others append at the same moment may be lost',
	),
});

const calls: CallUses = {
	HeadObject: 'always',
	GetObject: 'if the object is smaller than 5 MiB, or the server copies no parts',
	PutObject: 'if the object is new or smaller than 5 MiB, or the server copies no parts',
	GetObjectTagging: 'if there is an object, unless Tags is set to Drop',
	PutObjectTagging: 'on servers other than AWS, if the object has tags',
	CreateMultipartUpload: 'if the object has 5 MiB or more, or what is added is large',
	UploadPartCopy: 'if the object has 5 MiB or more',
	UploadPart: 'if the object has 5 MiB or more, or what is added is large',
	CompleteMultipartUpload: 'if the object has 5 MiB or more, or what is added is large',
	AbortMultipartUpload: 'after an append in parts that failed',
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const bucket = bucketOf(item, item.s3.connection);
	const key = newKeyOf(item);
	const request = {
		bucket,
		key,
		source: await sourceFrom(item, key),
		separator: separatorOf(item),
		createIfMissing: readBoolean(item, 'options.createIfMissing', true),
		tags: readOneOf(item, 'options.tags', ['keep', 'drop']) ?? 'keep',
		contentType: readTrimmed(item, 'options.contentType'),
		// Without it a new object would not be encrypted.
		customerKey: notLost(item, 'options.encryptionCustomerKey', customerKey.read(item)),
		...caller.read(item),
	};
	const result = await appendObject(item.s3, request, item);
	if (!result.guarded) item.hint(unguardedHint(key));
	if (result.appended === 0 && isOfText(item)) item.hint(nothingHint(key));
	const binary = filesOfInput(item);
	return [{ json: withoutUndefined({ ...result }), ...(binary && { binary }) }];
}

const nothingHint = (key: string): string =>
	`The expression of Text gave an empty text, so nothing was added to “${key}”.`;

const unguardedHint = (key: string): string =>
	`The server does not check whether “${key}” was changed meanwhile. Let only one execution at a time append to it, or what others append at the same moment may be lost.`;

const isOfText = (item: Item): boolean =>
	readOneOf(item, 'source', ['binary', 'text']) !== 'binary';

/** @throws {S3Failure} of kind `invalid` when nothing was entered; what an expression gives for an item may be empty */
function enteredText(item: Item, key: string): ByteSource {
	const source = textSource(item, key);
	if (source.size !== 0 || isExpression(item.entered('text'))) return source;
	throw S3Failure.invalid(
		'Text is empty, so there is nothing to append',
		'Enter a Text, or choose File as Source.',
	);
}

async function sourceFrom(item: Item, key: string): Promise<ByteSource> {
	if (isOfText(item)) return enteredText(item, key);
	const [file, ...more] = filesOf(item);
	if (file !== undefined && more.length === 0) {
		const source = await fileOf(item, file.field);
		return { ...source, contentType: source.contentType ?? typeOfFile(undefined, key) };
	}
	throw S3Failure.invalid(
		file === undefined
			? 'Input Binary Field names no file to append'
			: 'Only one file can be appended for an item',
		'Enter the name of one field, or split the item into one for each file.',
	);
}

/** As people write it in a field of one line. */
function separatorOf(item: Item): string {
	const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };
	const entered = readText(item, 'options.separator') ?? '';
	return entered.replace(/\\([nrt\\])/g, (_, name: string) => escapes[name] ?? '');
}

/** Items that append to one object do so in their order. */
const targetsOf = (item: Item): string[] => [objectIdOf(item, item.s3.connection, newKeyOf(item))];

/** Adds text or a file to the end of an object. */
export const append: ItemOperation = {
	option,
	fields,
	output,
	calls,
	execute,
	targetsOf,
	addsUp: true,
	summaryOf: unusualKeys,
	keepsFiles: true,
	bytesOf: sizeOf,
};
