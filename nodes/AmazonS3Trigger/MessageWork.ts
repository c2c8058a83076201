import { setImmediate as nextTurn } from 'node:timers/promises';

import type { IDataObject } from 'n8n-workflow';

import { MiB } from '../../s3/bytes';
import type { Connection } from '../../s3/Connection';
import { eventId } from '../../s3/events/eventId';
import { inOrder } from '../../s3/events/sequencer';
import type { ObjectEvent } from '../../s3/events/ObjectEvent';
import { parseEvents } from '../../s3/events/parseEvents';
import { LruMap } from '../../s3/LruMap';
import { checkBucket } from '../../s3/policy/bucketAndKey';
import { checkBucketOnly } from '../../s3/policy/bucketOnly';
import type { HeldMessage } from '../../s3/queue/HeldMessage';
import { S3Failure } from '../../s3/S3Failure';
import type { QueueSettings } from './queueFields';

/** How an execution ended; `unknown` if it was waited for in vain. */
export type End = 'succeeded' | 'failed' | 'unknown';

/** What the work on messages needs of n8n. */
export interface Executions {
	/** Starts an execution with these items, and tells how it ended. It does not throw. */
	run(items: IDataObject[]): Promise<End>;
	/** Tells people of something that nobody else would see, as a failed execution. */
	report(failure: unknown): void;
	/** Notes something in the log. */
	note(failure: unknown): void;
}

/** Writes of which polls know, too. */
export interface SharedWrites {
	/** Notes that an event is worked on; false if it must not be, as a poll has found its object. */
	take(event: ObjectEvent): boolean;
	/** Whether a poll has found the object of an event. */
	wasFound(event: ObjectEvent): boolean;
}

/** An event with the message that it came in. */
interface Job {
	readonly message: HeldMessage;
	readonly event: ObjectEvent;
}

/** Why a message is not worked on. */
interface Unreadable {
	readonly reason: unknown;
}

/** Events of which it is known that their work is done, and messages that were reported. */
const REMEMBERED = 10_000;
/** S3 tells of one object in a message; one of a MiB, whoever has sent it, could tell of ten thousand. */
const EXECUTIONS_AT_ONCE = 100;
/** Seconds until a message comes again after its work has failed once; doubled after each failure. */
const FIRST_PAUSE = 30;
const LONGEST_PAUSE = 900;
/** Bytes of a message, as SQS takes them. */
const MAX_BODY = MiB;

/** Works on the messages of a queue: each of their objects starts an execution. */
export class MessageWork {
	/** SQS may hand out a message twice, and a message comes again if one of its executions failed. */
	private readonly done = new LruMap<string, true>(REMEMBERED);
	private readonly reported = new LruMap<string, true>(REMEMBERED);
	/** Events that are being worked on: their message may come a second time, or again as its time was over. */
	private readonly working = new Map<string, Promise<End>>();

	/**
	 * @param queueUrl as items have it
	 * @param connection whose limit to one bucket holds for events, too
	 * @param writes present if the bucket is polled, too
	 */
	constructor(
		private readonly settings: QueueSettings,
		private readonly queueUrl: string,
		private readonly connection: Connection,
		private readonly executions: Executions,
		private readonly writes?: SharedWrites,
	) {}

	/** Works on messages, and says of each what becomes of it. It does not throw. */
	async workOn(messages: readonly HeldMessage[]): Promise<void> {
		const read: [HeldMessage, readonly ObjectEvent[] | Unreadable][] = [];
		for (const message of messages) {
			// Each of them may take a while to parse.
			if (read.length > 0) await nextTurn();
			read.push([message, this.read(message)]);
		}
		// What is being worked on is not looked at before: it could end meanwhile.
		const jobs = (await Promise.all(read.map((one) => this.jobsOf(...one)))).flat();
		if (jobs.length === 0) return;
		const ends = new Map(jobs.map(({ message }) => [message, new Set<End>()]));
		const left = this.groupsOf(jobs).values();
		const work = async () => {
			for (const group of left) {
				const id = group[0] && this.idAtWork(group[0].event);
				const begun = id === undefined ? undefined : this.working.get(id);
				const end = await (begun ?? this.run(group));
				for (const { message } of group) ends.get(message)?.add(end);
			}
		};
		await Promise.all(Array.from({ length: EXECUTIONS_AT_ONCE }, work));
		await Promise.all([...ends].map(([message, own]) => this.settle(message, [...own])));
	}

	/** Jobs that start one execution each group; those that are worked on already, or then, are by themselves. */
	private groupsOf(jobs: readonly Job[]): Job[][] {
		if (!this.settings.together) return jobs.map((job) => [job]);
		const ids = new Set(this.working.keys());
		const begun: Job[] = [];
		const others: Job[] = [];
		for (const job of jobs) {
			const id = this.idAtWork(job.event);
			(id !== undefined && ids.has(id) ? begun : others).push(job);
			if (id !== undefined) ids.add(id);
		}
		return [...(others.length === 0 ? [] : [ordered(others)]), ...begun.map((job) => [job])];
	}

	private async run(group: readonly Job[]): Promise<End> {
		const running = this.executions.run(
			group.map((job) => itemOf(job, this.settings, this.queueUrl)),
		);
		const ids = group.flatMap(({ event }) => eventId(event) ?? []);
		for (const id of ids) this.working.set(id, running);
		const end = await running;
		for (const id of ids) {
			this.working.delete(id);
			if (this.isDone(end)) this.done.set(id, true);
		}
		return end;
	}

	/** By what to find the work on an event, unless its message is of no more use or another node has it. */
	private idAtWork(event: ObjectEvent): string | undefined {
		const { acknowledge } = this.settings;
		return acknowledge === 'immediately' || acknowledge === 'later' ? undefined : eventId(event);
	}

