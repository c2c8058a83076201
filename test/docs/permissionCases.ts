/** Runs of operations that need other permissions than the runs before, for permissions.conformance.ts. */
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { CallName } from '../../s3/calls/calls';

/** What the main user has prepared for one run. */
export interface Prepared {
	/** The bucket with the objects. */
	bucket: string;
	/** An empty one, which copies go to. */
	other: string;
	/** The version of “key” that is not the newest, in a bucket with versions. */
	versionId: string;
	/** The newest version of “large”, in a bucket with versions. */
	largeVersionId: string;
	/** The ETag of the newest version of “key”. */
	etag: string;
	/** A moment at which the old version of “key” was the newest. */
	asOf: string;
	/** The version of the delete marker that hides “deleted”, in a bucket with versions. */
	marker: string;
}

/** Before anything is prepared. */
export const NOTHING: Prepared = {
	bucket: '',
	other: '',
	versionId: '',
	largeVersionId: '',
	etag: '',
	asOf: '',
	marker: '',
};

/** One run of an operation. */
export interface PermissionCase {
	/** As in “… with a version”. */
	name: string;
	/** Resource and operation. */
	of: `${'object' | 'bucket'}.${string}`;
	/** What the buckets are like; without versions and lock unless given. In one with lock “key” is locked. */
	bucketWith?: 'versions' | 'lock';
	/** Whether the newest version of “key”, and a delete marker that hides “deleted null”, are the version null. */
	nullVersions?: boolean;
	/**
	 * Whether “large” itself lets the limited user read it: for the source of a part that it copies, radosgw looks at no
	 * policy of IAM.
	 */
	grantsSource?: boolean;
	parameters: (prepared: Prepared) => INodeParameters;
	items?: INodeExecutionData[];
	/** Whether the bucket has an upload in parts that nobody has ended. */
	openUpload?: boolean;
	/** Bytes of a file that the item has. */
	fileSize?: number;
	/** What is left unread of a bucket, as radosgw has no name for the action. */
	unread?: readonly string[];
	/** Whether it has to be told that there is no such object, which S3 does only to who may list the bucket. */
	asksForMissing?: boolean;
	/** Actions that radosgw allows to everybody who may do the rest; on AWS they are needed. */
	notEnforced?: readonly string[];
}

const MEBIBYTE = 1024 * 1024;
/** Bytes of “large”. */
export const LARGE = 6 * MEBIBYTE;

const tags = { tag: [{ name: 'a', value: 'b' }] };
const inParts = { multipartThresholdMb: 5, partSizeMb: 5 };
const text = { source: 'text', text: 'content' };
const key = 'key';
const year = new Date().getFullYear() + 1;
const lock = {
	objectLockMode: 'GOVERNANCE',
	objectLockRetainUntil: `${year}-01-01T00:00:00.000Z`,
};
/** radosgw wants that nobody denies it, and not that somebody allows it. */
const BYPASS = ['s3:BypassGovernanceRetention'];
const two = (keys: string[]): INodeExecutionData[] => keys.map((one) => ({ json: { key: one } }));

