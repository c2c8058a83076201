import type { Call } from '../../Call';
import { nextGuess } from './splitPoint';
import { compareKeys } from '../keyOrder';
import { KeySpace } from './keys/KeyEstimator';
import { ListingPace } from './ListConcurrency';
import { nameOfEntry } from '../listPage';
import type { Page } from '../listPage';
import {
	differentIn,
	entriesBefore,
	entriesBehind,
	isInOrder,
	isPending,
	missingBetween,
	positionOf,
	reaches,
	stretchAfter,
	waitingIn,
} from './KeyRange';
import type { PageEntry, Stretch } from './KeyRange';

/** Where a page begins: behind a name, or where the server's token says. */
export interface PagePlace {
	startAfter: string | undefined;
	continuationToken: string | undefined;
	/** Entries, 1 to 1,000. */
	maxKeys: number;
}

export type FetchPage = (place: PagePlace, call: Call) => Promise<Page>;

/** The part of a listing that is wanted. */
export interface Wanted {
	/** What all names begin with. */
	prefix: string;
	startAfter: string | undefined;
	/** Entries at most; undefined: all, or nobody knows. */
	limit: number | undefined;
	/** Whether the reader may have enough after any page, so that pages ahead may be in vain. */
	mayStop: boolean;
	/** Whether the server keeps to `startAfter`, so that pages can be asked for out of order. */
	parallel: boolean;
}

/** Keys in one answer at most. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const MAX_KEYS = 1000;
/** Pages that may wait for their turn. */
const MOST_AHEAD = 48;
/** Requests that wrong guesses may cost beyond a third of the pages: 32, less two for the ends. */
const SPARE_REQUESTS = 30;
/** Entries that are asked for where a stretch lacks so many of the next one: more than guessed. */
const MARGIN = 1.5;
const FEW_KEYS = 50;
/** Guesses in a row that are a page apart: at first, and at most. */
const FIRST_TRUST = 4;
const MOST_TRUST = 16;

/** The stretches of one listing: decides what is read next, and hands the pages over in order. */
export class ReadAhead {
	/** In order; pages are taken from the first. */
	private readonly stretches: Stretch[];
	private readonly space: KeySpace;
	private readonly pace = new ListingPace();
	/** Requests under way, and sent so far. */
	private inFlight = 0;
	private sent = 0;
	/** Entries on a page of this server. */
	private pageSize = MAX_KEYS;
	/** Entries taken so far, and the last of them. */
	private taken = 0;
	private takenUpTo: string | undefined;
	/** See `Trust`. */
	private trust = FIRST_TRUST;
	/** How often trust was lost. */
	private doubts = 0;
	/** Whether the server answers out of order as it should. */
	private guessing: boolean;
	private wake: () => void = () => undefined;

	constructor(
		private readonly fetch: FetchPage,
		private readonly wanted: Wanted,
		private readonly call: Call,
	) {
		this.stretches = [stretchAfter(wanted.startAfter, { expected: Infinity, doubts: 0 })];
		this.space = new KeySpace(wanted.prefix);
		this.guessing = wanted.parallel;
	}

	/** The next page in order, if it is there. */
	take(): Page | undefined {
		for (;;) {
			const [front, next] = this.stretches;
			if (front === undefined) throw new Error('a listing has a stretch until it ends');
			const page = front.pages.shift();
			if (page !== undefined) {
				const handed = this.handOver(front, page);
				if (handed.entries.length > 0 || !handed.truncated) return handed;
				continue;
			}
			if (front.failure !== undefined) throw front.failure.error as Error;
			if (next === undefined || !reaches(front, next)) return undefined;
			this.stretches.shift();
		}
	}

	/** Sends what should be under way, and resolves when any answer has arrived. */
	nextAnswer(): Promise<void> {
		return new Promise((resolve) => {
			this.wake = resolve;
			this.send();
		});
	}

