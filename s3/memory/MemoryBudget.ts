import { recycle, reuse } from './bufferPool';

/** A number of bytes that many tasks share; who does not get any more waits in turn. */
export class MemoryBudget {
	private used = 0;
	/** Memory that was given back, to be used again; with what is used, no more than everything. */
	private spare: Buffer[] = [];
	private readonly waiting: { bytes: number; start: () => void }[] = [];

	constructor(private readonly total: number) {}

	/**
	 * Resolves once `bytes` may be used, with the function that gives them back.
	 * More than the whole budget is granted only while nothing else is in use.
	 * Someone who must never wait while holding something takes everything at once.
	 * @throws AbortError when the signal fires meanwhile
	 */
	reserve(bytes: number, signal?: AbortSignal): Promise<() => void> {
		return new Promise((resolve, reject) => {
			const entry = {
				bytes,
				start: () => {
					signal?.removeEventListener('abort', leave);
					resolve(this.lend(bytes));
				},
			};
			const leave = () => {
				this.waiting.splice(this.waiting.indexOf(entry), 1);
				reject(new DOMException('Stopped before there was memory', 'AbortError'));
				this.admit();
			};
			this.waiting.push(entry);
			if (signal?.aborted === true) leave();
			else signal?.addEventListener('abort', leave, { once: true });
			this.admit();
		});
	}

	/**
	 * As `take`, with the memory itself: new one for every part would pile up until the garbage collector
	 * comes by.
	 */
	async acquireBuffer(
		bytes: number,
		signal?: AbortSignal,
	): Promise<{ buffer: Buffer; release: () => void }> {
		const giveBack = await this.reserve(bytes, signal);
		const fitting = this.spare.findIndex(({ length }) => length === bytes);
		const [found] = fitting === -1 ? [] : this.spare.splice(fitting, 1);
		let kept = this.used;
		this.spare = this.spare.filter(({ length }) => (kept += length) <= this.total);
		const buffer = found ?? reuse(bytes) ?? Buffer.allocUnsafeSlow(bytes);
		let held = true;
		const release = () => {
			if (held) this.spare.push(buffer);
			held = false;
			giveBack();
			if (this.used > 0) return;
			recycle(this.spare);
			this.spare = [];
		};
		return { buffer, release };
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
