import { compareKeys } from '../list/keyOrder';
import type { ListedObject } from '../list/ListedEntry';
import { KEPT, MARGIN, MAX_SEEN } from './limits';
import { decode, encode, idOf, modifiedSeconds, secondsOf, valueOf } from './marks';
import type { Marks } from './marks';
import { OpenUploads } from './OpenUploads';

/** From so many objects on what may appear with an old date is looked for. */
export const MANY = KEPT / 2;
/** What is known of a prefix between two polls. It is JSON, and has at most 400,000 characters. */
export interface WindowState {
	/** Objects modified at this second or before are known, without being in `seen`; 0: all are in it. */
	floor: number;
	/** The objects that are known, see `encode`. */
	seen: string;
	/** The uploads that were open at the last scan; null if they cannot be listed, undefined if they need not. */
	uploads?: string | null;
	/** Server's time in seconds: what was there then is read past; 0: until now. Undefined once that is done. */
	beginning?: number;
	/** A scan that goes on with the next poll. */
	scan?: ScanState;
}

interface ScanState {
	/** Server's time in seconds. */
	begun: number;
	/** The last key that was read. */
	after: string;
	/** `floor` of the next scan, as far as it is known. */
	floor: number;
	/** The objects up to `after` that are known; `seen` of the next scan. */
	seen: string;
	/** The uploads that were open at its beginning. */
	uploads?: string | null;
	/** The keys up to this one have been met before: `floor` says of them, too, what is known. */
	passed?: string;
	/** The oldest date of what was left to the next scan, in seconds. */
	waiting?: number;
}

/** What is known if a scan that goes on has to meet all objects again, without forgetting what it has met. */
export function rewound(state: WindowState): WindowState {
	const { scan } = state;
	if (scan === undefined) return state;
	const { after, passed = '' } = scan;
	return {
		...state,
		scan: { ...scan, after: '', passed: compareKeys(after, passed) > 0 ? after : passed },
	};
}

/** What is to be found. */
export interface ScanRules {
	/** Whether an object that replaces another of its key is new. */
	changes: boolean;
	/** Seconds that an object must not have been modified for. */
	minAge: number;
	/** Numbers of keys that are new, whatever is known of them. */
	again: ReadonlySet<number>;
}

/** What to do with an object; `later`: it is new for the next scan, too. */
export type Verdict = 'new' | 'known' | 'later';

/**
 * One reading of a prefix from its first key to its last. It meets each object once, so what it has met and what is
 * ahead of it are kept apart: if there is too much to remember, the oldest of what it has met is forgotten, and
 * becomes known by its date for the next scan, but not for this one. What is so young that more may come of its date
 * waits then.
 */
export class Scan {
	/** Server's time in seconds. */
	now = 0;
	private readonly ahead: Marks;
	private readonly behind: Marks;
	private readonly before: OpenUploads;
	private begun: number | undefined;
	private beginning: number | undefined;
	private nextFloor: number;
	private readonly passed: string | undefined;
	/** The oldest date of what waits because there is enough. */
	private waiting: number;
	/** What must be emitted again and was not met yet. */
	private readonly unmet: Set<number>;
	private open: OpenUploads | null | undefined;
	private both: OpenUploads;

	constructor(
		private readonly state: WindowState,
		private readonly rules: ScanRules,
	) {
		const { scan } = state;
		this.ahead = new Map(decode(state.seen));
		this.behind = new Map(decode(scan?.seen ?? ''));
		this.before = OpenUploads.decode(state.uploads ?? undefined);
		for (const id of rules.again) {
			this.ahead.delete(id);
			this.behind.delete(id);
		}
		this.unmet = new Set(rules.again);
		this.waiting = scan?.waiting ?? Infinity;
		this.passed = scan?.passed;
		this.begun = scan?.begun;
		this.beginning = state.beginning;
		this.nextFloor = scan?.floor ?? state.floor;
		const open = scan?.uploads;
		this.open = typeof open === 'string' ? OpenUploads.decode(open) : open;
		this.both = this.before.with(this.open ?? OpenUploads.decode());
	}

	/** Whether it begins, and so much is known, or will be, that uploads must be, too. */
	get needsUploads(): boolean {
		const { floor, beginning } = this.state;
		const isMuch = floor > 0 || this.ahead.size >= MANY || beginning !== undefined;
		return this.begun === undefined && isMuch;
	}

	/** @param uploads that are open before the first object is listed; null if they cannot be listed */
	setUploads(uploads: OpenUploads | null): void {
		this.open = uploads;
		this.both = this.before.with(uploads ?? OpenUploads.decode());
	}

	/** The time of the server as it has made a page. @param seconds since 1970 */
	setTime(seconds: number): void {
		this.now = seconds;
		this.begun ??= seconds;
		if (this.beginning === 0) this.beginning = seconds;
	}

	/** Whether all that must be emitted again has been met. */
	get hasMetAll(): boolean {
		return this.unmet.size === 0;
	}

