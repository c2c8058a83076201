import { setMaxListeners } from 'node:events';
import type { Call } from '../../Call';
import { linkedSignal } from '../../retry/linkedSignal';
import { compareKeys } from '../keyOrder';
import { nameOfEntry } from '../ListedEntry';
import { MAX_KEYS } from '../listPage';
import type { Page, PageStart } from '../listPage';
import { countAfter, hasBegun, isInOrder } from './entryOrder';
import { GuessRecord } from './GuessRecord';
import {
	addPage,
	entriesBefore,
	isOpen,
	isUnread,
	missingBetween,
	reaches,
	waitingIn,
} from './KeyRange';
import type { KeyRange } from './KeyRange';
import type { KeyEstimator } from './keys/KeyEstimator';
import { PositionalEstimator } from './keys/PositionalEstimator';
import { ListConcurrency } from './ListConcurrency';
import { KeyRanges } from './ranges';
import { nextSplitPoint } from './splitPoint';
import { MAX_PAGES_AHEAD, REST_EXTRA, REST_MARGIN, SPARE_REQUESTS, SPARE_SHARE } from './tuning';

export type FetchPage = (start: PageStart, call: Call) => Promise<Page>;

/** What is listed, and how. */
export interface ListingScope {
	/** What all keys begin with. */
	prefix: string;
	startAfter: string | undefined;
	/** Entries at most; undefined: all, or it is not known. */
	limit: number | undefined;
	/** Whether the caller may stop after any page, so that pages read ahead may be wasted. */
	mayStop: boolean;
	/** Whether the server lists in order and knows `startAfter`, so that pages can be read out of order. */
	parallel: boolean;
}

/**
 * Reads a listing in several ranges of keys at the same time and hands its pages over in order. Where ranges
 * begin is guessed from the keys read so far: a wrong guess costs a request and nothing else, and wrong
 * guesses never cost more than a third of the pages and 32 requests. A server that throttles, or is no
 * faster with several requests, gets one at a time.
 */
export class ParallelListing {
	private readonly ranges: KeyRanges;
	private readonly estimator: KeyEstimator;
	private readonly concurrency = new ListConcurrency();
	private readonly guesses = new GuessRecord();
	/** Whether ranges may be split. */
	private parallel: boolean;
	/** Whether each page comes after the one before it. */
	private inOrder: boolean;
	private call: Call = { signal: undefined };
	private requestsInFlight = 0;
	private requestsSent = 0;
	/** Entries on a page of this server. */
	private pageSize = MAX_KEYS;
	private entriesHandedOver = 0;
	private lastHandedOver: string | undefined;
	private onResponse: () => void = () => undefined;

	constructor(
		private readonly fetch: FetchPage,
		private readonly scope: ListingScope,
	) {
		this.ranges = new KeyRanges(scope.startAfter);
		this.estimator = new PositionalEstimator(scope.prefix);
		this.parallel = scope.parallel;
		this.inOrder = scope.parallel;
	}

	/**
	 * All pages in order; to be called once.
	 * @throws what `fetch` throws
	 */
	async *pages(call: Call): AsyncGenerator<Page, void, void> {
		const linked = linkedSignal(call.signal);
		// Each request in flight has a listener.
		setMaxListeners(0, linked.signal);
		this.call = { ...call, signal: linked.signal };
		try {
			for (;;) {
				const page = this.nextPage();
				if (page === undefined) await this.nextResponse();
				else {
					yield page;
					if (!page.truncated) return;
				}
			}
		} finally {
			linked.abort();
			linked.unlink();
		}
	}

	/** The next page in order, if it has been read. */
	private nextPage(): Page | undefined {
		for (;;) {
			const { front } = this.ranges;
			const page = front.pages.shift();
			if (page !== undefined) {
				const rest = this.handOver(front, page);
				// One that only repeats others is handed over empty, so that it counts.
				if (page.entries.length > 0 || !rest.truncated) return rest;
				continue;
			}
			if (front.failure !== undefined) throw front.failure.error as Error;
			if (!this.ranges.advance()) return undefined;
		}
	}

