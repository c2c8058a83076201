import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { LruMap } from '../LruMap';
import { S3Failure } from '../S3Failure';
import { HeldMessage } from './HeldMessage';
import { deleteMessage, hideMessage, receiveMessages } from './messages';
import type { Queue } from './Queue';

/** How the messages of a queue are received, and what is done with them. */
export interface ConsumerSettings {
	/** Messages that are worked on at once, at least 1. */
	readonly maxMessages: number;
	/** Seconds for which a message is hidden, again and again as long as it is worked on. */
	readonly hiddenSeconds: number;
	/** Whether messages that come together are worked on together. */
	readonly together: boolean;
	/** Whether the identity has to be able to delete messages. */
	readonly deletes: boolean;
	/** Works on messages, and says of each what becomes of it. It must not throw. */
	readonly work: (messages: readonly HeldMessage[]) => Promise<void>;
	/** Told once that no messages can be received, or none but those that should be hidden, until some can be again. */
	readonly onOutage: (failure: unknown) => void;
}

/** Messages that SQS gives at once. */
const MOST_TOGETHER = 10;
/** Seconds, the most that SQS waits for a message. */
const LONG_POLL = 20;
/** Milliseconds before the first attempt after a failure; doubled after each. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 60_000;
/** Milliseconds below which a server has not waited for messages at all. */
const NO_WAIT = 500;
/** Milliseconds for which the queue is asked at the beginning. */
const FIRST_RETRIES = 5000;
/** Messages of which it is known until when they are hidden. */
const REMEMBERED = 10_000;
/** Milliseconds by which a message may come earlier, as clocks and requests are not exact. */
const TOLERANCE = 1000;
/** Receives after which it is no chance that messages come too early: SQS itself gives one twice now and then. */
const NO_CHANCE = 3;
/** It belongs to no message: only who may not delete or hide messages at all is refused for another reason. */
const NO_HANDLE = 'none';

/** Receives messages until it is stopped. */
export class QueueConsumer {
	private working = 0;
	private readonly hiddenUntil = new LruMap<string, number>(REMEMBERED);
	/** Receives in a row with no message but those that should have been hidden, or were deleted. */
	private early = 0;
	private readonly stopping = new AbortController();
	/** Resolves when the last of the messages that were received is being worked on. */
	private begun: Promise<unknown> = Promise.resolve();
	/** Who waits until some work has ended. */
	private waiting: (() => void)[] = [];

	constructor(
		private readonly queue: Queue,
		private readonly settings: ConsumerSettings,
	) {}

	/**
	 * Begins to receive, after it was proved that the queue is there and what the identity may do.
	 * @throws S3Failure
	 */
	async start(): Promise<void> {
		const call = { signal: undefined, retryFor: FIRST_RETRIES };
		if (this.settings.deletes) await proved(deleteMessage(this.queue, NO_HANDLE, call));
		await proved(hideMessage(this.queue, NO_HANDLE, 0, call));
		await this.receive(0, FIRST_RETRIES);
		void this.receiveAll();
	}

	/** Begins to receive, also if the queue cannot be used for now: then it is asked again and again. */
	async startAnyway(): Promise<void> {
		try {
			await this.start();
		} catch (error) {
			this.settings.onOutage(error);
			void this.receiveAll(1);
		}
	}

	/**
	 * Receives no more messages, and waits until all work has ended. A request that waits for messages goes on: SQS
	 * could give it messages although nobody reads the response, so they are given back.
	 * @param maxMs milliseconds to wait; what takes longer goes on
	 */
	async stop(maxMs: number): Promise<void> {
		this.stopping.abort();
		const end = performance.now() + maxMs;
		while (this.working > 0 && performance.now() < end) await this.freed(end - performance.now());
	}

	private hasStopped(): boolean {
		return this.stopping.signal.aborted;
	}

