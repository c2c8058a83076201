import { compareKeys } from '../../../../../s3/list/keyOrder';
import type { Page } from '../../../../../s3/list/listPage';
import { orderedPages } from '../../../../../s3/list/parallel/orderedPages';
import type { FetchPage, PagePlace, Wanted } from '../../../../../s3/list/parallel/ParallelListing';
import { dateOf, entriesOf, KINDS, keysOf, ListedKeys, nameIn, randomFrom } from '../listedKeys';

const ALL: Wanted = {
	prefix: '',
	startAfter: undefined,
	limit: undefined,
	mayStop: false,
	parallel: true,
};
const call = { signal: undefined };

async function namesOf(fetch: FetchPage, wanted: Wanted): Promise<string[]> {
	const names: string[] = [];
	for await (const { entries } of orderedPages(fetch, wanted, call)) {
		names.push(...entries.map(nameIn));
		if (names.length >= (wanted.limit ?? Infinity)) break;
	}
	return names.slice(0, wanted.limit);
}

let clock: jest.SpyInstance<number, []>;

// Answers take no time, however long the machine takes.
beforeEach(() => {
	clock = jest.spyOn(performance, 'now').mockReturnValue(0);
});
afterEach(() => {
	clock.mockRestore();
});

describe('a listing that is read ahead', () => {
	it.each(Object.keys(KINDS))('has each entry once and in order, for %s', async (kind) => {
		for (let seed = 0; seed < 160; seed++) {
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
			const expected = entriesOf(rest, delimiter).map(nameIn).slice(0, limit);
			expect({ seed, names }).toEqual({ seed, names: expected });
			const pages = Math.max(1, Math.ceil(expected.length / pageSize));
			expect(server.asked.length).toBeLessThanOrEqual(pages + pages / 3 + 32);
		}
	});

	it.each(Object.keys(KINDS))(
		'has them with few requests for the ends of pages, for %s',
		async (kind) => {
			for (let seed = 0; seed < 12; seed++) {
				const random = randomFrom(seed);
				const keys = keysOf(kind, Math.floor(random() * 20_000), random);
				const pageSize = 100 + Math.floor(random() * 200);
				const server = new ListedKeys(keys, pageSize);
				expect(await namesOf(server.fetchInAnyOrder(random), ALL)).toEqual(keys);
				const pages = Math.max(1, Math.ceil(keys.length / pageSize));
				expect(server.asked.length).toBeLessThanOrEqual(pages + pages / 3 + 32);
			}
		},
	);

	it('needs one request for one page, and none beyond the limit', async () => {
		const keys = keysOf('random hex', 5000, randomFrom(1));
		const few = new ListedKeys(keys.slice(0, 900), 1000);
		await namesOf(
			few.fetchInAnyOrder(() => 0),
			ALL,
		);
		expect(few.asked).toEqual([
			{ startAfter: undefined, continuationToken: undefined, maxKeys: 1000 },
		]);

		const limited = new ListedKeys(keys, 1000);
		await namesOf(
			limited.fetchInAnyOrder(() => 0),
			{ ...ALL, limit: 7 },
		);
		expect(limited.asked.map(({ maxKeys }) => maxKeys)).toEqual([7]);

		const perhapsEnough = new ListedKeys(keys, 1000);
		for await (const page of orderedPages(
			perhapsEnough.fetchInAnyOrder(() => 0),
			{ ...ALL, mayStop: true },
			call,
		)) {
			expect(page.entries).toHaveLength(1000);
			break;
		}
		expect(perhapsEnough.asked).toHaveLength(1);
	});

	it('waits for a slow reader with a bounded number of pages', async () => {
		const server = new ListedKeys(keysOf('numbers with leading zeros', 20_000, randomFrom(1)), 20);
		const listing = orderedPages(
			server.fetchInAnyOrder(() => 0),
			ALL,
			call,
		);
		for (let i = 0; i < 200; i++) await listing.next();
		for (let i = 0; i < 500; i++) await nextTurn();
		const asked = server.asked.length;
		for (let i = 0; i < 500; i++) await nextTurn();
		expect(server.asked).toHaveLength(asked);
		expect(asked).toBeGreaterThan(210);
		expect(asked).toBeLessThan(200 + 120);
		await listing.return();
	});
});

