import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { S3Failure } from '../S3Failure';
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
	what: 'encryption' | 'objectLock' | 'ownership' | 'versioning';
	code: string;
	message: string;
}

/** Codes that say that something was never set. */
const NOT_SET = [
	'ServerSideEncryptionConfigurationNotFoundError',
	'ObjectLockConfigurationNotFoundError',
	'ObjectLockConfigurationNotFound',
	'OwnershipControlsNotFoundError',
];

/**
 * Reads what there is to know of a bucket. What may not be read, or the server does not know, is left out and
 * named in `unread`; only a bucket that cannot be reached at all fails.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
export async function getBucket(
	s3: S3,
	{ bucket, expectedBucketOwner }: BucketRequest,
	call: Call,
): Promise<BucketFacts> {
	const input = { Bucket: bucket, ExpectedBucketOwner: expectedBucketOwner };
	const head = await s3.send('HeadBucket', input, call);
	const unread: Unread[] = [];
	const read = async <Found>(what: Unread['what'], found: Promise<Found>) =>
		await found.catch((error: unknown) => {
			if (!(error instanceof S3Failure) || error.kind === 'cancelled') throw error;
			const { code, kind, message: words, advice } = error;
			const message = kind === 'denied' ? `${words}. ${advice}` : words;
			if (!NOT_SET.includes(code ?? '')) unread.push({ what, code: code ?? kind, message });
			return undefined;
		});
	const [versions, encryption, lock, owners] = await Promise.all([
		read('versioning', s3.send('GetBucketVersioning', input, call)),
		read('encryption', s3.send('GetBucketEncryption', input, call)),
		read('objectLock', s3.send('GetObjectLockConfiguration', input, call)),
		read('ownership', s3.send('GetBucketOwnershipControls', input, call)),
	]);
	const [rule] = encryption?.ServerSideEncryptionConfiguration?.Rules ?? [];
	const { SSEAlgorithm: algorithm, KMSMasterKeyID: kmsKeyId } =
		rule?.ApplyServerSideEncryptionByDefault ?? {};
	const { ObjectLockEnabled: locks, Rule: retention } = lock?.ObjectLockConfiguration ?? {};
	const isUnread = (what: Unread['what']) => unread.some((one) => one.what === what);
	return {
		bucket,
		region: head.BucketRegion ?? regionOf(s3),
		versioning: versions === undefined ? undefined : (versions.Status ?? 'Never'),
		encryption: algorithm === undefined ? undefined : { algorithm, kmsKeyId },
		objectLock: isUnread('objectLock')
			? undefined
			: {
					enabled: locks === 'Enabled',
					mode: retention?.DefaultRetention?.Mode,
					days: retention?.DefaultRetention?.Days,
					years: retention?.DefaultRetention?.Years,
				},
		ownership: owners?.OwnershipControls?.Rules?.[0]?.ObjectOwnership,
		unread: unread.sort((a, b) => (a.what < b.what ? -1 : 1)),
	};
}

/** AWS always names the region; of other servers nobody knows. */
const regionOf = ({ connection }: S3): string | undefined =>
	connection.endpoint === undefined ? connection.region : undefined;
