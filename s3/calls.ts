import type { Calls } from './sdk';

/** S3's name of a call. */
export type CallName = keyof Calls;

/** A bucket, or an object in it. */
export interface Target {
	readonly bucket: string | undefined;
	readonly key?: string | undefined;
}

/** An action of IAM, and what it is needed on; no bucket is everything of the account. */
export interface Permission {
	readonly action: string;
	readonly on: Target;
}

/**
 * What becomes of a call that is sent a second time because the response to the first was lost:
 * - `safe`: the same as of one, but that in a versioned bucket a write or deletion makes one version more
 * - `ambiguous`: it may meet what the first has done, so who sends it has to ask whether it is done
 * - `never`: it would do it twice, so it is sent once
 */
type Repeat = 'safe' | 'ambiguous' | 'never';

/** Who else gets at what a call writes. */
export interface Opening {
	/** A canned ACL. */
	readonly acl?: string | undefined;
	/** Grantees, as the `x-amz-grant-` headers have them. */
	readonly grants: readonly string[];
}

/** All that must be known of an S3 call besides how it is serialized. */
interface CallFacts<Input> {
	/** What it does, as in “Could not get the tags of …”. */
	readonly phrase: string;
	/** The smallest permissions, by its input. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
	readonly permissions: (input: Input) => Permission[];
	readonly repeat: (input: Input) => Repeat;
	/** Whether it changes an object, a bucket or what is left of an upload. */
	readonly changes: boolean;
	/** All buckets and keys that it reads or changes; none for a call about the account. */
	readonly touches: (input: Input) => Target[];
	readonly opens?: (input: Input) => Opening;
}

interface BucketInput {
	Bucket?: string | undefined;
}

interface ObjectInput extends BucketInput {
	Key?: string | undefined;
	VersionId?: string | undefined;
}

interface WriteInput extends ObjectInput {
	ACL?: string | undefined;
	Tagging?: string | undefined;
	ObjectLockMode?: string | undefined;
	ObjectLockLegalHoldStatus?: string | undefined;
	BypassGovernanceRetention?: boolean | undefined;
}

const bucketOf = ({ Bucket }: BucketInput): Target => ({ bucket: Bucket });
const objectOf = ({ Bucket, Key }: ObjectInput): Target => ({ bucket: Bucket, key: Key });

/**
 * `/bucket/key?versionId=id`, URL-encoded, with or without the first slash, or `ACCESS-POINT-ARN/object/key`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
function sourceOf({ CopySource: source = '' }: { CopySource?: string | undefined }): Target {
	const path = decoded(source.replace(/\?versionId=[^?]*$/i, ''));
	const [, arn, keyOfArn = ''] = /^(arn:[^/]+\/[^/]+)\/object\/(.*)$/s.exec(path) ?? [];
	if (arn !== undefined) return { bucket: arn, key: keyOfArn };
	const [bucket = '', ...key] = path.replace(/^\//, '').split('/');
	return { bucket, key: key.join('/') };
}

/** As it is when it cannot be decoded; then it is no name that S3 knows, either. */
function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** `s3:GetObject` as `s3:GetObjectVersion` when a version is named. */
const ofVersion = (action: string, { VersionId }: ObjectInput): string =>
	VersionId === undefined ? action : action.replace('Object', 'ObjectVersion');

const on = (target: Target, ...actions: (string | false)[]): Permission[] =>
	actions.filter((action) => action !== false).map((action) => ({ action, on: target }));

function toWrite(input: WriteInput): Permission[] {
	return on(
		objectOf(input),
		's3:PutObject',
		input.ACL !== undefined && 's3:PutObjectAcl',
		input.Tagging !== undefined && 's3:PutObjectTagging',
		input.ObjectLockMode !== undefined && 's3:PutObjectRetention',
		input.ObjectLockLegalHoldStatus !== undefined && 's3:PutObjectLegalHold',
	);
}

const deletion = ({ VersionId }: ObjectInput): string =>
	VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';

/** To compare an ETag is to read. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html */
const comparison = (etag: string | undefined): string | false =>
	etag !== undefined && etag !== '*' && 's3:GetObject';

const bypass = ({ BypassGovernanceRetention: bypasses }: WriteInput): string | false =>
	bypasses === true && 's3:BypassGovernanceRetention';

interface Grants {
	ACL?: string | undefined;
	GrantFullControl?: string | undefined;
	GrantRead?: string | undefined;
	GrantReadACP?: string | undefined;
	GrantWrite?: string | undefined;
	GrantWriteACP?: string | undefined;
}

const openingOf = (input: Grants): Opening => ({
	acl: input.ACL,
	grants: [
		input.GrantFullControl,
		input.GrantRead,
		input.GrantReadACP,
		input.GrantWrite,
		input.GrantWriteACP,
	].filter((grant) => grant !== undefined),
});

const safe = (): Repeat => 'safe';
const ambiguous = (): Repeat => 'ambiguous';
/** What is only done under a condition meets its own first attempt as somebody else's. */
const ifConditional = (input: { IfMatch?: unknown; IfNoneMatch?: unknown }): Repeat =>
	input.IfMatch === undefined && input.IfNoneMatch === undefined ? 'safe' : 'ambiguous';