describe('the time of a long listing', () => {
	const evenly = [
		'numbers with leading zeros',
		'random hex',
		'one long common prefix',
		'base64 of hashes',
	];
	const unevenly = [
		'numbers without leading zeros',
		'dates',
		'dates of one month',
		'one huge folder among small ones',
		'few large and many small folders',
	];

	it.each([
		...evenly.map((kind) => [kind, 6] as const),
		...unevenly.map((kind) => [kind, 3] as const),
	])('is a fraction of that of one page after another, for %s', async (kind, times) => {
		const server = new ListedKeys(keysOf(kind, 10_000, randomFrom(7)), 100);
		const pages = Math.ceil(server.keys.length / 100);
		const time = await timeOf(server, { latency: 50, work: () => 1 });
		expect(time).toBeLessThan((pages * 51) / times);
	});

	it('is a fraction of it in whatever order the answers come', async () => {
		const keys = keysOf('backups of each day behind random hex', 10_000, randomFrom(7));
		for (let seed = 0; seed < 16; seed++) {
			const server = new ListedKeys(keys, 100);
			const random = randomFrom(seed);
			const work = () => 12 - 6 * Math.log(1 - random());
			const time = await timeOf(server, { latency: 50, work, workers: 2 });
			const oneAfterAnother = 100 * (50 + 18);
			expect({ seed, isFast: time < oneAfterAnother / 3 }).toEqual({ seed, isFast: true });
		}
	});

	it.each(['random hex', 'base64 of hashes'])(
		'has hardly a request between two pages that meet, in whatever order they come, for %s',
		async (kind) => {
			const keys = keysOf(kind, 100_000, randomFrom(7));
			for (let seed = 0; seed < 5; seed++) {
				const server = new ListedKeys(keys, 1000);
				await timeOf(server, likeAws(seed));
				expect({ seed, isFew: server.asked.length <= 120 }).toEqual({ seed, isFew: true });
			}
		},
	);

	it('is a ninth of it where a page goes from some keys to many others with a long beginning', async () => {
		const keys = keysOf('backups of each day behind random hex', 100_000, randomFrom(7));
		for (let seed = 0; seed < 5; seed++) {
			const time = await timeOf(new ListedKeys(keys, 1000), likeAws(seed));
			expect({ seed, isFast: time < ONE_AFTER_ANOTHER / 9 }).toEqual({ seed, isFast: true });
		}
	});

	it.each([
		['dates', 8.5],
		['dates of one month', 8.5],
		['logs of CloudTrail', 6.5],
		['partitions of hours', 7],
		['logs by the second', 8.5],
	])('is a small part of it for many keys with dates, for %s', async (kind, times) => {
		const keys = keysOf(kind, 100_000, randomFrom(7));
		const all: number[] = [];
		for (let seed = 0; seed < 4; seed++) {
			all.push(await timeOf(new ListedKeys(keys, 1000), likeAws(seed)));
		}
		const average = all.reduce((sum, time) => sum + time, 0) / all.length;
		expect(average).toBeLessThan(ONE_AFTER_ANOTHER / times);
	});

	it.each(['', '20', '2024/', '2024/0', '2024/1', '2024/08/2', '2024/08/23T1'])(
		'is not for guesses that leave the prefix %s',
		async (prefix) => {
			const inMinutes = Array.from({ length: 131_400 }, (_, i) => `${dateOf(4 * i)}.gz`);
			const keys = inMinutes.filter((key) => key.startsWith(prefix));
			const server = new ListedKeys(keys, 5 + Math.ceil(keys.length / 600));
			await timeOf(server, { ...likeAws(1), prefix });
			const pages = Math.ceil(keys.length / server.pageSize);
			expect(server.asked.length).toBeLessThanOrEqual((4 / 3) * pages + 32);
			const guesses = server.asked.flatMap(({ startAfter }) => startAfter ?? []);
			expect(guesses.filter((name) => !name.startsWith(prefix))).toEqual([]);
			expect(guesses.length).toBeGreaterThan(pages / 4);
		},
	);

	it('is no longer where numbers are years from some key on', async () => {
		const keys = Array.from({ length: 100_000 }, (_, i) => `d/${String(18_950_000 + i)}.bin`);
		for (let seed = 0; seed < 5; seed++) {
			const time = await timeOf(new ListedKeys(keys, 1000), likeAws(seed));
			expect({ seed, isFast: time < ONE_AFTER_ANOTHER / 7 }).toEqual({ seed, isFast: true });
		}
	});

	it('has one request for few keys where many are missing, not request after request', async () => {
		const server = new ListedKeys(keysOf('odd characters', 100_000, randomFrom(7)), 1000);
		const pages = Math.ceil(server.keys.length / 1000);
		for (let seed = 0; seed < 5; seed++) {
			server.asked.length = 0;
			await timeOf(server, likeAws(seed));
			expect({ seed, isFew: server.asked.length <= pages + 5 }).toEqual({ seed, isFew: true });
		}
	});

	it('is shorter by the number of requests that the server works on at once, also without latency', async () => {
		const server = new ListedKeys(keysOf('random hex', 10_000, randomFrom(7)), 100);
		const work = (entries: number) => (entries + 10) / 10;
		const time = await timeOf(server, { latency: 0, work, workers: 2 });
		expect(time).toBeLessThan((100 * 11) / 1.5);
	});

	it('has no request for many keys where few are missing', async () => {
		const server = new ListedKeys(keysOf('random hex', 50_000, randomFrom(7)), 500);
		let listed = 0;
		const fetch: FetchPage = async (place) => {
			const page = server.page(place);
			listed += page.entries.length;
			await nextTurn();
			return page;
		};
		expect(await namesOf(fetch, ALL)).toEqual(server.keys);
		expect(listed).toBeLessThan(1.17 * server.keys.length);
	});

	it('is longer by hardly more than a pause of this process', async () => {
		const keys = keysOf('random hex', 100_000, randomFrom(7));
		const server = { latency: 50, work: (entries: number) => entries / 60, workers: 2 };
		const without = await timeOf(new ListedKeys(keys, 1000), server);
		const pause = { at: 150, length: 200 };
		const paused = await timeOf(new ListedKeys(keys, 1000), { ...server, pause });
		expect(paused - without).toBeLessThan(300);
	});

	it('is hardly longer where the server answers one request at a time', async () => {
		const server = new ListedKeys(keysOf('random hex', 10_000, randomFrom(7)), 100);
		expect(await timeOf(server, { latency: 0, work: () => 20 })).toBeLessThan(100 * 20 * 1.2);
	});
});

