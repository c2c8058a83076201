/** Requests at the same time when guessing begins, and at most. */
const FEW_IN_FLIGHT = 4;
const MOST_IN_FLIGHT = 16;
/** So many more at a time. */
const MORE_IN_FLIGHT = 2;
/** Pages read one after another once a request had to be repeated; twice as many each further time. */
const CALM_PAGES = 20;
/** Answers after which it is looked at whether sending requests together pays. */
const ROUND = 16;
/** Requests that the server works on at once, below which sending several does not pay. */
const NO_GAIN = 1.25;
/** As often the time of the fastest answer is what an answer may take: the rest of it only waits for others. */
const MOSTLY_WAITING = 2;
/** As often that time is what answers usually take that hardly wait: there may be more of them again. */
const HARDLY_WAITING = 1.5;

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
	/** Milliseconds that an answer takes by itself: the fastest so far, until a round of one at a time has told. */
	private alone = Infinity;
	private isMeasured = false;
	/** Milliseconds of this round's answers, and the sum of the requests beside each. */
	private times: number[] = [];
	private together = 0;
	/** Whether the last answer waited for others most of its time. */
	private waited = false;

	/** Whether one request is sent at a time. */
	get isCalm(): boolean {
		return this.width === 1;
	}

	/** A request sent together with others was of use. */
	speedUp(): void {
		if (this.isCalm || this.waited) return;
		this.width = Math.min(this.ceiling, this.width + MORE_IN_FLIGHT);
	}

	/** One request at a time for a while. @param taken pages taken so far */
	calmDown(taken: number): void {
		this.calmUntil = taken + this.calmPages;
		if (!this.isCalm) this.calmPages *= 2;
		this.width = 1;
		this.beginRound();
	}

	/** Several requests again, if it was calm for long enough. @param taken pages taken so far */
	resume(taken: number): void {
		if (this.isCalm && taken >= this.calmUntil) this.width = Math.min(this.ceiling, FEW_IN_FLIGHT);
	}

	/**
	 * An answer has arrived.
	 * @param time milliseconds it took
	 * @param together requests that were under way when it was asked for, itself included
	 * @param taken pages taken so far
	 */
	answered(time: number, together: number, taken: number): void {
		if (!this.isMeasured) this.alone = Math.min(this.alone, time);
		this.waited = time > MOSTLY_WAITING * this.alone;
		// It was under way before the calm.
		if (this.isCalm && together > 1) return;
		this.times.push(time);
		this.together += together;
		if (this.times.length < ROUND) return;
		// What holds up all that is under way for once, as collecting garbage does, is not the server's doing.
		const usual = medianOf(this.times);
		const beside = this.together / ROUND;
		this.beginRound();
		if (beside === 1) {
			this.alone = usual;
			this.isMeasured = true;
		}
		if (this.isCalm) return;
		const atOnce = (this.alone * beside) / usual;
		if (atOnce < NO_GAIN) {
			if (this.width > 2) this.narrow(Math.floor(this.width / 2));
			else this.calmDown(taken);
		} else if (usual > MOSTLY_WAITING * this.alone) {
			this.narrow(Math.max(FEW_IN_FLIGHT, Math.ceil(2 * atOnce)));
		} else if (usual < HARDLY_WAITING * this.alone) {
			this.ceiling = Math.min(MOST_IN_FLIGHT, this.ceiling + MORE_IN_FLIGHT);
		}
	}

	private beginRound(): void {
		this.times = [];
		this.together = 0;
	}

	private narrow(most: number): void {
		this.ceiling = Math.min(this.ceiling, most);
		this.width = Math.min(this.width, this.ceiling);
	}
}

const medianOf = (values: readonly number[]): number =>
	[...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
