/** Work on a thing that was announced last. */
interface Announced {
	/** When the last work that writes to it has ended; undefined if there is none. */
	written: Promise<void> | undefined;
	/** When the work has ended that reads what was written then. */
	readonly read: Promise<void>[];
}

/**
 * Whose turn it is: work that writes to the same thing is done one after the other, in the order in which it was
 * announced. What reads the thing in between finds what was written before it.
 */
export class Turns {
	private readonly announced = new Map<string, Announced>();
	/** How often work was announced that writes to something again. */
	repetitions = 0;

	/**
	 * Announces work on some things, each of which may be named twice.
	 *
	 * @param writes what it writes to
	 * @param reads what it reads
	 * @returns what resolves when all earlier work has ended that it has to wait for, what is to be called at its end, and
	 * whether earlier work writes to one of them
	 */
	take(
		writes: readonly string[],
		reads: readonly string[] = [],
	): { begin: Promise<unknown>; end: () => void; isRepeated: boolean } {
		let end: () => void = () => undefined;
		const ended = new Promise<void>((resolve) => (end = resolve));
		const isRepeated = writes.some((id) => this.of(id).written !== undefined);
		if (isRepeated) this.repetitions += 1;
		const before = [
			...reads.map((id) => this.of(id).written),
			...writes.flatMap((id) => [this.of(id).written, ...this.of(id).read]),
		];
		for (const id of reads) this.of(id).read.push(ended);
		for (const id of writes) this.announced.set(id, { written: ended, read: [] });
		return { begin: Promise.all(before.filter((work) => work !== undefined)), end, isRepeated };
	}

	private of(id: string): Announced {
		const known = this.announced.get(id) ?? { written: undefined, read: [] };
		this.announced.set(id, known);
		return known;
	}
}