describe('a server that is asked for several pages', () => {
	const keys = keysOf('random hex', 3000, randomFrom(3));

	it('gets one request at a time for a while after it has throttled one', async () => {
		const server = new ListedKeys(keys, 10);
		let inFlight = 0;
		const together: number[] = [];
		const fetch: FetchPage = async (place) => {
			inFlight += 1;
			together.push(inFlight);
			await nextTurn();
			inFlight -= 1;
			return { ...server.page(place), retried: together.length === 40 };
		};
		expect(await namesOf(fetch, ALL)).toEqual(keys);
		expect(Math.max(...together.slice(10, 40))).toBeGreaterThan(4);
		expect(together.slice(40).join(' ')).toMatch(/( 1){15}.* [4-9]/);
	});

	it('is asked again, alone, for a page that failed among others', async () => {
		const server = new ListedKeys(keys, 10);
		const failed: PagePlace[] = [];
		const fetch: FetchPage = async (place) => {
			await nextTurn();
			if (server.asked.length > 20 && failed.length < 5) {
				failed.push(place);
				throw new Error('too many');
			}
			return server.page(place);
		};
		expect(await namesOf(fetch, ALL)).toEqual(keys);
		expect(failed).toHaveLength(5);
	});

	it('may fail for good: what comes before is there, and the failure is thrown', async () => {
		const server = new ListedKeys(keys, 10);
		const bad = keys[1234] ?? '';
		const fetch: FetchPage = async (place) => {
			await nextTurn();
			const page = server.page(place);
			if (page.entries.some((entry) => nameIn(entry) === bad)) throw new Error('this page is bad');
			return page;
		};
		const names: string[] = [];
		const listed = (async () => {
			for await (const page of orderedPages(fetch, ALL, call))
				names.push(...page.entries.map(nameIn));
		})();
		await expect(listed).rejects.toThrow('this page is bad');
		expect(names).toEqual(keys.slice(0, names.length));
		expect(names.length).toBeGreaterThan(1200);
	});

	it('may not know startAfter', async () => {
		const server = new ListedKeys(keys, 10);
		const fetch: FetchPage = async (place) => {
			await nextTurn();
			return server.page({ ...place, startAfter: undefined });
		};
		expect(await namesOf(fetch, ALL)).toEqual(keys);
		expect(server.asked.length).toBeLessThan(300 + 32);
	});

	it('may leave out a common prefix in which startAfter lies', async () => {
		for (let seed = 0; seed < 100; seed++) {
			const random = randomFrom(seed);
			const folders = keysOf('words', 300, random);
			const server = new ListedKeys(folders, 4, '/');
			const fetch: FetchPage = (place) => {
				const after = place.startAfter ?? '';
				const page = server.page(place);
				const entries = page.entries.filter((entry) => !after.startsWith(nameIn(entry)));
				return Promise.resolve({ ...page, entries });
			};
			expect(await namesOf(fetch, ALL)).toEqual(entriesOf(folders, '/').map(nameIn));
		}
	});

	it('may list in no order: then pages come as it gives them, one at a time', async () => {
		const random = randomFrom(5);
		const shuffled = [...keys].sort(() => random() - 0.5);
		let asked = 0;
		const fetch: FetchPage = ({ continuationToken }) => {
			asked += 1;
			const start = Number(continuationToken ?? 0);
			const end = start + 10;
			const truncated = end < shuffled.length;
			const nextToken = truncated ? String(end) : undefined;
			const entries = entriesOf(shuffled.slice(start, end));
			return Promise.resolve({ entries, truncated, nextToken, retried: false });
		};
		expect(await namesOf(fetch, { ...ALL, parallel: false })).toEqual(shuffled);
		expect(asked).toBe(300);
		expect(await namesOf(fetch, ALL)).toEqual(shuffled);
	});

	it('is stopped when the reader has enough, and when the caller stops', async () => {
		const server = new ListedKeys(keys, 10);
		const signals = new Set<AbortSignal | undefined>();
		const fetch: FetchPage = async (place, { signal }) => {
			signals.add(signal);
			await nextTurn();
			signal?.throwIfAborted();
			return server.page(place);
		};
		for await (const page of orderedPages(fetch, ALL, call)) {
			expect(page.truncated).toBe(true);
			if (server.asked.length > 30) break;
		}
		expect([...signals].map((signal) => signal?.aborted)).toEqual([true]);

		const controller = new AbortController();
		const listed = (async () => {
			const listing = orderedPages(fetch, ALL, { signal: controller.signal });
			for await (const page of listing) if (page.entries.length > 0) controller.abort();
		})();
		await expect(listed).rejects.toThrow('aborted');
		const asked = server.asked.length;
		for (let i = 0; i < 20; i++) await nextTurn();
		expect(server.asked).toHaveLength(asked);
	});
});