/** One row for each call that this package makes; a call that is not here cannot be sent. */
export const CALLS: { [Name in keyof Calls]: CallFacts<Calls[Name]['input']> } = {
	AbortMultipartUpload: {
		phrase: 'abort the upload of',
		changes: true,
		permissions: (input) => on(objectOf(input), 's3:AbortMultipartUpload'),
		repeat: safe,
		touches: (input) => [objectOf(input)],
	},
	CompleteMultipartUpload: {
		phrase: 'put',
		changes: true,
		permissions: (input) => on(objectOf(input), 's3:PutObject'),
		repeat: ambiguous,
		touches: (input) => [objectOf(input)],
	},
	CopyObject: {
		phrase: 'copy to',
		changes: true,
		permissions: (input) => [
			...on(
				sourceOf(input),
				/\?versionId=/i.test(input.CopySource ?? '') ? 's3:GetObjectVersion' : 's3:GetObject',
			),
			...toWrite(input),
		],
		repeat: ifConditional,
		touches: (input) => [objectOf(input), sourceOf(input)],
		opens: openingOf,
	},
	CreateBucket: {
		phrase: 'create',
		changes: true,
		permissions: (input) => on(bucketOf(input), 's3:CreateBucket'),
		repeat: ambiguous,
		touches: (input) => [bucketOf(input)],
		opens: openingOf,
	},
	CreateMultipartUpload: {
		phrase: 'put',
		changes: true,
		permissions: toWrite,
		// A second one leaves the first without parts, for the bucket's lifecycle rule to abort.
		repeat: safe,
		touches: (input) => [objectOf(input)],
		opens: openingOf,
	},
	DeleteObject: {
		phrase: 'delete',
		changes: true,
		permissions: (input) =>
			on(objectOf(input), deletion(input), bypass(input), comparison(input.IfMatch)),
		repeat: ifConditional,
		touches: (input) => [objectOf(input)],
	},
	DeleteObjects: {
		phrase: 'delete objects of',
		changes: true,
		permissions: (input) => {
			const actions = new Set(
				(input.Delete?.Objects ?? []).flatMap(({ VersionId, ETag }) => [
					deletion({ VersionId }),
					comparison(ETag),
				]),
			);
			return on({ bucket: input.Bucket, key: '*' }, ...actions, bypass(input));
		},
		repeat: (input) =>
			input.Delete?.Objects?.some(({ ETag }) => ETag !== undefined) === true ? 'ambiguous' : 'safe',
		touches: (input) => [
			bucketOf(input),
			...(input.Delete?.Objects ?? []).map(({ Key }) => ({ bucket: input.Bucket, key: Key })),
		],
	},
	GetObject: {
		phrase: 'get',
		changes: false,
		permissions: (input) => on(objectOf(input), ofVersion('s3:GetObject', input)),
		repeat: safe,
		touches: (input) => [objectOf(input)],
	},
	GetObjectAttributes: {
		phrase: 'get the attributes of',
		changes: false,
		permissions: (input) =>
			on(
				objectOf(input),
				ofVersion('s3:GetObject', input),
				ofVersion('s3:GetObjectAttributes', input),
			),
		repeat: safe,
		touches: (input) => [objectOf(input)],
	},
	GetObjectTagging: {
		phrase: 'get the tags of',
		changes: false,
		permissions: (input) => on(objectOf(input), ofVersion('s3:GetObjectTagging', input)),
		repeat: safe,
		touches: (input) => [objectOf(input)],
	},
	HeadObject: {
		phrase: 'get the metadata of',
		changes: false,
		permissions: (input) => on(objectOf(input), ofVersion('s3:GetObject', input)),
		repeat: safe,
		touches: (input) => [objectOf(input)],
	},
	ListBuckets: {
		phrase: 'list the buckets of',
		changes: false,
		permissions: () => on({ bucket: undefined }, 's3:ListAllMyBuckets'),
		repeat: safe,
		touches: () => [],
	},
	ListObjectsV2: {
		phrase: 'list',
		changes: false,
		permissions: (input) => on(bucketOf(input), 's3:ListBucket'),
		repeat: safe,
		touches: (input) => [bucketOf(input)],
	},
	PutObject: {
		phrase: 'put',
		changes: true,
		permissions: toWrite,
		repeat: (input) => (input.WriteOffsetBytes === undefined ? ifConditional(input) : 'never'),
		touches: (input) => [objectOf(input)],
		opens: openingOf,
	},
	PutObjectTagging: {
		phrase: 'set the tags of',
		changes: true,
		permissions: (input) => on(objectOf(input), ofVersion('s3:PutObjectTagging', input)),
		repeat: safe,
		touches: (input) => [objectOf(input)],
	},
	UploadPart: {
		phrase: 'put',
		changes: true,
		permissions: (input) => on(objectOf(input), 's3:PutObject'),
		repeat: safe,
		touches: (input) => [objectOf(input)],
	},
};
