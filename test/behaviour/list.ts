import { listBuckets } from '../../s3/buckets/listBuckets';
import type { TestServer } from '../servers/TestServer';
import { inOrder, TestBucket } from './TestBucket';

/** What a listing has to do. */
export function describeList(server: () => TestServer): void {
	let keys = [
		...Array.from({ length: 2300 }, (_, i) => `many/${String((i * 7919) % 10_007)}`),
		'a',
		'a/',
		'a/b',
		'a/b/c',
		'a//d',
		'a-',
		'a0',
		'ä',
		'\uffee',
		'😀',
		'with space/x',
		'with+plus/x',
		'with%25/x',
		'z&<>"\'',
	];
	let bucket: TestBucket;
	beforeAll(async () => {
		bucket = await TestBucket.open(server());
		if (server().lacks.includes('keysUnlikePaths')) keys = keys.filter(isPathOfFile);
		let next = 0;
		const work = async () => {
			for (let key = keys[next++]; key !== undefined; key = keys[next++])
				await bucket.put(key, 'x'.repeat(key.length % 5));
		};
		await Promise.all(Array.from({ length: 16 }, work));
	}, 60_000);

	it('a listing gives every key in the order of UTF-8', async () => {
		expect(await bucket.names()).toEqual(inOrder(keys));
	});

	it('a listing says of an object what it is', async () => {
		const { entries } = await bucket.list({ prefix: 'with space/' });
		expect(entries).toEqual([
			{
				bucket: bucket.name,
				key: 'with space/x',
				size: 'with space/x'.length % 5,
				etag: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
				lastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
				storageClass: 'STANDARD',
			},
		]);
	});

	it.each(['a', 'a/', 'with+', 'with%', 'ä', '😀', 'z&<>', 'none'])(
		'a listing gives the keys with the prefix %j',
		async (prefix) => {
			expect(await bucket.names({ prefix })).toEqual(
				inOrder(keys.filter((key) => key.startsWith(prefix))),
			);
		},
	);

	it('a listing rolls keys up to common prefixes, in order with the others', async () => {
		for (const prefix of ['', 'a/']) {
			const rolledUp = keys
				.filter((key) => key.startsWith(prefix))
				.map((key) => {
					const end = key.indexOf('/', prefix.length);
					return end === -1 ? key : `${key.slice(0, end + 1)}*`;
				});
			const names = await bucket.names({ delimiter: '/', prefix });
			expect(names).toEqual(inOrder([...new Set(rolledUp)]));
			expect(names).toContain(prefix === '' ? 'many/*' : 'a/b/*');
		}
	});

	it.each([1, 999, 1000, 1001, 2500])(
		'a listing stops at a limit of %i, and says how to go on',
		async (limit) => {
			const sorted = inOrder(keys);
			const { entries, nextStartAfter } = await bucket.list({ limit });
			expect(entries).toHaveLength(Math.min(limit, keys.length));
			expect(nextStartAfter === undefined).toBe(limit >= keys.length);
			if (nextStartAfter === undefined) return;
			expect(await bucket.names({ startAfter: nextStartAfter })).toEqual(sorted.slice(limit));
		},
	);

	it('a listing continues after a common prefix', async () => {
		const all = await bucket.names({ delimiter: '/' });
		const found: string[] = [];
		let startAfter: string | undefined;
		do {
			const page = await bucket.list({ delimiter: '/', limit: 1, startAfter });
			found.push(...page.entries.map((entry) => ('key' in entry ? entry.key : `${entry.prefix}*`)));
			startAfter = page.nextStartAfter;
		} while (startAfter !== undefined);
		expect(found).toEqual(all);
	});

	it('a listing filters by size, date and pattern, and counts only what is left', async () => {
		const sized = (least: number, most: number) =>
			inOrder(keys.filter((key) => key.length % 5 >= least && key.length % 5 <= most));
		expect(await bucket.names({ minSize: 3 })).toEqual(sized(3, 9));
		expect(await bucket.names({ maxSize: 0, limit: 5 })).toEqual(sized(0, 0).slice(0, 5));
		expect(await bucket.names({ keyMatches: '*/x' })).toEqual(
			inOrder(keys.filter((key) => key.endsWith('/x'))),
		);
		expect(await bucket.names({ modifiedAfter: new Date(Date.now() + 1e6) })).toEqual([]);
		expect(await bucket.names({ modifiedBefore: new Date(Date.now() + 1e6) })).toHaveLength(
			keys.length,
		);
		const below = keys.filter((key) => key.startsWith('a/') && key !== 'a/');
		expect(await bucket.names({ prefix: 'a/', excludePrefixItself: true })).toEqual(inOrder(below));
	});

	it('a listing names owners when it is asked to', async () => {
		const { entries } = await bucket.list({ prefix: 'a0', fetchOwner: true });
		expect(entries[0]).toHaveProperty('owner');
	});

	it('the list of buckets has the bucket', async () => {
		const names: string[] = [];
		for await (const page of listBuckets(bucket.s3, {}, { signal: undefined }))
			names.push(...page.map(({ bucket }) => bucket));
		expect(names).toContain(bucket.name);
	});
}

/** Whether all of the keys could be those of files: none is a folder of another, or has an empty part. */
const isPathOfFile = (key: string, _: number, keys: readonly string[]): boolean =>
	!/\/\/|\/$/.test(key) && !keys.some((other) => other.startsWith(`${key}/`));
