import { compareKeys } from '../list/keyOrder';
import type { ListedObject } from '../list/ListedEntry';
import { KEPT, MARGIN, MAX_SEEN } from './limits';
import { decode, encode, idOf, modifiedSeconds, secondsOf, valueOf } from './marks';
import type { Marks } from './marks';
import { OpenUploads } from './OpenUploads';
import type { ScanRules, Verdict } from './ScanRules';
import type { WindowState } from './WindowState';

/** From so many objects on what may appear with an old date is looked for. */
export const MANY = KEPT / 2;

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
	private readonly gone: Marks;
	private readonly before: OpenUploads;
	private begun: number | undefined;
	private beginning: number | undefined;
	/** `beginning` of the keys that another pattern has left out. */
	private outside: number | undefined;
	private nextFloor: number;
	private readonly passed: string | undefined;
	/** The oldest date of what waits because there is enough. */
	private waiting: number;
	/** What must be emitted again and was not met yet. */
	private readonly unmet: Set<number>;
	private open: OpenUploads | null | undefined;
	private both: OpenUploads;
	/** Seconds for which the open uploads were being listed. */
	private uploadsTook = 0;
	private hasMet: boolean;
	/** Whether an object was left to the next scan. */
	hasLeft = false;

	constructor(
		private readonly state: WindowState,
		private readonly rules: ScanRules,
	) {
		const { scan } = state;
		this.ahead = new Map(decode(state.seen));
		this.behind = new Map(decode(scan?.seen ?? ''));
		this.gone = new Map(decode(state.gone ?? ''));
		this.before = OpenUploads.decode(state.uploads ?? undefined);
		for (const id of rules.again) {
			this.ahead.delete(id);
			this.behind.delete(id);
			this.gone.delete(id);
		}
		this.unmet = new Set(rules.again);
		this.waiting = scan?.waiting ?? Infinity;
		this.passed = scan?.passed;
		this.begun = scan?.begun;
		this.beginning = state.beginning;
		this.outside = state.outside?.beginning;
		this.hasMet = scan !== undefined;
		this.nextFloor = scan?.floor ?? state.floor;
		const open = scan?.uploads;
		this.open = typeof open === 'string' ? OpenUploads.decode(open) : open;
		this.both = this.before.with(this.open ?? OpenUploads.decode());
	}

	/** Whether it begins, and so much is known, or will be, that uploads must be, too. */
	get needsUploads(): boolean {
		const { floor, beginning, outside } = this.state;
		const isFirst = beginning !== undefined || outside !== undefined;
		const isMuch = floor > 0 || this.ahead.size >= MANY || isFirst;
		return this.begun === undefined && isMuch;
	}

	/**
	 * @param uploads that are open before the first object is listed; null if they cannot be listed
	 * @param took seconds for which they were being listed: more may have been begun meanwhile
	 */
	setUploads(uploads: OpenUploads | null, took = 0): void {
		this.open = uploads;
		this.uploadsTook = took;
		this.both = this.before.with(uploads ?? OpenUploads.decode());
	}

	/** The time of the server as it has made a page. @param seconds since 1970 */
	setTime(seconds: number): void {
		this.now = seconds;
		this.begun ??= seconds - this.uploadsTook;
		if (this.beginning === 0) this.beginning = seconds;
		if (this.outside === 0) this.outside = seconds;
	}

	/** Whether all that must be emitted again has been met. */
	get hasMetAll(): boolean {
		return this.unmet.size === 0;
	}

	/** What to do with the next object. One that is new is known from now on. @param isEnough whether it may wait */
	meet(object: ListedObject, isEnough: boolean): Verdict {
		this.hasMet = true;
		const { again } = this.rules;
		const seconds = modifiedSeconds(object);
		const isPassed = this.passed !== undefined && compareKeys(object.key, this.passed) <= 0;
		const isOld = seconds <= (isPassed ? this.nextFloor : this.state.floor);
		// The floor of the last scan is below all uploads that have begun since.
		const uploads = isPassed ? this.both : this.before;
		if (isOld && again.size === 0 && !uploads.hasBegunAt(seconds)) return 'known';
		const wasThere = this.wasThere(object.key, seconds);
		if (wasThere && seconds <= this.nextFloor) return 'known';

		const id = idOf(object.key);
		this.unmet.delete(id);
		const stored = this.ahead.get(id) ?? this.behind.get(id);
		const value = valueOf(object);
		if (wasThere || (stored === undefined && this.isBack(id, value))) {
			// What cannot be remembered is taken for new by the next scan.
			if (this.outside === undefined || !this.isFull(id, seconds)) this.record(id, value);
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
		const { pattern } = this.state;
		return {
			floor: this.nextFloor,
			seen: encode(seen),
			...goneOf(this.missing(MAX_SEEN - seen.length)),
			...uploadsOf(this.open),
			...(pattern !== undefined && { pattern }),
		};
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
		const { beginning, outside = 0 } = this;
		const { floor, uploads, pattern, outside: left } = this.state;
		return {
			floor,
			...goneOf([...this.gone]),
			...(uploads !== undefined && { uploads }),
			...(beginning !== undefined && { beginning }),
			...(pattern !== undefined && { pattern }),
			...(left && { outside: { ...left, beginning: outside } }),
		};
	}

	/** Whether an object was there at the beginning of all, or before its key had to match. */
	private wasThere(key: string, seconds: number): boolean {
		const { beginning, outside } = this;
		if (beginning !== undefined && seconds <= beginning) return true;
		return outside !== undefined && seconds <= outside && this.rules.isOutside?.(key) === true;
	}

	/** Whether an object was missing from the last scan, and is the same now. */
	private isBack(id: number, value: number): boolean {
		return this.gone.get(id) === value && this.gone.delete(id);
	}

	/**
	 * What was known and not met: a server may leave out a page of a listing for once. If there is nothing at all, as when
	 * its disk is away, what was missing before is still missed.
	 * @param most the newest of them
	 */
	private missing(most: number): [number, number][] {
		const missing = [...(this.hasMet ? [] : this.gone), ...this.ahead];
		return missing
			.filter(([, value]) => secondsOf(value) > this.nextFloor)
			.sort(([, a], [, b]) => b - a)
			.slice(0, most);
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
		const mustWait = this.isFull(id, seconds) || isEnough;
		if (isEnough) this.waiting = Math.min(this.waiting, seconds);
		this.hasLeft ||= mustWait;
		return mustWait;
	}

	/** Whether there is no room for an object although it would have to be remembered. */
	private isFull(id: number, seconds: number): boolean {
		this.makeRoomFor(id);
		return !this.hasRoomFor(id) && seconds > this.highestFloor();
	}

	private hasRoomFor(id: number): boolean {
		return this.ahead.has(id) || this.ahead.size + this.behind.size + this.gone.size < MAX_SEEN;
	}

	private makeRoomFor(id: number): void {
		if (!this.hasRoomFor(id)) this.gone.clear();
		if (!this.hasRoomFor(id)) this.forget(KEPT);
	}

	/** Notes that an object is known. */
	private record(id: number, value: number): void {
		this.makeRoomFor(id);
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

const goneOf = (gone: [number, number][]): { gone?: string } =>
	gone.length === 0 ? {} : { gone: encode(gone) };
