/** A pair of access keys, with the session token that temporary keys come with. */
export interface AccessKeysIdentity {
	readonly kind: 'accessKeys';
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken: string | undefined;
}

/** A user name and password that a gateway takes as `Authorization: Basic`; requests are not signed. */
export interface HttpBasicIdentity {
	readonly kind: 'httpBasic';
	readonly username: string;
	readonly password: string;
}

/** The role that Kubernetes gives a pod: STS lends its keys for the token in a file. */
export interface WebIdentity {
	readonly kind: 'webIdentity';
	readonly roleArn: string;
	readonly tokenFile: string;
	readonly roleSessionName: string | undefined;
	/** URL of an STS of one's own; undefined is that of AWS in the region. */
	readonly stsEndpoint: string | undefined;
}

/** The role of a container, as an agent beside it lends its keys. */
export interface ContainerIdentity {
	readonly kind: 'container';
	/** URL of the agent. */
	readonly url: string;
	/** What the agent wants to see. */
	readonly token: string | undefined;
	/** Holds the token, which then changes from time to time. */
	readonly tokenFile: string | undefined;
}

/** The role of a virtual machine, as its metadata service lends its keys. */
export interface InstanceIdentity {
	readonly kind: 'instance';
	/** URL of the metadata service. */
	readonly endpoint: string;
}

/** A role that belongs to the machine n8n runs on, as its owner has set it up. */
export type MachineIdentity = WebIdentity | ContainerIdentity | InstanceIdentity;

/** A role that is assumed through STS with a pair of access keys, or as the role of the machine. */
export interface AssumedRoleIdentity {
	readonly kind: 'assumeRole';
	readonly source: AccessKeysIdentity | MachineIdentity;
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
export type SessionIdentity = AssumedRoleIdentity | RolesAnywhereIdentity | MachineIdentity;

export type Identity = AccessKeysIdentity | HttpBasicIdentity | SessionIdentity;

export type AddressingStyle = 'auto' | 'path' | 'virtual';

/**
 * What the actions of a connection may let out:
 * - `private`: nothing that others could read or get at
 * - `organizational`: nothing that everybody could
 * - `public`, `none`: no limit
 */
export type PrivacyLevel = 'none' | 'private' | 'organizational' | 'public';

export interface CustomProxy {
	readonly kind: 'custom';
	/** Scheme, host and port. */
	readonly url: string;
	readonly user: string | undefined;
	readonly password: string | undefined;
}

/**
 * How requests leave the network; with `environment` as HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the
 * process say.
 */
export type ProxySettings =
	{ readonly kind: 'none' } | { readonly kind: 'environment' } | CustomProxy;

/** Which servers the owner of the machine forbids to connect to. */
export interface EgressRules {
	/** CIDR notation. */
	readonly blockedRanges: readonly string[];
	/** CIDR notation; they win over blocked ones. */
	readonly allowedRanges: readonly string[];
	/** Names, or `*.` and a domain; their addresses are not looked at. */
	readonly allowedHosts: readonly string[];
	readonly blockedHosts: readonly string[];
}

/** Everything needed to reach one S3 account or server: plain settings, checked, never written to. */
export interface Connection {
	/** AWS region, e.g. `eu-central-1`. */
	readonly region: string;
	/** URL of an S3-compatible server, without a trailing slash; undefined is AWS. */
	readonly endpoint: string | undefined;
	/**
	 * URL under which others reach the same server, without a trailing slash; undefined is the endpoint. Links
	 * and forms are signed for it, and no request goes there.
	 */
	readonly publicEndpoint: string | undefined;
	readonly addressingStyle: AddressingStyle;
	/** Used where an operation names no bucket. */
	readonly bucket: string | undefined;
	/** Refuse every bucket but `bucket`. */
	readonly bucketOnly: boolean;
	/** Refuse every call that changes something. */
	readonly readOnly: boolean;
	readonly privacyLevel: PrivacyLevel;
	/** Bytes; objects larger than this are uploaded in parts. */
	readonly multipartThreshold: number;
	/** For S3 and for the services that lend sessions. */
	readonly proxy: ProxySettings;
	/** PEM of one or more further trusted authorities. */
	readonly caCertificate: string | undefined;
	readonly ignoreSslIssues: boolean;
	/** For S3 and all that belongs to the connection; undefined forbids no more than is never allowed. */
	readonly egress: EgressRules | undefined;
	/** For files of URLs, which come from items; undefined as above. */
	readonly urlEgress: EgressRules | undefined;
	readonly identity: Identity;
}