	/** The events of a message, unless it cannot be read or came too often. */
	private read(message: HeldMessage): readonly ObjectEvent[] | Unreadable {
		const { maxReceives } = this.settings;
		try {
			if (message.receiveCount > maxReceives) throw cameTooOften(message, maxReceives);
			return readMessage(message, this.connection, this.settings);
		} catch (reason) {
			return { reason };
		}
	}

	/**
	 * The events of a message that start an execution. A message without any is deleted; one that is not worked on is
	 * reported.
	 */
	private async jobsOf(
		message: HeldMessage,
		events: readonly ObjectEvent[] | Unreadable,
	): Promise<Job[]> {
		const { acknowledge, isMeant } = this.settings;
		if ('reason' in events) {
			await this.leave(message, events.reason);
			return [];
		}
		const meant = events.filter(
			(event) => isMeant(event) && !this.wasDone(event) && this.writes?.wasFound(event) !== true,
		);
		// What is to be deleted first starts nothing if it cannot be: it comes again.
		const isDeleted = meant.length === 0 || acknowledge === 'immediately';
		if (isDeleted && !(await this.tried(message.delete()))) return [];
		// A poll may have found its object while the message was being deleted.
		const taken = meant.filter((event) => this.writes?.take(event) !== false);
		return taken.map((event) => ({ message, event }));
	}

	private isDone(end: End): boolean {
		const { acknowledge } = this.settings;
		if (acknowledge === 'whenFinished') return end !== 'unknown';
		return acknowledge === 'whenSucceeded' && end === 'succeeded';
	}

	/** Says what becomes of a message, when the executions of all its events have ended. */
	private async settle(message: HeldMessage, ends: readonly End[]): Promise<void> {
		const { acknowledge } = this.settings;
		if (acknowledge === 'immediately') return;
		if (acknowledge === 'later' || ends.includes('unknown')) {
			message.letGo();
		} else if (ends.every((end) => this.isDone(end))) {
			await this.tried(message.delete());
		} else {
			await this.tried(message.giveBack(pauseAfter(message)));
		}
	}

	/** Leaves a message to the redrive policy of the queue, and reports it once. */
	private async leave(message: HeldMessage, failure: unknown): Promise<void> {
		if (this.reported.get(message.id) === undefined) {
			this.reported.set(message.id, true);
			this.executions.report(failure);
		}
		await this.tried(message.giveBack(pauseAfter(message)));
	}

	private async tried(request: Promise<void>): Promise<boolean> {
		try {
			await request;
			return true;
		} catch (error) {
			this.executions.note(error);
			return false;
		}
	}

	private wasDone(event: ObjectEvent): boolean {
		const id = eventId(event);
		return id !== undefined && this.done.has(id);
	}
}

/** The item of an event: with what a node needs to acknowledge its message, if that is left to one. */
export function itemOf(
	{ message: { id, receiptHandle }, event }: Job,
	{ acknowledge }: Pick<QueueSettings, 'acknowledge'>,
	queueUrl: string,
): IDataObject {
	const later = acknowledge === 'later' ? { receiptHandle, queueUrl } : {};
	return { ...event, messageId: id, ...later };
}

/**
 * The events of a message; none if it is a test.
 * @throws {S3Failure} if it cannot be read, or is about a bucket that the connection is not for
 */
export function readMessage(
	{ body, id }: HeldMessage,
	connection: Connection,
	{ bucket }: Pick<QueueSettings, 'bucket'>,
): readonly ObjectEvent[] {
	try {
		if (Buffer.byteLength(body) > MAX_BODY) throw tooLong();
		const { events, isTest } = parseEvents(body);
		if (events.length === 0 && !isTest) throw withoutEvents();
		for (const event of events) {
			checkBucket(event.bucket);
			checkBucketOnly(connection, event);
			if (bucket !== undefined && event.bucket !== bucket) throw otherBucket(event, bucket);
		}
		return events;
	} catch (error) {
		throw asUnreadable(error, id);
	}
}

function tooLong(): S3Failure {
	return S3Failure.invalid(
		`it has more than ${MAX_BODY / MiB} MiB, which no server of SQS takes`,
		'Check the URL of the queue.',
	);
}

/** It may be somebody else's, and for another purpose. */
function withoutEvents(): S3Failure {
	return S3Failure.invalid(
		'it has no event, and is no test message of S3',
		'Let nothing but a bucket send to this queue.',
	);
}

function otherBucket(event: ObjectEvent, bucket: string): S3Failure {
	return S3Failure.refused(
		`this trigger watches bucket “${bucket}”, and not “${event.bucket}”`,
		'Give each bucket a queue of its own.',
		{ bucket: event.bucket, key: event.key },
	);
}

function asUnreadable(error: unknown, id: string): unknown {
	if (!(error instanceof S3Failure)) return error;
	return error.reworded(
		`Message ${id} of the queue cannot be worked on: ${error.message}`,
		`${error.advice} The message is left in the queue; a redrive policy puts such messages aside.`,
	);
}

function cameTooOften({ id }: HeldMessage, maxReceives: number): S3Failure {
	return S3Failure.refused(
		`Message ${id} of the queue has started the workflow ${maxReceives} times without success, and does not start it again`,
		'See why the executions failed. The message is left in the queue; a redrive policy puts such messages aside.',
	);
}

/** Seconds until a message whose work failed comes again. */
function pauseAfter({ receiveCount }: HeldMessage): number {
	return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (receiveCount - 1));
}

/** The events of each key in the order in which they happened, as far as they tell. */
function ordered(jobs: readonly Job[]): Job[] {
	return inOrder(jobs, ({ event }) => event);
}
