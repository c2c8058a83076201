import type { FailureKind } from '../S3Failure';

/** What a response of the server means to a person. */
export interface Explanation {
	kind: FailureKind;
	/** What happened, as the end of a sentence; undefined: the server's own words. */
	words?: string;
	advice: string;
	retryable?: boolean;
}

export const ACCESS_DENIED: Explanation = {
	kind: 'denied',
	words: 'access denied',
	advice: 'Ask the owner of the bucket or account for the permission.',
};

/** A response about a key, though none was asked for: the path of the endpoint makes a key of the bucket. */
export const NOT_THE_BUCKET: Explanation = {
	kind: 'notFound',
	words: 'the server takes the bucket for a key in another bucket',
	advice:
		'Enter the address of the server alone as Endpoint, without bucket and path, or choose Path as Addressing Style (More Settings).',
};

/** S3 says of a version that is a delete marker only that the method is not allowed. */
export const DELETE_MARKER: Explanation = {
	kind: 'rejected',
	words: 'this version is a delete marker',
	advice: 'It has no content, metadata or tags. Choose another version of the object.',
};

export const SLOW_DOWN: Explanation = {
	kind: 'throttled',
	words: 'the server asks for fewer requests',
	advice: 'Lower the concurrency, or run it again later.',
	retryable: true,
};

export const SERVER_FAILED: Explanation = {
	kind: 'unavailable',
	words: 'the server failed',
	advice: 'Run it again later; it was already tried several times.',
	retryable: true,
};

const DAMAGED: Explanation = {
	kind: 'corrupt',
	words: 'the data arrived damaged and was not stored',
	advice: 'Run it again; if it happens often, look for a faulty proxy or network.',
	retryable: true,
};

export const REQUEST_TIMEOUT: Explanation = {
	kind: 'unavailable',
	words: 'the server waited too long for the bytes of the object',
	advice:
		'Look for what slows down the way to the server or the reading of the file: a busy n8n, a proxy that holds requests back, a slow disk.',
	retryable: true,
};

/** What servers that keep objects as files cannot store. */
const NO_FILE: Explanation = {
	kind: 'rejected',
	words: 'the server keeps objects as files, and has a folder or a file of this name in the way',
	advice:
		'Use another key: on this server no key can be the folder of other keys, and the parts between slashes must not be empty.',
};

