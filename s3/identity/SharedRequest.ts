import type { Call } from '../Call';
import { delayWithinBudget, retry } from '../retry/retry';
import { RetryBudget } from '../RetryBudget';
import type { S3Failure } from '../S3Failure';

/** A caller that waits for the result. */
interface Waiting {
	readonly patienceMs: number;
	readonly giveUp: (error: unknown) => void;
}

/**
 * One request that several callers wait for, such as that for a session. It is repeated as long as the most patient
 * of them wants, and each of them is told of the failure when its own time is over.
 */
export class SharedRequest<Result> {
	/** The last failure after which there is another attempt; undefined before the first. */
	private failing: { readonly since: number; error: unknown; nextAt: number } | undefined;
	private patienceMs = 0;
	private readonly waiting = new Set<Waiting>();
	/** What becomes of the request, whether anybody waits for it or not. */
	readonly result: Promise<Result>;

	/** @param request sends it once, which begins at once: the first caller has to wait in the same turn */
	constructor(request: () => Promise<Result>) {
		const budget = new RetryBudget(() => this.patienceMs);
		const delayAfter = delayWithinBudget(budget);
		this.result = retry(
			request,
			(error, attempts) => {
				const delay = delayAfter(error, attempts);
				if (delay !== undefined) this.hasFailed(error, delay);
				return delay;
			},
			undefined,
		);
		// Those who wait are told.
		this.result.catch(() => undefined);
	}

	/**
	 * Waits for the result. The signal ends this caller's waiting, not the request.
	 * @throws what the request throws, at the latest when the caller's time is over; `cancelled` if its signal ends it
	 */
	wait({ signal, retryFor }: Partial<Call>, cancelled: () => S3Failure): Promise<Result> {
		const patienceMs = RetryBudget.ofCall(retryFor).ms;
		this.patienceMs = Math.max(this.patienceMs, patienceMs);
		return new Promise<Result>((resolve, reject) => {
			const one: Waiting = { patienceMs, giveUp: reject };
			const stop = () => {
				reject(cancelled());
			};
			signal?.addEventListener('abort', stop, { once: true });
			this.waiting.add(one);
			if (this.failing !== undefined) this.tell(one, this.failing);
			void this.result.then(resolve, reject).finally(() => {
				this.waiting.delete(one);
				signal?.removeEventListener('abort', stop);
			});
		});
	}

	private hasFailed(error: unknown, delay: number): void {
		const now = performance.now();
		this.failing = { since: this.failing?.since ?? now, error, nextAt: now + delay };
		for (const one of this.waiting) this.tell(one, this.failing);
	}

	/** Tells a caller of a failure if the next attempt is too late for it. */
	private tell(
		{ patienceMs, giveUp }: Waiting,
		{ since, error, nextAt }: NonNullable<typeof this.failing>,
	): void {
		// The most patient one gets its last attempt at the end of its time.
		if (patienceMs === 0 || nextAt > since + patienceMs + 1) giveUp(error);
	}
}
