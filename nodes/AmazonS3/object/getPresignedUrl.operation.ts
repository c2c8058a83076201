import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import {
	presignedUrl,
	type DeleteLink,
	type ReadLink,
	type WriteLink,
} from '../../../s3/objects/presignedUrl';
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
import { expiresInField, expiresInOf, publicEndpoint } from '../../parameters/link';
import { metadataAndTags } from '../../parameters/metadataAndTags';
import { offeredInsteadOf } from '../../parameters/offeredBeside';
import { optionsField } from '../../parameters/OptionGroup';
import { notLost, readBoolean, readNumber, readOneOf, readTrimmed } from '../../parameters/read';
import { versionId } from '../../parameters/versionId';
import { retrying } from '../../parameters/retrying';
import type { CallUses, Item, ItemOperation } from '../../run/operation';
import { oneOf, schemaOf, text, textByName } from '../../run/schema';
import { bucketAndKey, linkFields } from './outputFields';

/** Bytes that S3 takes in one request. */
const MAX_CONTENT_LENGTH = 5 * 1024 ** 3;

const METHODS = ['GET', 'PUT', 'HEAD', 'DELETE'] as const;
type Method = (typeof METHODS)[number];

const option: INodePropertyOptions = {
	name: 'Get Presigned URL',
	value: 'getPresignedUrl',
	description: 'Get a link by which others can download, upload or delete an object for a while',
	action: 'Get presigned URL of object (link)',
	builderHint: {
		propertyHint:
			'Makes a link for people or programs without keys: method GET to download, PUT to upload. The link is in {{ $json.url }}.',
	},
};

const methodField: INodeProperties = {
	displayName: 'Method',
	name: 'method',
	type: 'options',
	options: [
		{ name: 'Delete', value: 'DELETE', description: 'The link deletes the object' },
		{ name: 'Get (Download)', value: 'GET', description: 'The link opens in a browser' },
		{ name: 'Head', value: 'HEAD', description: 'The link gives metadata, without the content' },
		{ name: 'Put (Upload)', value: 'PUT', description: 'A program uploads a file to the link' },
	],
	default: 'GET',
	description: 'What can be done with the link',
};

/** Shows fields only with these methods. */
const shownFor = (methods: Method[], ...fields: INodeProperties[]): INodeProperties[] =>
	fields.map((field) => ({ ...field, displayOptions: { show: { '/method': methods } } }));

const reading: INodeProperties[] = [
	{
		displayName: 'Check First',
		name: 'checkFirst',
		type: 'boolean',
		default: false,
		description:
			'Whether to fail if the object does not exist. Otherwise the link is made without looking.',
	},
	{
		displayName: 'Response Content Type',
		name: 'responseContentType',
		type: 'string',
		default: '',
		placeholder: 'e.g. application/pdf',
		description: 'The type to send the download with, instead of that of the object',
	},
];

const saving: INodeProperties = {
	displayName: 'Download As (File Name)',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. Rechnung März.pdf',
	description:
		'The name under which a browser saves the file. Without it, the browser may show the file instead.',
};

const disposition: INodeProperties = {
	displayName: 'Response Content Disposition',
	name: 'responseContentDisposition',
	type: 'string',
	default: '',
	placeholder: 'e.g. inline',
	description: 'The Content-Disposition header of the download, in place of Download As',
};

const writing: INodeProperties[] = [
	{
		displayName: 'Content Length (Bytes)',
		name: 'contentLength',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: MAX_CONTENT_LENGTH },
		// With 0 the option would allow empty files only until it is filled.
		default: 1_000_000,
		description:
			'The exact size that the file must have. For a range of sizes use Get Presigned POST.',
	},
	{
		displayName: 'Content Type',
		name: 'contentType',
		type: 'string',
		default: '',
		placeholder: 'e.g. application/pdf',
		description: 'The type that the file must have. The upload has to send it as a header.',
	},
	...metadataAndTags.fields.filter(({ name }) => name === 'metadata'),
];

