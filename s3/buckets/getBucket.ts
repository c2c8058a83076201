import type { Call } from '../Call';
import type { OpenS3 } from '../client/S3';
import { tagsIn } from '../headers/tagging';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';
import type { BucketRequest } from './headBucket';

/** What S3 says of a bucket. What is undefined is not set, or could not be read and is in `unread`. */
export interface BucketFacts {
	bucket: string;
	region: string | undefined;
	/** `Never` if the bucket never kept versions. */
	versioning: 'Enabled' | 'Suspended' | 'Never' | undefined;
	/** Encryption of new objects, e.g. `AES256`. */
	encryption: { algorithm: string; kmsKeyId: string | undefined } | undefined;
	objectLock: ObjectLock | undefined;
	/** Who owns new objects, e.g. `BucketOwnerEnforced`. */
	ownership: string | undefined;
	/** Values by name. */
	tags: Record<string, string> | undefined;
	unread: Unread[];
}

interface ObjectLock {
	enabled: boolean;
	/** Retention of new objects. */
	mode: string | undefined;
	days: number | undefined;
	years: number | undefined;
}

/** Something that could not be read of a bucket. */
interface Unread {
	what: 'encryption' | 'objectLock' | 'ownership' | 'region' | 'tags' | 'versioning';
	code: string;
	message: string;
}

/** Codes that say that something was never set. */
const NOT_SET = [
	'ServerSideEncryptionConfigurationNotFoundError',
	'ObjectLockConfigurationNotFoundError',
	'ObjectLockConfigurationNotFound',
	'OwnershipControlsNotFoundError',
	'NoSuchTagSet',
];

/** After these failures of the first call the others would fail as well. */
const HOPELESS = ['cancelled', 'credentials', 'invalid', 'refused', 'unreachable'];

/**
 * Reads what there is to know of a bucket. What may not be read, or the server does not know, is left out and
 * named in `unread`; only if nothing can be read that is a failure.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
export async function getBucket(
	s3: OpenS3,
	{ bucket, expectedBucketOwner }: BucketRequest,
	call: Call,
): Promise<BucketFacts> {
	const input = { Bucket: bucket, ExpectedBucketOwner: expectedBucketOwner };
	// This finds out in which region to ask for the rest.
	const head = await s3.send('HeadBucket', input, call).catch((error: unknown) => {
		if (!(error instanceof S3Failure) || HOPELESS.includes(error.kind)) throw error;
		return error;
	});
	const unread: Unread[] = [];
	const read = async <Found>(what: Unread['what'], found: Promise<Found>) =>
		await found.catch((error: unknown) => {
			if (!(error instanceof S3Failure) || error.kind === 'cancelled') throw error;
			if (!NOT_SET.includes(error.code ?? '')) unread.push(unreadFor(what, error));
			return undefined;
		});
	const calls = [
		read('versioning', s3.send('GetBucketVersioning', input, call)),
		read('encryption', s3.send('GetBucketEncryption', input, call)),
		read('objectLock', s3.send('GetObjectLockConfiguration', input, call)),
		read('ownership', s3.send('GetBucketOwnershipControls', input, call)),
		read('tags', s3.send('GetBucketTagging', input, call)),
	] as const;
	const [versions, encryption, lock, owners, tagging] = await Promise.all(calls);
	// Swift says of a bucket that does not exist that it has no tags.
	const isMissing = unread.some(({ code }) => code === 'NoSuchBucket');
	if (head instanceof S3Failure && (isMissing || unread.length === calls.length)) throw head;
	const region = regionOf(s3, bucket, head);
	if (region === undefined) unread.push(unreadFor('region', head));
	const [rule] = encryption?.ServerSideEncryptionConfiguration?.Rules ?? [];
	const { SSEAlgorithm: algorithm, KMSMasterKeyID: kmsKeyId } =
		rule?.ApplyServerSideEncryptionByDefault ?? {};
	const isUnread = (name: Unread['what']) => unread.some(({ what }) => what === name);
	return {
		bucket,
		region,
		// gofakes3 sends an empty status for a bucket that never kept versions.
		versioning: versions === undefined ? undefined : versions.Status || 'Never',
		encryption: algorithm === undefined ? undefined : { algorithm, kmsKeyId },
		objectLock: isUnread('objectLock') ? undefined : objectLockOf(lock),
		ownership: owners?.OwnershipControls?.Rules?.[0]?.ObjectOwnership,
		tags: isUnread('tags') ? undefined : tagsIn(tagging?.TagSet ?? []),
		unread: unread.sort((a, b) => (a.what < b.what ? -1 : 1)),
	};
}

function objectLockOf(lock: Calls['GetObjectLockConfiguration']['output'] | undefined): ObjectLock {
	const { ObjectLockEnabled: locks, Rule: rule } = lock?.ObjectLockConfiguration ?? {};
	const { Mode: mode, Days: days, Years: years } = rule?.DefaultRetention ?? {};
	return { enabled: locks === 'Enabled', mode, days, years };
}

type Head = Calls['HeadBucket']['output'] | S3Failure;

/** AWS always names the region, also to who may not look at the bucket; of other servers nobody knows. */
function regionOf(s3: OpenS3, bucket: string, head: Head): string | undefined {
	const isFailure = head instanceof S3Failure;
	if (!isFailure && head.BucketRegion !== undefined) return head.BucketRegion;
	const { endpoint, region } = s3.connection;
	const isTold = endpoint === undefined && (!isFailure || head.kind === 'denied');
	return isTold ? (s3.regionFoundFor(bucket) ?? region) : undefined;
}

/** @param found the failure, or a response that does not say it */
function unreadFor(what: Unread['what'], found: Head): Unread {
	if (!(found instanceof S3Failure)) {
		return { what, code: 'notNamed', message: 'The server does not name it' };
	}
	const { code, kind, message: words, advice } = found;
	return { what, code: code ?? kind, message: kind === 'denied' ? `${words}. ${advice}` : words };
}