	/** The page without the entries that were handed over: the range before may have been read beyond its end. */
	private handOver(front: KeyRange, page: Page): Page {
		const entries = this.notHandedOver(page.entries);
		this.entriesHandedOver += entries.length;
		const last = entries.at(-1);
		if (last !== undefined) this.lastHandedOver = nameOfEntry(last);
		if (this.parallel) this.concurrency.resume(this.pagesHandedOver());
		return { ...page, entries, truncated: front.pages.length > 0 || !front.ended };
	}

	private notHandedOver(entries: Page['entries']): Page['entries'] {
		const last = this.lastHandedOver;
		const [first] = entries;
		if (last === undefined || first === undefined) return entries;
		if (!this.inOrder)
			return entries.slice(entries.findIndex((entry) => nameOfEntry(entry) === last) + 1);
		if (compareKeys(nameOfEntry(first), last) > 0) return entries;
		const before = entries.length - countAfter(entries, last);
		const isBegun = this.entriesHandedOver === 0 && hasBegun(entries[before - 1], last);
		return entries.slice(isBegun ? before - 1 : before);
	}

	private pagesHandedOver(): number {
		return this.entriesHandedOver / this.pageSize;
	}

	/** Sends the requests that should be in flight, and resolves when any response has arrived. */
	private nextResponse(): Promise<void> {
		return new Promise((resolve) => {
			this.onResponse = resolve;
			this.send();
		});
	}

	private send(): void {
		while (this.requestsInFlight < this.concurrency.maxInFlight) {
			const range = this.rangeToRead() ?? this.splitRange();
			if (range === undefined) return;
			void this.read(range);
		}
	}

	/** The front is always read on; other ranges as long as they are near and wanted. */
	private rangeToRead(): KeyRange | undefined {
		const { all, front } = this.ranges;
		if (this.entriesLeft() <= 0) return undefined;
		if (front.pages.length === 0 && isOpen(front, all[1])) return front;
		if (this.ranges.pagesAhead() >= MAX_PAGES_AHEAD) return undefined;
		const before = entriesBefore(all);
		return all.find(
			(range, i) => isOpen(range, all[i + 1]) && (before[i] ?? 0) + waitingIn(range) < this.reach(),
		);
	}

	/** Entries that are still wanted. */
	private entriesLeft(): number {
		return (this.scope.limit ?? Infinity) - this.entriesHandedOver;
	}

	/** Entries that may be read before their turn. */
	private reach(): number {
		return Math.min(this.entriesLeft(), MAX_PAGES_AHEAD * this.pageSize);
	}

	/** Splits a range, and returns the second part. */
	private splitRange(): KeyRange | undefined {
		if (!this.maySplit()) return undefined;
		const point = nextSplitPoint(this.ranges.all, {
			pageSize: this.pageSize,
			guessesInARow: this.guesses.inARow,
			reach: this.reach(),
			// When many pages wait already, only what comes before them is of use.
			onlyFirstGap: this.ranges.pagesAhead() >= MAX_PAGES_AHEAD,
		});
		return point && this.ranges.split(point, this.guesses.wrong);
	}

	/** Whether the requests sent stay in proportion to the pages read if the next guess is wrong. */
	private maySplit(): boolean {
		if (!this.parallel || this.concurrency.isSequential) return false;
		const ahead = this.scope.mayStop ? 0 : this.ranges.entriesAhead();
		const useful = Math.min(this.entriesHandedOver + ahead, this.scope.limit ?? Infinity);
		const pages = useful / this.pageSize;
		// The guess itself, and a page of few entries wherever two ranges meet.
		const further = 1 + this.ranges.all.length + 1;
		return this.requestsSent + further <= pages + SPARE_SHARE * pages + SPARE_REQUESTS;
	}

