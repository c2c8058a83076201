/** A number of bytes that many tasks share; who does not get any more waits in turn. */
export class ByteBudget {
	private used = 0;
	private readonly waiting: { bytes: number; start: () => void }[] = [];

	constructor(private readonly total: number) {}

	/**
	 * Resolves once `bytes` may be used, with the function that gives them back.
	 * More than the whole budget is granted only while nothing else is in use.
	 * Someone who must never wait while holding something takes everything at once.
	 */
	take(bytes: number): Promise<() => void> {
		return new Promise((resolve) => {
			this.waiting.push({
				bytes,
				start: () => {
					resolve(this.lend(bytes));
				},
			});
			this.admit();
		});
	}

	private lend(bytes: number): () => void {
		let held = true;
		return () => {
			if (!held) return;
			held = false;
			this.used -= bytes;
			this.admit();
		};
	}

	private admit(): void {
		for (;;) {
			const [next] = this.waiting;
			if (next === undefined) return;
			if (this.used > 0 && this.used + next.bytes > this.total) return;
			this.waiting.shift();
			this.used += next.bytes;
			next.start();
		}
	}
}
