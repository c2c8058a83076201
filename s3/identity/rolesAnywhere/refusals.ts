import { adviceAmong } from '../sessionResponse';
import type { KnownRefusals, Refusal, RefusalAdvice } from '../sessionResponse';

/**
 * What the service says, and what to change. `docs/roles-anywhere.md` has the same table.
 *
 * @internal for the test that compares the two
 */
export const ROLES_ANYWHERE_REFUSALS: KnownRefusals = [
	[
		/invalid signature/i,
		'Check that the private key belongs to the certificate, and that the clock of this machine is right.',
	],
	[
		/insufficient certificate/i,
		'The certificate needs X.509 v3, CA:FALSE, key usage digitalSignature, a SHA-256 (or stronger) signature and a subject: have it issued again.',
	],
	[
		/untrusted signing certificate/i,
		'Paste the intermediates between certificate and trust anchor in the chain field, and check that the trust anchor is of the authority that issued the certificate.',
	],
	[
		/certificate revoked/i,
		'The certificate is in a revocation list of the account: use another certificate and key.',
	],
	[
		/trust anchor wasn.?t found/i,
		'Check the Trust Anchor ARN and the Roles Anywhere region in the credential.',
	],
	[/trust anchor is disabled/i, 'Enable the trust anchor in the IAM Roles Anywhere console.'],
	[/profile is disabled/i, 'Enable the profile in the IAM Roles Anywhere console.'],
	[
		/invalid or empty profile/i,
		'Check the Profile ARN in the credential and that the profile is enabled.',
	],
	[
		/isn.?t one of those listed in the profile/i,
		'Add the role to the profile, or enter a Role ARN that the profile lists.',
		'denied',
	],
	[
		/not authorized to set roleSessionName/i,
		'Leave the session name in the credential empty, or let the profile accept role session names (acceptRoleSessionName).',
		'denied',
	],
	[
		/exceeds the MaxSessionDuration/i,
		'Lower the duration in the credential, or raise the maximum session duration of the role.',
		'denied',
	],
	[
		/unable to assume role/i,
		'The trust policy of the role must allow rolesanywhere.amazonaws.com sts:AssumeRole, sts:SetSourceIdentity and sts:TagSession, with conditions that this certificate and trust anchor meet.',
		'denied',
	],
	[
		/durationSeconds/i,
		'Enter a duration in the credential that the service takes, 3600 suits most.',
	],
];

/** What a refusal of CreateSession means and what to do about it. */
export function adviseOnRolesAnywhere(refusal: Refusal): RefusalAdvice {
	const known = adviceAmong(ROLES_ANYWHERE_REFUSALS, refusal);
	if (known !== undefined) return known;
	return refusal.code === 'AccessDeniedException'
		? {
				kind: 'denied',
				advice:
					'Check the trust policy of the role, and which roles and sessions the profile allows.',
			}
		: {
				kind: 'credentials',
				advice: 'Check trust anchor, profile, role, region and certificate in the credential.',
			};
}