	private handOver(front: Stretch, page: Page): Page {
		const entries = this.notTaken(page.entries);
		this.taken += entries.length;
		const last = entries.at(-1);
		if (last !== undefined) this.takenUpTo = nameOfEntry(last);
		if (this.guessing) this.pace.resume(this.pagesTaken());
		return { ...page, entries, truncated: front.pages.length > 0 || !front.ended };
	}

	/** The stretch before may have been read beyond the beginning of this one. */
	private notTaken(entries: PageEntry[]): PageEntry[] {
		const upTo = this.takenUpTo;
		const [first] = entries;
		if (upTo === undefined || first === undefined || !this.guessing) return entries;
		if (compareKeys(nameOfEntry(first), upTo) > 0) return entries;
		return entries.slice(entries.length - entriesBehind(entries, upTo));
	}

	private send(): void {
		while (this.inFlight < this.pace.width) {
			const next = this.nextToRead() ?? this.newStretch();
			if (next === undefined) return;
			void this.read(next);
		}
	}

	/** The first stretch is always read on; others as long as they are near and wanted. */
	private nextToRead(): Stretch | undefined {
		const [front] = this.stretches;
		if (this.left() <= 0) return undefined;
		if (front !== undefined && front.pages.length === 0 && this.isOpen(front, 0)) return front;
		if (this.pagesAhead() >= MOST_AHEAD) return undefined;
		const before = entriesBefore(this.stretches);
		// Where distances tell nothing, only the pages that wait set a limit.
		const reach = this.trust < 1 ? this.left() : this.reach();
		return this.stretches.find(
			(stretch, index) =>
				this.isOpen(stretch, index) && (before[index] ?? 0) + waitingIn(stretch) < reach,
		);
	}

	/** Whether a stretch has to be read on and nobody does. */
	private isOpen(stretch: Stretch, index: number): boolean {
		const next = this.stretches[index + 1];
		const { busy, ended, failure } = stretch;
		return (
			!busy && !ended && failure === undefined && (next === undefined || !reaches(stretch, next))
		);
	}

	/** Entries that are still wanted. */
	private left(): number {
		return (this.wanted.limit ?? Infinity) - this.taken;
	}

	/** Entries ahead of the last one taken that may be read before their turn. */
	private reach(): number {
		return Math.min(this.left(), MOST_AHEAD * this.pageSize);
	}

	private pagesAhead(): number {
		return this.stretches.reduce((sum, { pages, busy }) => sum + pages.length + (busy ? 1 : 0), 0);
	}

	private newStretch(): Stretch | undefined {
		if (!this.mayGuess()) return undefined;
		const { trust } = this;
		// When many pages wait already, only what comes before them is of use.
		const firstGapOnly = this.pagesAhead() >= MOST_AHEAD;
		const reach = this.reach();
		const guess = nextGuess(this.stretches, {
			trust,
			pageSize: this.pageSize,
			reach,
			firstGapOnly,
		});
		if (guess === undefined) return undefined;
		const stretch = stretchAfter(guess.after, { expected: guess.expected, doubts: this.doubts });
		this.stretches.splice(guess.behind + 1, 0, stretch);
		return stretch;
	}

	/** Whether one more request leaves the number of requests in proportion, should it be in vain. */
	private mayGuess(): boolean {
		if (!this.guessing || this.pace.isCalm) return false;
		const waiting = this.wanted.mayStop ? 0 : differentIn(this.stretches);
		const useful = Math.min(this.taken + waiting, this.wanted.limit ?? Infinity) / this.pageSize;
		// The guess itself, and a page for a few entries wherever two stretches meet.
		const further = 1 + this.stretches.length + 1;
		return this.sent + further <= useful + useful / 3 + SPARE_REQUESTS;
	}

