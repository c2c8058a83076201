import { BUCKET_CALLS } from './bucketCalls';
import { ambiguous, bucketOf, on, openingOf, safe, sessionOf } from './callFacts';
import type { CallFacts, Permission, Repeat, Target } from './callFacts';
import type { Calls } from '../sdk';

export type { Opening, Permission, Target } from './callFacts';

/** S3's name of a call. */
export type CallName = keyof Calls;

interface ObjectInput {
	Bucket?: string | undefined;
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

const toCopyFrom = (input: { CopySource?: string | undefined }): Permission[] =>
	on(
		sourceOf(input),
		/\?versionId=/i.test(input.CopySource ?? '') ? 's3:GetObjectVersion' : 's3:GetObject',
	);

const deletion = ({ VersionId }: ObjectInput): string =>
	VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';

/** To compare an ETag is to read. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html */
const comparison = (etag: string | undefined): string | false =>
	etag !== undefined && etag !== '*' && 's3:GetObject';

const bypass = ({ BypassGovernanceRetention: bypasses }: WriteInput): string | false =>
	bypasses === true && 's3:BypassGovernanceRetention';

/** What is only done under a condition meets its own first attempt as somebody else's. */
const ifConditional = (input: { IfMatch?: unknown; IfNoneMatch?: unknown }): Repeat =>
	input.IfMatch === undefined && input.IfNoneMatch === undefined ? 'safe' : 'ambiguous';

/** One row for each call that this package makes; a call that is not here cannot be sent. */
export const CALLS: { [Name in keyof Calls]: CallFacts<Calls[Name]['input']> } = {
	...BUCKET_CALLS,
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
		permissions: (input) => [...toCopyFrom(input), ...toWrite(input)],
		repeat: ifConditional,
		touches: (input) => [objectOf(input), sourceOf(input)],
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
	RenameObject: {
		phrase: 'rename to',
		changes: true,
		permissions: (input) => [sessionOf(input)],
		// The token tells S3 that it is the same request.
		repeat: safe,
		touches: (input) => [
			objectOf(input),
			{ bucket: input.Bucket, key: decoded(input.RenameSource ?? '') },
		],
	},
	RestoreObject: {
		phrase: 'restore',
		changes: true,
		permissions: (input) => on(objectOf(input), 's3:RestoreObject'),
		// A second one meets the first as a restore that is going on.
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
	UploadPartCopy: {
		phrase: 'copy to',
		changes: true,
		permissions: (input) => [...toCopyFrom(input), ...on(objectOf(input), 's3:PutObject')],
		repeat: safe,
		touches: (input) => [objectOf(input), sourceOf(input)],
	},
};
