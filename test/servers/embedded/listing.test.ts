import { withServer } from '../withServer';
import { texts } from './client';
import { SortedKeys } from './SortedKeys';

/** Numbers that look random and are the same every time. */
function randomOf(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
}

const LETTERS = ['a', 'b', '/', '/', '-', 'é', '🙂', '\uffee', ' '];

function randomKeys(seed: number, count: number): string[] {
	const random = randomOf(seed);
	const keys = Array.from({ length: count }, () =>
		Array.from({ length: 1 + random(8) }, () => LETTERS[random(LETTERS.length)]).join(''),
	);
	return [...new Set(keys)];
}

const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** What S3's documentation says of a listing, done the slow way. */
function naively(keys: string[], { prefix = '', delimiter = '', after = '' }): string[] {
	const entries = [...keys]
		.filter((key) => key.startsWith(prefix))
		.map((key) => {
			const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
			return end === -1 ? key : `prefix ${key.slice(0, end + delimiter.length)}`;
		});
	const bare = (entry: string) => entry.replace(/^prefix /, '');
	return [...new Set(entries)]
		.filter((entry) => byBytes(bare(entry), after) > 0)
		.sort((a, b) => byBytes(bare(a), bare(b)));
}

const server = withServer();

const decoded = (text: string) => decodeURIComponent(text.replace(/\+/g, ' '));

async function page(bucket: string, query: Record<string, string>) {
	const asked = { 'encoding-type': 'url', ...query };
	const { text, status } = await server.send('GET', `/${bucket}`, { query: asked });
	expect(status).toBe(200);
	const prefixes = [...text.matchAll(/<CommonPrefixes><Prefix>([^<]*)</g)].map(
		(match) => `prefix ${decoded(match[1] ?? '')}`,
	);
	return {
		entries: [...texts(text, 'Key').map(decoded), ...prefixes],
		truncated: texts(text, 'IsTruncated')[0] === 'true',
		text,
	};
}

/** All pages, with the marker of each version of the operation. */
async function pages(bucket: string, version: 1 | 2, query: Record<string, string>) {
	const entries: string[] = [];
	let next: Record<string, string> = version === 2 ? { 'list-type': '2' } : {};
	for (;;) {
		const found = await page(bucket, { ...query, ...next });
		expect(found.entries.length).toBeLessThanOrEqual(Number(query['max-keys'] ?? 1000));
		entries.push(...found.entries);
		if (!found.truncated) return entries;
		const [token = ''] = texts(found.text, 'NextContinuationToken');
		const [marker] = texts(found.text, 'NextMarker');
		const last = marker === undefined ? found.entries.at(-1)! : decoded(marker);
		next = version === 2 ? { 'list-type': '2', 'continuation-token': token } : { marker: last };
	}
}

describe.each([1, 2] as const)('ListObjects version %i', (version) => {
	it.each([1, 2, 3])('a listing has what there is, page by page (%i)', async (seed) => {
		const bucket = `random-${String(version)}-${String(seed)}`;
		const keys = randomKeys(seed, 80);
		server.store.makeBucket(bucket);
		server.store.putMany(bucket, keys);
		for (const prefix of ['', 'a', 'a/', '/', 'é', 'none']) {
			for (const delimiter of ['', '/', 'b', '//']) {
				for (const maxKeys of ['1', '3', '1000']) {
					const query = { prefix, delimiter, 'max-keys': maxKeys };
					const listed = await pages(bucket, version, query);
					const expected = naively(keys, { prefix, delimiter });
					expect([...listed].sort()).toEqual([...expected].sort());
					if (maxKeys === '1') expect(listed).toEqual(expected);
				}
			}
		}
	});

	it('a listing begins after any text, whether that is a key or not', async () => {
		const bucket = `after-${String(version)}`;
		const keys = randomKeys(99, 150);
		server.store.makeBucket(bucket);
		server.store.putMany(bucket, keys);
		for (const after of [...keys.slice(0, 20), 'a', 'a/', 'a/zzz', 'zzz', '🙂']) {
			for (const delimiter of ['', '/']) {
				const name = version === 2 ? 'start-after' : 'marker';
				const list = version === 2 ? { 'list-type': '2' } : {};
				const { entries } = await page(bucket, { ...list, [name]: after, delimiter });
				expect([...entries].sort()).toEqual(naively(keys, { delimiter, after }).sort());
			}
		}
	});
});

