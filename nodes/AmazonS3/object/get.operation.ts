import {
	updateDisplayOptions,
	type IDataObject,
	type INodeExecutionData,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

import { getObject, type GetRequest, type GetResult } from '../../../s3/download/getObject';
import { getTagsOfVersion, type Tags } from '../../../s3/objects/tags';
import { S3Failure } from '../../../s3/S3Failure';
import { bareType, typeOfFile, withWholeType } from '../../files/contentTypes';
import { cutTextOf, type CutText } from '../../files/cutText';
import { sizeOf, withoutUndefined } from '../../files/json';
import { parseJson } from '../../files/parseJson';
import { storeFile } from '../../files/store';
import { textOf } from '../../files/text';
import {
	bucketField,
	bucketOf,
	existingKeyField,
	existingKeyOf,
} from '../../parameters/bucketAndKey';
import { caller } from '../../parameters/caller';
import { concurrency } from '../../parameters/concurrency';
import { readConditions } from '../../parameters/conditions';
import { customerKey } from '../../parameters/encryption';
import { optionsField } from '../../parameters/OptionGroup';
import { outputField, outputFileName } from '../../parameters/outputFile';
import { notLost, readBoolean, readOneOf, readTrimmed } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import { returnAs } from '../../parameters/returnAs';
import { textSize } from '../../parameters/textSize';
import { versionId } from '../../parameters/versionId';
import type { CallUses, Item, ItemOperation } from '../../run/operation';
import {
	anyJson,
	boolean,
	object,
	oneOf,
	optional,
	schemaOf,
	text,
	textByName,
} from '../../run/schema';
import { bucketAndKey, checksumFields, objectHeadFields } from './outputFields';

const option: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	description: 'Download an object as a file, text or JSON',
	action: 'Get object (download)',
	builderHint: {
		propertyHint:
			'Reads one object as a file (default), as text or as parsed JSON. To get the objects of a list, connect List before it and use {{ $json.bucket }} and {{ $json.key }}.',
	},
};

const fields: INodeProperties[] = [
	bucketField,
	existingKeyField,
	...returnAs.fields,
	...updateDisplayOptions({ show: { as: ['file'] } }, outputField.fields),
	optionsField(
		{
			displayName: 'Range',
			name: 'range',
			type: 'string',
			default: '',
			placeholder: 'e.g. bytes=0-1023',
			description:
				'Get only a part of the object: first and last byte, counted from 0. bytes=1024- is the rest from byte 1024 on, bytes=-1024 the last 1024 bytes.',
		},
		...versionId.fields,
		...updateDisplayOptions({ show: { '/as': ['file'] } }, outputFileName.fields),
		{
			displayName: 'Content Type',
			name: 'contentType',
			type: 'string',
			default: '',
			placeholder: 'e.g. text/plain; charset=iso-8859-1',
			description:
				'Overrides the content type that S3 has. For text, its charset decides how it is decoded.',
		},
		{
			displayName: 'Include Tags',
			name: 'includeTags',
			type: 'boolean',
			default: false,
			description: 'Whether to also get the tags. This needs the permission s3:GetObjectTagging.',
		},
		...textSize.fields,
		...readConditions.fields,
		{
			displayName: 'Verify ETag',
			name: 'verifyEtag',
			type: 'options',
			options: [
				{
					name: 'Always',
					value: 'always',
					description: 'For objects of any size. It takes 2 seconds of computing time per GiB.',
				},
				{
					name: 'Never',
					value: 'never',
					description: 'For servers whose ETags are not MD5 hashes',
				},
				{ name: 'Small Objects', value: 'auto', description: 'For objects of up to 8 MiB' },
			],
			default: 'auto',
			description:
				'When to compare the content with the ETag. This is possible if the ETag is an MD5 hash, and needed if the object has no checksum. The ETag of an object that was uploaded in parts, or is encrypted with a KMS or customer key, is not an MD5 hash.',
		},
		...customerKey.fields,
		...concurrency.fields,
		...retrying.fields,
		...caller.fields,
	),
];

const outcome = oneOf('Whether the conditions were met: found, or which of them was not', [
	'found',
	'notModified',
	'preconditionFailed',
]);
const output = schemaOf(
	{
		...bucketAndKey,
		outcome,
		...objectHeadFields,
		...optional({
			checksum: object('Checksum that S3 has of the object', {
				...checksumFields,
				verified: boolean('Whether the content was compared with it'),
			}),
			tags: textByName('Tags of the object; with the option Include Tags'),
			text: text('Content as text; with Return As set to Text'),
			data: anyJson('Parsed content; with Return As set to JSON'),
			truncated: boolean('Whether the text was cut; as a tool of an agent'),
			nextRange: text('Range with which to go on after a text that was cut'),
		}),
	},
	{
		...bucketAndKey,
		outcome,
		httpCode: oneOf('Status of the response if a condition was not met', [304, 412]),
	},
);