const fields: INodeProperties[] = [
	bucketField,
	{ ...existingKeyField, description: 'The full name of the object, which need not exist' },
	methodField,
	expiresInField,
	optionsField(
		...shownFor(['GET'], saving).flatMap((field) => offeredInsteadOf(disposition.name, field)),
		...shownFor(['GET'], disposition).flatMap((field) => offeredInsteadOf(saving.name, field)),
		...shownFor(['HEAD'], disposition),
		...shownFor(['GET', 'HEAD'], ...reading),
		...shownFor(['PUT'], ...writing),
		...publicEndpoint.fields,
		...shownFor(['GET', 'HEAD', 'DELETE'], ...versionId.fields),
		...shownFor(['GET', 'HEAD', 'PUT'], ...customerKey.fields),
		...concurrency.fields,
		...retrying.fields,
		...caller.fields.filter(({ name }) => name === 'requestPayer'),
	),
];

const output = schemaOf({
	url: text('The link'),
	method: oneOf('The method that it has to be used with', METHODS),
	headers: textByName('Headers that have to be sent with it, exactly like this'),
	...bucketAndKey,
	...linkFields,
});

const calls: CallUses = {
	HeadBucket: 'on Amazon S3, once for a bucket, to find its region; a denial does no harm',
	HeadObject: 'with the option Check First, and by whoever uses a link of the method Head',
	GetObject: 'by whoever uses a link of the method Get',
	PutObject: 'by whoever uses a link of the method Put',
	DeleteObject: 'by whoever uses a link of the method Delete',
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const link = read(item);
	const { url, headers, expiresAt, cappedBy, warnings } = await presignedUrl(item.s3, link, item);
	for (const warning of warnings) item.hint(warning);
	const { method, bucket, key } = link;
	const json = { url, method, headers, bucket, key, expiresAt: expiresAt.toISOString(), cappedBy };
	return [{ json: withoutUndefined(json) }];
}

/** What does not go with the method may still be saved in the node, and is not read. */
function read(item: Item): ReadLink | WriteLink | DeleteLink {
	const target = {
		bucket: bucketOf(item, item.s3.connection),
		key: existingKeyOf(item),
		expiresIn: expiresInOf(item),
		requestPayer: readBoolean(item, 'options.requestPayer'),
		...publicEndpoint.read(item),
	};
	const method = readOneOf(item, 'method', METHODS) ?? 'GET';
	switch (method) {
		case 'DELETE':
			return { ...target, method, versionId: versionId.read(item) };
		case 'PUT':
			return { ...target, method, ...readWriting(item) };
		case 'GET':
		case 'HEAD':
			return {
				...target,
				method,
				customerKey: customerKey.read(item),
				versionId: versionId.read(item),
				fileName: method === 'GET' ? readTrimmed(item, 'options.fileName') : undefined,
				responseContentDisposition: readTrimmed(item, 'options.responseContentDisposition'),
				responseContentType: readTrimmed(item, 'options.responseContentType'),
				checkFirst: readBoolean(item, 'options.checkFirst'),
			};
	}
}

/** What an upload has to be like; an expression that gives nothing must not allow every other. */
function readWriting(
	item: Item,
): Pick<WriteLink, 'contentType' | 'contentLength' | 'customerKey' | 'metadata'> {
	const bytes = { min: 0, max: MAX_CONTENT_LENGTH, whole: true };
	const contentLength = readNumber(item, 'options.contentLength', bytes);
	return {
		contentType: notLost(item, 'options.contentType', readTrimmed(item, 'options.contentType')),
		contentLength: notLost(item, 'options.contentLength', contentLength),
		customerKey: notLost(item, 'options.encryptionCustomerKey', customerKey.read(item)),
		metadata: metadataAndTags.read(item).metadata,
	};
}

/** Signs a link to one object. */
export const getPresignedUrl: ItemOperation = { option, fields, output, calls, execute };
