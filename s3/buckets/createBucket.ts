import type { Call } from '../Call';
import { requiredChecksum } from '../checksums/md5';
import type { S3 } from '../client/S3';
import type { Connection } from '../Connection';
import { nameOf } from '../errors/failureFrom';
import { checkCharacters, tagSetOf } from '../headers/tagging';
import { checkReadOnly } from '../policy/readOnly';
import { mayHaveReachedServer } from '../retry/ambiguousWrite';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';
import { headBucket } from './headBucket';

export interface CreateBucketRequest {
	bucket: string;
	/** Keep versions of objects from the beginning. */
	versioning: boolean;
	/** Allow objects to be locked, which cannot be switched off and keeps versions. */
	objectLock: boolean;
	/** Values by name; servers other than AWS may ignore them. */
	tags?: Record<string, string> | undefined;
}

/** A new bucket, as far as it is known without a look at it. */
export interface NewBucket {
	bucket: string;
	/** Undefined if the server has refused that of the connection as a location. */
	region: string | undefined;
	/** Those that were asked for; undefined if there were none, or the server may have ignored them. */
	tags: Record<string, string> | undefined;
}

/** Tags of one bucket at most. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging.html */
export const MAX_BUCKET_TAGS = 50;

/** Where a bucket is when no other region is asked for; S3 refuses its name as a location. */
const DEFAULT_REGION = 'us-east-1';
/** Codes of a bucket that is there already; other servers than AWS say the second of one's own, too. */
const EXISTS = ['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'];
/** Codes of servers that know no regions, or have other names for them. */
const LOCATION_REFUSED = [
	'InvalidLocationConstraint',
	'IllegalLocationConstraintException',
	'InvalidRegion',
];

type Input = Calls['CreateBucket']['input'];
type Location = NonNullable<Input['CreateBucketConfiguration']>['LocationConstraint'];

/**
 * Creates a bucket in the region of the connection. It is looked for first: in us-east-1 S3 says that it has
 * created a bucket that one owns already, and resets its ACL.
 * @throws S3Failure, of kind `precondition` if there is such a bucket
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
 */
export async function createBucket(
	s3: S3,
	request: CreateBucketRequest,
	call: Call,
): Promise<NewBucket> {
	const { bucket, versioning, objectLock, tags } = request;
	const { region, endpoint } = s3.connection;
	checkReadOnly(s3.connection, 'CreateBucket', { bucket });
	checkCharacters(tags ?? {});
	const state = await headBucket(s3, { bucket }, call);
	if (state.kind !== 'missing') throw exists(bucket, state.kind === 'there');
	const input: Input = {
		Bucket: bucket,
		BucketNamespace: namespaceOf(bucket, s3.connection),
		ObjectLockEnabledForBucket: objectLock || undefined,
	};
	const createIn = (location: string) =>
		create(s3, { ...input, ...configurationOf(location, tags) }, call);
	let isInRegion = true;
	try {
		await createIn(region);
	} catch (error) {
		const isRefused = error instanceof S3Failure && LOCATION_REFUSED.includes(error.code ?? '');
		if (!isRefused || endpoint === undefined) throw error;
		await createIn(DEFAULT_REGION);
		// Where its server puts a bucket without a location nobody has said.
		isInRegion = false;
	}
	if (versioning && !objectLock) await keepVersions(s3, bucket, call);
	return {
		bucket,
		region: isInRegion ? region : undefined,
		tags: endpoint === undefined ? tags : undefined,
	};
}

/** @throws S3Failure unless the bucket is created, perhaps by a request whose response was lost */
async function create(s3: S3, input: Input, call: Call): Promise<void> {
	const bucket = input.Bucket ?? '';
	try {
		await s3.send('CreateBucket', input, call);
	} catch (error) {
		if (!(error instanceof S3Failure)) throw error;
		const isRepeated = (error.attempts ?? 1) > 1 && EXISTS.includes(error.code ?? '');
		if (isRepeated || mayHaveReachedServer(error)) {
			// It was not there a moment ago.
			const state = await headBucket(s3, { bucket }, call).catch(() => undefined);
			if (state?.kind === 'there') return;
		}
		throw EXISTS.includes(error.code ?? '')
			? exists(bucket, false)
			: withAdviceOnTags(s3, input, error);
	}
}

/**
 * Where a name is looked for: those that end like this only the account itself can have.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
 */
function namespaceOf(
	bucket: string,
	{ endpoint, region }: Pick<Connection, 'endpoint' | 'region'>,
): Input['BucketNamespace'] {
	const end = `-${region}-an`;
	const isOfAccount = bucket.endsWith(end) && /-\d{12}$/.test(bucket.slice(0, -end.length));
	return endpoint === undefined && isOfAccount ? 'account-regional' : undefined;
}

async function keepVersions(s3: S3, bucket: string, call: Call): Promise<void> {
	const input = {
		Bucket: bucket,
		VersioningConfiguration: { Status: 'Enabled' as const },
		ChecksumAlgorithm: requiredChecksum(),
	};
	try {
		await s3.send('PutBucketVersioning', input, call);
	} catch (error) {
		if (!(error instanceof S3Failure)) throw error;
		throw error.reworded(
			`${error.message}. The bucket was created, but keeps no versions`,
			error.advice,
		);
	}
}

function configurationOf(
	region: string,
	tags: CreateBucketRequest['tags'] = {},
): Pick<Input, 'CreateBucketConfiguration'> {
	const tagSet = tagSetOf(tags);
	const configuration = {
		...(region !== DEFAULT_REGION && { LocationConstraint: region as Location }),
		...(tagSet.length > 0 && { Tags: tagSet }),
	};
	return Object.keys(configuration).length === 0
		? {}
		: { CreateBucketConfiguration: configuration };
}

/** radosgw refuses tags with a code that does not name them. */
function withAdviceOnTags({ connection }: S3, input: Input, failure: S3Failure): S3Failure {
	const hasTags = input.CreateBucketConfiguration?.Tags !== undefined;
	if (connection.endpoint === undefined || failure.kind !== 'rejected' || !hasTags) return failure;
	return failure.reworded(
		failure.message,
		`${failure.advice} If this server takes no tags for a new bucket, remove the option Tags.`.trim(),
	);
}

function exists(bucket: string, isOurs: boolean): S3Failure {
	return new S3Failure({
		kind: 'precondition',
		message: `Could not create ${nameOf(bucket, undefined)}: there is a bucket with this name`,
		advice: isOurs
			? 'It can be used already; nothing was changed about it.'
			: 'Names of buckets are taken for all accounts. Choose another name.',
		operation: 'CreateBucket',
		code: isOurs ? 'BucketAlreadyOwnedByYou' : 'BucketAlreadyExists',
		bucket,
	});
}
