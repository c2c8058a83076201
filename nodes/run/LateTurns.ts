import { Turns } from './Turns';

/** Milliseconds for which others wait until it is known what an item writes to: their servers do not wait for ever. */
const MAX_WAIT = 10_000;

/** An item of which it is not known yet what it writes to. */
interface Undecided {
	/** Resolves when it has its place among the others, or has ended, or they wait no longer. */
	readonly known: Promise<void>;
	readonly isKnown: () => void;
}

/**
 * The turns of items of which some find out on their way what they write to, such as an object with the name of a file
 * that is just being asked for. They are worked on together until then, and write in their order if those before them
 * find out soon enough.
 */
export class LateTurns {
	private readonly turns = new Turns();
	private readonly undecided = new Map<number, Undecided>();
	/** What ends the turn of an item, by its index. */
	private readonly ends = new Map<number, () => void>();
	/** The last item in their order that has written to a thing. */
	private readonly written = new Map<string, number>();
	/** How often an item came after one that comes after it in their order. */
	outOfOrder = 0;

	constructor(private readonly maxWait = MAX_WAIT) {}

	/** How often something is written to again. */
	get repetitions(): number {
		return this.turns.repetitions;
	}

	/** Announces an item that will find out, before the next one is begun. */
	announce(index: number): void {
		let isKnown: () => void = () => undefined;
		const known = new Promise<void>((resolve) => (isKnown = resolve));
		this.undecided.set(index, { known, isKnown });
		// Those after it wait no longer, whenever they find out themselves.
		const timer = setTimeout(isKnown, this.maxWait);
		timer.unref();
		void known.then(() => {
			clearTimeout(timer);
		});
	}

	/** Resolves when it is the turn of an item to write to some things. */
	async take(index: number, ...targets: string[]): Promise<void> {
		const before = [...this.undecided].filter(([other]) => other < index);
		await Promise.all(before.map(([, { known }]) => known));
		const isLate = targets.some((target) => (this.written.get(target) ?? -1) > index);
		if (isLate) this.outOfOrder += 1;
		else for (const target of targets) this.written.set(target, index);
		const { begin, end } = this.turns.take(targets);
		this.ends.set(index, end);
		this.undecided.get(index)?.isKnown();
		await begin;
	}

	/** The work on an item has ended. */
	end(index: number): void {
		this.undecided.get(index)?.isKnown();
		this.undecided.delete(index);
		this.ends.get(index)?.();
		this.ends.delete(index);
	}
}
