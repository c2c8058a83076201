import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { presignedPost, type FormRequest } from '../../../s3/objects/presignedPost';
import { FORM_CORS, formCurl, formHtml } from '../../../s3/objects/uploadForm';
import { S3Failure } from '../../../s3/S3Failure';
import { withoutUndefined } from '../../files/json';
import { bucketField, bucketOf, newKeyField } from '../../parameters/bucketAndKey';
import { concurrency } from '../../parameters/concurrency';
import { expiresInField, expiresInOf, publicEndpoint } from '../../parameters/link';
import { metadataAndTags } from '../../parameters/metadataAndTags';
import { optionsField } from '../../parameters/OptionGroup';
import { checkEntered, notLost, readNumber, readText, readTrimmed } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import type { CallUses, Item, ItemOperation } from '../../run/operation';
import { schemaOf, text, textByName } from '../../run/schema';
import { linkFields } from './outputFields';

/** Bytes that S3 takes in one request. */
const MAX_SIZE = 5 * 1024 ** 3;

const option: INodePropertyOptions = {
	name: 'Get Presigned POST',
	value: 'getPresignedPost',
	description: 'Get an upload form for others, with limits for the size and type of the file',
	action: 'Get presigned POST form for upload',
	builderHint: {
		propertyHint:
			'Makes an upload form for browsers with limits of size and type. For an upload by a program use a presigned URL with method PUT.',
	},
};

const fields: INodeProperties[] = [
	bucketField,
	{
		...newKeyField,
		required: false,
		description:
			'The full name under which the file is stored. Leave it empty to enter a Key Prefix instead.',
	},
	{
		displayName: 'Key Prefix',
		name: 'keyPrefix',
		type: 'string',
		default: '',
		placeholder: 'e.g. uploads/',
		displayOptions: { show: { key: [''] } },
		description: 'What the keys of all files begin with; the name of the file follows',
		hint: 'Enter either a Key for one file, or a Key Prefix for any number of files.',
	},
	expiresInField,
	optionsField(
		{
			displayName: 'Max Size (Bytes)',
			name: 'maxSize',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: MAX_SIZE },
			// With 0 the option would allow empty files only until it is filled.
			default: 10_000_000,
			description: 'S3 refuses a larger file',
		},
		{
			displayName: 'Min Size (Bytes)',
			name: 'minSize',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: MAX_SIZE },
			default: 1,
			description: 'S3 refuses a smaller file',
		},
		{
			displayName: 'Content Type',
			name: 'contentType',
			type: 'string',
			default: '',
			placeholder: 'e.g. image/*',
			description:
				'The type that the file must have. image/* allows every type that begins with image/.',
		},
		{
			displayName: 'Success Redirect',
			name: 'successRedirect',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/thanks',
			description:
				'The page to show after the upload. S3 adds bucket, key and etag to its query. Without it S3 responds with XML and the status 201.',
		},
		...publicEndpoint.fields,
		...metadataAndTags.fields.filter(({ name }) => name === 'metadata'),
		...concurrency.fields,
		...retrying.fields,
	),
];

const output = schemaOf({
	url: text('Where the form is sent'),
	fields: textByName('Fields of the form; the field “file” comes after them'),
	html: text('The form, ready to be put into a page'),
	curl: text('A command that uploads the file FILE'),
	...linkFields,
	cors: text('CORS rules for the bucket, as JSON, for scripts of other sites that use the form'),
});

const calls: CallUses = {
	HeadBucket: 'on Amazon S3, once for a bucket, to find its region; a denial does no harm',
	PutObject: 'by whoever uses the form',
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const form = await presignedPost(item.s3, read(item), item);
	for (const warning of form.warnings) item.hint(warning);
	const { url, fields: toSend, expiresAt, cappedBy } = form;
	const json = {
		url,
		fields: toSend,
		html: formHtml(form),
		curl: formCurl(form),
		expiresAt: expiresAt.toISOString(),
		cappedBy,
		cors: FORM_CORS,
	};
	return [{ json: withoutUndefined(json) }];
}

function read(item: Item): FormRequest {
	const size = { min: 0, max: MAX_SIZE, whole: true };
	return {
		bucket: bucketOf(item, item.s3.connection),
		...readKey(item),
		expiresIn: expiresInOf(item),
		...publicEndpoint.read(item),
		// An expression that gives nothing must not allow every file.
		minSize: notLost(item, 'options.minSize', readNumber(item, 'options.minSize', size)),
		maxSize: notLost(item, 'options.maxSize', readNumber(item, 'options.maxSize', size)),
		contentType: notLost(item, 'options.contentType', readTrimmed(item, 'options.contentType')),
		successRedirect: readTrimmed(item, 'options.successRedirect'),
		metadata: metadataAndTags.read(item).metadata,
	};
}

/** @throws {S3Failure} of kind `invalid` when there is neither a key nor a prefix */
function readKey(item: Item): Pick<FormRequest, 'key' | 'keyIsPrefix'> {
	const key = readText(item, 'key');
	if (key !== undefined) return { key, keyIsPrefix: false };
	// An expression that gives nothing for one item must not let the form choose the key.
	checkEntered(item.entered('key'), 'Key');
	const keyPrefix = readText(item, 'keyPrefix');
	if (keyPrefix !== undefined) return { key: keyPrefix, keyIsPrefix: true };
	throw S3Failure.invalid(
		'Neither a key nor a key prefix is given',
		'Enter the Key under which the form stores its file, or a Key Prefix such as uploads/.',
	);
}

/** Signs a form by which others upload a file. */
export const getPresignedPost: ItemOperation = { option, fields, output, calls, execute };
