import { MiB } from '../bytes';

/** Bytes in the pool: what one large object takes in parts or ranges of the usual size. */
const POOL_SIZE = 32 * MiB;
/** Bytes; the pool keeps no smaller buffers. */
const SMALLEST_POOLED = MiB;
/** Milliseconds that the pool is kept after a buffer was last put into it. */
const POOLED_MS = 60_000;

/** Freed buffers of budgets that are not in use, for the next transfer of this process; newest first. */
let pool: Buffer[] = [];
let poolTimer: NodeJS.Timeout | undefined;

/**
 * A number of bytes that many tasks share. A task that would take more than is left waits until it is its
 * turn.
 */
export class MemoryBudget {
	/** Bytes. */
	private used = 0;
	/** Freed buffers; together with what is used they hold at most `total` bytes. */
	private freed: Buffer[] = [];
	private readonly waiting: { bytes: number; start: () => void }[] = [];

	/** @param total bytes */
	constructor(private readonly total: number) {}

	/** Whether a task waits for memory. */
	isShort(): boolean {
		return this.waiting.length > 0;
	}

	/**
	 * Resolves once `bytes` may be used, with the function that gives them back. More than the whole budget
	 * is granted only while nothing else is in use.
	 *
	 * A caller that holds bytes must not wait for more: reserve all it needs in one call, or two callers can
	 * block each other. A task that reads and writes at the same time, such as a streamed copy, reserves its
	 * whole need of the budget for writing, and then works with budgets of its own of that size.
	 * @throws AbortError if the signal fires while it waits
	 */
	reserve(bytes: number, signal?: AbortSignal): Promise<() => void> {
		return new Promise((resolve, reject) => {
			const entry = {
				bytes,
				start: () => {
					signal?.removeEventListener('abort', leave);
					resolve(this.releaserOf(bytes));
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
	 * As `reserve`, with a buffer of so many bytes, which must not be used after its release. Buffers are
	 * used again: new ones for every part would pile up until V8 collects its garbage.
	 * @throws AbortError if the signal fires while it waits
	 */
	async acquireBuffer(
		bytes: number,
		signal?: AbortSignal,
	): Promise<{ buffer: Buffer; release: () => void }> {
		const giveBack = await this.reserve(bytes, signal);
		const buffer =
			takeOf(this.freed, bytes) ?? takeOf(pool, bytes) ?? Buffer.allocUnsafeSlow(bytes);
		this.freed = firstOf(this.freed, this.total - this.used);
		let held = true;
		const release = () => {
			if (held) this.freed.push(buffer);
			held = false;
			giveBack();
			if (this.used > 0) return;
			recycle(this.freed);
			this.freed = [];
		};
		return { buffer, release };
	}

	private releaserOf(bytes: number): () => void {
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

/**
 * Puts buffers into the pool. With new ones for each object V8 would collect the garbage of all of n8n in
 * the middle of a transfer: it does so for every 64 MiB that are allocated outside of its heap.
 */
function recycle(buffers: readonly Buffer[]): void {
	const large = buffers.filter(({ length }) => length >= SMALLEST_POOLED);
	if (large.length === 0) return;
	pool = firstOf([...large, ...pool], POOL_SIZE);
	clearTimeout(poolTimer);
	poolTimer = setTimeout(() => (pool = []), POOLED_MS).unref();
}

/** Takes the first buffer of exactly so many bytes out of a list. */
function takeOf(buffers: Buffer[], bytes: number): Buffer | undefined {
	const index = buffers.findIndex(({ length }) => length === bytes);
	return index === -1 ? undefined : buffers.splice(index, 1)[0];
}

/** The first buffers of a list that together have at most so many bytes. */
function firstOf(buffers: readonly Buffer[], most: number): Buffer[] {
	let bytes = 0;
	return buffers.filter(({ length }) => (bytes += length) <= most);
}
