/** Whose turn it is: work on the same thing is done one after the other, in the order in which it was announced. */
export class Turns {
	private readonly last = new Map<string, Promise<void>>();
	/** How often something was announced again. */
	repetitions = 0;

	/**
	 * Announces work on something.
	 *
	 * @returns what resolves when all earlier work on it has ended, and what is to be called at its end
	 */
	take(id: string): { begin: Promise<void>; end: () => void } {
		const begin = this.last.get(id);
		if (begin !== undefined) this.repetitions += 1;
		let end: () => void = () => undefined;
		const ended = new Promise<void>((resolve) => (end = resolve));
		this.last.set(id, ended);
		return { begin: begin ?? Promise.resolve(), end };
	}
}
