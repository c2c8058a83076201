/** What an AWS account has set up for IAM Roles Anywhere; tests change it as they go. */
export interface Account {
	readonly region: string;
	anchors: TrustAnchor[];
	profiles: Profile[];
	roles: Role[];
	/** Decimal serial numbers. */
	readonly revoked: Set<string>;
	/** Seconds that a request's time may be off. */
	skewSeconds: number;
	/** Seconds that sessions live, whatever was asked for; undefined grants what was asked for. */
	lifetime: number | undefined;
	/** Bits. */
	minRsaBits: number;
	/** More in one second are refused. */
	requestsPerSecond: number;
}

interface TrustAnchor {
	arn: string;
	/** PEM of the authority. */
	certificate: string;
	enabled: boolean;
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
		anchors: [{ arn: TRUST_ANCHOR_ARN, certificate: authority.pem, enabled: true }],
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
		revoked: new Set(),
		skewSeconds: 900,
		lifetime: undefined,
		minRsaBits: 1024,
		requestsPerSecond: Infinity,
	};
}
