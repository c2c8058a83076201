/** What the operations that copy an object have in common. */
import type { INodeProperties } from 'n8n-workflow';

import type { CopyRequest, CopyResult } from '../../../s3/objects/copyBetween';
import { sizeOf, withoutUndefined } from '../../files/json';
import { targetAuthenticationField } from '../../connection/authentication';
import {
	bucketOf,
	existingKeyOf,
	newKeyOf,
	objectIdOf,
	sourceBucketField,
	sourceKeyField,
	targetBucketField,
	targetKeyField,
} from '../../parameters/bucketAndKey';
import { caller } from '../../parameters/caller';
import { concurrency } from '../../parameters/concurrency';
import { copyCondition } from '../../parameters/conditions';
import { anotherConnectionField, copySource, targetKeys } from '../../parameters/copySource';
import { encryption } from '../../parameters/encryption';
import { contentHeaders } from '../../parameters/headers';
import { copiedMetadataAndTags } from '../../parameters/metadataAndTags';
import { objectLock } from '../../parameters/objectLock';
import { eachOnce, offeredBeside, TEXT } from '../../parameters/offeredBeside';
import { optionsField } from '../../parameters/OptionGroup';
import { readBoolean } from '../../parameters/read';
import { retrying } from '../../parameters/retrying';
import { storage } from '../../parameters/storage';
import { copyParts } from '../../parameters/uploading';
import type { CallUses, Item, ItemOperation } from '../../run/operation';
import { boolean, integer, object, oneOf, optional, text, type Fields } from '../../run/schema';
import { bucketAndKey, checksumFields } from './outputFields';

const keepStorageClassField: INodeProperties = {
	displayName: 'Keep Storage Class',
	name: 'keepStorageClass',
	type: 'boolean',
	default: false,
	displayOptions: { hide: { storageClass: TEXT } },
	description: 'Whether the copy gets the storage class of the source. Otherwise it is Standard.',
};

/** In a copy, content headers come with new metadata only. */
const headerFields = offeredBeside(
	'metadata',
	['replace'],
	eachOnce(contentHeaders.fields).map((field) => ({
		...field,
		description:
			field.name === 'contentType' ? 'The type of the content' : (field.description ?? ''),
	})),
);

/**
 * The fields of an operation that copies.
 *
 * @param more options of its own
 */
export const copyFields = (...more: INodeProperties[]): INodeProperties[] => [
	sourceBucketField,
	sourceKeyField,
	anotherConnectionField,
	targetAuthenticationField,
	targetBucketField,
	targetKeyField,
	optionsField(
		...more,
		...copyCondition.fields,
		...targetKeys.fields,
		...copySource.fields,
		...copiedMetadataAndTags.fields,
		...headerFields,
		...storage.fields,
		keepStorageClassField,
		...encryption.fields,
		...objectLock.fields,
		...copyParts.fields,
		...concurrency.fields,
		...retrying.fields,
		...caller.fields,
	),
];

/** The output of an operation that copies. */
export const copyOutput: Fields = {
	source: object('The object that was copied', {
		...bucketAndKey,
		...optional({
			versionId: text('Version that was copied, if the bucket has versions'),
			etag: text('ETag without quotes'),
			checksum: object('Checksum that S3 has of the source', checksumFields),
		}),
	}),
	...bucketAndKey,
	...optional({
		versionId: text('Version that was made, if the bucket has versions'),
		etag: text('ETag of the copy, without quotes'),
	}),
	size: integer('Bytes of the object'),
	...optional({
		copiedBy: oneOf('Whether the server copied by itself, or n8n streamed the object', [
			'server',
			'stream',
		]),
		parts: integer('Parts in which it was copied; 1 for a single request'),
	}),
	skipped: boolean('Whether nothing was copied, because the same is there already'),
	...optional({ reason: text('Why it was skipped') }),
};

/** The calls of an operation that copies. */
export const copyCalls: CallUses = {
	HeadObject:
		'always of the source; of the target with Overwrite set to If Different, or if a response was lost; of it on servers other than AWS also with Overwrite set to Never or If ETag Matches, with object lock above 5 GiB, and if their response does not name the version or the Encryption Customer Key that was asked for',
	CopyObject: 'up to 5 GiB, if the server can copy by itself',
	UploadPartCopy: 'above 5 GiB, if the server can copy by itself',
	CreateMultipartUpload: 'above 5 GiB, or above the multipart threshold if it is streamed',
	CompleteMultipartUpload: 'above 5 GiB, or above the multipart threshold if it is streamed',
	AbortMultipartUpload: 'after a copy in parts that failed',
	GetObjectTagging:
		'in parts or streamed, with Tags set to Keep; unless Tags is set to Drop, of source and copy if a response was lost; on servers other than AWS also if tags or metadata are not kept',
	PutObjectTagging: 'on servers other than AWS, if the copy does not have the right tags',
	GetObject: 'if it is streamed',
	PutObject: 'if it is streamed, up to the multipart threshold',
	UploadPart: 'if it is streamed, above the multipart threshold',
};

/** How items that copy are worked on at once. */
export const copiesAtOnce = {
	/** Items that copy to one object do so in their order. */
	targetsOf: async (item) => {
		const { target } = await copyConnections(item);
		return [objectIdOf(item, target.connection, newKeyOf(item), targetBucketField)];
	},
	/** What the items before have copied to the key of a source is what is copied from it. */
	sourcesOf: (item) => [
		objectIdOf(item, item.s3.connection, existingKeyOf(item, sourceKeyField), sourceBucketField),
	],
	bytesOf: sizeOf,
} satisfies Partial<ItemOperation>;

/** The connections that an item is copied between. */
export async function copyConnections(item: Item) {
	const another = readBoolean(item, 'anotherConnection');
	return { source: item.s3, target: another ? await item.connection('target') : item.s3 };
}

/** What an item says is to be copied. */
export function copyRequestOf(
	item: Item,
	{ source, target }: Awaited<ReturnType<typeof copyConnections>>,
): CopyRequest {
	return {
		source: {
			bucket: bucketOf(item, source.connection, sourceBucketField),
			key: existingKeyOf(item, sourceKeyField),
			...copySource.read(item),
		},
		bucket: bucketOf(item, target.connection, targetBucketField),
		key: newKeyOf(item),
		...contentHeaders.read(item),
		...copiedMetadataAndTags.read(item),
		...copyCondition.read(item),
		...targetKeys.read(item),
		...copyParts.read(item),
		...storage.read(item),
		keepStorageClass: readBoolean(item, 'options.keepStorageClass'),
		encryption: encryption.read(item),
		objectLock: objectLock.read(item),
		...caller.read(item),
	};
}

/** The `json` of the item that a copy makes. */
export const jsonOf = ({ source, ...copied }: CopyResult) =>
	withoutUndefined({ source: withoutUndefined({ ...source }), ...copied });