	private async read(range: KeyRange): Promise<void> {
		const wasSequential = this.concurrency.isSequential;
		const sentAt = performance.now();
		this.requestsSent += 1;
		this.requestsInFlight += 1;
		const inFlight = this.requestsInFlight;
		range.inFlight = true;
		try {
			const start = this.startOf(range);
			const page = await this.fetch(start, this.call);
			this.learnLatency(page, performance.now() - sentAt, inFlight);
			this.onPage(range, page, start.maxKeys);
		} catch (error) {
			// With other requests in flight it may have failed for that reason.
			if (wasSequential || this.call.signal?.aborted === true) range.failure = { error };
			else this.concurrency.goSequential(this.pagesHandedOver());
		} finally {
			range.inFlight = false;
			this.requestsInFlight -= 1;
			if (!this.scope.mayStop && this.call.signal?.aborted !== true) this.send();
			this.onResponse();
		}
	}

	private startOf(range: KeyRange): PageStart {
		const left = range === this.ranges.front ? this.entriesLeft() - waitingIn(range) : Infinity;
		return {
			startAfter: range.continuationToken === undefined ? range.readUpTo : undefined,
			continuationToken: range.continuationToken,
			maxKeys: Math.min(MAX_KEYS, left, this.restOf(range)),
		};
	}

	/** Entries to ask for so that a range that is nearly read reaches the next one. */
	private restOf(range: KeyRange): number {
		const next = this.ranges.after(range);
		if (next === undefined || isUnread(range) || range.underestimated) return MAX_KEYS;
		return Math.ceil(REST_MARGIN * missingBetween(range, next)) + REST_EXTRA;
	}

	private learnLatency(page: Page, latency: number, inFlight: number): void {
		// A page of few entries takes less time, whatever else is in flight.
		if (this.requestsSent === 1 || page.entries.length >= this.pageSize) {
			this.concurrency.onResponse(latency, inFlight, this.pagesHandedOver());
		}
		if (page.retried) this.concurrency.goSequential(this.pagesHandedOver());
	}

	private onPage(range: KeyRange, page: Page, maxKeys: number): void {
		const index = this.ranges.all.indexOf(range);
		// An earlier range has turned out to be the last one.
		if (index === -1) return;
		const names = page.entries.map(nameOfEntry);
		if (this.inOrder && !isInOrder(page.entries, names, range.readUpTo)) {
			this.stopSplitting();
			// Without `startAfter` a range begins where the bucket does; what comes before it is left out.
			const isFirst = range.continuationToken === undefined;
			this.inOrder = isFirst && isInOrder(page.entries, names, undefined);
			this.lastHandedOver ??= this.scope.startAfter;
			if (index > 0) return;
		}
		// With pages of any length, those that are read ahead could take any memory.
		if (page.entries.length > MAX_KEYS) this.stopSplitting();
		const isGuess = isUnread(range) && range.after !== this.scope.startAfter;
		addPage(range, page);
		if (range.ended) this.ranges.removeAfter(index);
		const isWhole = range.ended && index === 0;
		// After the page that completes the listing there is nothing left to guess.
		if (!this.parallel || isWhole) return;
		const next = this.ranges.after(range);
		range.underestimated ||= maxKeys < this.pageSize && next !== undefined && !reaches(range, next);
		if (names.length > 1) range.density = this.estimator.observe(names);
		if (isGuess) this.judgeGuess(range, names[0]);
		else if (this.requestsSent === 1) this.begin(names.length);
	}

	/** The first page has arrived. */
	private begin(entries: number): void {
		this.pageSize = Math.min(MAX_KEYS, Math.max(1, entries));
		this.concurrency.resume(0);
	}

	/** A split point was a good guess if there are keys between it and the next range. */
	private judgeGuess(range: KeyRange, first: string | undefined): void {
		const next = this.ranges.after(range);
		const isRight =
			first !== undefined && (next === undefined || compareKeys(first, next.after ?? '') <= 0);
		if (isRight) {
			this.guesses.onRight();
			this.concurrency.widen();
		} else this.guesses.onWrong(range.wrongGuesses);
	}

	/** Reads on page after page for good: the server does not list in order or does not know `startAfter`. */
	private stopSplitting(): void {
		this.parallel = false;
		this.ranges.removeAfter(0);
	}
}