/** S3 passes on what the service for keys says. */
const KMS_KEY: Explanation = {
	kind: 'rejected',
	advice:
		'Check the option Encryption KMS Key ID, or the default encryption of the bucket: the key must be in the region of the bucket, be enabled, and not wait for its deletion.',
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList */
const EXPLANATIONS: Record<string, Explanation> = {
	NoSuchBucket: {
		kind: 'notFound',
		words: 'the bucket does not exist',
		advice: 'Check the bucket name and that the credential is for the account or server it is in.',
	},
	NoSuchKey: {
		kind: 'notFound',
		words: 'there is no object with this key',
		advice: 'Keys are case sensitive; copy the key from a listing of the bucket.',
	},
	NoSuchVersion: {
		kind: 'notFound',
		words: 'there is no such version of this object',
		advice: 'Check the version ID, or leave it empty for the current version.',
	},
	NoSuchUpload: {
		kind: 'notFound',
		words: 'the multipart upload no longer exists on the server',
		advice: 'Somebody or a lifecycle rule ended it while it ran; run the upload again.',
	},
	InvalidAccessKeyId: {
		kind: 'credentials',
		words: 'the server does not know this access key ID',
		advice:
			'Check the access key ID (or user name) in the credential and that the endpoint is the right server.',
	},
	SignatureDoesNotMatch: {
		kind: 'credentials',
		words: 'the secret access key is wrong for this access key ID',
		advice: 'Enter the secret access key (or password) in the credential again.',
	},
	ExpiredToken: {
		kind: 'credentials',
		words: 'the session token has expired',
		advice: 'Put fresh temporary credentials (all three values) into the credential.',
	},
	InvalidToken: {
		kind: 'credentials',
		words: 'the session token is not valid for this access key',
		advice: 'Access key ID, secret and session token must come from the same session.',
	},
	AccessDenied: ACCESS_DENIED,
	SecondLevelDomainForbidden: {
		kind: 'rejected',
		words: 'the server takes no bucket in the path',
		advice: 'Choose Virtual-Hosted as Addressing Style under More Settings of the credential.',
	},
	AllAccessDisabled: {
		kind: 'denied',
		words: 'all access to this bucket is disabled',
		advice: 'Ask the owner of the account or AWS support.',
	},
	AccountProblem: {
		kind: 'denied',
		advice: 'Ask the owner of the account or AWS support.',
	},
	RequestTimeTooSkewed: {
		kind: 'credentials',
		words: 'the clock of this machine differs too much from the server’s',
		advice: 'Set the clock of the machine that n8n runs on (NTP).',
	},
	PreconditionFailed: {
		kind: 'precondition',
		words: 'the condition of the request was not met',
		advice: 'The object is not in the state that the request asked for; nothing was changed.',
	},
	NotModified: {
		kind: 'precondition',
		words: 'the object has not changed',
		advice: 'It is still the version that the condition names, so nothing was downloaded.',
	},
	ConditionalRequestConflict: {
		kind: 'precondition',
		words: 'another write to the same key was under way',
		advice: 'Run it again; nothing was written by this request.',
		retryable: true,
	},
	InvalidRange: {
		kind: 'rejected',
		words: 'the range lies outside the object',
		advice: 'Choose a range that begins before the end of the object, e.g. bytes=0-99.',
	},
	InvalidBucketName: {
		kind: 'rejected',
		words: 'the bucket name is not valid',
		advice: 'Bucket names have 3 to 63 lower case letters, digits, dots and hyphens.',
	},
	KeyTooLongError: {
		kind: 'rejected',
		words: 'the key is too long',
		advice: 'A key may have at most 1,024 bytes in UTF-8.',
	},
	InvalidObjectState: {
		kind: 'rejected',
		words: 'the object is archived',
		advice: 'Restore it from its archive storage class first, then read it.',
	},
	GlacierExpeditedRetrievalNotAvailable: {
		kind: 'rejected',
		words: 'there is no capacity for expedited retrievals at this moment',
		advice:
			'Choose the tier Standard, or run it again later. AWS sells capacity that is always there.',
	},
	ExistingObjectIsDirectory: NO_FILE,
	ObjectParentIsFile: NO_FILE,
	XMinioObjectExistsAsDirectory: NO_FILE,
	XMinioParentIsObject: NO_FILE,
	EntityTooLarge: {
		kind: 'rejected',
		words: 'the object is larger than the server takes in one request',
		advice: 'Lower the multipart threshold so that it is uploaded in parts.',
	},
	EntityTooSmall: {
		kind: 'rejected',
		words: 'the parts are smaller than the server takes',
		advice: 'Set a larger part size (5 MiB on AWS).',
	},
	AccessControlListNotSupported: {
		kind: 'rejected',
		words: 'the bucket does not allow ACLs',
		advice:
			'Remove the option ACL. New buckets of AWS have no ACLs: who may read is said by the policy of the bucket.',
	},
	InvalidStorageClass: {
		kind: 'rejected',
		words: 'the server does not have this storage class',
		advice: 'Choose another storage class. Most servers that are not AWS have STANDARD alone.',
	},
	MetadataTooLarge: {
		kind: 'rejected',
		words: 'the metadata is longer than the server takes',
		advice: 'All names and values of an object together may have 2,048 bytes in UTF-8 on AWS.',
	},
	QuotaExceeded: {
		kind: 'rejected',
		words: 'the quota of the bucket or of the user is used up',
		advice:
			'Delete what is no longer needed, old versions and unfinished uploads too, or ask the owner of the server for more.',
	},
	XMinioStorageFull: {
		kind: 'rejected',
		words: 'the disks of the server are full',
		advice: 'Delete what is no longer needed, or ask the owner of the server for more space.',
	},
	TooManyBuckets: {
		kind: 'rejected',
		words: 'the account has as many buckets as it may have',
		advice: 'Delete a bucket that is no longer needed, or ask for a higher quota of the account.',
	},
	'KMS.DisabledException': KMS_KEY,
	'KMS.InvalidStateException': KMS_KEY,
	'KMS.KMSInvalidStateException': KMS_KEY,
	'KMS.NotFoundException': KMS_KEY,
	InvalidTag: {
		kind: 'rejected',
		advice: 'On AWS tags have letters, digits, spaces and + - = . _ : / @ in names and values.',
	},
	OperationAborted: {
		kind: 'precondition',
		words: 'somebody else is changing the same thing at this moment',
		advice: 'Run it again; nothing was changed by this request.',
	},
	NotImplemented: {
		kind: 'rejected',
		words: 'the server does not support something the request asked for',
		advice:
			'Remove options this server may not know, such as a checksum, tags, an encryption or an ACL. It may not have this operation at all.',
	},
	TaggingIgnored: {
		kind: 'corrupt',
		words: 'the server does not know tags, and has put the list of tags in the place of the object',
		advice:
			'Put the object again, or restore its version before this one. Keep such names as metadata on this server.',
	},
	EncryptionIgnored: {
		kind: 'corrupt',
		words: 'the server does not say that it has encrypted it with the customer key',
		advice:
			'It does not know such keys (SSE-C). What was sent in one request is stored all the same, without that encryption: delete it if it has to be secret, and encrypt files before they are put on this server.',
	},
	RequestTimeout: REQUEST_TIMEOUT,
	InternalError: SERVER_FAILED,
	ServiceUnavailable: SERVER_FAILED,
	BadDigest: DAMAGED,
	XAmzContentSHA256Mismatch: DAMAGED,
	SlowDown: SLOW_DOWN,
};

/** Other names that servers give the same thing. */
const SAME_AS: Record<string, string> = {
	ObjectNotInActiveTierError: 'InvalidObjectState',
	AccessDeniedException: 'AccessDenied',
	ExpiredTokenException: 'ExpiredToken',
	Forbidden: 'AccessDenied',
	InvalidSecurity: 'InvalidAccessKeyId',
	NotFound: 'NoSuchKey',
	RequestExpired: 'RequestTimeTooSkewed',
	TokenRefreshRequired: 'ExpiredToken',
	Throttling: 'SlowDown',
	ThrottlingException: 'SlowDown',
	RequestLimitExceeded: 'SlowDown',
	TooManyRequests: 'SlowDown',
	InvalidArgumentRange: 'InvalidRange',
	UnrecognizedClientException: 'InvalidAccessKeyId',
	XAdminUserNotFound: 'InvalidAccessKeyId',
	XMinioAdminBucketQuotaExceeded: 'QuotaExceeded',
};

/** What an error code of S3 means, if it is a known one. */
export function explanationOf(code: string): Explanation | undefined {
	const name = Object.hasOwn(SAME_AS, code) ? SAME_AS[code] : code;
	return name !== undefined && Object.hasOwn(EXPLANATIONS, name) ? EXPLANATIONS[name] : undefined;
}

/** As AWS refuses a session that has ended, and other servers one that they have lost. */
const SESSION_REFUSED = ['ExpiredToken', 'InvalidToken', 'InvalidAccessKeyId'].map(explanationOf);

/** Whether a server refused a session, and may accept another one. */
export function isSessionRefused(code: string | undefined): boolean {
	return code !== undefined && SESSION_REFUSED.includes(explanationOf(code));
}
