/** Requests at the same time when guessing begins, and at most. */
const FEW_IN_FLIGHT = 8;
const MOST_IN_FLIGHT = 16;
/** Pages read one after another once a request had to be repeated; twice as many each further time. */
const CALM_PAGES = 20;
/** Answers after which it is looked at whether sending requests together pays. */
const ROUND = 16;
/** Part of the time that the same requests would take one after another. */
const NO_GAIN = 0.8;

/**
 * How many requests of one listing may be under way: one until the first answer, more while that pays,
 * one at a time for a while where the server throttles or is no faster for being asked together.
 */
export class ListingPace {
	/** Requests that may be under way. */
	width = 1;
	private ceiling = MOST_IN_FLIGHT;
	/** Pages to be taken before several requests are sent together again. */
	private calmUntil = 0;
	private calmPages = CALM_PAGES;
	/** Milliseconds: the fastest answer so far, and all of this round; the requests beside each. */
	private fastest = Infinity;
	private round = { answers: 0, time: 0, together: 0 };

	/** Whether one request is sent at a time. */
	get isCalm(): boolean {
		return this.width === 1;
	}

	/** A request sent together with others was of use. */
	speedUp(): void {
		if (!this.isCalm) this.width = Math.min(this.ceiling, this.width + 2);
	}

	/** One request at a time for a while. @param taken pages taken so far */
	calmDown(taken: number): void {
		this.calmUntil = taken + this.calmPages;
		if (!this.isCalm) this.calmPages *= 2;
		this.width = 1;
	}

	/** Several requests again, if it was calm for long enough. @param taken pages taken so far */
	resume(taken: number): void {
		if (this.isCalm && taken >= this.calmUntil) this.width = FEW_IN_FLIGHT;
	}

	/**
	 * An answer has arrived.
	 * @param time milliseconds it took
	 * @param together requests that were under way when it was asked for, itself included
	 * @param taken pages taken so far
	 */
	answered(time: number, together: number, taken: number): void {
		this.fastest = Math.min(this.fastest, time);
		this.round.answers += 1;
		this.round.time += time;
		this.round.together += together;
		const { answers, time: sum, together: requests } = this.round;
		if (answers < ROUND) return;
		this.round = { answers: 0, time: 0, together: 0 };
		if (this.isCalm || sum <= NO_GAIN * this.fastest * requests) return;
		this.ceiling = Math.max(2, Math.floor(this.ceiling / 2));
		if (this.width <= 2) this.calmDown(taken);
		else this.width = Math.min(this.width, this.ceiling);
	}
}
