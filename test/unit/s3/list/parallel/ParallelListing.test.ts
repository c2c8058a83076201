import { compareKeys } from '../../../../../s3/list/keyOrder';
import { nameOfEntry } from '../../../../../s3/list/ListedEntry';
import type { PageStart } from '../../../../../s3/list/listPage';
import { ParallelListing } from '../../../../../s3/list/parallel/ParallelListing';
import type { FetchPage } from '../../../../../s3/list/parallel/ParallelListing';
import { seeds } from '../../../../seeds';
import { entriesOf, KINDS, keysOf, ListedKeys, nextTurn, randomFrom } from '../listedKeys';
import { ALL, namesOf } from './simulation';

const call = { signal: undefined };
/** Listings of each kind of keys: short ones, and such of up to 20,000 keys. */
const SHORT = seeds(20, 160);
const LONG = seeds(3, 12);

/** The most requests that a listing of so many entries may take. */
function mostRequests(entries: number, pageSize: number): number {
	const pages = Math.max(1, Math.ceil(entries / pageSize));
	return pages + pages / 3 + 32;
}

let clock: jest.SpyInstance<number, []>;

// Responses take no time, however long the machine takes.
beforeEach(() => {
	clock = jest.spyOn(performance, 'now').mockReturnValue(0);
});
afterEach(() => {
	clock.mockRestore();
});

describe('ParallelListing', () => {
	it.each(Object.keys(KINDS))(
		'a parallel listing lists each entry once and in order, for %s',
		async (kind) => {
			for (let seed = 0; seed < SHORT; seed++) {
				const random = randomFrom(seed);
				const keys = keysOf(kind, Math.floor(random() * 400), random);
				const delimiter = random() < 0.3 ? '/' : undefined;
				const pageSize = 3 + Math.floor(random() * 20);
				const startAfter = random() < 0.3 ? keys[Math.floor(random() * keys.length)] : undefined;
				const limit = random() < 0.3 ? 1 + Math.floor(random() * 300) : undefined;
				const server = new ListedKeys(keys, pageSize, delimiter);
				const names = await namesOf(server.fetchInAnyOrder(random), { ...ALL, startAfter, limit });

				const rest = keys.filter(
					(key) => startAfter === undefined || compareKeys(key, startAfter) > 0,
				);
				const expected = entriesOf(rest, delimiter).map(nameOfEntry).slice(0, limit);
				expect({ seed, names }).toEqual({ seed, names: expected });
				expect(server.requests.length).toBeLessThanOrEqual(mostRequests(expected.length, pageSize));
			}
		},
	);

	it.each(Object.keys(KINDS))(
		'a parallel listing lists many keys with at most a third more requests than pages and 32, for %s',
		async (kind) => {
			for (let seed = 0; seed < LONG; seed++) {
				const random = randomFrom(seed);
				const keys = keysOf(kind, Math.floor(random() * 20_000), random);
				const pageSize = 100 + Math.floor(random() * 200);
				const server = new ListedKeys(keys, pageSize);
				expect(await namesOf(server.fetchInAnyOrder(random))).toEqual(keys);
				expect(server.requests.length).toBeLessThanOrEqual(mostRequests(keys.length, pageSize));
			}
		},
	);

	it('a parallel listing of one page sends one request', async () => {
		const server = new ListedKeys(keysOf('random hex', 900, randomFrom(1)), 1000);
		await namesOf(server.fetchInAnyOrder(() => 0));
		expect(server.requests).toEqual([
			{ startAfter: undefined, continuationToken: undefined, maxKeys: 1000 },
		]);
	});

	it('a parallel listing asks for no more entries than its limit', async () => {
		const server = new ListedKeys(keysOf('random hex', 5000, randomFrom(1)), 1000);
		await namesOf(
			server.fetchInAnyOrder(() => 0),
			{ ...ALL, limit: 7 },
		);
		expect(server.requests.map(({ maxKeys }) => maxKeys)).toEqual([7]);
	});

	it('a parallel listing reads nothing ahead of the first page when its reader may have enough of it', async () => {
		const server = new ListedKeys(keysOf('random hex', 5000, randomFrom(1)), 1000);
		const listing = new ParallelListing(
			server.fetchInAnyOrder(() => 0),
			{ ...ALL, mayStop: true },
		);
		for await (const page of listing.pages(call)) {
			expect(page.entries).toHaveLength(1000);
			break;
		}
		expect(server.requests).toHaveLength(1);
	});

	it('a parallel listing reads a bounded number of pages ahead of a slow reader', async () => {
		const server = new ListedKeys(keysOf('numbers with leading zeros', 20_000, randomFrom(1)), 20);
		const listing = new ParallelListing(
			server.fetchInAnyOrder(() => 0),
			ALL,
		).pages(call);
		for (let i = 0; i < 200; i++) await listing.next();
		for (let i = 0; i < 500; i++) await nextTurn();
		const requests = server.requests.length;
		for (let i = 0; i < 500; i++) await nextTurn();
		expect(server.requests).toHaveLength(requests);
		expect(requests).toBeGreaterThan(210);
		expect(requests).toBeLessThan(200 + 120);
		await listing.return();
	});
});