	/** @param failures that have been told */
	private async receiveAll(failures = 0): Promise<void> {
		while (!this.hasStopped()) {
			if (this.working >= this.settings.maxMessages) {
				await this.freed();
				continue;
			}
			try {
				const begun = performance.now();
				const received = await this.receive(LONG_POLL, 0);
				failures = 0;
				if (this.early === NO_CHANCE) this.settings.onOutage(comesAgain(this.queue));
				// A server that does not wait, hide or delete would be asked a thousand times a second.
				if (this.early > 0) await this.pause(this.early - 1);
				else if (received === 0 && performance.now() - begun < NO_WAIT) await this.pause(0);
			} catch (error) {
				if (failures === 0 && !this.hasStopped()) this.settings.onOutage(error);
				await this.pause(failures++);
			}
		}
	}

	/** @param retryFor milliseconds @returns how many messages came */
	private async receive(waitSeconds: number, retryFor: number): Promise<number> {
		const { maxMessages, hiddenSeconds, together } = this.settings;
		const most = Math.min(MOST_TOGETHER, maxMessages - this.working);
		const messages = await receiveMessages(
			this.queue,
			{ maxMessages: most, waitSeconds, hiddenSeconds },
			{ signal: undefined, retryFor },
		);
		// What a server sends beyond that comes again by itself.
		const held = messages
			.slice(0, most)
			.map((message) => new HeldMessage(this.queue, message, hiddenSeconds));
		this.early = held.length > 0 && held.every((one) => this.isEarly(one)) ? this.early + 1 : 0;
		for (const message of held) this.remember(message);
		if (this.hasStopped()) {
			// What cannot be given back comes again by itself.
			await Promise.allSettled(held.map((message) => message.giveBack()));
		} else if (held.length > 0) {
			for (const group of together ? [held] : held.map((one) => [one])) void this.workOn(group);
			await this.begun;
		}
		return held.length;
	}

	private async workOn(messages: readonly HeldMessage[]): Promise<void> {
		this.working += messages.length;
		try {
			await this.turn();
			await this.settings.work(messages);
		} finally {
			this.working -= messages.length;
			for (const message of messages) {
				message.letGo();
				this.remember(message);
			}
			for (const resume of this.waiting) resume();
			this.waiting = [];
		}
	}

	private isEarly({ id }: HeldMessage): boolean {
		return performance.now() + TOLERANCE < (this.hiddenUntil.get(id) ?? 0);
	}

	private remember({ id, hiddenUntil }: HeldMessage): void {
		if (id !== '') this.hiddenUntil.set(id, hiddenUntil);
	}

	/** Lets n8n do what it has to do before each work: it takes a while to parse a message of a MiB. */
	private async turn(): Promise<void> {
		this.begun = this.begun.then(async () => await nextTurn());
		await this.begun;
	}

	/** Waits until some work has ended, or for so many milliseconds. */
	private async freed(maxMs?: number): Promise<void> {
		let timer: NodeJS.Timeout | undefined;
		await new Promise<void>((resolve) => {
			this.waiting.push(resolve);
			if (maxMs !== undefined) timer = setTimeout(resolve, maxMs);
		});
		clearTimeout(timer);
	}

	private async pause(failures: number): Promise<void> {
		const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures);
		const { signal } = this.stopping;
		await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal, ref: false }).catch(
			() => undefined,
		);
	}
}

function comesAgain({ name }: Queue): S3Failure {
	return new S3Failure({
		kind: 'unavailable',
		message: `Queue “${name}” gives nothing but messages that were deleted, or that it was told to hide`,
		advice:
			'It is asked less often now. Check that its server deletes messages and knows visibility timeouts.',
		retryable: true,
	});
}

/** @throws S3Failure unless the call was allowed, or failed only because there is no such message */
async function proved(call: Promise<void>): Promise<void> {
	try {
		await call;
	} catch (error) {
		const isAllowed =
			error instanceof S3Failure && (error.kind === 'precondition' || error.kind === 'rejected');
		if (!isAllowed) throw error;
	}
}
