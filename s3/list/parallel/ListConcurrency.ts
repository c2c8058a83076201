import {
	FIRST_IN_FLIGHT,
	FREE_LATENCY,
	IN_FLIGHT_STEP,
	MAX_IN_FLIGHT,
	MIN_PARALLELISM,
	QUEUEING_LATENCY,
	ROUND_RESPONSES,
	SEQUENTIAL_PAGES,
} from './tuning';

/**
 * How many requests of one listing may be in flight: one until the first response, then more while that
 * pays, and one for some pages if the server throttles or is no faster with several.
 */
export class ListConcurrency {
	/** Requests that may be in flight. */
	maxInFlight = 1;
	/** What `maxInFlight` may grow to. */
	private ceiling = MAX_IN_FLIGHT;
	/** Pages to be handed over before several requests are sent at the same time again. */
	private sequentialUntil = 0;
	private sequentialPages = SEQUENTIAL_PAGES;
	/** Latency of the server when it has one request; the fastest response, until a sequential round has measured it. */
	private unloadedMs = Infinity;
	private isMeasured = false;
	/** Milliseconds that each response of this round took. */
	private latencies: number[] = [];
	/** Sum of the requests in flight over the responses of this round. */
	private inFlightSum = 0;
	/** Whether the last response was mostly queueing. */
	private isQueueing = false;

	get isSequential(): boolean {
		return this.maxInFlight === 1;
	}

	/** Allows more requests, as one that was sent beside others was of use. */
	widen(): void {
		if (this.isSequential || this.isQueueing) return;
		this.maxInFlight = Math.min(this.ceiling, this.maxInFlight + IN_FLIGHT_STEP);
	}

	/** Allows one request at a time for some pages. @param pages handed over so far */
	goSequential(pages: number): void {
		this.sequentialUntil = pages + this.sequentialPages;
		if (!this.isSequential) this.sequentialPages *= 2;
		this.maxInFlight = 1;
		this.beginRound();
	}

	/** Allows several requests again if enough pages were read sequentially. @param pages handed over so far */
	resume(pages: number): void {
		if (!this.isSequential || pages < this.sequentialUntil) return;
		this.maxInFlight = Math.min(this.ceiling, FIRST_IN_FLIGHT);
	}

	/**
	 * Learns from a response.
	 * @param latency milliseconds from request to response
	 * @param inFlight requests in flight when this one was sent, itself included
	 * @param pages handed over so far
	 */
	onResponse(latency: number, inFlight: number, pages: number): void {
		if (!this.isMeasured) this.unloadedMs = Math.min(this.unloadedMs, latency);
		this.isQueueing = latency > QUEUEING_LATENCY * this.unloadedMs;
		// It was in flight before the listing went sequential.
		if (this.isSequential && inFlight > 1) return;
		this.latencies.push(latency);
		this.inFlightSum += inFlight;
		if (this.latencies.length === ROUND_RESPONSES) this.endRound(pages);
	}

	private beginRound(): void {
		this.latencies = [];
		this.inFlightSum = 0;
	}

	private endRound(pages: number): void {
		// The median, because a pause of this process holds up all responses that are in flight for once.
		const latency = medianOf(this.latencies);
		const inFlight = this.inFlightSum / ROUND_RESPONSES;
		this.beginRound();
		if (inFlight === 1) {
			this.unloadedMs = latency;
			this.isMeasured = true;
		}
		if (this.isSequential) return;
		/** Requests that the server works on at the same time. */
		const parallelism = (this.unloadedMs * inFlight) / latency;
		if (parallelism < MIN_PARALLELISM) {
			if (this.maxInFlight > 2) this.narrow(Math.floor(this.maxInFlight / 2));
			else this.goSequential(pages);
		} else if (latency > QUEUEING_LATENCY * this.unloadedMs) {
			this.narrow(Math.max(FIRST_IN_FLIGHT, Math.ceil(2 * parallelism)));
		} else if (latency < FREE_LATENCY * this.unloadedMs) {
			this.ceiling = Math.min(MAX_IN_FLIGHT, this.ceiling + IN_FLIGHT_STEP);
		}
	}

	private narrow(ceiling: number): void {
		this.ceiling = Math.min(this.ceiling, ceiling);
		this.maxInFlight = Math.min(this.maxInFlight, this.ceiling);
	}
}

const medianOf = (values: readonly number[]): number =>
	[...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
