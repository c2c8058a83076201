import { ambiguous, bucketOf, on, openingOf, safe } from './callFacts';
import type { CallFacts } from './callFacts';
import type { Calls } from '../sdk';

/** The calls about a bucket or the whole account. */
type BucketCall =
	| 'CreateBucket'
	| 'DeleteBucket'
	| 'GetBucketEncryption'
	| 'GetBucketOwnershipControls'
	| 'GetBucketVersioning'
	| 'GetObjectLockConfiguration'
	| 'HeadBucket'
	| 'ListBuckets'
	| 'ListMultipartUploads'
	| 'ListObjectsV2'
	| 'ListObjectVersions'
	| 'PutBucketVersioning';

/** Their rows in the table of calls. */
export const BUCKET_CALLS: { [Name in BucketCall]: CallFacts<Calls[Name]['input']> } = {
	CreateBucket: {
		phrase: 'create',
		changes: true,
		permissions: (input) =>
			on(
				bucketOf(input),
				's3:CreateBucket',
				input.ObjectLockEnabledForBucket === true && 's3:PutBucketObjectLockConfiguration',
				input.ObjectLockEnabledForBucket === true && 's3:PutBucketVersioning',
			),
		repeat: ambiguous,
		touches: (input) => [bucketOf(input)],
		opens: openingOf,
	},
	DeleteBucket: {
		phrase: 'delete',
		changes: true,
		permissions: (input) => on(bucketOf(input), 's3:DeleteBucket'),
		repeat: ambiguous,
		touches: (input) => [bucketOf(input)],
	},
	GetBucketEncryption: {
		phrase: 'get the encryption of',
		changes: false,
		permissions: (input) => on(bucketOf(input), 's3:GetEncryptionConfiguration'),
		repeat: safe,
		touches: (input) => [bucketOf(input)],
	},
	GetBucketOwnershipControls: {
		phrase: 'get the ownership of objects in',
		changes: false,
		permissions: (input) => on(bucketOf(input), 's3:GetBucketOwnershipControls'),
		repeat: safe,
		touches: (input) => [bucketOf(input)],
	},
	GetBucketVersioning: {
		phrase: 'get the versioning of',
		changes: false,
		permissions: (input) => on(bucketOf(input), 's3:GetBucketVersioning'),
		repeat: safe,
		touches: (input) => [bucketOf(input)],
	},
	GetObjectLockConfiguration: {
		phrase: 'get the object lock of',
		changes: false,
		permissions: (input) => on(bucketOf(input), 's3:GetBucketObjectLockConfiguration'),
		repeat: safe,
		touches: (input) => [bucketOf(input)],
	},
	HeadBucket: {
		phrase: 'find',
		changes: false,
		permissions: (input) => on(bucketOf(input), 's3:ListBucket'),
		repeat: safe,
		touches: (input) => [bucketOf(input)],
	},
	ListBuckets: {
		phrase: 'list the buckets of',
		changes: false,
		permissions: () => on({ bucket: undefined }, 's3:ListAllMyBuckets'),
		repeat: safe,
		touches: () => [],
	},
	ListMultipartUploads: {
		phrase: 'list the uploads in',
		changes: false,
		permissions: (input) => on(bucketOf(input), 's3:ListBucketMultipartUploads'),
		repeat: safe,
		touches: (input) => [bucketOf(input)],
	},
	ListObjectsV2: {
		phrase: 'list',
		changes: false,
		permissions: (input) => on(bucketOf(input), 's3:ListBucket'),
		repeat: safe,
		touches: (input) => [bucketOf(input)],
	},
	ListObjectVersions: {
		phrase: 'list the versions in',
		changes: false,
		permissions: (input) => on(bucketOf(input), 's3:ListBucketVersions'),
		repeat: safe,
		touches: (input) => [bucketOf(input)],
	},
	PutBucketVersioning: {
		phrase: 'keep versions in',
		changes: true,
		permissions: (input) => on(bucketOf(input), 's3:PutBucketVersioning'),
		repeat: safe,
		touches: (input) => [bucketOf(input)],
	},
};
