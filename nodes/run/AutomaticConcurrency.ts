import { MiB } from '../../s3/bytes';

/** Items of one run that are worked on over one connection. */
export interface ItemSlots {
	/**
	 * Resolves when the next item may be worked on, with what is to be called at its end.
	 *
	 * @throws what the signal was aborted with
	 */
	enter(signal: AbortSignal): Promise<Leave>;
}

/**
 * @param bytes what was moved for the item; 0 if that is not known
 * @param isOtherUnderPressure whether another connection that the item used is throttled or short of memory
 */
export type Leave = (bytes: number, isOtherUnderPressure?: boolean) => void;

/** Items at once when nothing is known of a connection, and at most: it has as many sockets. */
const INITIAL = 8;
export const MOST_AT_ONCE = 64;
/** Items at once at least, and that each run may always have, however many others there are. */
const LEAST = 4;
/** Bytes; an item above this keeps several requests busy by itself. */
const LARGE = 8 * MiB;
/** Up to this many times the shortest time of an item nothing waits for anything else: there may be more. */
const CALM = 1.5;
/** Above this many times that time, most of an item's time is waiting. */
const CROWDED = 3;

interface Waiting {
	readonly run: { inFlight: number };
	readonly start: () => void;
}

/**
 * How many items are worked on at once over a connection, found out from how long they take. It is doubled as
 * long as items take no longer for it, lowered when they do, and halved when the server throttles, when
 * memory for parts is short or when items are large. All executions that use the connection share it.
 */
export class AutomaticConcurrency {
	/** Items that may be in flight. */
	private limit = INITIAL;
	private inFlight = 0;
	private readonly waiting: Waiting[] = [];
	/** Milliseconds of the items that ended since the limit was last looked at. */
	private round: number[] = [];
	private hadLarge = false;
	private hadPressure = false;
	/** Milliseconds that an item takes when nothing waits: with few in flight, or the shortest that was seen. */
	private shortest = Infinity;

	/**
	 * @param isUnderPressure whether the connection is throttled or short of memory
	 * @param clock milliseconds
	 */
	constructor(
		private readonly isUnderPressure: () => boolean,
		private readonly clock: () => number = () => performance.now(),
	) {}

	/** The slots of one run. */
	forRun(): ItemSlots {
		const run = { inFlight: 0 };
		return { enter: async (signal) => await this.enter(run, signal) };
	}

	private async enter(run: Waiting['run'], signal: AbortSignal): Promise<Leave> {
		await new Promise<void>((resolve, reject) => {
			const leave = () => {
				this.waiting.splice(this.waiting.indexOf(entry), 1);
				reject(signal.reason as Error);
			};
			const entry: Waiting = {
				run,
				start: () => {
					signal.removeEventListener('abort', leave);
					run.inFlight += 1;
					this.inFlight += 1;
					resolve();
				},
			};
			this.waiting.push(entry);
			if (signal.aborted) leave();
			else signal.addEventListener('abort', leave, { once: true });
			this.admit();
		});
		const startedAt = this.clock();
		return (bytes, isOtherUnderPressure = false) => {
			run.inFlight -= 1;
			this.inFlight -= 1;
			this.hadPressure ||= isOtherUnderPressure;
			this.measure(this.clock() - startedAt, bytes);
			this.admit();
		};
	}

	/** Starts what may start, in turn; who has less than its least goes before the others. */
	private admit(): void {
		for (const entry of [...this.waiting]) {
			if (this.inFlight >= this.limit && entry.run.inFlight >= LEAST) continue;
			this.waiting.splice(this.waiting.indexOf(entry), 1);
			entry.start();
		}
	}

	private measure(ms: number, bytes: number): void {
		this.round.push(ms);
		this.hadLarge ||= bytes > LARGE;
		if (this.round.length < this.limit) return;
		const typical = median(this.round);
		// With few in flight a longer time is the server's own: it may have become slower.
		this.shortest = this.limit <= INITIAL ? typical : Math.min(this.shortest, typical);
		this.limit = this.nextLimit(typical);
		this.round = [];
		this.hadLarge = false;
		this.hadPressure = false;
	}

	private nextLimit(typical: number): number {
		const isPressed = this.hadPressure || this.isUnderPressure();
		if (this.hadLarge || isPressed) return Math.max(LEAST, this.limit / 2);
		if (typical <= CALM * this.shortest) return Math.min(MOST_AT_ONCE, this.limit * 2);
		if (typical > CROWDED * this.shortest) return Math.max(LEAST, Math.floor(this.limit * 0.75));
		return this.limit;
	}
}

function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const controllers = new WeakMap<object, AutomaticConcurrency>();

/** The controller of a connection, the same for all executions of this process. */
export function automaticConcurrencyOf(connection: {
	isUnderPressure(): boolean;
}): AutomaticConcurrency {
	const known = controllers.get(connection);
	if (known !== undefined) return known;
	const made = new AutomaticConcurrency(() => connection.isUnderPressure());
	controllers.set(connection, made);
	return made;
}
