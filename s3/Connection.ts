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

export type Identity = AccessKeysIdentity | HttpBasicIdentity;

export type AddressingStyle = 'auto' | 'path' | 'virtual';

/** Everything needed to reach one S3 account or server: plain settings, checked, never written to. */
export interface Connection {
	/** AWS region, e.g. `eu-central-1`. */
	readonly region: string;
	/** URL of an S3-compatible server, without a trailing slash; undefined is AWS. */
	readonly endpoint: string | undefined;
	readonly addressingStyle: AddressingStyle;
	/** Used where an operation names no bucket. */
	readonly bucket: string | undefined;
	/** Refuse every bucket but `bucket`. */
	readonly bucketOnly: boolean;
	/** Bytes; objects larger than this are uploaded in parts. */
	readonly multipartThreshold: number;
	/** PEM of one or more further trusted authorities. */
	readonly caCertificate: string | undefined;
	readonly ignoreSslIssues: boolean;
	readonly identity: Identity;
}
