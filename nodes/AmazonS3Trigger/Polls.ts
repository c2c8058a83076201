import { hash } from 'node:crypto';

/** Milliseconds before the next poll after one, two, … failures. */
const BACK_OFF = { first: 60_000, most: 30 * 60_000 };
/** Milliseconds in which n8n saves what a poll has found. */
const SAVING = 20_000;
/** Milliseconds before a warning is repeated. */
const WARN_AGAIN = 60 * 60_000;

interface Poll {
	/** Ends when the poll that is in flight does; never fails. */
	running?: Promise<unknown> | undefined;
	failures: number;
	/** When the next poll may be made. */
	nextAt: number;
	/** The hash of what was known before the last poll that found something, and when that was. */
	found?: { before: string; at: number };
	/** When something was warned of last. */
	warnedAt: number;
}

/**
 * The polls of all triggers in this process. n8n's older engine begins a poll also if the one before has not ended,
 * and goes on at the same pace if polls fail.
 */
export class Polls {
	private readonly polls = new Map<string, Poll>();

	/** @param clock milliseconds */
	constructor(private readonly clock: () => number = () => performance.now()) {}

	/**
	 * Makes a poll of a trigger unless one is in flight or polls have failed lately; undefined if it is not made.
	 * @param must whether to wait for the one in flight, and to make it in any case
	 * @throws what the poll throws
	 */
	async run<Result>(
		trigger: string,
		{ must, backsOff }: { must: boolean; backsOff: boolean },
		work: () => Promise<Result>,
	): Promise<Result | undefined> {
		const poll = this.pollOf(trigger);
		if (must) while (poll.running !== undefined) await poll.running;
		if (poll.running !== undefined) return undefined;
		if (!must && backsOff && this.clock() < poll.nextAt) return undefined;
		const running = work();
		poll.running = running.then(
			() => this.onEnd(poll, 0),
			() => this.onEnd(poll, poll.failures + 1),
		);
		return await running;
	}

	private onEnd(poll: Poll, failures: number): void {
		poll.running = undefined;
		poll.failures = failures;
		const delay = Math.min(BACK_OFF.most, BACK_OFF.first * 2 ** (failures - 1));
		// A poll at the next minute comes a little earlier than a minute after the end of this one.
		poll.nextAt = failures === 0 ? 0 : this.clock() + delay - BACK_OFF.first / 2;
	}

	/** Notes that a poll has found something. @param before what was known, as text */
	noteFound(trigger: string, before: string): void {
		this.pollOf(trigger).found = { before: hash('sha256', before), at: this.clock() };
	}

	/**
	 * Whether another poll has just found something with the same knowledge, so that n8n has not saved yet what is known
	 * now: its durable engine reads what is known before it begins a poll, and may begin two.
	 */
	isStale(trigger: string, before: string): boolean {
		const { found } = this.pollOf(trigger);
		if (found === undefined || this.clock() >= found.at + SAVING) return false;
		return found.before === hash('sha256', before);
	}

	/** Whether to warn people of a trigger: once an hour is enough. */
	mayWarn(trigger: string): boolean {
		const poll = this.pollOf(trigger);
		if (this.clock() < poll.warnedAt + WARN_AGAIN) return false;
		poll.warnedAt = this.clock();
		return true;
	}

	private pollOf(trigger: string): Poll {
		const known = this.polls.get(trigger);
		const poll = known ?? { failures: 0, nextAt: 0, warnedAt: -Infinity };
		this.polls.set(trigger, poll);
		return poll;
	}
}
