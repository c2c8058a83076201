/** What an AWS account has set up for IAM Roles Anywhere; tests change it as they go. */
export interface Account {
	readonly region: string;
	anchors: TrustAnchor[];
	profiles: Profile[];
	roles: Role[];
	/** Seconds that a request's time may be off. */
	skewSeconds: number;
	/** Seconds that sessions live, whatever was asked for; undefined grants what was asked for. */
	lifetime: number | undefined;
	/** Bits. */
	minRsaBits: number;
	/** Curves of keys, as OpenSSL names them. */
	curves: string[];
	/** Whether the chain may hold its certificates in any order, and others besides. */
	chainOrder: 'any' | 'strict';
	/** More in one second are refused. */
	requestsPerSecond: number;
}

export interface TrustAnchor {
	arn: string;
	/** PEM of the authority. */
	certificate: string;
	enabled: boolean;
	/** PEM of what the authority, or one below it, has revoked. */
	revocationLists: string[];
}

interface Profile {
	arn: string;
	enabled: boolean;
	roleArns: string[];
	/** Seconds. */
	durationSeconds: number;
	acceptRoleSessionName: boolean;
}

interface Role {
	arn: string;
	/** Whether its trust policy allows IAM Roles Anywhere. */
	trusts: boolean;
	/** Seconds. */
	maxSessionDuration: number;
}

const REGION = 'eu-central-1';
const PREFIX = `arn:aws:rolesanywhere:${REGION}:111122223333`;

export const TRUST_ANCHOR_ARN = `${PREFIX}:trust-anchor/11111111-1111-4111-8111-111111111111`;
export const PROFILE_ARN = `${PREFIX}:profile/44444444-4444-4444-8444-444444444444`;
export const ROLE_ARN = 'arn:aws:iam::111122223333:role/lab/reader';

/** An account with one trust anchor, one profile and one role. */
export function accountTrusting(authority: { readonly pem: string }): Account {
	return {
		region: REGION,
		anchors: [
			{ arn: TRUST_ANCHOR_ARN, certificate: authority.pem, enabled: true, revocationLists: [] },
		],
		profiles: [
			{
				arn: PROFILE_ARN,
				enabled: true,
				roleArns: [ROLE_ARN],
				durationSeconds: 3600,
				acceptRoleSessionName: false,
			},
		],
		roles: [{ arn: ROLE_ARN, trusts: true, maxSessionDuration: 3600 }],
		skewSeconds: 900,
		lifetime: undefined,
		minRsaBits: 2048,
		curves: ['prime256v1', 'secp384r1', 'secp521r1'],
		chainOrder: 'strict',
		requestsPerSecond: Infinity,
	};
}