const putCases: PermissionCase[] = [
	{ name: 'Put', of: 'object.put', parameters: () => ({ key, ...text }) },
	{
		name: 'Put with tags',
		of: 'object.put',
		notEnforced: ['s3:PutObjectTagging'],
		parameters: () => ({ key, ...text, options: { tags } }),
	},
	{
		name: 'Put with an ACL',
		of: 'object.put',
		notEnforced: ['s3:PutObjectAcl'],
		parameters: () => ({ key, ...text, options: { acl: 'private' } }),
	},
	{
		name: 'Put with object lock',
		of: 'object.put',
		bucketWith: 'lock',
		notEnforced: ['s3:PutObjectLegalHold', 's3:PutObjectRetention'],
		parameters: () => ({ key, ...text, options: { ...lock, objectLockLegalHold: true } }),
	},
	{
		name: 'Put only if there is no object',
		of: 'object.put',
		parameters: () => ({ key: 'new', ...text, options: { overwrite: 'never' } }),
	},
	{
		name: 'Put if the ETag matches',
		of: 'object.put',
		notEnforced: ['s3:GetObject'],
		parameters: ({ etag }) => ({ key, ...text, options: { overwrite: 'ifMatch', etag } }),
	},
	{
		name: 'Put in parts if the ETag matches',
		of: 'object.put',
		fileSize: LARGE,
		notEnforced: ['s3:GetObject'],
		parameters: ({ etag }) => ({ key, options: { ...inParts, overwrite: 'ifMatch', etag } }),
	},
	{
		name: 'Put in parts with an ACL',
		of: 'object.put',
		fileSize: LARGE,
		notEnforced: ['s3:PutObjectAcl'],
		parameters: () => ({ key, options: { ...inParts, acl: 'private' } }),
	},
	{
		name: 'Put in parts with tags',
		of: 'object.put',
		fileSize: LARGE,
		notEnforced: ['s3:PutObjectTagging'],
		parameters: () => ({ key, options: { ...inParts, tags } }),
	},
	{
		name: 'Put in parts',
		of: 'object.put',
		fileSize: LARGE,
		parameters: () => ({ key, options: inParts }),
	},
];

const readCases: PermissionCase[] = [
	{ name: 'Get', of: 'object.get', parameters: () => ({ key, as: 'text' }) },
	{
		name: 'Get with a version',
		of: 'object.get',
		bucketWith: 'versions',
		parameters: ({ versionId }) => ({ key, as: 'text', options: { versionId } }),
	},
	{
		name: 'Get with tags',
		of: 'object.get',
		parameters: () => ({ key, as: 'text', options: { includeTags: true } }),
	},
	{
		name: 'Get with a version and tags',
		of: 'object.get',
		bucketWith: 'versions',
		parameters: ({ versionId }) => ({ key, as: 'text', options: { versionId, includeTags: true } }),
	},
	{ name: 'Get Metadata', of: 'object.getMetadata', parameters: () => ({ key }) },
	{
		name: 'Get Presigned URL that looks at the object first',
		of: 'object.getPresignedUrl',
		parameters: () => ({ key, options: { checkFirst: true } }),
	},
	{
		name: 'Get Presigned URL that looks at a version first',
		of: 'object.getPresignedUrl',
		bucketWith: 'versions',
		parameters: ({ versionId }) => ({ key, options: { checkFirst: true, versionId } }),
	},
	{
		name: 'Get Metadata with a version and tags',
		of: 'object.getMetadata',
		bucketWith: 'versions',
		parameters: ({ versionId }) => ({ key, options: { versionId, includeTags: true } }),
	},
	{
		name: 'Get Metadata with tags',
		of: 'object.getMetadata',
		parameters: () => ({ key, options: { includeTags: true } }),
	},
	{ name: 'List', of: 'object.list', parameters: () => ({}) },
	{ name: 'List Versions', of: 'object.listVersions', parameters: () => ({}) },
	{ name: 'Get Tags', of: 'object.getTags', parameters: () => ({ key }) },
	{
		name: 'Get Tags with a version',
		of: 'object.getTags',
		bucketWith: 'versions',
		parameters: ({ versionId }) => ({ key, options: { versionId } }),
	},
	{
		name: 'Restore of an object that is not archived',
		of: 'object.restore',
		parameters: () => ({ key }),
	},
	{
		name: 'Restore of a version that is not archived',
		of: 'object.restore',
		bucketWith: 'versions',
		parameters: ({ versionId }) => ({ key, options: { versionId } }),
	},
];

const tagCases: PermissionCase[] = [
	{
		name: 'Set Tags that replaces',
		of: 'object.setTags',
		parameters: () => ({ key, mode: 'replace', tags }),
	},
	{
		name: 'Set Tags that merges',
		of: 'object.setTags',
		parameters: () => ({ key, mode: 'merge', tags }),
	},
	{
		name: 'Set Tags that removes',
		of: 'object.setTags',
		parameters: () => ({ key, mode: 'remove', tags: { tag: [{ name: 'tag', value: '' }] } }),
	},
	{
		name: 'Set Tags with a version',
		of: 'object.setTags',
		bucketWith: 'versions',
		parameters: ({ versionId }) => ({ key, mode: 'merge', tags, options: { versionId } }),
	},
];

