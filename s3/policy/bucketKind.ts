import { bucketKindOf } from '../bucketKinds';
import type { CallName, Target } from '../calls/calls';
import { S3Failure } from '../S3Failure';

/**
 * What directory buckets (S3 Express One Zone) have none of, by the call that is about it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-differences.html
 */
const NOT_IN_DIRECTORIES: Readonly<Partial<Record<CallName, string>>> = {
	GetBucketOwnershipControls: 'no ownership of objects to choose',
	GetBucketTagging: 'tags that only another API names, S3 Control',
	GetBucketVersioning: 'no versions',
	GetObjectLockConfiguration: 'no object lock',
	GetObjectTagging: 'no tags',
	ListObjectVersions: 'no versions',
	PutBucketVersioning: 'no versions',
	PutObjectTagging: 'no tags',
	RestoreObject: 'no archives',
};

/** The same by the field of an input. */
const FIELDS_NOT_IN_DIRECTORIES: Readonly<Record<string, string>> = {
	ACL: 'no ACLs',
	BypassGovernanceRetention: 'no object lock',
	ContentMD5: 'no checksum MD5',
	MFA: 'no MFA delete',
	ObjectLockLegalHoldStatus: 'no object lock',
	ObjectLockMode: 'no object lock',
	RequestPayer: 'no requester pays',
	SSECustomerKey: 'no encryption with a customer key (SSE-C)',
	StartAfter: 'no order of keys to start in',
	Tagging: 'no tags',
	VersionId: 'no versions',
	WebsiteRedirectLocation: 'no website',
};

/** Classes that objects of a directory bucket can have. */
const DIRECTORY_CLASSES = ['EXPRESS_ONEZONE', 'ONEZONE_IA'];

/**
 * Calls about a bucket that cannot be made through an access point.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-service-api-support.html
 */
const NOT_BY_ACCESS_POINTS: readonly CallName[] = [
	'CreateBucket',
	'DeleteBucket',
	'GetBucketEncryption',
	'GetBucketOwnershipControls',
	'GetBucketTagging',
	'GetBucketVersioning',
	'GetObjectLockConfiguration',
	'PutBucketVersioning',
];

/**
 * Refuses what a directory bucket or an access point does not have: S3 would refuse it with an error that does not
 * say so.
 * @param targets the first is the bucket of the call, others are what else it touches
 * @throws S3Failure of kind `invalid`
 */
export function checkBucketKind(name: CallName, input: object, targets: readonly Target[]): void {
	for (const { bucket = '' } of targets) {
		if (bucketKindOf(bucket) === 'multiRegionAccessPoint') throw multiRegion(bucket);
	}
	const [{ bucket = '' } = { bucket: '' }] = targets;
	const kind = bucketKindOf(bucket);
	if (kind === 'directory') checkDirectory(name, input, bucket);
	if (kind !== 'accessPoint' || !NOT_BY_ACCESS_POINTS.includes(name)) return;
	throw S3Failure.invalid(
		`“${bucket}” is an access point, by which ${name} is not possible`,
		'Use the name of its bucket.',
		{ bucket },
	);
}

function checkDirectory(name: CallName, input: object, bucket: string): void {
	const missing = missingIn(name, input);
	if (missing !== undefined) {
		throw S3Failure.invalid(
			`The directory bucket “${bucket}” has ${missing}`,
			'Remove the option that asks for it, or use a general purpose bucket.',
			{ bucket },
		);
	}
	if (name !== 'ListObjectsV2' && name !== 'ListMultipartUploads') return;
	const { Prefix: prefix = '', Delimiter: delimiter = '/' } = input as Record<string, string>;
	if (delimiter === '/' && (prefix === '' || prefix.endsWith('/'))) return;
	throw S3Failure.invalid(
		`The directory bucket “${bucket}” lists whole folders only, not the prefix “${prefix}”`,
		'End the Prefix with a slash. The only Delimiter is the slash.',
		{ bucket },
	);
}

function missingIn(name: CallName, input: object): string | undefined {
	const call = NOT_IN_DIRECTORIES[name];
	if (call !== undefined) return call;
	const given = Object.entries(input).filter(([, value]) => value !== undefined);
	const field = given.find(([key]) => FIELDS_NOT_IN_DIRECTORIES[key] !== undefined)?.[0];
	if (field !== undefined) return FIELDS_NOT_IN_DIRECTORIES[field];
	const { StorageClass: storageClass = 'EXPRESS_ONEZONE' } = Object.fromEntries(given) as Record<
		string,
		string
	>;
	if (name === 'CreateBucket') return 'a form of its own, in which this node creates none';
	return DIRECTORY_CLASSES.includes(storageClass) ? undefined : `no class ${storageClass}`;
}

function multiRegion(bucket: string): S3Failure {
	return S3Failure.invalid(
		`“${bucket}” is a multi-region access point, whose requests need a signature that this node cannot make (SigV4A)`,
		'Use a bucket, or an access point of one region.',
		{ bucket },
	);
}
