import type { ListedObject } from '../list/ListedEntry';
import { decode, decodeNumbers, encode, encodeNumbers, idOf, modifiedSeconds } from './marks';

/** Writes of each kind that are remembered at most: those that were noted last. */
const MOST = 100_000;
/** Seconds by which the date of an object may be later than the time in the event of its write. */
const TOLERANCE = 5;
/** Characters of a write as it is stored. */
const TOLD_SIZE = 16;
const FOUND_SIZE = 24;

/** What an event tells of the write of an object. */
export interface ToldWrite {
	readonly key: string;
	readonly etag?: string;
	/** Bytes. */
	readonly size?: number;
	/** ISO 8601. */
	readonly time?: string;
}

/** JSON of `KnownWrites`. */
export type StoredWrites = { told: string; found: string };

/** The newest time in events of a content, in seconds, and the number of the note. */
interface Told {
	time: number;
	number: number;
}

/** When an object was modified that was found, and when its listing began, in seconds of the server. */
interface Found {
	modified: number;
	at: number;
}

/**
 * The writes of objects of which events have told, and those of objects that listings have found. Both have in common
 * the key, the ETag, the size and a time: that of an event is when the write ended, that of a listing is when it ended
 * or, for an upload in parts, when it began. So an event is of the write that a listing shows if it is not older than
 * that date; and a listing shows the write of an event if it also began after the event: of that key nothing was
 * written in between, or the listing would show that. What cannot be compared is never the same.
 */
export class KnownWrites {
	private readonly told = new Map<number, Told>();
	private readonly found = new Map<number, Found>();
	private notes = 0;

	get lastNote(): number {
		return this.notes;
	}

	/** Notes that an event is worked on; false if it must not be, as a listing has found its object. */
	take(write: ToldWrite): boolean {
		if (this.wasFound(write)) return false;
		const { content, time } = comparable(write);
		if (content === undefined || time === undefined) return true;
		this.noteTold(content, time);
		return true;
	}

	/** Whether a listing has found the object of an event. */
	wasFound(write: ToldWrite): boolean {
		const { content, time } = comparable(write);
		const found = content === undefined ? undefined : this.found.get(content);
		if (found === undefined || time === undefined) return false;
		return time >= found.modified - TOLERANCE && time < found.at;
	}

	/** Whether an event has told of the write that a listing shows. */
	wasTold(object: ListedObject): boolean {
		const content = contentOf(object);
		const told = content === undefined ? undefined : this.told.get(content);
		return told !== undefined && told.time >= modifiedSeconds(object) - TOLERANCE;
	}

	/** Notes objects that a listing has found. @param at when it began, in seconds of the server */
	noteFound(objects: readonly ListedObject[], at: number): void {
		for (const object of objects) {
			const content = contentOf(object);
			if (content === undefined) continue;
			note(this.found, content, { modified: modifiedSeconds(object), at });
		}
	}

	/** Forgets the events up to a note that are from before a second. */
	forgetTold(lastNote: number, before: number): void {
		for (const [content, { time, number }] of this.told) {
			if (number <= lastNote && time < before) this.told.delete(content);
		}
	}

	/** The newest writes. @param room characters at most */
	encode(room: number): StoredWrites {
		const found = [...this.found]
			.sort(([, a], [, b]) => b.at - a.at)
			.slice(0, Math.floor(room / 2 / FOUND_SIZE));
		const rest = room - FOUND_SIZE * found.length;
		const told = [...this.told]
			.map(([content, { time }]) => [content, time] as const)
			.sort(([, a], [, b]) => b - a)
			.slice(0, Math.max(0, Math.floor(rest / TOLD_SIZE)));
		return {
			told: encode(told),
			found: encodeNumbers(found.flatMap(([content, { modified, at }]) => [content, modified, at])),
		};
	}

	/** Adds what `encode` has given. */
	add({ told, found }: StoredWrites): void {
		for (const [content, time] of decode(told)) this.noteTold(content, time);
		const numbers = decodeNumbers(found);
		for (let n = 0; n + 2 < numbers.length; n += 3) {
			const [content = 0, modified = 0, at = 0] = numbers.slice(n, n + 3);
			if (at > (this.found.get(content)?.at ?? 0)) note(this.found, content, { modified, at });
		}
	}

	private noteTold(content: number, time: number): void {
		const newest = Math.max(time, this.told.get(content)?.time ?? 0);
		note(this.told, content, { time: newest, number: ++this.notes });
	}
}

function comparable(write: ToldWrite): {
	content: number | undefined;
	time: number | undefined;
} {
	const time = Math.floor(Date.parse(write.time ?? '') / 1000);
	return { content: contentOf(write), time: time > 0 ? time : undefined };
}

/** The number of what is stored under a key; undefined if it cannot be told. */
const contentOf = ({
	key,
	etag,
	size = 0,
}: Omit<ToldWrite, 'etag'> & { etag?: string | undefined }) =>
	etag === undefined ? undefined : idOf(JSON.stringify([key, etag, size]));

/** Makes an entry the one noted last. */
function note<Value>(writes: Map<number, Value>, content: number, value: Value): void {
	writes.delete(content);
	writes.set(content, value);
	const [oldest] = writes.keys();
	if (writes.size > MOST && oldest !== undefined) writes.delete(oldest);
}