describe('ParallelListing with an unusual server', () => {
	const keys = keysOf('random hex', 3000, randomFrom(3));

	it('a parallel listing sends one request at a time for a while after one was throttled', async () => {
		const server = new ListedKeys(keys, 10);
		let inFlight = 0;
		const counts: number[] = [];
		const fetch: FetchPage = async (request) => {
			inFlight += 1;
			counts.push(inFlight);
			await nextTurn();
			inFlight -= 1;
			return { ...server.page(request), retried: counts.length === 40 };
		};
		expect(await namesOf(fetch)).toEqual(keys);
		expect(Math.max(...counts.slice(10, 40))).toBeGreaterThan(4);
		expect(counts.slice(40).join(' ')).toMatch(/( 1){15}.* [4-9]/);
	});

	it('a parallel listing requests a page again, alone, if it failed beside others', async () => {
		const server = new ListedKeys(keys, 10);
		const failed: PageStart[] = [];
		const fetch: FetchPage = async (request) => {
			await nextTurn();
			if (server.requests.length > 20 && failed.length < 5) {
				failed.push(request);
				throw new Error('too many');
			}
			return server.page(request);
		};
		expect(await namesOf(fetch)).toEqual(keys);
		expect(failed).toHaveLength(5);
	});

	it('a parallel listing hands over the pages before one that cannot be read, and throws its failure then', async () => {
		const server = new ListedKeys(keys, 10);
		const bad = keys[1234] ?? '';
		const fetch: FetchPage = async (request) => {
			await nextTurn();
			const page = server.page(request);
			if (page.entries.some((entry) => nameOfEntry(entry) === bad)) {
				throw new Error('this page is bad');
			}
			return page;
		};
		const names: string[] = [];
		const listed = (async () => {
			for await (const page of new ParallelListing(fetch, ALL).pages(call)) {
				names.push(...page.entries.map(nameOfEntry));
			}
		})();
		await expect(listed).rejects.toThrow('this page is bad');
		expect(names).toEqual(keys.slice(0, names.length));
		expect(names.length).toBeGreaterThan(1200);
	});

	it('a parallel listing lists the keys of a server that ignores startAfter', async () => {
		const server = new ListedKeys(keys, 10);
		const fetch: FetchPage = async (request) => {
			await nextTurn();
			return server.page({ ...request, startAfter: undefined });
		};
		expect(await namesOf(fetch)).toEqual(keys);
		expect(server.requests.length).toBeLessThan(300 + 32);
	});

	it('a parallel listing lists each entry once if the server leaves out a common prefix that startAfter lies in', async () => {
		for (let seed = 0; seed < 100; seed++) {
			const random = randomFrom(seed);
			const folders = keysOf('words', 300, random);
			const server = new ListedKeys(folders, 4, '/');
			const fetch: FetchPage = (request) => {
				const after = request.startAfter ?? '';
				const page = server.page(request);
				const entries = page.entries.filter((entry) => !after.startsWith(nameOfEntry(entry)));
				return Promise.resolve({ ...page, entries });
			};
			expect(await namesOf(fetch)).toEqual(entriesOf(folders, '/').map(nameOfEntry));
		}
	});

	it('a parallel listing lists each entry once if the server sorts by UTF-16', async () => {
		for (let seed = 0; seed < 200; seed++) {
			const random = randomFrom(seed);
			// As JavaScript compares texts; S3 has these two the other way round.
			const listed = [...keysOf('random hex', 45, random), '😀', '\uffee'];
			const fetch: FetchPage = async ({ startAfter = '', continuationToken }) => {
				for (let turns = Math.floor(random() * 4); turns > 0; turns--) await nextTurn();
				const after = listed.filter((key) => key <= (continuationToken ?? startAfter)).length;
				const keys = listed.slice(after, after + 10);
				const truncated = after + 10 < listed.length;
				const nextToken = truncated ? keys.at(-1) : undefined;
				return { entries: entriesOf(keys), truncated, nextToken, retried: false };
			};
			expect(await namesOf(fetch)).toEqual(listed);
		}
	});

	it.each([true, false])(
		'a parallel listing hands over the pages of a server that lists in no order as they come, one at a time (parallel: %s)',
		async (parallel) => {
			const random = randomFrom(5);
			const shuffled = [...keys].sort(() => random() - 0.5);
			let requests = 0;
			const fetch: FetchPage = ({ continuationToken }) => {
				requests += 1;
				const start = Number(continuationToken ?? 0);
				const end = start + 10;
				const truncated = end < shuffled.length;
				const nextToken = truncated ? String(end) : undefined;
				const entries = entriesOf(shuffled.slice(start, end));
				return Promise.resolve({ entries, truncated, nextToken, retried: false });
			};
			expect(await namesOf(fetch, { ...ALL, parallel })).toEqual(shuffled);
			expect(requests).toBe(300);
		},
	);
});

describe('ParallelListing that is stopped', () => {
	const keys = keysOf('random hex', 3000, randomFrom(3));

	/** Requests pages until the signal fires; notes the signals. */
	function stoppable(server: ListedKeys) {
		const signals = new Set<AbortSignal | undefined>();
		const fetch: FetchPage = async (request, { signal }) => {
			signals.add(signal);
			await nextTurn();
			signal?.throwIfAborted();
			return server.page(request);
		};
		return { fetch, signals };
	}

	it('a parallel listing stops its requests when its reader has enough', async () => {
		const server = new ListedKeys(keys, 10);
		const { fetch, signals } = stoppable(server);
		for await (const page of new ParallelListing(fetch, ALL).pages(call)) {
			expect(page.truncated).toBe(true);
			if (server.requests.length > 30) break;
		}
		expect([...signals].map((signal) => signal?.aborted)).toEqual([true]);
	});

	it('a parallel listing sends no more requests when its caller cancels', async () => {
		const server = new ListedKeys(keys, 10);
		const { fetch } = stoppable(server);
		const controller = new AbortController();
		const listed = (async () => {
			const listing = new ParallelListing(fetch, ALL).pages({ signal: controller.signal });
			for await (const page of listing) if (page.entries.length > 0) controller.abort();
		})();
		await expect(listed).rejects.toThrow('aborted');
		const requests = server.requests.length;
		for (let i = 0; i < 20; i++) await nextTurn();
		expect(server.requests).toHaveLength(requests);
	});
});
