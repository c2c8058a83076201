import { isThrottled } from './attempts';

const SECOND_MS = 1000;
/** How long nothing is sent after a first refusal; twice as long after each further one. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** The longest wait that a server may ask for with `Retry-After`. */
const LONGEST_RETRY_AFTER_MS = 30_000;
/** After a refusal the rate doubles in this time, then ever faster. */
const DOUBLING_MS = 4000;
/** After this time without a refusal nothing is held back any more. */
const FORGET_MS = 4 * DOUBLING_MS;
/** The share of the rate that is left after a refusal. */
const DECREASE = 0.6;
/** Requests a second. */
const LOWEST_RATE = 1;
/** Shortest time, in milliseconds, over which a rate is measured. */
const SHORTEST_MEASURE_MS = 250;

/**
 * How fast requests are sent over one connection: without limit until the server refuses one for coming
 * too fast (429, 503), then at a rate that falls with every further refusal and rises without them.
 * Everything that uses the connection shares it, so one refusal slows down all of it.
 */
export class RequestRate {
	private readonly waiting: { start: () => void }[] = [];
	private timer: NodeJS.Timeout | undefined;
	/** Requests a second right after the last refusal. */
	private rate = Infinity;
	private refusedAt = -Infinity;
	/** Refusals without another response between them. */
	private inARow = 0;
	/** When the next request may be sent. */
	private next = 0;
	/** Requests sent since `since` and in the second before it. */
	private sent = { since: -Infinity, count: 0, before: 0 };

	/** @param clock milliseconds */
	constructor(private readonly clock: () => number = () => performance.now()) {}

	/** Whether requests are held back, as the server refused one lately. */
	isThrottled(): boolean {
		return this.clock() - this.refusedAt < FORGET_MS;
	}

	/**
	 * Resolves when a request may be sent, with the time that `onResponse` is told.
	 * @throws AbortError if the signal fires while it waits
	 */
	async acquire(signal: AbortSignal | undefined): Promise<number> {
		const held = this.waiting.length > 0 || this.isThrottled();
		if (held) await this.wait(signal);
		const now = this.clock();
		this.count(now);
		return now;
	}

	/**
	 * A request has its response.
	 * @param sentAt what `acquire` gave for it
	 * @param atLeastMs milliseconds that the server asks to wait; 0 if it does not
	 */
	onResponse(sentAt: number, status: number, atLeastMs: number): void {
		if (isThrottled(status)) this.refused(sentAt, atLeastMs);
		else this.accepted(sentAt);
	}

	/** The server has worked on a request. */
	private accepted(sentAt: number): void {
		if (sentAt >= this.refusedAt) this.inARow = 0;
	}

	/** The server has refused a request for coming too fast. */
	private refused(sentAt: number, atLeastMs: number): void {
		const now = this.clock();
		// Of several requests that were in flight together, only the first refusal counts.
		if (sentAt >= this.refusedAt) {
			this.rate = Math.max(LOWEST_RATE, DECREASE * Math.min(this.rateAt(now), this.measured(now)));
			this.refusedAt = now;
			this.inARow += 1;
			const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.inARow - 1));
			this.next = now + pause * (0.75 + Math.random() / 2);
		}
		this.next = Math.max(this.next, now + Math.min(atLeastMs, LONGEST_RETRY_AFTER_MS));
	}

	private wait(signal: AbortSignal | undefined): Promise<void> {
		return new Promise((resolve, reject) => {
			const leave = () => {
				this.waiting.splice(this.waiting.indexOf(entry), 1);
				if (this.waiting.length === 0) clearTimeout(this.timer);
				reject(new DOMException('Stopped before the request was sent', 'AbortError'));
			};
			const entry = {
				start: () => {
					signal?.removeEventListener('abort', leave);
					resolve();
				},
			};
			this.waiting.push(entry);
			if (signal?.aborted === true) leave();
			else signal?.addEventListener('abort', leave, { once: true });
			if (this.waiting[0] === entry) this.admit();
		});
	}

	private admit(): void {
		clearTimeout(this.timer);
		for (let now = this.clock(); now >= this.next;) {
			const first = this.waiting.shift();
			if (first === undefined) return;
			this.next = Math.max(this.next + SECOND_MS / this.rateAt(now), now - FIRST_PAUSE_MS);
			first.start();
		}
		if (this.waiting.length === 0) return;
		this.timer = setTimeout(
			() => {
				this.admit();
			},
			Math.max(1, this.next - this.clock()),
		);
	}

	/** Requests a second that may be sent now. */
	private rateAt(now: number): number {
		const elapsed = now - this.refusedAt;
		return elapsed >= FORGET_MS ? Infinity : this.rate * 2 ** ((elapsed / DOUBLING_MS) ** 2);
	}

	private count(now: number): void {
		const { since, count } = this.sent;
		if (now - since >= SECOND_MS) {
			this.sent = { since: now, count: 0, before: now - since < 2 * SECOND_MS ? count : 0 };
		}
		this.sent.count += 1;
	}

	/** Requests a second that were sent lately. */
	private measured(now: number): number {
		const { since, count, before } = this.sent;
		const time = now - since + (before > 0 ? SECOND_MS : 0);
		return ((count + before) * SECOND_MS) / Math.max(SHORTEST_MEASURE_MS, time);
	}
}
