import type { Agent } from 'node:http';
import type { AccessKeysIdentity } from '../Connection';

/** A role that is assumed through STS with a pair of access keys. */
export interface AssumedRoleIdentity {
	readonly kind: 'assumeRole';
	readonly source: AccessKeysIdentity;
	readonly roleArn: string;
	readonly externalId: string | undefined;
	readonly roleSessionName: string | undefined;
	/** Seconds that a session lives, 900 to 43,200; undefined leaves it to STS (an hour). */
	readonly durationSeconds: number | undefined;
	/** URL of an STS of one's own; undefined is that of AWS in the region. */
	readonly stsEndpoint?: string | undefined;
}

/** A role that is taken on through IAM Roles Anywhere with an X.509 certificate. */
export interface RolesAnywhereIdentity {
	readonly kind: 'rolesAnywhere';
	readonly trustAnchorArn: string;
	readonly profileArn: string;
	readonly roleArn: string;
	/** Region of trust anchor and profile; undefined takes it from their ARNs. */
	readonly region: string | undefined;
	/** Only for profiles that accept role session names. */
	readonly sessionName: string | undefined;
	/** Seconds that a session lives, 900 to 43,200; undefined leaves it to the profile. */
	readonly durationSeconds: number | undefined;
	/** As pasted; may hold the chain too. */
	readonly certificate: string;
	/** As pasted: the intermediates between certificate and trust anchor. */
	readonly certificateChain: string | undefined;
	/** As pasted. */
	readonly privateKey: string;
	readonly passphrase: string | undefined;
	/** URL of a VPC endpoint; undefined is the public one of the region. */
	readonly endpoint: string | undefined;
}

/** An identity whose access keys are lent for a while. */
export type SessionIdentity = AssumedRoleIdentity | RolesAnywhereIdentity;

/** Access keys that were lent for a while. */
export interface Session {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken: string;
	/** By the clock of this machine, even where that is wrong. */
	readonly expiration: Date;
	/** A sentence for people where that clock had to be corrected. */
	readonly clockWarning?: string | undefined;
}

/** How the services that lend sessions are reached. */
export interface Transport {
	readonly httpAgent: Agent;
	readonly httpsAgent: Agent;
	/** Milliseconds since 1970. */
	readonly clock: () => number;
	/** Milliseconds that one request may take. */
	readonly timeout: number;
}
