import type { Identity } from '../../../../s3/Connection';
import { withCredentialMistake } from '../../../../s3/errors/credentialHints';
import { S3Failure } from '../../../../s3/S3Failure';

const attempt = { operation: 'GetObject', phrase: 'get', bucket: 'data', key: 'a', server: 'here' };

const keys = {
	kind: 'accessKeys',
	accessKeyId: 'AKIAEXAMPLE',
	secretAccessKey: 'secret',
	sessionToken: undefined,
} satisfies Identity;
const basic = { kind: 'httpBasic', username: 'u', password: 'p' } satisfies Identity;
const role = { kind: 'assumeRole' } as Identity;
const certificate = { kind: 'rolesAnywhere' } as Identity;

const failureWith = (details: { code?: string; status?: number; message?: string }) =>
	new S3Failure({
		kind: 'credentials',
		message: 'Could not get “a”',
		advice: 'Check.',
		...details,
	});

/** A mistake that is made with each of these failures and identities, the last of which lack it. */
const cases: [
	words: string,
	advice: string,
	failure: S3Failure,
	identities: Identity[],
	no: Identity[],
][] = [
	[
		'this access key ID is that of temporary keys, which need their session token',
		'Switch on “Temporary Credentials”',
		failureWith({ code: 'InvalidAccessKeyId' }),
		[{ ...keys, accessKeyId: 'ASIAEXAMPLE' }],
		[keys, { ...keys, accessKeyId: 'ASIAEXAMPLE', sessionToken: 't' }, basic, role],
	],
	[
		'the secret access key is wrong for this access key ID, and there is a blank in it',
		'without blanks',
		failureWith({ code: 'SignatureDoesNotMatch' }),
		[
			{ ...keys, secretAccessKey: 'sec ret' },
			{ ...keys, secretAccessKey: 'sec\nret' },
		],
		[keys, basic, role],
	],
	[
		'the server says that the session has expired, which is not so by the clock here',
		'Set the clocks',
		failureWith({ code: 'ExpiredTokenException' }),
		[role, certificate],
		[keys, basic],
	],
	[
		'the server takes signed requests only, no user name and password',
		'Choose Signature Version 4',
		failureWith({ status: 400, message: 'The authorization mechanism is not supported' }),
		[basic],
		[keys, role],
	],
	[
		'the server asks for a user name and password instead of signed requests',
		'Use a credential of type S3-Compatible Server',
		failureWith({ status: 401 }),
		[keys, role, certificate],
		[basic],
	],
];

it.each(cases)(
	'the failure of a wrong credential says: %s',
	(words, advice, failure, identities) => {
		for (const identity of identities) {
			const reworded = withCredentialMistake(failure, identity, attempt);
			expect(reworded.message).toBe(`Could not get “a” in bucket “data”: ${words}`);
			expect(reworded.advice).toContain(advice);
			expect(reworded.kind).toBe('credentials');
		}
	},
);

it.each(cases)('the failure of another credential does not say: %s', (_, __, failure, ___, no) => {
	for (const identity of no)
		expect(withCredentialMistake(failure, identity, attempt)).toBe(failure);
});

it.each([
	['AccessDenied', failureWith({ code: 'AccessDenied', status: 403 })],
	['an unknown code with 401', failureWith({ code: 'Unknown', status: 401 })],
	['an expired session without a code', failureWith({})],
])('a failure that tells nothing of the credential stays as it is: %s', (_, failure) => {
	const identities = [{ ...keys, accessKeyId: 'ASIA', secretAccessKey: 'a b' }, role, certificate];
	for (const identity of identities) {
		expect(withCredentialMistake(failure, identity, attempt)).toBe(failure);
	}
});

it.each([
	['another status', failureWith({ status: 403, message: 'The authorization is wrong' })],
	['other words', failureWith({ status: 400, message: 'The moon is full' })],
])('a password is not taken for a mistake with %s', (_, failure) => {
	expect(withCredentialMistake(failure, basic, attempt)).toBe(failure);
});
