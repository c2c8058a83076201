import type { IDataObject } from 'n8n-workflow';

import { LruMap } from '../../s3/LruMap';
import { KnownWrites, type StoredWrites } from '../../s3/watch/KnownWrites';
import type { ListedObject } from '../../s3/list/ListedEntry';
import { isSavedByEmitting, MAX_TRIGGERS, triggerOf, type TriggerNode } from './triggerOf';

/** Characters of what n8n stores of a trigger at most, and of them for writes. */
const MOST = 400_000;
const MOST_OF_WRITES = 160_000;
/** Of more characters events have n8n store so many each millisecond on average. */
const FEW = 32_000;
const CHARACTERS_PER_MS = 20;
/** Seconds: what was written so shortly before a listing is not forgotten. */
const MARGIN = 120;

const all = new LruMap<string, EventsAndPolls>(MAX_TRIGGERS);

/** What the events and the polls of a trigger tell each other, so that both start one execution for a write. */
export class EventsAndPolls {
	readonly writes = new KnownWrites();
	/** The data of the last poll. */
	private polled: IDataObject | undefined;
	private loaded: unknown;
	/** What may be forgotten as soon as n8n has stored that state. */
	private forgettable: { state: string; lastNote: number; before: number } | undefined;
	private storing = { at: -Infinity, size: 0 };

	/** @param clock milliseconds */
	constructor(private readonly clock: () => number = () => performance.now()) {}

	/** Those of a node. */
	static of(node: TriggerNode): EventsAndPolls {
		const trigger = triggerOf(node);
		const known = all.get(trigger) ?? new EventsAndPolls();
		all.set(trigger, known);
		return known;
	}

	/** Adds what n8n has stored. */
	load({ writes }: IDataObject): void {
		if (writes === this.loaded || !isReadable(writes)) return;
		this.loaded = writes;
		this.writes.add(writes);
	}

	/** Notes what n8n has stored of the last poll. @param state as text @returns the last note of an event */
	beginPoll(data: IDataObject, state: string): number {
		this.load(data);
		this.polled = data;
		const { forgettable, writes } = this;
		if (forgettable?.state === state) writes.forgetTold(forgettable.lastNote, forgettable.before);
		return writes.lastNote;
	}

	/**
	 * What a poll is to emit of what it has found: events may have come while it was listing. It is known from now on.
	 * @param begun when its listing began, in seconds of the server
	 */
	endPoll(objects: readonly ListedObject[], begun: number): ListedObject[] {
		const left = objects.filter((object) => !this.writes.wasTold(object));
		this.writes.noteFound(left, begun);
		return left;
	}

	/** Has n8n store what is known together with the state of a poll, which is in the data already. */
	storeWithPoll(data: IDataObject): void {
		const writes = this.writes.encode(roomIn(data));
		const text = JSON.stringify(writes);
		if (text !== JSON.stringify(data.writes ?? null)) data.writes = writes;
		this.storing = { at: this.clock(), size: sizeOf(data) };
		this.loaded = data.writes;
	}

	/**
	 * All that was there before a listing, and was old enough for it, is in the state that it has left.
	 * @param state as text
	 * @param lastNote of an event before the listing
	 * @param before in seconds of the server
	 */
	forgetLater(state: string, lastNote: number, before: number): void {
		this.forgettable = { state, lastNote, before: before - MARGIN };
	}

	/** Has n8n store what is known with the execution that an event starts, unless it has just stored much. */
	storeWithEvent(data: IDataObject): void {
		const { at, size } = this.storing;
		const pause = (size - FEW) / CHARACTERS_PER_MS;
		if (this.clock() < at + pause || !this.isKeptIn(data)) return;
		data.writes = this.writes.encode(roomIn(data));
		this.storing = { at: this.clock(), size: sizeOf(data) };
		this.loaded = data.writes;
	}

	/**
	 * Whether events may have n8n store these data. It stores those of all nodes of the workflow as this process has them:
	 * if polls have others of their own, that would bring back what they were before.
	 */
	private isKeptIn(data: IDataObject): boolean {
		const { polled } = this;
		if (polled === undefined) return data.state === undefined;
		return polled === data || !isSavedByEmitting(polled);
	}
}

/** Wherever it was since it was stored. */
function isReadable(writes: unknown): writes is StoredWrites {
	const { told, found } = Object(writes) as Partial<Record<keyof StoredWrites, unknown>>;
	return typeof told === 'string' && typeof found === 'string';
}

const sizeOf = (data: IDataObject): number => JSON.stringify(data).length;

const roomIn = ({ state }: IDataObject): number =>
	Math.min(MOST_OF_WRITES, Math.max(0, MOST - JSON.stringify(state ?? null).length - 1000));
