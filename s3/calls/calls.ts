import { BUCKET_CALLS } from './bucketCalls';
import { bucketOf, on, openingOf, sessionOf } from './callFacts';
import type { CallFacts, Permission, Target } from './callFacts';
import type { Calls } from '../sdk';

export type { Opening, Permission, Target } from './callFacts';

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
	IfMatch?: string | undefined;
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

/**
 * To compare an ETag is to read.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
 */
const comparison = (etag: string | undefined): string | false =>
	etag !== undefined && etag !== '*' && 's3:GetObject';

function toWrite(input: WriteInput): Permission[] {
	return on(
		objectOf(input),
		's3:PutObject',
		input.ACL !== undefined && 's3:PutObjectAcl',
		input.Tagging !== undefined && 's3:PutObjectTagging',
		input.ObjectLockMode !== undefined && 's3:PutObjectRetention',
		input.ObjectLockLegalHoldStatus !== undefined && 's3:PutObjectLegalHold',
		comparison(input.IfMatch),
	);
}

const toCopyFrom = (input: { CopySource?: string | undefined }): Permission[] =>
	on(
		sourceOf(input),
		/\?versionId=/i.test(input.CopySource ?? '') ? 's3:GetObjectVersion' : 's3:GetObject',
	);

const deletion = ({ VersionId }: ObjectInput): string =>
	VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';

const bypass = ({ BypassGovernanceRetention: bypasses }: WriteInput): string | false =>
	bypasses === true && 's3:BypassGovernanceRetention';

/** The row of a call that reads an object, or something of it, by actions that have another name for a version. */
const reading = (phrase: string, ...actions: string[]) => ({
	phrase,
	changes: false,
	permissions: (input: ObjectInput) =>
		on(objectOf(input), ...actions.map((action) => ofVersion(action, input))),
	touches: (input: ObjectInput) => [objectOf(input)],
});

/** The row of a call that changes an object or an upload, and touches nothing else. */
const changing = <Input extends ObjectInput>(
	phrase: string,
	permissions: (input: Input) => Permission[],
) => ({
	phrase,
	changes: true,
	permissions,
	touches: (input: Input) => [objectOf(input)],
});

/** The same by one action, whichever version it is about. */
const changingBy = (phrase: string, action: string) =>
	changing(phrase, (input) => on(objectOf(input), action));

/** One row for each call that this package makes; a call that is not here cannot be sent. */
export const CALLS: { [Name in keyof Calls]: CallFacts<Calls[Name]['input']> } = {
	...BUCKET_CALLS,
	AbortMultipartUpload: changingBy('abort the upload of', 's3:AbortMultipartUpload'),
	CompleteMultipartUpload: changing('put', (input) =>
		on(objectOf(input), 's3:PutObject', comparison(input.IfMatch)),
	),
	CopyObject: {
		phrase: 'copy to',
		changes: true,
		permissions: (input) => [...toCopyFrom(input), ...toWrite(input)],
		touches: (input) => [objectOf(input), sourceOf(input)],
		opens: openingOf,
	},
	CreateMultipartUpload: { ...changing('put', toWrite), opens: openingOf },
	DeleteObject: changing('delete', (input) =>
		on(objectOf(input), deletion(input), bypass(input), comparison(input.IfMatch)),
	),
	DeleteObjects: {
		phrase: 'delete objects of',
		changes: true,
		permissions: (input) => {
			const actions = new Set((input.Delete?.Objects ?? []).map(deletion));
			return on({ bucket: input.Bucket, key: '*' }, ...actions, bypass(input));
		},
		touches: (input) => [
			bucketOf(input),
			...(input.Delete?.Objects ?? []).map(({ Key }) => ({ bucket: input.Bucket, key: Key })),
		],
	},
	GetObject: reading('get', 's3:GetObject'),
	GetObjectAttributes: reading('get the attributes of', 's3:GetObject', 's3:GetObjectAttributes'),
	GetObjectTagging: reading('get the tags of', 's3:GetObjectTagging'),
	HeadObject: reading('get the metadata of', 's3:GetObject'),
	PutObject: { ...changing('put', toWrite), opens: openingOf },
	PutObjectTagging: changing('set the tags of', (input) =>
		on(objectOf(input), ofVersion('s3:PutObjectTagging', input)),
	),
	RenameObject: {
		phrase: 'rename to',
		changes: true,
		permissions: (input) => [sessionOf(input)],
		touches: (input) => [
			objectOf(input),
			{ bucket: input.Bucket, key: decoded(input.RenameSource ?? '') },
		],
	},
	RestoreObject: changingBy('restore', 's3:RestoreObject'),
	UploadPart: changingBy('put', 's3:PutObject'),
	UploadPartCopy: {
		phrase: 'copy to',
		changes: true,
		permissions: (input) => [...toCopyFrom(input), ...on(objectOf(input), 's3:PutObject')],
		touches: (input) => [objectOf(input), sourceOf(input)],
	},
};
