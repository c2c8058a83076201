/** Temporary access keys of a role. */
export interface Session {
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly sessionToken: string;
	/** By the clock of this machine, even if that is wrong. */
	readonly expiration: Date;
	/** A sentence for people if that clock had to be corrected. */
	readonly clockWarning?: string | undefined;
}
