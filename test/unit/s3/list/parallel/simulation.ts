import type { Page } from '../../../../../s3/list/listPage';
import { ParallelListing } from '../../../../../s3/list/parallel/ParallelListing';
import type { FetchPage, ListingScope } from '../../../../../s3/list/parallel/ParallelListing';
import { nameOfEntry } from '../../../../../s3/list/ListedEntry';
import { nextTurn, randomFrom } from '../listedKeys';
import type { ListedKeys } from '../listedKeys';

/** A listing of all keys. */
export const ALL: ListingScope = {
	prefix: '',
	startAfter: undefined,
	limit: undefined,
	mayStop: false,
	parallel: true,
};

/** The names of a whole listing. */
export async function namesOf(fetch: FetchPage, scope: ListingScope = ALL): Promise<string[]> {
	const names: string[] = [];
	const listing = new ParallelListing(fetch, scope);
	for await (const { entries } of listing.pages({ signal: undefined })) {
		names.push(...entries.map(nameOfEntry));
		if (names.length >= (scope.limit ?? Infinity)) break;
	}
	return names.slice(0, scope.limit);
}

/** How long a simulated server takes, in milliseconds. */
export interface Timing {
	/** From request to response, without the work. */
	latency: number;
	/** For a page of so many entries. */
	work: (entries: number) => number;
	/** Requests that the server works on at the same time. */
	workers?: number;
	/** A time in which this process does nothing. */
	pause?: { at: number; length: number };
}

/** A server like AWS's, which takes 105 ms for a page on average, and works on many at the same time. */
export function likeAws(seed: number): Timing {
	const random = randomFrom(seed);
	return { latency: 15, work: () => 54 + 72 * random(), workers: 16 };
}

/** Milliseconds that it takes for 100 pages, one after another. */
export const SEQUENTIAL_MS = 100 * 105;

/**
 * Lists all keys of a simulated server, and checks that they come in order.
 * @param clock a spy on `performance.now`
 * @returns milliseconds on a clock of its own
 */
export async function timeOf(
	clock: jest.SpyInstance<number, []>,
	server: ListedKeys,
	timing: Timing,
	prefix = '',
): Promise<number> {
	const { latency, work, workers = 1, pause = { at: Infinity, length: 0 } } = timing;
	let now = 0;
	const freeAt = Array.from({ length: workers }, () => 0);
	let responses: Array<{ at: number; give: () => void }> = [];
	clock.mockImplementation(() => now);
	const fetch: FetchPage = (request) =>
		new Promise<Page>((resolve) => {
			const page = server.page(request);
			const worker = freeAt.indexOf(Math.min(...freeAt));
			const begin = Math.max(freeAt[worker] ?? 0, now + latency / 2);
			const end = begin + work(page.entries.length);
			freeAt[worker] = end;
			const give = () => {
				resolve(page);
			};
			responses.push({ at: end + latency / 2, give });
		});
	const listing = namesOf(fetch, { ...ALL, prefix });
	const listed = listing.then(() => 'listed');
	while ((await Promise.race([listed, nextTurn()])) !== 'listed') {
		const next = responses.reduce<(typeof responses)[number] | undefined>(
			(first, response) => (first !== undefined && first.at <= response.at ? first : response),
			undefined,
		);
		responses = responses.filter((response) => response !== next);
		now = Math.max(now, next?.at ?? now);
		if (now >= pause.at) now = Math.max(now, pause.at + pause.length);
		next?.give();
	}
	// Jest takes longer to compare 100,000 keys than the listing to list them.
	const keys = await listing;
	expect(keys).toHaveLength(server.keys.length);
	expect(keys.findIndex((key, i) => key !== server.keys[i])).toBe(-1);
	return now;
}
