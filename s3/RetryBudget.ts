/** Milliseconds for a single call: a server that restarts is back within 20 seconds. */
const CALL_MS = 25_000;
/** Milliseconds for a transfer, which would have to begin anew: an outage may take a minute. */
const TRANSFER_MS = 70_000;

/**
 * The time in which failed requests are repeated. The parts of one transfer share a budget: it begins to run
 * with a failure, and is whole again with the next success of any of them.
 */
export class RetryBudget {
	private failingSince: number | undefined;

	/**
	 * @param duration milliseconds, which may change; 0: nothing is repeated
	 * @param clock milliseconds
	 */
	constructor(
		private readonly duration: number | (() => number),
		private readonly clock: () => number = () => performance.now(),
	) {}

	/** @param retryFor milliseconds; undefined: what suits a single call */
	static ofCall(retryFor: number | undefined): RetryBudget {
		return new RetryBudget(retryFor ?? CALL_MS);
	}

	/** @param retryFor milliseconds; undefined: what suits a transfer, the requests of which share the budget */
	static ofTransfer(retryFor: number | undefined): RetryBudget {
		return new RetryBudget(retryFor ?? TRANSFER_MS);
	}

	/** Milliseconds for which what fails is repeated. */
	get ms(): number {
		return typeof this.duration === 'number' ? this.duration : this.duration();
	}

	/** Whether anything may be repeated at all. */
	get allowsRetries(): boolean {
		return this.ms > 0;
	}

	/** Milliseconds that are left after a failure. */
	left(): number {
		const now = this.clock();
		this.failingSince ??= now;
		return Math.max(0, this.failingSince + this.ms - now);
	}

	/** The server is there: later failures have the whole time again. */
	onSuccess(): void {
		this.failingSince = undefined;
	}
}