describe('a listing', () => {
	beforeAll(() => {
		server.store.makeBucket('few');
		server.store.putMany('few', ['a', 'b', 'c']);
	});
	const list = (query: Record<string, string>) => server.send('GET', '/few', { query });

	it.each([
		{ 'list-type': '3' },
		{ 'max-keys': '-1' },
		{ 'max-keys': 'x' },
		{ 'max-keys': '1.5' },
		{ 'encoding-type': 'base64' },
		{ 'list-type': '2', 'continuation-token': 'nonsense' },
		{ 'list-type': '2', 'continuation-token': '' },
	])('a listing is refused with %j', async (query) => {
		const { status, code } = await list(query);
		expect([status, code]).toEqual([400, 'InvalidArgument']);
	});

	it('a listing of no keys is empty and complete', async () => {
		const { text } = await list({ 'list-type': '2', 'max-keys': '0' });
		expect([texts(text, 'KeyCount'), texts(text, 'IsTruncated')]).toEqual([['0'], ['false']]);
	});

	it('a listing has no more than 1,000 keys', async () => {
		const { text } = await list({ 'max-keys': '5000' });
		expect(texts(text, 'MaxKeys')).toEqual(['1000']);
	});

	it('a listing names the owner only if that is asked for', async () => {
		expect((await list({ 'list-type': '2' })).text).not.toContain('<Owner>');
		expect((await list({ 'list-type': '2', 'fetch-owner': 'true' })).text).toContain('<Owner>');
	});

	it('a listing tells of restores only if that is asked for, and knows no other attribute', async () => {
		const ofArchive = async (attribute?: string) => {
			const headers =
				attribute === undefined ? {} : { 'x-amz-optional-object-attributes': attribute };
			return await server.send('GET', '/archive', { query: { 'list-type': '2' }, headers });
		};
		const restored = new Date('2026-12-21T00:00:00.000Z');
		const restores = {
			never: undefined,
			begun: 'ongoing-request="true"',
			ended: `ongoing-request="false", expiry-date="${restored.toUTCString()}"`,
		};
		server.store.makeBucket('archive');
		for (const [key, restore] of Object.entries(restores)) {
			await server.send('PUT', `/archive/${key}`, {
				headers: { 'x-amz-storage-class': 'GLACIER' },
			});
			const { headers } = server.store.bucket('archive').get(key)!;
			if (restore !== undefined) headers['x-amz-restore'] = restore;
		}
		expect((await ofArchive()).text).not.toContain('<RestoreStatus>');
		const { text } = await ofArchive('RestoreStatus');
		expect(texts(text, 'Key')).toEqual(['begun', 'ended', 'never']);
		expect(texts(text, 'IsRestoreInProgress')).toEqual(['true', 'false']);
		expect(texts(text, 'RestoreExpiryDate')).toEqual([restored.toISOString()]);
		const { status, code } = await ofArchive('Other');
		expect([status, code]).toEqual([400, 'InvalidArgument']);
	});

	it('a listing counts keys and common prefixes', async () => {
		const { text } = await list({ 'list-type': '2', delimiter: 'b' });
		expect(texts(text, 'KeyCount')).toEqual(['3']);
		expect(texts(text, 'Key')).toEqual(['a', 'c']);
	});

	it('a listing of a bucket that is not there is an error', async () => {
		const { status, code, text } = await server.send('GET', '/not-there');
		expect([status, code]).toEqual([404, 'NoSuchBucket']);
		expect(texts(text, 'BucketName')).toEqual(['not-there']);
	});

	it('a listing has a key as soon as it is put, and not when it is deleted', async () => {
		await server.send('PUT', '/few/bb', { body: 'x' });
		expect(texts((await list({})).text, 'Key')).toEqual(['a', 'b', 'bb', 'c']);
		await server.send('DELETE', '/few/bb');
		expect(texts((await list({})).text, 'Key')).toEqual(['a', 'b', 'c']);
	});

	it('a listing of 100,000 keys is quick from anywhere, also while keys are put', async () => {
		server.store.makeBucket('many');
		const keys = Array.from({ length: 100_000 }, (_, i) => `key-${String((i * 7919) % 100_000)}`);
		server.store.putMany('many', keys);
		const start = performance.now();
		for (let round = 0; round < 20; round++) {
			server.store.putMany('many', [`extra-${String(round)}`]);
			const query = { 'list-type': '2', 'start-after': `key-${String(round)}` };
			expect(texts((await server.send('GET', '/many', { query })).text, 'Key')).toHaveLength(1000);
		}
		expect((performance.now() - start) / 20).toBeLessThan(100);
	});
});

describe('sorted keys', () => {
	it('sorted keys are a set in order, whatever is added and deleted', () => {
		const random = randomOf(5);
		const sorted = new SortedKeys();
		const set = new Set<string>();
		for (let i = 0; i < 20_000; i++) {
			const key = String(random(5000));
			if (random(3) === 0) {
				sorted.delete(key);
				set.delete(key);
			} else {
				sorted.add(key);
				set.add(key);
			}
		}
		const expected = [...set].sort();
		expect([...sorted.from('', true)]).toEqual(expected);
		for (const bound of ['', '1', '2500', '4999', '5', '9', ...expected.slice(0, 50)]) {
			expect([...sorted.from(bound, true)]).toEqual(expected.filter((key) => key >= bound));
			expect([...sorted.from(bound, false)]).toEqual(expected.filter((key) => key > bound));
		}
	});
});
