import type { Agents } from '../http/Agents';

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
export interface Transport extends Agents {
	/** Milliseconds since 1970. */
	readonly clock: () => number;
	/** Milliseconds that one request may take. */
	readonly timeout: number;
}