	/** What to do with the next object. One that is new is known from now on. @param isEnough whether it may wait */
	meet(object: ListedObject, isEnough: boolean): Verdict {
		const { beginning } = this;
		const { again } = this.rules;
		const seconds = modifiedSeconds(object);
		const isPassed = this.passed !== undefined && compareKeys(object.key, this.passed) <= 0;
		const isOld = seconds <= (isPassed ? this.nextFloor : this.state.floor);
		// The floor of the last scan is below all uploads that have begun since.
		const uploads = isPassed ? this.both : this.before;
		if (isOld && again.size === 0 && !uploads.hasBegunAt(seconds)) return 'known';
		const wasThere = beginning !== undefined && seconds <= beginning;
		if (wasThere && seconds <= this.nextFloor) return 'known';

		const id = idOf(object.key);
		this.unmet.delete(id);
		const stored = this.ahead.get(id) ?? this.behind.get(id);
		const value = valueOf(object);
		if (wasThere) {
			this.record(id, value);
			return 'known';
		}
		const isKnown =
			stored === undefined
				? isOld && !again.has(id) && !uploads.explains(id, seconds)
				: !this.rules.changes || stored === value;
		if (isKnown) return this.keep(id, stored && value);
		// What is known of it stays, so that it is new when it is old enough.
		if (this.isYoung(seconds)) return this.keep(id, stored);
		if (this.mustWait(id, seconds, isEnough)) return 'later';
		this.record(id, value);
		return 'new';
	}

	/** What is known after the last object. What was not met is gone. */
	end(): WindowState {
		this.forget(KEPT);
		const isOpen = (id: number) => this.open?.has(id) === true;
		const seen = [...this.behind].filter(
			([id, value]) => secondsOf(value) > this.nextFloor || isOpen(id),
		);
		return { floor: this.nextFloor, seen: encode(seen), ...uploadsOf(this.open) };
	}

	/** What is known if the scan goes on later. @param after the last key that was read */
	pause(after: string): WindowState {
		const { begun = this.now, nextFloor: floor } = this;
		const seen = encode(this.behind);
		const passed =
			this.passed !== undefined && compareKeys(after, this.passed) < 0 ? this.passed : undefined;
		return {
			...this.sameAsBefore(),
			seen: encode(this.ahead),
			scan: {
				begun,
				after,
				floor,
				seen,
				...uploadsOf(this.open),
				...(passed && { passed }),
				...(this.waiting < Infinity && { waiting: this.waiting }),
			},
		};
	}

	private sameAsBefore(): Omit<WindowState, 'seen' | 'scan'> {
		const { beginning } = this;
		const { floor, uploads } = this.state;
		return {
			floor,
			...(uploads !== undefined && { uploads }),
			...(beginning !== undefined && { beginning }),
		};
	}

	/** Without an age to wait for, a date in the future does not matter. */
	private isYoung(seconds: number): boolean {
		const { minAge } = this.rules;
		return minAge > 0 && seconds > this.now - minAge;
	}

	private keep(id: number, value: number | undefined): 'known' {
		this.ahead.delete(id);
		if (value !== undefined) this.behind.set(id, value);
		return 'known';
	}

	/** Whether an object is left to the next scan, for which it must stay above the floor. */
	private mustWait(id: number, seconds: number, isEnough: boolean): boolean {
		if (this.rules.again.has(id) || seconds <= this.nextFloor) return false;
		if (!this.hasRoomFor(id)) this.forget(KEPT);
		const isFull = !this.hasRoomFor(id) && seconds > this.highestFloor();
		if (isEnough) this.waiting = Math.min(this.waiting, seconds);
		return isEnough || isFull;
	}

	private hasRoomFor(id: number): boolean {
		return this.ahead.has(id) || this.ahead.size + this.behind.size < MAX_SEEN;
	}

	/** Notes that an object is known. */
	private record(id: number, value: number): void {
		if (!this.hasRoomFor(id)) this.forget(KEPT);
		this.ahead.delete(id);
		const seconds = secondsOf(value);
		// By an upload that is still open more may come of an old date.
		const isOpen = this.both.has(id);
		if (seconds <= this.nextFloor && !isOpen) return;
		const isNeeded = isOpen || seconds > this.highestFloor();
		if (isNeeded || this.hasRoomFor(id)) this.behind.set(id, value);
		// Nothing else can be forgotten.
		else this.nextFloor = Math.max(this.nextFloor, seconds);
	}

	/**
	 * Forgets the oldest of what the scan has met until not more than `most` is left, but nothing of which more may
	 * appear during the scan.
	 */
	private forget(most: number): void {
		const excess = this.ahead.size + this.behind.size - most;
		if (excess <= 0 || this.highestFloor() <= this.nextFloor) return;
		const dates = [...this.behind.values()].map(secondsOf).sort((a, b) => a - b);
		const wanted = dates[Math.min(excess, dates.length) - 1] ?? 0;
		const floor = Math.min(wanted, this.highestFloor());
		for (const [id, value] of this.behind) {
			if (secondsOf(value) <= floor && !this.both.has(id)) this.behind.delete(id);
		}
		this.nextFloor = Math.max(this.nextFloor, floor);
	}

	/**
	 * In seconds; without knowing the uploads that are open nothing can be forgotten. What was there at the beginning is
	 * all that there will be of its date.
	 */
	private highestFloor(): number {
		const { begun = 0, open, waiting } = this;
		if (open === undefined) return 0;
		const highest = this.beginning ?? begun - Math.max(MARGIN, this.rules.minAge + 1);
		return Math.min(highest, waiting - 1);
	}
}

const uploadsOf = (uploads: OpenUploads | null | undefined): { uploads?: string | null } =>
	uploads === undefined ? {} : { uploads: uploads === null ? null : uploads.encode() };
