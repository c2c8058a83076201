import { isDirectoryBucket } from '../bucketKinds';

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

/** Who else gets at what a call writes. */
export interface Opening {
	/** A canned ACL. */
	readonly acl?: string | undefined;
	/** Grantees, as the `x-amz-grant-` headers have them. */
	readonly grants: readonly string[];
}

/** All that must be known of an S3 call besides how it is serialized. */
export interface CallFacts<Input> {
	/** What it does, as in “Could not get the tags of …”. */
	readonly phrase: string;
	/** The smallest permissions, by its input. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
	readonly permissions: (input: Input) => Permission[];
	/** Whether it changes an object, a bucket or what is left of an upload. */
	readonly changes: boolean;
	/** All buckets and keys that it reads or changes; none for a call about the account. */
	readonly touches: (input: Input) => Target[];
	readonly opens?: (input: Input) => Opening;
}

export interface BucketInput {
	Bucket?: string | undefined;
}

export const bucketOf = ({ Bucket }: BucketInput): Target => ({ bucket: Bucket });

/**
 * Directory buckets have one action for all that is done with their objects, listings and uploads.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-create-session.html
 */
export function sessionOf({ Bucket: bucket = '' }: BucketInput): Permission {
	const kind = /--xa-s3$/i.test(bucket) ? 'accesspoint' : 'bucket';
	const arn = bucket.startsWith('arn:') ? bucket : `arn:aws:s3express:*:*:${kind}/${bucket}`;
	return { action: 's3express:CreateSession', on: { bucket: arn } };
}

/** What is done with a directory bucket itself, by actions that have the same names as those of others. */
const OF_DIRECTORIES = ['s3:CreateBucket', 's3:DeleteBucket', 's3:GetEncryptionConfiguration'];

export function on(target: Target, ...given: (string | false)[]): Permission[] {
	const actions = given.filter((action) => action !== false);
	if (!isDirectoryBucket(target.bucket)) return actions.map((action) => ({ action, on: target }));
	const session = sessionOf({ Bucket: target.bucket });
	const own = actions.filter((action) => OF_DIRECTORIES.includes(action));
	if (own.length === 0) return [session];
	return own.map((action) => ({ ...session, action: action.replace('s3:', 's3express:') }));
}

interface Grants {
	ACL?: string | undefined;
	GrantFullControl?: string | undefined;
	GrantRead?: string | undefined;
	GrantReadACP?: string | undefined;
	GrantWrite?: string | undefined;
	GrantWriteACP?: string | undefined;
}

/** Who else gets at what these headers are for. */
export const openingOf = (input: Grants): Opening => ({
	acl: input.ACL,
	grants: [
		input.GrantFullControl,
		input.GrantRead,
		input.GrantReadACP,
		input.GrantWrite,
		input.GrantWriteACP,
	].filter((grant) => grant !== undefined),
});
