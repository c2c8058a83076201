import { oneOf } from '../faults/random';
import type { Random } from '../faults/random';
import type { Target } from './Target';

interface Upload {
	key: string;
	end: () => Promise<void>;
}

/**
 * Writes to a bucket as nobody should: keys in any order, many in the same second, uploads that end long after
 * they began, objects that are replaced or deleted and made again.
 */
export class Writer {
	/** Of the objects that are there. */
	private readonly keys = new Set<string>();
	private readonly uploads: Upload[] = [];
	private written = 0;
	/** What goes on beside the polls. */
	private work = Promise.resolve();

	constructor(
		private readonly target: Target,
		private readonly random: Random,
	) {}

	/** Has uploads that were begun up to ten hours ago. */
	async beginOldUploads(count: number): Promise<void> {
		for (let n = count; n > 0; n--) await this.beginUpload(this.newKey(), this.random(36_000));
	}

	/** Begins to do one thing, when all that was begun before is done. */
	begin(many: number): void {
		this.work = this.work.then(async () => await this.act(many));
	}

	/** Begins to put so many new objects at once, when all that was begun before is done. */
	beginPutting(count: number): void {
		this.work = this.work.then(async () => await this.putNew(count));
	}

	/** Waits for what was begun. */
	async settled(): Promise<void> {
		await this.work;
	}

	/** The keys of all objects that are there, in any order. */
	present(): string[] {
		return [...this.keys];
	}

	/** Does one thing. @param many objects that it puts at most */
	async act(many: number): Promise<void> {
		const existing = this.keys.size === 0 ? this.newKey() : oneOf(this.random, this.present());
		const acts: [number, () => Promise<void>][] = [
			[8, async () => await this.put(this.newKey())],
			[3, async () => await this.put(existing)],
			// The same content: only the date is another.
			[1, async () => await this.put(existing, 'same')],
			[2, async () => await this.delete(existing)],
			[2, async () => await this.makeAgain(existing)],
			[3, async () => await this.beginUpload(this.random(4) === 0 ? existing : this.newKey())],
			[3, async () => await this.endUpload()],
			// A write that takes a while and has the date at which it began.
			[1, async () => await this.put(this.newKey(), this.newContent(), this.random(60))],
			[1, async () => await this.putNew(this.random(many))],
			[4, async () => await this.target.passTime(this.random(20))],
		];
		const weights = acts.map(([weight]) => weight).reduce((a, b) => a + b);
		let at = this.random(weights);
		for (const [weight, act] of acts) {
			at -= weight;
			if (at >= 0) continue;
			await act();
			return;
		}
	}

	private async put(key: string, content = this.newContent(), secondsAgo = 0): Promise<void> {
		this.keys.add(key);
		await this.target.put(key, content, secondsAgo);
	}

	private async putNew(count: number): Promise<void> {
		const left = Array.from({ length: count }, () => this.newKey()).values();
		const lane = async () => {
			for (const key of left) await this.put(key);
		};
		await Promise.all(Array.from({ length: 16 }, lane));
	}

	private async delete(key: string): Promise<void> {
		this.keys.delete(key);
		await this.target.delete(key);
	}

	private async makeAgain(key: string): Promise<void> {
		await this.delete(key);
		await this.put(key);
	}

	private async beginUpload(key: string, secondsAgo = 0): Promise<void> {
		this.uploads.push({ key, end: await this.target.beginUpload(key, secondsAgo) });
	}

	private async endUpload(): Promise<void> {
		const [upload] = this.uploads.splice(this.random(Math.max(1, this.uploads.length)), 1);
		if (upload === undefined) return;
		this.keys.add(upload.key);
		await upload.end();
	}

	private newContent(): string {
		return String(this.written++);
	}

	private newKey(): string {
		const folder = oneOf(this.random, ['a', 'b/c', 'ü', 'z', '0', '2026-11']);
		return `in/${folder}/${this.random(1_000_000).toString(36)}`;
	}
}