	private async read(stretch: Stretch): Promise<void> {
		const alone = this.pace.isCalm;
		const start = performance.now();
		const together = this.inFlight + 1;
		stretch.busy = true;
		this.inFlight += 1;
		this.sent += 1;
		try {
			const place = this.placeOf(stretch);
			stretch.wasNear ||= place.maxKeys < this.pageSize;
			const page = await this.fetch(place, this.call);
			const time = performance.now() - start;
			// A page of few entries takes less time, whatever is asked for beside it.
			if (this.sent === 1 || page.entries.length >= this.pageSize) {
				this.pace.answered(time, together, this.pagesTaken());
			}
			if (page.retried) this.pace.calmDown(this.pagesTaken());
			this.arrived(stretch, page);
		} catch (error) {
			// Sent together with others it may have failed for that reason.
			if (alone || this.call.signal?.aborted === true) stretch.failure = { error };
			else this.pace.calmDown(this.pagesTaken());
		} finally {
			stretch.busy = false;
			this.inFlight -= 1;
			if (!this.wanted.mayStop && this.call.signal?.aborted !== true) this.send();
			this.wake();
		}
	}

	private placeOf(stretch: Stretch): PagePlace {
		const isFront = stretch === this.stretches[0];
		const wanted = isFront ? this.left() - waitingIn(stretch) : Infinity;
		return {
			startAfter: stretch.token === undefined ? stretch.position : undefined,
			continuationToken: stretch.token,
			maxKeys: Math.min(MAX_KEYS, wanted, this.enoughFor(stretch)),
		};
	}

	/** Entries to ask for so that a stretch that is nearly read reaches the next one. */
	private enoughFor(stretch: Stretch): number {
		const next = this.stretches[this.stretches.indexOf(stretch) + 1];
		if (next === undefined || isPending(stretch) || stretch.wasNear) return MAX_KEYS;
		return Math.ceil(MARGIN * missingBetween(stretch, next)) + FEW_KEYS;
	}

	private arrived(stretch: Stretch, page: Page): void {
		const index = this.stretches.indexOf(stretch);
		if (index === -1) return;
		const names = page.entries.map(nameOfEntry);
		if (this.guessing && !isInOrder(page.entries, names, stretch.position)) {
			this.stopGuessing();
			if (index > 0) return;
		}
		const last = page.entries.at(-1);
		const isAnswerToGuess = isPending(stretch) && stretch.after !== this.wanted.startAfter;
		stretch.pages.push(page);
		stretch.pagesRead += 1;
		stretch.token = page.nextToken;
		stretch.ended = !page.truncated;
		if (last !== undefined) stretch.position = positionOf(last);
		if (stretch.ended) this.stretches.length = index + 1;
		const isListed = stretch.ended && index === 0;
		// With nothing behind the page there is nothing left to guess.
		if (!this.guessing || isListed) return;
		if (names.length > 1) stretch.measure = this.space.pageOf(names);
		if (isAnswerToGuess) this.learn(index, names[0]);
		else if (this.sent === 1) this.begin(names.length);
	}

	/** The first page is there. */
	private begin(entries: number): void {
		this.pageSize = Math.max(1, entries);
		this.pace.resume(0);
	}

	private pagesTaken(): number {
		return this.taken / this.pageSize;
	}

	/** Whether the guess was any good: with nothing before the next stretch it was not. */
	private learn(index: number, first: string | undefined): void {
		const next = this.stretches[index + 1];
		const { after, doubts } = this.stretches[index] ?? {};
		if (first !== undefined && after !== undefined) this.space.gap(after, first);
		const inVain =
			first === undefined || (next !== undefined && compareKeys(first, next.after ?? '') > 0);
		if (!inVain) {
			this.trust = Math.min(MOST_TRUST, this.trust + 1);
			this.pace.speedUp();
			return;
		}
		// Of guesses that were made together, one that is in vain says it all.
		if (doubts === this.doubts) {
			this.trust = Math.max(0.5, this.trust / 2);
			this.doubts += 1;
		}
		const known = this.stretches
			.slice(0, index)
			.reverse()
			.find((stretch) => !isPending(stretch));
		if (known !== undefined) known.waryUntil = known.pagesRead + 1;
	}

	/** Goes on with one page after another for good. */
	private stopGuessing(): void {
		this.guessing = false;
		this.stretches.length = 1;
	}
}
