import { backOffMs } from '../retry/backOff';

/** Requests in a row that may break off before a single byte has arrived. */
const MOST_EMPTY_RESPONSES = 5;
/** Bytes that show that a transfer gets on: a server that breaks off each response may send fewer. */
const LEAST_PROGRESS = 64 * 1024;
/** Milliseconds without such progress after which a range is given up. */
const LONGEST_WITHOUT_PROGRESS = 70_000;

/** Whether and when the reading of a range goes on after a break. */
export class Resumption {
	private emptyResponses = 0;
	/** Bytes of the response that is being read. */
	private bytes = 0;
	/** Since the last progress. */
	private brokenSince: number | undefined;

	onBytes(bytes: number): void {
		this.bytes += bytes;
	}

	/** Milliseconds to wait before the next request after a break; undefined if there is to be none. */
	delayAfterBreak(): number | undefined {
		const now = performance.now();
		this.emptyResponses = this.bytes > 0 ? 1 : this.emptyResponses + 1;
		if (this.bytes >= LEAST_PROGRESS) this.brokenSince = undefined;
		this.bytes = 0;
		this.brokenSince ??= now;
		const isHopeless = now - this.brokenSince >= LONGEST_WITHOUT_PROGRESS;
		if (isHopeless || this.emptyResponses > MOST_EMPTY_RESPONSES) return undefined;
		return backOffMs(this.emptyResponses);
	}
}
