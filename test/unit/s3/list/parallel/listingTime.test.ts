import type { FetchPage } from '../../../../../s3/list/parallel/ParallelListing';
import { seeds } from '../../../../seeds';
import { dateOf, keysOf, ListedKeys, nextTurn, randomFrom } from '../listedKeys';
import { likeAws, namesOf, SEQUENTIAL_MS, timeOf } from './simulation';
import type { Timing } from './simulation';

/** Simulated servers of 100,000 keys. */
const SEEDS = seeds(2, 5);

let clock: jest.SpyInstance<number, []>;

beforeEach(() => {
	clock = jest.spyOn(performance, 'now');
});
afterEach(() => {
	clock.mockRestore();
});

const time = (server: ListedKeys, timing: Timing, prefix?: string) =>
	timeOf(clock, server, timing, prefix);

/** The average time of listings by a server like AWS's. */
async function averageTime(keys: readonly string[]): Promise<number> {
	let sum = 0;
	for (let seed = 0; seed < SEEDS; seed++) {
		sum += await time(new ListedKeys(keys, 1000), likeAws(seed));
	}
	return sum / SEEDS;
}

describe('the time of a parallel listing', () => {
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
	])(
		'a parallel listing of 100 small pages of %s is %i times as fast as a sequential one',
		async (kind, times) => {
			const server = new ListedKeys(keysOf(kind, 10_000, randomFrom(7)), 100);
			const pages = Math.ceil(server.keys.length / 100);
			expect(await time(server, { latency: 50, work: () => 1 })).toBeLessThan((pages * 51) / times);
		},
	);

	it('a parallel listing is three times as fast as a sequential one in whatever order the responses arrive', async () => {
		const keys = keysOf('backups of each day after random hex', 10_000, randomFrom(7));
		for (let seed = 0; seed < seeds(4, 16); seed++) {
			const random = randomFrom(seed);
			const work = () => 12 - 6 * Math.log(1 - random());
			const took = await time(new ListedKeys(keys, 100), { latency: 50, work, workers: 2 });
			const sequential = 100 * (50 + 18);
			expect({ seed, isFast: took < sequential / 3 }).toEqual({ seed, isFast: true });
		}
	});

	it.each([
		['dates', 8.5],
		['dates of one month', 8.5],
		['logs of CloudTrail', 6.5],
		['partitions of hours', 7],
		['logs by the second', 8.5],
		['numbers without leading zeros', 9],
		['backups of each day after random hex', 8.5],
	])(
		'a parallel listing of 100,000 keys, %s, is %d times as fast as a sequential one',
		async (kind, times) => {
			const average = await averageTime(keysOf(kind, 100_000, randomFrom(7)));
			expect(average).toBeLessThan(SEQUENTIAL_MS / times);
		},
	);

	it('a parallel listing is seven times as fast as a sequential one if numbers look like years from some key on', async () => {
		const keys = Array.from({ length: 100_000 }, (_, i) => `d/${String(18_950_000 + i)}.bin`);
		expect(await averageTime(keys)).toBeLessThan(SEQUENTIAL_MS / 7);
	});

	it.each(['random hex', 'base64 of hashes'])(
		'a parallel listing of 100,000 keys, %s, sends few requests between two pages that meet',
		async (kind) => {
			const keys = keysOf(kind, 100_000, randomFrom(7));
			for (let seed = 0; seed < SEEDS; seed++) {
				const server = new ListedKeys(keys, 1000);
				await time(server, likeAws(seed));
				expect({ seed, isFew: server.requests.length <= 120 }).toEqual({ seed, isFew: true });
			}
		},
	);

	it.each(['', '20', '2024/', '2024/0', '2024/1', '2024/08/2', '2024/08/23T1'])(
		'a parallel listing guesses no key without its prefix “%s”',
		async (prefix) => {
			const inMinutes = Array.from({ length: 131_400 }, (_, i) => `${dateOf(4 * i)}.gz`);
			const keys = inMinutes.filter((key) => key.startsWith(prefix));
			const server = new ListedKeys(keys, 5 + Math.ceil(keys.length / 600));
			await time(server, likeAws(1), prefix);
			const pages = Math.ceil(keys.length / server.pageSize);
			expect(server.requests.length).toBeLessThanOrEqual((4 / 3) * pages + 32);
			const guesses = server.requests.flatMap(({ startAfter }) => startAfter ?? []);
			expect(guesses.filter((name) => !name.startsWith(prefix))).toEqual([]);
			expect(guesses.length).toBeGreaterThan(pages / 4);
		},
	);

	it('a parallel listing asks once for few keys, and then for whole pages, if many are missing', async () => {
		const server = new ListedKeys(keysOf('odd characters', 100_000, randomFrom(7)), 1000);
		const pages = Math.ceil(server.keys.length / 1000);
		for (let seed = 0; seed < SEEDS; seed++) {
			server.requests.length = 0;
			await time(server, likeAws(seed));
			expect({ seed, isFew: server.requests.length <= pages + 5 }).toEqual({ seed, isFew: true });
		}
	});

	it('a parallel listing asks for few keys if few are missing', async () => {
		const server = new ListedKeys(keysOf('random hex', 50_000, randomFrom(7)), 500);
		let listed = 0;
		clock.mockReturnValue(0);
		const fetch: FetchPage = async (request) => {
			const page = server.page(request);
			listed += page.entries.length;
			await nextTurn();
			return page;
		};
		expect(await namesOf(fetch)).toEqual(server.keys);
		expect(listed).toBeLessThan(1.17 * server.keys.length);
	});

	it('a parallel listing is faster by the requests that a server without latency works on at the same time', async () => {
		const server = new ListedKeys(keysOf('random hex', 10_000, randomFrom(7)), 100);
		const work = (entries: number) => (entries + 10) / 10;
		expect(await time(server, { latency: 0, work, workers: 2 })).toBeLessThan((100 * 11) / 1.5);
	});

	it('a parallel listing is hardly slower than a sequential one if the server works on one request at a time', async () => {
		const server = new ListedKeys(keysOf('random hex', 10_000, randomFrom(7)), 100);
		expect(await time(server, { latency: 0, work: () => 20 })).toBeLessThan(100 * 20 * 1.2);
	});

	it('a parallel listing is slowed down by hardly more than a pause of this process', async () => {
		const keys = keysOf('random hex', 100_000, randomFrom(7));
		const timing = { latency: 50, work: (entries: number) => entries / 60, workers: 2 };
		const without = await time(new ListedKeys(keys, 1000), timing);
		const pause = { at: 150, length: 200 };
		const paused = await time(new ListedKeys(keys, 1000), { ...timing, pause });
		expect(paused - without).toBeLessThan(300);
	});
});
