import { bucketOf, on, openingOf } from './callFacts';
import type { BucketInput, CallFacts } from './callFacts';
import type { Calls } from '../sdk';

/** The row of a call that reads something of a bucket. */
const reading = (phrase: string, action: string) => ({
	phrase,
	changes: false,
	permissions: (input: BucketInput) => on(bucketOf(input), action),
	touches: (input: BucketInput) => [bucketOf(input)],
});

/** The row of a call that changes something about a bucket. */
const changing = (phrase: string, action: string) => ({
	...reading(phrase, action),
	changes: true,
});

/** The rows of the calls about a bucket or the whole account in the table of calls. */
export const BUCKET_CALLS = {
	CreateBucket: {
		phrase: 'create',
		changes: true,
		permissions: (input) =>
			on(
				bucketOf(input),
				's3:CreateBucket',
				input.ObjectLockEnabledForBucket === true && 's3:PutBucketObjectLockConfiguration',
				input.ObjectLockEnabledForBucket === true && 's3:PutBucketVersioning',
				input.CreateBucketConfiguration?.Tags !== undefined && 's3:TagResource',
			),
		touches: (input) => [bucketOf(input)],
		opens: openingOf,
	},
	DeleteBucket: changing('delete', 's3:DeleteBucket'),
	GetBucketEncryption: reading('get the encryption of', 's3:GetEncryptionConfiguration'),
	GetBucketOwnershipControls: reading(
		'get the ownership of objects in',
		's3:GetBucketOwnershipControls',
	),
	GetBucketTagging: reading('get the tags of', 's3:GetBucketTagging'),
	GetBucketVersioning: reading('get the versioning of', 's3:GetBucketVersioning'),
	GetObjectLockConfiguration: reading(
		'get the object lock of',
		's3:GetBucketObjectLockConfiguration',
	),
	HeadBucket: reading('find', 's3:ListBucket'),
	ListBuckets: {
		phrase: 'list the buckets of',
		changes: false,
		permissions: () => on({ bucket: undefined }, 's3:ListAllMyBuckets'),
		touches: () => [],
	},
	ListMultipartUploads: reading('list the uploads in', 's3:ListBucketMultipartUploads'),
	ListObjectsV2: reading('list', 's3:ListBucket'),
	ListObjectVersions: reading('list the versions in', 's3:ListBucketVersions'),
	PutBucketVersioning: changing('keep versions in', 's3:PutBucketVersioning'),
} satisfies { [Name in keyof Calls]?: CallFacts<Calls[Name]['input']> };
