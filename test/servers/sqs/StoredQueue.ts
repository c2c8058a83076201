import { randomUUID } from 'node:crypto';

import { SqsError } from './SqsError';

/** How a queue is set up. */
export interface QueueSettings {
	readonly name: string;
	/** After so many receives a message goes to the other queue. */
	readonly redrive?: { readonly maxReceiveCount: number; readonly to: string };
}

/** A message in a queue. */
export interface StoredMessage {
	readonly id: string;
	readonly body: string;
	receiveCount: number;
	/** Milliseconds since 1970; until then nobody receives it. */
	hiddenUntil: number;
	/** Milliseconds since 1970 of the last receive. */
	receivedAt: number;
	/** Of the last receive: those of earlier ones are worth nothing. */
	receiptHandle: string;
}

/** Milliseconds for which a message can be hidden after a receive, in all. */
const LONGEST_HIDDEN = 43_200_000;

/** The messages of one queue. Times are by the clock of the server. */
export class StoredQueue {
	readonly messages: StoredMessage[] = [];
	/** IDs of messages that were deleted. */
	readonly deleted: string[] = [];
	/** Receives that wait for a message. */
	private readonly waiting: Array<() => void> = [];
	/** How often the queue was emptied, which ends the receives that wait. */
	private cleared = 0;

	constructor(
		readonly settings: QueueSettings,
		private readonly clock: () => number,
		private readonly moveTo: (queue: string, body: string) => void,
	) {}

	add(body: string): StoredMessage {
		const message: StoredMessage = {
			id: randomUUID(),
			body,
			receiveCount: 0,
			hiddenUntil: 0,
			receivedAt: 0,
			receiptHandle: '',
		};
		this.messages.push(message);
		this.wake();
		return message;
	}

	/** Takes all messages out, and ends the receives that wait for one. */
	clear(): void {
		this.messages.splice(0);
		this.deleted.splice(0);
		this.cleared += 1;
		this.wake();
	}

	/** Has the receives that wait look again: a message has come, or the clock was moved. */
	wake(): void {
		for (const look of this.waiting.splice(0)) look();
	}

	/** Gives the messages that nobody holds, at once or when there are some. */
	async receive(max: number, waitMs: number, hiddenMs: number): Promise<StoredMessage[]> {
		const end = performance.now() + waitMs;
		const { cleared } = this;
		for (;;) {
			if (cleared !== this.cleared) return [];
			const found = this.take(max, hiddenMs);
			const left = end - performance.now();
			if (found.length > 0 || left <= 0) return found;
			await new Promise<void>((resolve) => {
				this.waiting.push(resolve);
				setTimeout(resolve, Math.min(left, this.untilNext())).unref();
			});
		}
	}

	delete(receiptHandle: string): void {
		const message = this.heldBy(receiptHandle);
		this.deleted.push(message.id);
		this.messages.splice(this.messages.indexOf(message), 1);
	}

	hide(receiptHandle: string, ms: number): void {
		const message = this.heldBy(receiptHandle);
		const now = this.clock();
		if (now + ms - message.receivedAt > LONGEST_HIDDEN) {
			throw new SqsError(
				'InvalidParameterValue',
				'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
			);
		}
		message.hiddenUntil = now + ms;
		this.wake();
	}

	private take(max: number, hiddenMs: number): StoredMessage[] {
		const now = this.clock();
		const visible = this.messages.filter(({ hiddenUntil }) => hiddenUntil <= now).slice(0, max);
		return visible.filter((message) => {
			message.receiveCount += 1;
			const { redrive } = this.settings;
			if (redrive !== undefined && message.receiveCount > redrive.maxReceiveCount) {
				this.messages.splice(this.messages.indexOf(message), 1);
				this.moveTo(redrive.to, message.body);
				return false;
			}
			message.receivedAt = now;
			message.hiddenUntil = now + hiddenMs;
			message.receiptHandle = randomUUID();
			return true;
		});
	}

	/** Milliseconds until a message comes into sight. */
	private untilNext(): number {
		const now = this.clock();
		return Math.max(1, Math.min(...this.messages.map(({ hiddenUntil }) => hiddenUntil - now)));
	}

	private heldBy(receiptHandle: string): StoredMessage {
		const message = this.messages.find((one) => one.receiptHandle === receiptHandle);
		if (receiptHandle === '' || message === undefined) {
			throw new SqsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
		}
		// Of AWS only ChangeMessageVisibility is as strict; who deletes so late may delete nothing.
		if (message.hiddenUntil <= this.clock()) {
			throw new SqsError('MessageNotInflight', 'The message referred to is not in flight.');
		}
		return message;
	}
}
