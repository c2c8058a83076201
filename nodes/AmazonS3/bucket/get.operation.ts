import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { getBucket } from '../../../s3/buckets/getBucket';
import { withoutUndefined } from '../../files/json';
import { bucketField, bucketOf } from '../../parameters/bucketAndKey';
import { concurrency } from '../../parameters/concurrency';
import { expectedBucketOwner } from '../../parameters/expectedBucketOwner';
import { optionsField } from '../../parameters/OptionGroup';
import { retrying } from '../../parameters/retrying';
import type { CallUses, Item, ItemOperation } from '../../run/operation';
import {
	arrayOf,
	boolean,
	integer,
	object,
	oneOf,
	optional,
	schemaOf,
	text,
	textByName,
} from '../../run/schema';

const option: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	description: 'Get region, versioning, encryption, object lock, ownership and tags of a bucket',
	action: 'Get bucket',
	builderHint: {
		propertyHint:
			'Reads region, versioning, encryption, object lock, ownership and tags of a bucket.',
	},
};

const fields: INodeProperties[] = [
	bucketField,
	optionsField(...concurrency.fields, ...retrying.fields, ...expectedBucketOwner.fields),
];

const output = schemaOf({
	bucket: text('Name of the bucket'),
	...optional({
		region: text('Region of the bucket'),
		versioning: oneOf('Whether the bucket keeps versions', ['Enabled', 'Suspended', 'Never']),
		encryption: object('Encryption of new objects', {
			algorithm: text('AES256, aws:kms or aws:kms:dsse'),
			...optional({ kmsKeyId: text('ARN of the KMS key') }),
		}),
		objectLock: object('Lock of new objects', {
			enabled: boolean('Whether objects can be locked'),
			...optional({
				mode: text('Retention mode: GOVERNANCE or COMPLIANCE'),
				days: integer('Days of retention'),
				years: integer('Years of retention'),
			}),
		}),
		ownership: text('Who owns new objects, such as BucketOwnerEnforced'),
		tags: textByName('Tags of the bucket'),
	}),
	unread: arrayOf('What could not be read', {
		what: oneOf('Field that is missing for that', [
			'encryption',
			'objectLock',
			'ownership',
			'region',
			'tags',
			'versioning',
		]),
		code: text('Code of S3, or the kind of failure'),
		message: text('Why'),
	}),
});

const calls: CallUses = {
	HeadBucket: 'always; without the permission the result says so where nobody names the region',
	GetBucketVersioning: 'always; without the permission the result says so',
	GetBucketEncryption: 'always; without the permission the result says so',
	GetObjectLockConfiguration: 'always; without the permission the result says so',
	GetBucketOwnershipControls: 'always; without the permission the result says so',
	GetBucketTagging: 'always; without the permission the result says so',
};

async function execute(item: Item): Promise<INodeExecutionData[]> {
	const bucket = bucketOf(item, item.s3.connection);
	const request = { bucket, expectedBucketOwner: expectedBucketOwner.read(item) };
	const { encryption, objectLock, unread, ...facts } = await getBucket(item.s3, request, item);
	const json = {
		...facts,
		encryption: encryption && withoutUndefined({ ...encryption }),
		objectLock: objectLock && withoutUndefined({ ...objectLock }),
		unread: unread.map((one) => ({ ...one })),
	};
	return [{ json: withoutUndefined(json) }];
}

/** Reads what S3 says of one bucket. */
export const get: ItemOperation = { option, fields, output, calls, execute };
