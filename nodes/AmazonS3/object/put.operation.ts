import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { putObject, type Encryption, type PutRequest } from '../../../s3/upload/putObject';
import { bucketField, newKeyField } from '../../parameters/fields';
import { fileOf, textSource, withoutUndefined } from '../../files/itemBinary';
import type { Item, Operation } from '../../run/operation';
import {
	invalid,
	readBoolean,
	readDate,
	readNumber,
	readOneOf,
	readPairs,
	readText,
	readTrimmed,
} from '../../parameters/read';
import { bucketOf, customerKeyOf } from '../../parameters/bucketAndKey';
import { MOST_TAGS, putOptionsField } from './putFields';

const MEBIBYTE = 1024 * 1024;

const option: INodePropertyOptions = {
	name: 'Put',
	value: 'put',
	description: 'Upload a file or text as an object',
	action: 'Put object',
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
	putOptionsField,
];

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const { binary } = item.node.getInputData()[item.index] ?? {};
	const result = await putObject(item.s3, await requestFrom(item), item);
	return [{ json: withoutUndefined({ ...result }), ...(binary === undefined ? {} : { binary }) }];
}

async function requestFrom(item: Item): Promise<PutRequest> {
	const source =
		readOneOf(item, 'source', ['binary', 'text']) === 'text'
			? textSource(item)
			: await fileOf(item);
	return {
		bucket: bucketOf(item),
		key: keyOf(item),
		source,
		contentType: readTrimmed(item, 'options.contentType') ?? source.contentType,
		contentDisposition: readTrimmed(item, 'options.contentDisposition'),
		contentEncoding: readTrimmed(item, 'options.contentEncoding'),
		contentLanguage: readTrimmed(item, 'options.contentLanguage'),
		cacheControl: readTrimmed(item, 'options.cacheControl'),
		expires: readDate(item, 'options.expires'),
		metadata: readPairs(item, 'options.metadata.entry', 'metadata'),
		tags: tagsFrom(item),
		storageClass: readTrimmed(item, 'options.storageClass'),
		acl: readTrimmed(item, 'options.acl'),
		encryption: encryptionFrom(item),
		...overwriteFrom(item),
		checksum: readOneOf(item, 'options.checksum', [
			'CRC32',
			'CRC32C',
			'CRC64NVME',
			'MD5',
			'SHA1',
			'SHA256',
		]),
		partSize: bytesFrom(item, 'options.partSizeMb', 0.001),
		multipartThreshold: bytesFrom(item, 'options.multipartThresholdMb', 0),
		objectLock: objectLockFrom(item),
		requestPayer: readBoolean(item, 'options.requestPayer'),
		expectedBucketOwner: readTrimmed(item, 'options.expectedBucketOwner'),
	};
}

/** The key exactly as entered: spaces around it belong to it. */
function keyOf(item: Item): string {
	const key = readText(item, 'key');
	if (key === undefined) {
		throw invalid('The key is empty', 'Enter the Key under which to store the object.');
	}
	return key;
}

function bytesFrom(item: Item, name: string, min: number): number | undefined {
	const megabytes = readNumber(item, name, { min, max: 5 * 1024 });
	return megabytes === undefined ? undefined : Math.floor(megabytes * MEBIBYTE);
}

function tagsFrom(item: Item): PutRequest['tags'] {
	const tags = readPairs(item, 'options.tags.tag', 'tag');
	const count = Object.keys(tags ?? {}).length;
	if (count > MOST_TAGS) {
		throw invalid(
			`The object has ${count} tags, but S3 takes at most ${MOST_TAGS}`,
			`Remove tags until ${MOST_TAGS} are left, or keep the others as metadata.`,
		);
	}
	return tags;
}

function overwriteFrom(item: Item): Pick<PutRequest, 'overwrite' | 'etag'> {
	const overwrite = readOneOf(item, 'options.overwrite', ['always', 'never', 'ifMatch']);
	const etag = readTrimmed(item, 'options.etag')?.replaceAll('"', '');
	if (overwrite === 'ifMatch' && etag === undefined) {
		throw invalid(
			'Overwrite is set to If ETag Matches, but no ETag is given',
			'Add the option ETag with the ETag that the object has now, for example from Get or List.',
		);
	}
	return { overwrite, etag: overwrite === 'ifMatch' ? etag : undefined };
}

function encryptionFrom(item: Item): Encryption | undefined {
	const kind = readOneOf(item, 'options.encryption', ['none', 's3', 'kms', 'kmsDsse', 'customer']);
	switch (kind) {
		case undefined:
		case 'none':
			return undefined;
		case 's3':
			return { kind };
		case 'kms':
		case 'kmsDsse':
			return {
				kind,
				keyId: readTrimmed(item, 'options.encryptionKmsKeyId'),
				context: readPairs(item, 'options.encryptionKmsContext.entry', 'encryption context'),
				...(kind === 'kms' ? { bucketKey: readBoolean(item, 'options.encryptionBucketKey') } : {}),
			};
		case 'customer': {
			const key = customerKeyOf(item);
			if (key === undefined) {
				throw invalid(
					'Encryption is set to Own Key (SSE-C), but no key is given',
					'Add the option Encryption Customer Key with a key of 32 bytes as base64.',
				);
			}
			return { kind, key };
		}
	}
}

function objectLockFrom(item: Item): PutRequest['objectLock'] {
	const legalHold = readBoolean(item, 'options.objectLockLegalHold');
	const mode = readOneOf(item, 'options.objectLockMode', ['GOVERNANCE', 'COMPLIANCE']);
	const retainUntil = readDate(item, 'options.objectLockRetainUntil');
	if (!legalHold && mode === undefined && retainUntil === undefined) return undefined;
	if ((mode === undefined) !== (retainUntil === undefined)) {
		throw invalid(
			'Object Lock needs a mode and a date, but only one of them is given',
			'Set both Object Lock Mode and Object Lock Retain Until, or neither.',
		);
	}
	return { mode, retainUntil, legalHold: legalHold || undefined };
}

/** Uploads a file of the item, or text, as one object. */
export const put: Operation = { option, fields, execute };