const deleteCases: PermissionCase[] = [
	{ name: 'Delete', of: 'object.delete', parameters: () => ({ key }) },
	{
		name: 'Delete of several objects',
		of: 'object.delete',
		items: two([key, 'large']),
		parameters: () => ({ key: '={{ $json.key }}' }),
	},
	{
		name: 'Delete with a version',
		of: 'object.delete',
		bucketWith: 'versions',
		parameters: ({ versionId }) => ({ key, options: { versionId } }),
	},
	{
		name: 'Delete of several versions',
		of: 'object.delete',
		bucketWith: 'versions',
		items: two([key, 'large']),
		parameters: ({ versionId, largeVersionId }) => ({
			key: '={{ $json.key }}',
			options: { versionId: `={{ $json.key === 'key' ? '${versionId}' : '${largeVersionId}' }}` },
		}),
	},
	{
		name: 'Delete with a version if the ETag matches',
		of: 'object.delete',
		bucketWith: 'versions',
		parameters: ({ versionId, etag }) => ({ key, options: { versionId, ifMatch: etag } }),
	},
	{
		name: 'Delete if the ETag matches',
		of: 'object.delete',
		parameters: ({ etag }) => ({ key, options: { ifMatch: etag } }),
	},
	{
		name: 'Delete with a version under governance',
		of: 'object.delete',
		bucketWith: 'lock',
		notEnforced: BYPASS,
		parameters: ({ versionId }) => ({ key, options: { versionId, bypassGovernance: true } }),
	},
	{
		name: 'Delete of several versions under governance',
		of: 'object.delete',
		bucketWith: 'lock',
		notEnforced: BYPASS,
		items: two([key, 'large']),
		parameters: ({ versionId, largeVersionId }) => ({
			key: '={{ $json.key }}',
			options: {
				versionId: `={{ $json.key === 'key' ? '${versionId}' : '${largeVersionId}' }}`,
				bypassGovernance: true,
			},
		}),
	},
	{
		name: 'Delete by Prefix',
		of: 'object.deleteByPrefix',
		parameters: () => ({ prefix: 'k' }),
	},
	{
		name: 'Delete by Prefix of all versions',
		of: 'object.deleteByPrefix',
		bucketWith: 'versions',
		parameters: () => ({ prefix: 'k', options: { allVersions: true } }),
	},
	{
		name: 'Delete by Prefix of all versions under governance',
		of: 'object.deleteByPrefix',
		bucketWith: 'lock',
		notEnforced: BYPASS,
		parameters: () => ({
			prefix: 'k',
			options: { allVersions: true, bypassGovernance: true },
		}),
	},
	{
		name: 'Undelete of one object',
		of: 'object.undelete',
		bucketWith: 'versions',
		parameters: () => ({ undeleteBy: 'key', key: 'deleted' }),
	},
	{
		name: 'Undelete of several objects',
		of: 'object.undelete',
		bucketWith: 'versions',
		parameters: () => ({ undeleteBy: 'prefix', prefix: 'deleted' }),
	},
	{
		name: 'Undelete by a receipt',
		of: 'object.undelete',
		bucketWith: 'versions',
		parameters: ({ marker }) => ({
			undeleteBy: 'receipt',
			receipt: [{ key: 'deleted', versionId: marker, deleteMarker: true }],
		}),
	},
	{
		name: 'Undelete as of a moment',
		of: 'object.undelete',
		bucketWith: 'versions',
		parameters: ({ asOf }) => ({ undeleteBy: 'key', key, asOf }),
	},
	{
		name: 'Undelete as of a moment over the version null',
		of: 'object.undelete',
		bucketWith: 'versions',
		nullVersions: true,
		parameters: ({ asOf }) => ({ undeleteBy: 'key', key, asOf }),
	},
	{
		name: 'Undelete by a receipt of the version null',
		of: 'object.undelete',
		bucketWith: 'versions',
		nullVersions: true,
		parameters: () => ({
			undeleteBy: 'receipt',
			receipt: [{ key: 'deleted null', versionId: 'null', deleteMarker: true }],
		}),
	},
];

