import { OR_A_PROXY } from '../errors/meaning';
import { adviceAmong } from './sessionResponse';
import type { KnownRefusals, Refusal, RefusalAdvice } from './sessionResponse';

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const STS_REFUSALS: KnownRefusals = [
	[
		/MaxSessionDuration|session limit for roles assumed by role chaining/i,
		'Lower the duration in the credential, or raise the maximum session duration of the role; keys that are a session themselves get an hour at most.',
	],
	[
		/^(AuthorizationHeaderMalformed|MethodNotAllowed|NotImplemented)/,
		'The server at the endpoint of the credential seems to have no STS: switch off “Assume Role”, or ask whoever runs the server.',
	],
	[/^ExpiredToken/, 'Put fresh temporary credentials (all three values) into the credential.'],
	[
		/^(InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClient)/,
		'Check the access key ID in the credential (if it begins with ASIA, the session token too), and the region.',
	],
	[/^SignatureDoesNotMatch/, 'Enter the secret access key in the credential again.'],
	[/^RegionDisabled/, 'Activate STS for this region in the account, or choose another.'],
];

/**
 * What a refusal of AssumeRole means and what to do about it.
 * @param externalId the one that was sent
 * @param isOwn whether the service is not that of AWS
 */
export function adviseOnSts(
	refusal: Refusal,
	externalId: string | undefined,
	isOwn: boolean,
): RefusalAdvice {
	const known = adviceAmong(STS_REFUSALS, refusal);
	const isSignature = refusal.code?.startsWith('SignatureDoesNotMatch') === true;
	if (known !== undefined && isSignature && isOwn) {
		return { ...known, advice: `${known.advice} ${OR_A_PROXY}` };
	}
	if (known !== undefined) return known;
	if (refusal.code?.startsWith('AccessDenied') === true) return denied(externalId);
	const advice = 'Check the role, external ID, session name and duration in the credential.';
	return { kind: 'credentials', advice };
}

/** STS does not say which of the policies and conditions is missing. */
function denied(externalId: string | undefined): RefusalAdvice {
	const condition =
		externalId === undefined
			? 'without an external ID (if it asks for one, enter it in the credential)'
			: 'with exactly the external ID that is in the credential';
	return {
		kind: 'denied',
		advice: `The trust policy of the role must allow this identity sts:AssumeRole ${condition}, and so must the identity’s own policy.`,
	};
}
