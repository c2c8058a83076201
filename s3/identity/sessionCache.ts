import type { Call } from '../Call';
import { LruMap } from '../LruMap';
import { S3Failure } from '../S3Failure';
import { SharedRequest } from './SharedRequest';

/** Milliseconds; a session that lives shorter counts as expired. */
const MIN_LIFE = 60_000;
/** Milliseconds before its end at which a long-lived session is renewed. */
const RENEWAL_LEAD = 5 * 60_000;
/** Milliseconds from a failed renewal to the next one; doubled after each failure. */
const FIRST_PAUSE = 10_000;
const MAX_PAUSE = 30_000;
/** Milliseconds that a clock may be set back when it is kept in step with others. */
const CLOCK_STEP = 5_000;
/** Sessions kept at once; the one unused for longest goes first. */
const MAX_SESSIONS = 256;

interface Expiring {
	readonly expiration: Date;
}

/** What one caller wants of a session. */
export interface SessionWish extends Partial<Pick<Call, 'signal' | 'retryFor'>> {
	/** Milliseconds that the session should be valid, if the service issues such. */
	readonly life?: number | undefined;
}

interface Entry<Session> {
	session: Session | undefined;
	/** Milliseconds since 1970. */
	obtainedAt: number;
	/** The one request in flight. */
	inFlight: SharedRequest<Session> | undefined;
	/** Failed renewals in a row. */
	failures: number;
	/** Milliseconds since 1970; no renewal of a valid session begins before. */
	pausedUntil: number;
}

/**
 * Keeps sessions until they expire and renews them before: one request at a time for each, however
 * many callers ask for it. It has no timers: the clock decides at each use whether a session is still
 * valid, so that sleep and clock changes of the machine do no harm.
 */
export class SessionCache<Session extends Expiring> {
	private readonly entries: LruMap<string, Entry<Session>>;

	/** @param clock gives milliseconds since 1970 */
	constructor(
		private readonly clock: () => number = Date.now,
		maxSessions: number = MAX_SESSIONS,
	) {
		this.entries = new LruMap(maxSessions);
	}

	/**
	 * Gives a session that is valid for another minute at least, if the service issues such. A session
	 * that is about to end is renewed in the background; while that fails, the old one is given until
	 * its end.
	 * @param id hash of everything that goes into the request
	 * @param request asks the service for a session
	 * @throws what `request` throws when no session is valid; S3Failure of kind `cancelled`
	 */
	async get(
		id: string,
		request: () => Promise<Session>,
		{ signal, retryFor, life = 0 }: SessionWish = {},
	): Promise<Session> {
		if (isAborted(signal)) throw waitingCancelled();
		const entry = this.entryOf(id);
		const { session } = entry;
		const wait = (forMs: number | undefined) =>
			this.renew(entry, request).wait({ signal, retryFor: forMs }, waitingCancelled);
		if (session === undefined) return await wait(retryFor);
		const left = this.lifeLeft(entry, session);
		// After a failed renewal, the next one could take longer than the session is still valid.
		const isLongEnough = left >= life || !this.wouldLiveLonger(entry, session, life);
		if ((left >= MIN_LIFE && isLongEnough) || (left > 0 && entry.failures > 0)) {
			const isDue = !isLongEnough || left < MIN_LIFE || left <= renewalLead(entry, session);
			if (isDue && !this.isPaused(entry)) {
				// Nobody waits for it; a failure is counted in `failures` and tried again.
				this.renew(entry, request);
			}
			return session;
		}
		try {
			// Nothing is repeated if there is one to go on with.
			return await wait(left > 0 && isLongEnough ? 0 : retryFor);
		} catch (error) {
			if (!isAborted(signal) && this.lifeLeft(entry, session) > 0) return session;
			throw error;
		}
	}

	/**
	 * Forgets a session that was refused although it should still be valid: the server's clock is
	 * ahead, or the server has lost it. A new session is kept, because the next one would be refused
	 * as well.
	 * @returns whether the next `get` asks the service for another one, or already has it
	 */
	forget(id: string, refused: Session): boolean {
		const entry = this.entries.get(id);
		if (entry?.session !== refused) return true;
		if (this.clock() - entry.obtainedAt < MIN_LIFE) return false;
		entry.session = undefined;
		return true;
	}

	/** Milliseconds; 0 if the clock was set back since, because then nothing is known. */
	private lifeLeft({ obtainedAt }: Entry<Session>, { expiration }: Session): number {
		const now = this.clock();
		return now < obtainedAt - CLOCK_STEP ? 0 : expiration.getTime() - now;
	}

	/** Whether another session would be valid for a minute more of the time that is wanted. */
	private wouldLiveLonger(entry: Entry<Session>, session: Session, life: number): boolean {
		const whole = session.expiration.getTime() - entry.obtainedAt;
		return Math.min(life, whole) - this.lifeLeft(entry, session) >= MIN_LIFE;
	}

	/** Whether a failed renewal is too recent for another; not when the clock was set back. */
	private isPaused({ pausedUntil }: Entry<Session>): boolean {
		const pause = pausedUntil - this.clock();
		return pause > 0 && pause <= MAX_PAUSE;
	}

	/** Joins the request in flight, or begins one. */
	private renew(entry: Entry<Session>, request: () => Promise<Session>): SharedRequest<Session> {
		if (entry.inFlight !== undefined) return entry.inFlight;
		const shared = new SharedRequest(request);
		entry.inFlight = shared;
		shared.result.then(
			(session) => {
				this.hasRenewed(entry, session);
			},
			() => {
				this.hasFailed(entry);
			},
		);
		return shared;
	}

	private hasRenewed(entry: Entry<Session>, session: Session): void {
		entry.inFlight = undefined;
		entry.session = session;
		entry.obtainedAt = this.clock();
		entry.failures = 0;
	}

	private hasFailed(entry: Entry<Session>): void {
		entry.inFlight = undefined;
		entry.failures += 1;
		const pause = Math.min(MAX_PAUSE, FIRST_PAUSE * 2 ** (entry.failures - 1));
		entry.pausedUntil = this.clock() + pause;
	}

	private entryOf(id: string): Entry<Session> {
		const known = this.entries.get(id);
		if (known !== undefined) return known;
		const entry: Entry<Session> = {
			session: undefined,
			obtainedAt: 0,
			inFlight: undefined,
			failures: 0,
			pausedUntil: 0,
		};
		this.entries.set(id, entry);
		return entry;
	}
}

/** Milliseconds before its end at which a session is renewed. */
function renewalLead({ obtainedAt }: Entry<Expiring>, { expiration }: Expiring): number {
	return Math.min(RENEWAL_LEAD, (expiration.getTime() - obtainedAt) / 3);
}

function isAborted(signal: AbortSignal | undefined): boolean {
	return signal?.aborted === true;
}

function waitingCancelled(): S3Failure {
	return S3Failure.cancelled('Could not get temporary credentials');
}
