/** How much a server has to send while it is waited for. */
export interface LeastProgress {
	readonly bytes: number;
	/** Milliseconds. */
	readonly within: number;
}

/** A quarter of a kilobyte each second: the slowest line of use sends two hundred times as much. */
export const LEAST_PROGRESS: LeastProgress = { bytes: 16 * 1024, within: 60_000 };

/** Notices a body that comes in drops, so that no silence ends it. */
export class Progress {
	/** Since the time last began to run. */
	private bytes = 0;
	private waited = 0;

	constructor(private readonly least: LeastProgress = LEAST_PROGRESS) {}

	/**
	 * Whether the server has sent too little.
	 * @param bytes that have come
	 * @param waited milliseconds that they were waited for; what a slow reader takes does not count
	 */
	isTooLittle(bytes: number, waited: number): boolean {
		this.bytes += bytes;
		this.waited += waited;
		if (this.waited < this.least.within) return false;
		const isTooLittle = this.bytes < this.least.bytes;
		this.bytes = 0;
		this.waited = 0;
		return isTooLittle;
	}
}
