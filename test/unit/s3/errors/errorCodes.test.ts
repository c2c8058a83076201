import { explanationOf, isSessionRefused } from '../../../../s3/errors/errorCodes';

/** Codes by the kind of failure that they make. */
const KINDS = {
	notFound: ['NoSuchBucket', 'NoSuchKey', 'NoSuchVersion', 'NoSuchUpload', 'NotFound'],
	credentials: [
		'InvalidAccessKeyId',
		'InvalidSecurity',
		'UnrecognizedClientException',
		'XAdminUserNotFound',
		'SignatureDoesNotMatch',
		'ExpiredToken',
		'ExpiredTokenException',
		'TokenRefreshRequired',
		'InvalidToken',
		'RequestTimeTooSkewed',
		'RequestExpired',
	],
	denied: [
		'AccessDenied',
		'AccessDeniedException',
		'Forbidden',
		'AllAccessDisabled',
		'AccountProblem',
	],
	precondition: [
		'PreconditionFailed',
		'NotModified',
		'ConditionalRequestConflict',
		'OperationAborted',
	],
	rejected: [
		'InvalidRange',
		'InvalidArgumentRange',
		'InvalidBucketName',
		'KeyTooLongError',
		'InvalidObjectState',
		'ObjectNotInActiveTierError',
		'ExistingObjectIsDirectory',
		'ObjectParentIsFile',
		'XMinioObjectExistsAsDirectory',
		'XMinioParentIsObject',
		'EntityTooLarge',
		'EntityTooSmall',
		'InvalidTag',
		'NotImplemented',
		'SecondLevelDomainForbidden',
		'AccessControlListNotSupported',
		'InvalidStorageClass',
		'MetadataTooLarge',
		'QuotaExceeded',
		'XMinioAdminBucketQuotaExceeded',
		'XMinioStorageFull',
		'TooManyBuckets',
		'KMS.DisabledException',
		'KMS.InvalidStateException',
		'KMS.KMSInvalidStateException',
		'KMS.NotFoundException',
	],
	unavailable: ['InternalError', 'RequestTimeout', 'ServiceUnavailable'],
	corrupt: ['BadDigest', 'EncryptionIgnored', 'TaggingIgnored', 'XAmzContentSHA256Mismatch'],
	throttled: [
		'SlowDown',
		'Throttling',
		'ThrottlingException',
		'RequestLimitExceeded',
		'TooManyRequests',
	],
};
const PASSING = [...KINDS.unavailable, ...KINDS.corrupt, ...KINDS.throttled];
const RETRYABLE = PASSING.filter((code) => !code.endsWith('Ignored'));

it.each(Object.entries(KINDS).flatMap(([kind, codes]) => codes.map((code) => [code, kind])))(
	'the code %s makes a failure of the kind %s, with advice',
	(code, kind) => {
		const explanation = explanationOf(code);
		expect(explanation?.kind).toBe(kind);
		expect(explanation?.advice).toMatch(/^[A-Z].*\.$/);
		const retryable = RETRYABLE.includes(code) || code === 'ConditionalRequestConflict';
		expect(explanation?.retryable ?? false).toBe(retryable);
	},
);

it('the words of every code but AccountProblem, InvalidTag and those of KMS are our own', () => {
	const codes = Object.values(KINDS).flat();
	const theirs = codes.filter((code) => explanationOf(code)?.words === undefined);
	expect(theirs.filter((code) => !code.startsWith('KMS.'))).toEqual([
		'AccountProblem',
		'InvalidTag',
	]);
});

it.each(['SomethingNew', '', 'constructor', '__proto__'])('the code %j is not known', (code) => {
	expect(explanationOf(code)).toBeUndefined();
});

it('a session is refused by the codes of AWS and of other servers, and by no other', () => {
	for (const code of ['ExpiredToken', 'ExpiredTokenException', 'InvalidAccessKeyId']) {
		expect(isSessionRefused(code)).toBe(true);
	}
	for (const code of ['AccessDenied', 'SignatureDoesNotMatch', 'Unheard', undefined]) {
		expect(isSessionRefused(code)).toBe(false);
	}
});