const nextTurn = (): Promise<void> =>
	new Promise((resolve) => {
		setImmediate(resolve);
	});

/** A server like AWS's, which answers a page after 105 ms on average, and many at once. */
function likeAws(seed: number): { latency: number; work: () => number; workers: number } {
	const random = randomFrom(seed);
	return { latency: 15, work: () => 54 + 72 * random(), workers: 16 };
}
/** Milliseconds that it takes for 100 pages, one after another. */
const ONE_AFTER_ANOTHER = 100 * 105;

/**
 * Milliseconds on a clock of its own that a whole listing takes, where each answer is `latency` on its
 * way and each of the server's workers on one after another. A pause is a time in which this process does
 * nothing.
 */
async function timeOf(
	server: ListedKeys,
	{
		latency,
		work,
		workers = 1,
		pause = { at: Infinity, length: 0 },
		prefix = '',
	}: {
		latency: number;
		work: (entries: number) => number;
		workers?: number;
		pause?: { at: number; length: number };
		prefix?: string;
	},
): Promise<number> {
	let now = 0;
	const freeAt = Array.from({ length: workers }, () => 0);
	let answers: Array<{ at: number; give: () => void }> = [];
	clock.mockImplementation(() => now);
	const fetch: FetchPage = (place) =>
		new Promise<Page>((resolve) => {
			const page = server.page(place);
			const worker = freeAt.indexOf(Math.min(...freeAt));
			const begin = Math.max(freeAt[worker] ?? 0, now + latency / 2);
			const end = begin + work(page.entries.length);
			freeAt[worker] = end;
			const give = () => {
				resolve(page);
			};
			answers.push({ at: end + latency / 2, give });
		});
	const listing = namesOf(fetch, { ...ALL, prefix });
	const listed = listing.then(() => 'listed');
	while ((await Promise.race([listed, nextTurn()])) !== 'listed') {
		const next = answers.reduce<(typeof answers)[number] | undefined>(
			(first, answer) => (first !== undefined && first.at <= answer.at ? first : answer),
			undefined,
		);
		answers = answers.filter((answer) => answer !== next);
		now = Math.max(now, next?.at ?? now);
		if (now >= pause.at) now = Math.max(now, pause.at + pause.length);
		next?.give();
	}
	expect(await listing).toEqual(server.keys);
	return now;
}
