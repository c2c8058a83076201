import type { Identity } from '../Connection';
import { explanationOf } from './errorCodes';
import { purposeOf } from './failureFrom';
import type { Attempt } from './failureFrom';
import type { S3Failure } from '../S3Failure';

/** A sentence of its own for a mistake that the response alone does not tell. */
interface Mistake {
	readonly isMade: (failure: S3Failure, identity: Identity) => boolean;
	/** What happened, as the end of a sentence. */
	readonly words: string;
	readonly advice: string;
}

const MISTAKES: readonly Mistake[] = [
	{
		// AWS gives such names to the keys of sessions only.
		isMade: ({ code }, identity) =>
			code === 'InvalidAccessKeyId' &&
			identity.kind === 'accessKeys' &&
			identity.sessionToken === undefined &&
			identity.accessKeyId.startsWith('ASIA'),
		words: 'this access key ID is that of temporary keys, which need their session token',
		advice:
			'Switch on “Temporary Credentials” under More Settings of the credential and enter the session token that came with the keys.',
	},
	{
		isMade: ({ code }, identity) =>
			code === 'SignatureDoesNotMatch' &&
			identity.kind === 'accessKeys' &&
			/\s/.test(identity.secretAccessKey),
		words: 'the secret access key is wrong for this access key ID, and there is a blank in it',
		advice: 'Copy the secret access key alone into the credential again, without blanks.',
	},
	{
		isMade: ({ code }, { kind }) =>
			kind !== 'accessKeys' &&
			kind !== 'httpBasic' &&
			code !== undefined &&
			explanationOf(code) === explanationOf('ExpiredToken'),
		words: 'the server says that the session has expired, which is not so by the clock here',
		advice: 'Set the clocks of the server and of the machine that n8n runs on (NTP).',
	},
	{
		isMade: ({ status, message }, { kind }) =>
			kind === 'httpBasic' && status === 400 && /authori[sz]ation/i.test(message),
		words: 'the server takes signed requests only, no user name and password',
		advice: 'Choose Signature Version 4 as Scheme in the credential.',
	},
	{
		isMade: ({ status, code }, { kind }) =>
			kind !== 'httpBasic' && status === 401 && code === undefined,
		words: 'the server asks for a user name and password instead of signed requests',
		advice:
			'Use a credential of type S3-Compatible Server with HTTP Basic as Scheme (More Settings).',
	},
];

/** The failure in better words where the kind of credential tells what is wrong with it. */
export function withCredentialMistake(
	failure: S3Failure,
	identity: Identity,
	attempt: Attempt,
): S3Failure {
	const mistake = MISTAKES.find(({ isMade }) => isMade(failure, identity));
	if (mistake === undefined) return failure;
	return failure.reworded(`${purposeOf(attempt)}: ${mistake.words}`, mistake.advice);
}
