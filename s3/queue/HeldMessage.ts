import { S3Failure } from '../S3Failure';
import type { Queue } from './Queue';
import { deleteMessage, hideMessage } from './messages';
import type { QueueMessage } from './messages';

/** How often a message is hidden again within the time that it is hidden for. */
const BEATS = 3;
/** Seconds after its receive for which SQS hides a message at most, in all, but for the time that the response took. */
const LONGEST_HIDDEN = 43_200 - 60;

/** A message that was received and stays hidden from others until it is deleted, given back or let go. */
export class HeldMessage {
	private timer: NodeJS.Timeout | undefined;
	/** The request that hides the message again, while it is in flight. */
	private beating: Promise<void> | undefined;
	private readonly received = performance.now();
	/** Milliseconds by `performance.now()`. */
	private until: number;

	/** @param hiddenSeconds for which the message is hidden, and is hidden again and again */
	constructor(
		private readonly queue: Queue,
		private readonly message: QueueMessage,
		private readonly hiddenSeconds: number,
	) {
		this.until = this.received + 1000 * hiddenSeconds;
		this.beatLater();
	}

	/** Until when nobody receives the message again, in milliseconds by `performance.now()`. */
	get hiddenUntil(): number {
		return this.until;
	}

	get id(): string {
		return this.message.id;
	}

	get body(): string {
		return this.message.body;
	}

	get receiptHandle(): string {
		return this.message.receiptHandle;
	}

	get receiveCount(): number {
		return this.message.receiveCount;
	}

	/**
	 * Deletes the message.
	 * @throws S3Failure; then it comes again
	 */
	async delete(): Promise<void> {
		this.letGo();
		await this.beating;
		await deleteMessage(this.queue, this.receiptHandle, { signal: undefined });
		this.until = Infinity;
	}

	/**
	 * Gives the message back, so that it can be received again.
	 * @param seconds until then
	 * @throws S3Failure; then it comes again by itself
	 */
	async giveBack(seconds = 0): Promise<void> {
		this.letGo();
		// If it came later, it would hide the message once more.
		await this.beating;
		const begun = performance.now();
		await hideMessage(this.queue, this.receiptHandle, seconds, { signal: undefined });
		this.until = begun + 1000 * seconds;
	}

	/** Leaves the message as it is: it comes again when the time is over for which it is hidden. */
	letGo(): void {
		clearTimeout(this.timer);
		this.timer = undefined;
	}

	private beatLater(): void {
		const pause = (1000 * this.hiddenSeconds) / BEATS;
		this.timer = setTimeout(() => {
			this.beating = this.beat(this.timer);
		}, pause);
		this.timer.unref();
	}

	private async beat(timer: NodeJS.Timeout | undefined): Promise<void> {
		const { queue, receiptHandle, hiddenSeconds } = this;
		const begun = performance.now();
		const left = LONGEST_HIDDEN - Math.ceil((begun - this.received) / 1000);
		if (left <= 0) return;
		const seconds = Math.min(hiddenSeconds, left);
		try {
			await hideMessage(queue, receiptHandle, seconds, { signal: undefined, retryFor: 0 });
			this.until = begun + 1000 * seconds;
		} catch (error) {
			// After a failure that may pass there is time for another beat. A message that was lost stays so.
			if (error instanceof S3Failure && !error.retryable) return;
		}
		if (this.timer === timer) this.beatLater();
	}
}
