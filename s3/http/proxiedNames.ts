import { LruMap } from '../LruMap';
import { isBlocked } from './egress';
import type { Egress } from './egress';

/** Milliseconds for which a request waits for the look-up of a name that nobody restricts. */
const MAX_WAIT = 2000;
/** Milliseconds for which what was found of such a name is taken for true. */
const KEPT = 60_000;
const MAX_NAMES = 256;

interface Checked {
	readonly at: number;
	readonly refusal: Promise<Error | undefined>;
}

/** Looks up the names of servers that a proxy connects to, to see whether they may be connected to. */
export class ProxiedNames {
	/** A system that can look no names up would keep threads of Node busy with each connection. */
	private readonly checked = new LruMap<string, Checked>(MAX_NAMES);

	constructor(
		private readonly egress: Egress,
		private readonly maxWait = MAX_WAIT,
	) {}

	/**
	 * Fails if a name leads to an address that is not allowed; one that only the proxy knows is left to the proxy. So is
	 * one that is not found in time, unless the owner of the machine has rules.
	 */
	async check(host: string): Promise<void> {
		const refusal = this.egress.hasRules ? await this.lookUp(host) : await this.inTime(host);
		if (refusal !== undefined) throw refusal;
	}

	private async inTime(host: string): Promise<Error | undefined> {
		const known = this.checked.get(host);
		const isNew = known === undefined || performance.now() - known.at > KEPT;
		const { refusal } = isNew ? { refusal: this.lookUp(host) } : known;
		if (isNew) this.checked.set(host, { at: performance.now(), refusal });
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<undefined>((resolve) => {
			timer = setTimeout(resolve, this.maxWait, undefined);
		});
		return await Promise.race([refusal, late]).finally(() => {
			clearTimeout(timer);
		});
	}

	private lookUp(host: string): Promise<Error | undefined> {
		return new Promise((resolve) => {
			this.egress.lookup(host, { all: true }, (error) => {
				resolve(error !== null && isBlocked(error) ? error : undefined);
			});
		});
	}
}
