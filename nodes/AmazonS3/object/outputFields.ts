/** Fields that the outputs of several operations on objects share. */
import { CHANGES, SENDERS, type ObjectEvent } from '../../../s3/events/ObjectEvent';
import type { ObjectHead } from '../../../s3/headers/objectHead';
import type { ListedObject } from '../../../s3/list/ListedEntry';
import {
	boolean,
	dateTime,
	integer,
	object,
	oneOf,
	optional,
	text,
	textByName,
	type Field,
	type Fields,
} from '../../run/schema';

/** Which object an item is about. */
export const bucketAndKey = {
	bucket: text('Name of the bucket'),
	key: text('Key of the object, exactly as stored'),
};

/** How long a link or form can be used. */
export const linkFields = {
	expiresAt: dateTime('When it expires'),
	...optional({
		cappedBy: oneOf('What ends it earlier than asked: the session, or the privacy level', [
			'session',
			'privacyLevel',
		]),
	}),
};

/** A checksum that S3 has of an object. */
export const checksumFields = {
	algorithm: text('Algorithm of the checksum, such as CRC64NVME'),
	value: text('Checksum in base64; “-” and the number of parts follow if it is composite'),
	type: text('FULL_OBJECT, or COMPOSITE if it is a checksum of the checksums of the parts'),
};

/** What S3 says of an object beside its content. */
export const objectHeadFields = {
	...bucketAndKey,
	...optional({
		size: integer('Bytes of the content; of a range only its own'),
		contentType: text('Content-Type'),
		etag: text('ETag without quotes'),
		lastModified: dateTime('When the object was last modified'),
		versionId: text('Version of the object'),
	}),
	metadata: textByName('User-defined metadata; names in lower case, without x-amz-meta-'),
	...optional({
		missingMetadata: integer('How many entries of metadata S3 has that no header can carry'),
		cacheControl: text('Cache-Control'),
		contentDisposition: text('Content-Disposition'),
		contentEncoding: text('Content-Encoding'),
		contentLanguage: text('Content-Language'),
		contentRange: text('Content-Range of a range, such as bytes 0-99/1000'),
		expires: text('Expires, as stored'),
		storageClass: text('Storage class; AWS leaves out STANDARD'),
		encryption: text('Encryption at rest: AES256, aws:kms or aws:kms:dsse'),
		kmsKeyId: text('ARN of the KMS key'),
		bucketKey: boolean('Whether a bucket key saves requests to KMS'),
		tagCount: integer('Number of tags'),
		checksum: object('Checksum that S3 has of the object', checksumFields),
		replicationStatus: text('State of replication'),
		objectLockMode: text('Retention mode: GOVERNANCE or COMPLIANCE'),
		objectLockRetainUntil: dateTime('End of the retention'),
		objectLockLegalHold: boolean('Whether the object is under legal hold'),
		restore: text('State of a restore from an archive, as S3 gives it'),
		expiration: text('Lifecycle rule and date at which the object expires, as S3 gives it'),
		websiteRedirectLocation: text('Where the bucket’s website redirects this object'),
	}),
} satisfies Record<keyof ObjectHead, Field>;

/** What a deletion tells of a request that was sent more than once. */
export const repeatedField = optional({
	repeated: boolean(
		'True if the request was repeated, so that there may be further delete markers below that one',
	),
});

/** Why something could not be done to one of many objects. */
export const failedFields = {
	key: text('Key of the object, exactly as stored'),
	...optional({ versionId: text('Version of the object') }),
	code: text('Code of S3, or the kind of failure'),
	message: text('What went wrong'),
};

/** The tags of an object. */
export const tagsOutput = {
	...bucketAndKey,
	...optional({ versionId: text('Version of the object that has the tags') }),
	tags: textByName('Tags of the object'),
};

/** How far the restore of an object of a listing is. */
export const restoreStatusField = object(
	'Of an archived object whose restore was begun; with the option Include Restore Status',
	{
		state: oneOf('The object can be read unless it is in progress', ['inProgress', 'restored']),
		...optional({ expiresAt: dateTime('Until when a restored object stays readable') }),
	},
);

/** The owner of an object of a listing. */
export const ownerField = object(
	'Owner of the object; with the option Fetch Owner',
	optional({ id: text('Canonical user ID'), displayName: text('Display name') }),
);

/** One object of a listing. */
const listedObjectFields = {
	...bucketAndKey,
	size: integer('Bytes of the object'),
	...optional({
		etag: text('ETag without quotes'),
		lastModified: dateTime('When the object was last modified'),
		storageClass: text('Storage class'),
		owner: ownerField,
		restoreStatus: restoreStatusField,
	}),
} satisfies Record<keyof ListedObject, Field>;

/** What is told of the key of a row, if that is asked for. */
export const partitions = optional({
	partitions: textByName('The name=value parts of the key; with the option Partition Columns'),
});

/** What an event tells of an object. */
export const eventFields = {
	...bucketAndKey,
	change: oneOf('What became of the object', CHANGES),
	event: text('Name that the sender gives the event, such as ObjectCreated:Put'),
	sender: oneOf('Who sent the event', SENDERS),
	...optional({
		time: dateTime('When it happened'),
		region: text('Region of the bucket'),
		size: integer('Bytes of the object'),
		etag: text('ETag without quotes'),
		versionId: text('Version of the object'),
		sequencer: text('Tells which of several events of one key is the last'),
		deleteMarker: boolean(
			'Whether a delete marker hides the object, whose versions are still there',
		),
		copySource: object('Object that was copied', bucketAndKey),
		requestId: text('ID of the request that caused the event'),
		principal: text('Who sent that request, as the sender of the event names it'),
		sourceIp: text('Where that request came from'),
	}),
} satisfies Record<keyof ObjectEvent, Field>;

/** A common prefix of a listing. */
export const commonPrefixFields: Fields = {
	bucket: text('Name of the bucket'),
	prefix: text('Common prefix; with the option Delimiter'),
	...partitions,
};

/** What a row of a listing can be: an object, or a common prefix. */
export const listedRowForms: readonly Fields[] = [
	{ ...listedObjectFields, ...partitions },
	commonPrefixFields,
];