const copyOf =
	(sourceKey: string) =>
	({ bucket, other }: Prepared) => ({
		sourceBucket: bucket,
		sourceKey,
		bucket: other,
		key: 'copy',
	});

/** The same within the bucket of the source. */
const within = (copy: ReturnType<ReturnType<typeof copyOf>>) => ({
	...copy,
	bucket: copy.sourceBucket,
});

const copyCases: PermissionCase[] = [
	{ name: 'Copy', of: 'object.copy', parameters: copyOf(key) },
	{
		name: 'Copy with a version',
		of: 'object.copy',
		bucketWith: 'versions',
		parameters: (prepared) => ({
			...copyOf(key)(prepared),
			options: { sourceVersionId: prepared.versionId },
		}),
	},
	{
		name: 'Copy with new tags and an ACL',
		of: 'object.copy',
		notEnforced: ['s3:GetObjectTagging', 's3:PutObjectAcl', 's3:PutObjectTagging'],
		parameters: (prepared) => ({
			...copyOf(key)(prepared),
			options: { tags: 'replace', newTags: tags, acl: 'private' },
		}),
	},
	{
		name: 'Copy in parts',
		of: 'object.copy',
		grantsSource: true,
		notEnforced: ['s3:GetObject', 's3:GetObjectTagging'],
		parameters: (prepared) => ({ ...copyOf('large')(prepared), options: inParts }),
	},
	{
		name: 'Copy in parts with new tags and an ACL',
		of: 'object.copy',
		grantsSource: true,
		notEnforced: ['s3:GetObject', 's3:GetObjectTagging', 's3:PutObjectAcl', 's3:PutObjectTagging'],
		parameters: (prepared) => ({
			...copyOf('large')(prepared),
			options: { ...inParts, tags: 'replace', newTags: tags, acl: 'private' },
		}),
	},
	{
		name: 'Copy of a version in parts',
		of: 'object.copy',
		bucketWith: 'versions',
		grantsSource: true,
		notEnforced: ['s3:GetObjectVersion', 's3:GetObjectVersionTagging'],
		parameters: (prepared) => ({
			...copyOf('large')(prepared),
			options: { ...inParts, sourceVersionId: prepared.largeVersionId },
		}),
	},
	{
		name: 'Copy to another connection',
		of: 'object.copy',
		notEnforced: ['s3:PutObjectTagging'],
		parameters: (prepared) => ({ ...copyOf(key)(prepared), anotherConnection: true }),
	},
	{
		name: 'Copy of a version to another connection',
		of: 'object.copy',
		notEnforced: ['s3:GetObjectTagging', 's3:PutObjectTagging'],
		bucketWith: 'versions',
		parameters: (prepared) => ({
			...copyOf(key)(prepared),
			anotherConnection: true,
			options: { sourceVersionId: prepared.versionId },
		}),
	},
	{
		name: 'Copy in parts to another connection',
		of: 'object.copy',
		parameters: (prepared) => ({
			...copyOf('large')(prepared),
			anotherConnection: true,
			options: inParts,
		}),
	},
	{
		name: 'Copy only if there is no object',
		of: 'object.copy',
		parameters: (prepared) => ({ ...copyOf(key)(prepared), options: { overwrite: 'never' } }),
	},
	{
		name: 'Copy of what is different',
		of: 'object.copy',
		parameters: (prepared) => ({
			...copyOf(key)(prepared),
			options: { overwrite: 'ifDifferent' },
		}),
	},
	{
		name: 'Copy with object lock',
		of: 'object.copy',
		bucketWith: 'lock',
		notEnforced: ['s3:PutObjectLegalHold', 's3:PutObjectRetention'],
		parameters: (prepared) => ({
			...within(copyOf(key)(prepared)),
			options: { ...lock, objectLockLegalHold: true },
		}),
	},
	{
		name: 'Copy if the ETag matches',
		of: 'object.copy',
		grantsSource: true,
		parameters: (prepared) => ({
			...within(copyOf('large')(prepared)),
			key,
			options: { overwrite: 'ifMatch', etag: prepared.etag },
		}),
	},
	{ name: 'Move', of: 'object.move', parameters: copyOf(key) },
	{
		name: 'Move that deletes the version',
		of: 'object.move',
		bucketWith: 'versions',
		parameters: (prepared) => ({
			...copyOf(key)(prepared),
			options: { deleteThisVersion: true },
		}),
	},
	{
		name: 'Move with new tags and an ACL',
		of: 'object.move',
		notEnforced: ['s3:GetObjectTagging', 's3:PutObjectAcl', 's3:PutObjectTagging'],
		parameters: (prepared) => ({
			...copyOf(key)(prepared),
			options: { tags: 'replace', newTags: tags, acl: 'private' },
		}),
	},
	{
		name: 'Move with object lock',
		of: 'object.move',
		bucketWith: 'lock',
		notEnforced: ['s3:PutObjectLegalHold', 's3:PutObjectRetention'],
		parameters: (prepared) => ({
			...within(copyOf(key)(prepared)),
			options: { ...lock, objectLockLegalHold: true },
		}),
	},
	{
		name: 'Move if the ETag matches',
		of: 'object.move',
		grantsSource: true,
		parameters: (prepared) => ({
			...within(copyOf('large')(prepared)),
			key,
			options: { overwrite: 'ifMatch', etag: prepared.etag },
		}),
	},
	{
		name: 'Move of a version',
		of: 'object.move',
		bucketWith: 'versions',
		notEnforced: ['s3:GetObject'],
		parameters: (prepared) => ({
			...copyOf(key)(prepared),
			options: { sourceVersionId: prepared.versionId, deleteThisVersion: true },
		}),
	},
	{
		name: 'Move in parts',
		of: 'object.move',
		grantsSource: true,
		notEnforced: ['s3:GetObject', 's3:GetObjectTagging'],
		parameters: (prepared) => ({ ...copyOf('large')(prepared), options: inParts }),
	},
	{
		name: 'Move to another connection',
		of: 'object.move',
		notEnforced: ['s3:PutObjectTagging'],
		parameters: (prepared) => ({ ...copyOf(key)(prepared), anotherConnection: true }),
	},
	{
		name: 'Change Storage Class',
		of: 'object.changeStorageClass',
		parameters: () => ({ key, storageClass: 'STANDARD_IA' }),
	},
	{
		name: 'Change Storage Class of a version',
		of: 'object.changeStorageClass',
		bucketWith: 'versions',
		parameters: ({ versionId }) => ({ key, storageClass: 'STANDARD_IA', options: { versionId } }),
	},
	{
		name: 'Change Storage Class with an ACL',
		of: 'object.changeStorageClass',
		notEnforced: ['s3:PutObjectAcl'],
		parameters: () => ({ key, storageClass: 'STANDARD_IA', options: { acl: 'private' } }),
	},
	{
		name: 'Change Storage Class in parts',
		of: 'object.changeStorageClass',
		grantsSource: true,
		notEnforced: ['s3:GetObject', 's3:GetObjectTagging'],
		parameters: () => ({ key: 'large', storageClass: 'STANDARD_IA', options: inParts }),
	},
	{
		name: 'Change Storage Class of a version in parts',
		of: 'object.changeStorageClass',
		bucketWith: 'versions',
		grantsSource: true,
		notEnforced: ['s3:GetObjectVersion', 's3:GetObjectVersionTagging'],
		parameters: ({ largeVersionId: versionId }) => ({
			key: 'large',
			storageClass: 'STANDARD_IA',
			options: { ...inParts, versionId },
		}),
	},
];

