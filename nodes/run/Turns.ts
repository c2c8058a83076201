/** Whose turn it is: work on the same thing is done one after the other, in the order in which it was announced. */
export class Turns {
	private readonly last = new Map<string, Promise<void>>();
	/** How often something was announced again. */
	repetitions = 0;

	/**
	 * Announces work on some things, each of which may be named twice.
	 *
	 * @returns what resolves when all earlier work on them has ended, and what is to be called at its end
	 */
	take(ids: readonly string[]): { begin: Promise<unknown>; end: () => void } {
		const before = ids.flatMap((id) => this.last.get(id) ?? []);
		if (before.length > 0) this.repetitions += 1;
		let end: () => void = () => undefined;
		const ended = new Promise<void>((resolve) => (end = resolve));
		for (const id of ids) this.last.set(id, ended);
		return { begin: Promise.all(before), end };
	}
}
