import type { Call } from '../Call';
import { backOffMs } from '../retry/backOff';
import { RetryBudget } from '../RetryBudget';

/** Requests in a row that may break off before a single byte has arrived. */
const MOST_EMPTY_RESPONSES = 5;
/** Bytes that show that a transfer gets on: a server that breaks off each response may send fewer. */
const LEAST_PROGRESS = 64 * 1024;

/** Whether and when the reading of a range goes on after a break. */
export class Resumption {
	/**
	 * Not that of the transfer, which a response makes whole again before any of its bytes has come: this one
	 * runs from the first break until some bytes have.
	 */
	private readonly budget: RetryBudget;
	private emptyResponses = 0;
	/** Bytes of the response that is being read. */
	private bytes = 0;

	constructor({ retryFor }: Pick<Call, 'retryFor'>) {
		this.budget = RetryBudget.ofTransfer(retryFor);
	}

	onBytes(bytes: number): void {
		this.bytes += bytes;
	}

	/** Milliseconds to wait before the next request after a break; undefined if there is to be none. */
	delayAfterBreak(): number | undefined {
		this.emptyResponses = this.bytes > 0 ? 1 : this.emptyResponses + 1;
		if (this.bytes >= LEAST_PROGRESS) this.budget.onSuccess();
		this.bytes = 0;
		const isHopeless = this.budget.left() === 0 || this.emptyResponses > MOST_EMPTY_RESPONSES;
		return isHopeless ? undefined : backOffMs(this.emptyResponses);
	}
}