const appendCases: PermissionCase[] = [
	{
		name: 'Append',
		of: 'object.append',
		notEnforced: ['s3:PutObjectTagging'],
		parameters: () => ({ key, ...text }),
	},
	{
		name: 'Append that drops tags',
		of: 'object.append',
		parameters: () => ({ key, ...text, options: { tags: 'drop' } }),
	},
	{
		name: 'Append to no object',
		of: 'object.append',
		asksForMissing: true,
		notEnforced: ['s3:GetObject'],
		parameters: () => ({ key: 'new', ...text }),
	},
	{
		name: 'Append to a large object',
		of: 'object.append',
		grantsSource: true,
		notEnforced: ['s3:GetObject', 's3:GetObjectTagging'],
		parameters: () => ({ key: 'large', ...text }),
	},
];

const bucketCases: PermissionCase[] = [
	{
		name: 'List of buckets',
		of: 'bucket.list',
		notEnforced: ['s3:ListAllMyBuckets'],
		parameters: () => ({}),
	},
	{
		name: 'Get of a bucket',
		of: 'bucket.get',
		unread: ['encryption', 'ownership'],
		parameters: () => ({}),
	},
	{
		name: 'Create of a bucket that keeps versions',
		of: 'bucket.create',
		notEnforced: ['s3:CreateBucket', 's3:ListBucket', 's3:PutBucketVersioning'],
		parameters: ({ other }) => ({ bucketName: `${other}-new`, options: { versioning: true } }),
	},
	{
		name: 'Create of a bucket with object lock',
		of: 'bucket.create',
		notEnforced: [
			's3:CreateBucket',
			's3:ListBucket',
			's3:PutBucketObjectLockConfiguration',
			's3:PutBucketVersioning',
		],
		parameters: ({ other }) => ({ bucketName: `${other}-new`, options: { objectLock: true } }),
	},
	{
		name: 'Delete of a bucket',
		of: 'bucket.delete',
		parameters: ({ other }) => ({ bucket: other }),
	},
	{
		name: 'Delete of a bucket that is emptied first',
		of: 'bucket.delete',
		bucketWith: 'versions',
		parameters: () => ({ options: { emptyFirst: true } }),
	},
	{
		name: 'Delete of a bucket that is emptied first under governance',
		of: 'bucket.delete',
		bucketWith: 'lock',
		notEnforced: BYPASS,
		parameters: () => ({ options: { emptyFirst: true, bypassGovernance: true } }),
	},
	{
		name: 'Delete of a bucket with an upload that is aborted first',
		of: 'bucket.delete',
		openUpload: true,
		parameters: ({ other }) => ({ bucket: other, options: { emptyFirst: true } }),
	},
	{
		name: 'Clean Up Uploads',
		of: 'bucket.cleanUpUploads',
		parameters: () => ({ olderThanHours: 1 }),
	},
];

