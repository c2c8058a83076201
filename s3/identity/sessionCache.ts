import { S3Failure } from '../S3Failure';

/** Milliseconds; what lives shorter counts as expired. */
const LEAST_LIFE = 60_000;
/** Milliseconds before its end that a long-lived session is renewed at the latest. */
const EARLIEST_RENEWAL = 5 * 60_000;
/** Milliseconds between attempts to renew a session that is still valid. */
const FIRST_PAUSE = 10_000;
const LONGEST_PAUSE = 30_000;
/** Milliseconds that a clock which is kept in step may go back. */
const CLOCK_NOISE = 5_000;
/** Sessions kept at once; the one unused for longest goes first. */
const MAX_SESSIONS = 256;

interface Expiring {
	readonly expiration: Date;
}

interface Entry<Session> {
	session: Session | undefined;
	/** Milliseconds since 1970. */
	obtainedAt: number;
	/** The one request that is under way. */
	flight: Promise<Session> | undefined;
	/** Failed renewals in a row. */
	failures: number;
	/** Milliseconds since 1970; no renewal of a living session begins before. */
	pausedUntil: number;
}

/**
 * Keeps sessions until they expire and renews them before: one request at a time for each, however
 * many ask for it. Has no timers: whether a session still lives is decided by the clock at each use,
 * so that sleep and clock changes of the machine do no harm.
 */
export class SessionCache<Session extends Expiring> {
	private readonly entries = new Map<string, Entry<Session>>();

	/** @param clock gives milliseconds since 1970 */
	constructor(
		private readonly clock: () => number = Date.now,
		private readonly maxSessions: number = MAX_SESSIONS,
	) {}

	/**
	 * Gives a session that lives for another minute at least, if the service grants such. One about
	 * to end is renewed behind the caller's back; while that fails, the old one is given to its end.
	 * @param id hash of everything that goes into the request
	 * @param request asks the service for a session
	 * @param signal stops this caller's waiting, not the request, which others may wait for
	 * @throws what `request` throws when no session is alive; S3Failure of kind `cancelled`
	 */
	async get(id: string, request: () => Promise<Session>, signal?: AbortSignal): Promise<Session> {
		if (isAborted(signal)) throw cancelled();
		const entry = this.entryOf(id);
		const { session } = entry;
		if (session === undefined) return waitFor(this.renew(entry, request), signal);
		const left = this.lifeOf(entry, session);
		// Once a renewal has failed, waiting for the next could outlast a session that is still of use.
		if (left >= LEAST_LIFE || (left > 0 && entry.failures > 0)) {
			const due = left < LEAST_LIFE || left <= renewalOf(entry, session);
			if (due && !this.pauses(entry)) {
				// Nobody waits for it; a failure is known by `failures` and tried again.
				this.renew(entry, request).catch(() => undefined);
			}
			return session;
		}
		try {
			return await waitFor(this.renew(entry, request), signal);
		} catch (error) {
			if (!isAborted(signal) && this.lifeOf(entry, session) > 0) return session;
			throw error;
		}
	}

	/**
	 * Forgets a session that was refused although it should still live: the server's clock is ahead, or
	 * the server has lost it. Not a new one: the next would be refused as well.
	 * @returns whether the next `get` asks the service for another one, or already has it
	 */
	forget(id: string, refused: Session): boolean {
		const entry = this.entries.get(id);
		if (entry?.session !== refused) return true;
		if (this.clock() - entry.obtainedAt < LEAST_LIFE) return false;
		entry.session = undefined;
		return true;
	}

	/** Milliseconds; none is believed to be left when the clock was set back meanwhile. */
	private lifeOf({ obtainedAt }: Entry<Session>, { expiration }: Session): number {
		const now = this.clock();
		return now < obtainedAt - CLOCK_NOISE ? 0 : expiration.getTime() - now;
	}

	/** Whether a failed renewal is too recent for another; not when the clock was set back. */
	private pauses({ pausedUntil }: Entry<Session>): boolean {
		const pause = pausedUntil - this.clock();
		return pause > 0 && pause <= LONGEST_PAUSE;
	}

	/** Joins the request that is under way, or begins one. */
	private renew(entry: Entry<Session>, request: () => Promise<Session>): Promise<Session> {
		entry.flight ??= this.fly(entry, request).finally(() => {
			entry.flight = undefined;
		});
		return entry.flight;
	}

	private async fly(entry: Entry<Session>, request: () => Promise<Session>): Promise<Session> {
		try {
			const session = await request();
			entry.session = session;
			entry.obtainedAt = this.clock();
			entry.failures = 0;
			return session;
		} catch (error) {
			entry.failures += 1;
			const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (entry.failures - 1));
			entry.pausedUntil = this.clock() + pause;
			throw error;
		}
	}

	private entryOf(id: string): Entry<Session> {
		const entry = this.entries.get(id) ?? {
			session: undefined,
			obtainedAt: 0,
			flight: undefined,
			failures: 0,
			pausedUntil: 0,
		};
		// Deleting and setting again makes it the youngest.
		this.entries.delete(id);
		this.entries.set(id, entry);
		const [oldest] = this.entries.keys();
		if (this.entries.size > this.maxSessions && oldest !== undefined) this.entries.delete(oldest);
		return entry;
	}
}

/** Milliseconds before its end at which a session is due to be renewed. */
function renewalOf({ obtainedAt }: Entry<Expiring>, { expiration }: Expiring): number {
	return Math.min(EARLIEST_RENEWAL, (expiration.getTime() - obtainedAt) / 3);
}

function isAborted(signal: AbortSignal | undefined): boolean {
	return signal?.aborted === true;
}

/** Waits for a request that belongs to others too: the signal ends the waiting alone. */
async function waitFor<T>(flight: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (signal === undefined) return flight;
	return new Promise<T>((resolve, reject) => {
		const stop = () => {
			reject(cancelled());
		};
		signal.addEventListener('abort', stop, { once: true });
		const unlink = () => {
			signal.removeEventListener('abort', stop);
		};
		void flight.then(resolve, reject).finally(unlink);
	});
}

function cancelled(): S3Failure {
	return new S3Failure({
		kind: 'cancelled',
		message: 'Waiting for temporary credentials was cancelled',
		advice: 'Run it again if that was not intended.',
	});
}
