import { residentBytes } from '../servers/n8n/n8n';

/** Milliseconds between two looks at a process. */
const EVERY = 20;

/** Watches how much memory a process has. */
export class ProcessMemory {
	private readonly seen: { at: number; bytes: number }[] = [];
	private readonly timer: NodeJS.Timeout;

	constructor(private readonly pid: number) {
		this.look();
		this.timer = setInterval(() => this.look(), EVERY);
	}

	/**
	 * Bytes of memory at most between two times (milliseconds since 1970), the looks just before and
	 * after included; 0 where the process was never seen.
	 */
	peak(start = -Infinity, end = Infinity): number {
		return this.seen
			.filter(({ at }) => at >= start - EVERY && at <= end + EVERY)
			.reduce((most, { bytes }) => Math.max(most, bytes), 0);
	}

	stop(): void {
		clearInterval(this.timer);
		this.look();
	}

	private look(): void {
		try {
			this.seen.push({ at: Date.now(), bytes: residentBytes(this.pid) });
		} catch {
			// A process that has ended has no memory to be seen.
			clearInterval(this.timer);
		}
	}
}