const calls: CallUses = {
	GetObject: 'always',
	HeadObject: 'to verify an object that was uploaded in parts',
	GetObjectTagging: 'with the option Include Tags',
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const request = requestFrom(item);
	const { as, cutAt } = returnAs.read(item);
	const givenType = readTrimmed(item, 'options.contentType');
	const fileName = outputFileName.read(item) ?? request.key;
	const field = outputField.read(item);
	const maxTextSize = textSize.read(item);
	const response = await getObject(item.s3, request, item).catch((error: unknown) =>
		conditionNotMet(request, error),
	);
	if ('outcome' in response) return [{ json: { ...response } }];
	const { head, body } = response;
	const tags = await tagsOf(item, request, response);
	const contentType = givenType ?? head.contentType;
	if (as === 'file') {
		const mimeType =
			givenType === undefined ? typeOfFile(head.contentType, fileName) : bareType(givenType);
		const file = await storeFile(item, body, { fileName, mimeType, size: head.size });
		return [
			{ json: factsOf(response, tags), binary: { [field]: withWholeType(file, contentType) } },
		];
	}
	const { text, ...cut }: Partial<CutText> & { text: string } =
		cutAt === undefined
			? { text: await textOf(body, { ...head, contentType }, maxTextSize) }
			: await cutTextOf(body, { ...head, contentType }, cutAt);
	const isText = as === 'text' || cut.truncated === true;
	const content = isText ? { text } : { data: await parse(text, item, request) };
	return [{ json: withoutUndefined({ ...factsOf(response, tags), ...content, ...cut }) }];
}

/** The tags of an object whose body has not been read yet; undefined unless they are wanted. */
async function tagsOf(
	item: Item,
	request: GetRequest,
	{ head, body }: GetResult,
): Promise<Tags | undefined> {
	if (!readBoolean(item, 'options.includeTags')) return undefined;
	const asked = getTagsOfVersion(item.s3, request, head.versionId, item);
	return await asked.catch((error: unknown) => {
		body.destroy();
		throw error;
	});
}

/** What is known of an object whose body has been read. */
function factsOf({ head, verified }: GetResult, tags: Tags | undefined): IDataObject {
	const { bucket, key, ...facts } = head;
	const checksum = head.checksum && { ...head.checksum, verified: verified() };
	return withoutUndefined({ bucket, key, outcome: 'found', ...facts, checksum, tags });
}

interface NotMet {
	bucket: string;
	key: string;
	outcome: 'notModified' | 'preconditionFailed';
	httpCode: number;
}

/**
 * S3 responds with 304 or 412 when a condition is not met: an outcome that a workflow can branch on.
 *
 * @throws every other error
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
		bucket: bucketOf(item, item.s3.connection),
		key: existingKeyOf(item),
		versionId: versionId.read(item),
		range: rangeFrom(item),
		...readConditions.read(item),
		customerKey: customerKey.read(item),
		...caller.read(item),
		verifyEtag: notLost(
			item,
			'options.verifyEtag',
			readOneOf(item, 'options.verifyEtag', ['auto', 'always', 'never']),
		),
	};
}

function rangeFrom(item: Item): string | undefined {
	const range = readTrimmed(item, 'options.range')?.replaceAll(' ', '');
	if (range === undefined) return undefined;
	const [, first, last] = /^(?:bytes=)?(\d*)-(\d*)$/.exec(range) ?? [];
	const backwards = first && last && BigInt(first) > BigInt(last);
	if ((!first && !last) || backwards) {
		throw S3Failure.invalid(
			`The range “${range.slice(0, 60)}” is not one range of bytes`,
			'Give first and last byte such as bytes=0-1023, bytes=1024- for the rest, or bytes=-1024 for the end.',
		);
	}
	return `bytes=${first}-${last}`;
}

async function parse(text: string, item: Item, { bucket, key }: GetRequest) {
	const { value, why } = await parseJson(text, item.signal);
	if (why === undefined) return value as IDataObject[string];
	throw S3Failure.invalid(
		`The object “${key}” in bucket “${bucket}” ${why}`,
		'Get it as text or as a file instead.',
	);
}

/** Downloads one object as a file, text or JSON. */
export const get: ItemOperation = { option, fields, output, calls, execute, bytesOf: sizeOf };