export const CASES: readonly PermissionCase[] = [
	...putCases,
	...readCases,
	...tagCases,
	...deleteCases,
	...copyCases,
	...appendCases,
	...bucketCases,
];

/** Actions that radosgw has no name for, so that no policy can have them. */
export const UNKNOWN: readonly string[] = [
	's3:GetBucketOwnershipControls',
	's3:GetEncryptionConfiguration',
	's3:GetObjectAttributes',
	's3:GetObjectVersionAttributes',
];

/** Other actions of docs/permissions.md that no case needs, and why. */
export const NOT_NEEDED: Readonly<Record<string, string>> = {
	's3:GetObjectLegalHold': 'without it S3 only leaves the legal hold out of what it tells',
	's3:GetObjectRetention': 'without it S3 only leaves the retention out of what it tells',
	's3:RestoreObject': 'radosgw restores nothing: it has no archive without a cloud behind it',
	's3:TagResource': 'radosgw refuses tags for a new bucket',
};

/** What radosgw wants of a call on a bucket besides what AWS wants. */
export const ALSO_WANTED: Readonly<Partial<Record<CallName, readonly string[]>>> = {
	// It asks for this on the bucket itself, and then for the right action on each object.
	DeleteObjects: ['s3:DeleteObject'],
};

/** Operations without a case, and why. */
export const NOT_TRIED: Readonly<Record<string, string>> = {
	'object.getPresignedPost':
		'signing makes no request, on AWS one that may be denied; its forms are tried',
	'object.parseEvent': 'makes no request',
	'queue.acknowledge': 'makes a request of SQS',
};

/** Options without a case that change what their operation needs, and why. */
export const OPTIONS_NOT_TRIED: Readonly<Record<string, string>> = {
	'bucket.create with tags': NOT_NEEDED['s3:TagResource'] ?? '',
};
