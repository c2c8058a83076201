import { Readable } from 'node:stream';
import { listBuckets } from '../../s3/buckets/listBuckets';
import type { TestServer } from '../servers/TestServer';
import { Bench, chunks, inOrder, MiB } from './bench';
import { describeDelete, describeHead, describeTags } from './objects';

const content = Buffer.from(Array.from({ length: 12 * MiB + 7 }, (_, i) => (i * 37) % 253));

/** What S3 has to do, for every server that is one. */
export function describeBehaviour(server: () => TestServer): void {
	describe('put', () => describePut(server));
	describe('get', () => describeGet(server));
	describe('list', () => describeList(server));
	describe('keys', () => describeKeys(server));
	describe('head', () => describeHead(server));
	describe('delete', () => describeDelete(server));
	describe('tags', () => describeTags(server));
	describe('refusals', () => describeRefusals(server));
}

function describePut(server: () => TestServer): void {
	let bench: Bench;
	beforeAll(async () => {
		bench = await Bench.open(server());
	});

	it.each([
		['nothing', 0, {}, 1],
		['one byte', 1, {}, 1],
		['what fits into memory', 8 * MiB, {}, 1],
		['what goes as a stream', 8 * MiB + 1, {}, 1],
		['exactly the threshold', 6 * MiB, { multipartThreshold: 6 * MiB, partSize: 5 * MiB }, 1],
		[
			'a byte more than the threshold',
			6 * MiB + 1,
			{ multipartThreshold: 6 * MiB, partSize: 5 * MiB },
			2,
		],
		['whole parts only', 10 * MiB, { multipartThreshold: 0, partSize: 5 * MiB }, 2],
		['a last part of one byte', 10 * MiB + 1, { multipartThreshold: 0, partSize: 5 * MiB }, 3],
		['nothing in parts', 0, { multipartThreshold: 0 }, 1],
	])('stores %s', async (name, size, settings, parts) => {
		const bytes = content.subarray(0, size);
		const result = await bench.put(name, bytes, settings);
		expect(result).toMatchObject({ bucket: bench.bucket, key: name, size, parts });
		expect((await bench.get(name)).content.equals(bytes)).toBe(true);
		expect(await bench.openUploads()).toBe(0);
	});

	it.each([
		['little', 1000, 1],
		['much', content.length, 2],
	])('stores %s of unknown size', async (name, size, parts) => {
		const bytes = content.subarray(0, size);
		const source = { open: async () => await Promise.resolve(chunks(bytes, 70_001)) };
		const result = await bench.put(name, '', { source });
		expect(result).toMatchObject({ size, parts });
		expect((await bench.get(name)).content.equals(bytes)).toBe(true);
	});

	it('names the ETag that the object then has', async () => {
		const single = await bench.put('etag-single', 'abc');
		expect((await bench.get('etag-single')).head.etag).toBe(single.etag);
		const parts = await bench.put('etag-parts', content, { multipartThreshold: 0 });
		const { etag } = (await bench.get('etag-parts')).head;
		expect(etag).toMatch(/^[0-9a-f]{32}-2$/);
		expect(parts.etag).toBe(server().lacks.includes('completionEtag') ? undefined : etag);
	});

	it.each([
		['single', {}],
		['multipart', { multipartThreshold: 0 }],
	])('keeps headers and metadata of a %s upload', async (name, way) => {
		await bench.put(`headers-${name}`, 'abc', {
			...way,
			contentType: 'text/x-test; charset=utf-8',
			contentDisposition: 'attachment; filename="a b.txt"',
			contentEncoding: 'identity',
			contentLanguage: 'de',
			cacheControl: 'max-age=60',
			metadata: { plain: 'value', uni: 'grüße 😀' },
			tags: { 'a b': 'c+d' },
		});
		expect((await bench.get(`headers-${name}`)).head).toMatchObject({
			contentType: 'text/x-test; charset=utf-8',
			contentDisposition: 'attachment; filename="a b.txt"',
			contentEncoding: 'identity',
			contentLanguage: 'de',
			cacheControl: 'max-age=60',
			metadata: { plain: 'value', uni: 'grüße 😀' },
			tagCount: name === 'multipart' && server().lacks.includes('multipartTags') ? 0 : 1,
		});
	});

	it('writes over nothing where it must not', async () => {
		await bench.put('taken', 'first');
		await expect(bench.put('taken', 'second', { overwrite: 'never' })).rejects.toMatchObject({
			kind: 'precondition',
			status: 412,
			message: expect.stringContaining('there is an object with this key already') as string,
		});
		expect((await bench.get('taken')).content.toString()).toBe('first');
		await bench.put('free', 'first', { overwrite: 'never' });
		expect((await bench.get('free')).content.toString()).toBe('first');
	});

	it('writes over nothing with a large file either', async () => {
		await bench.put('taken-large', 'first');
		for (const condition of [
			{ overwrite: 'never' },
			{ overwrite: 'ifMatch', etag: 'other' },
		] as const) {
			const large = bench.put('taken-large', content, { ...condition, multipartThreshold: 0 });
			await expect(large).rejects.toMatchObject({ kind: 'precondition' });
		}
		expect((await bench.get('taken-large')).content.toString()).toBe('first');
		expect(await bench.openUploads()).toBe(0);
	});

	it('writes only over the object that it knows', async () => {
		const { etag } = await bench.put('known', 'first');
		await bench.put('known', 'second', { overwrite: 'ifMatch', etag });
		expect((await bench.get('known')).content.toString()).toBe('second');
		await expect(bench.put('known', 'third', { overwrite: 'ifMatch', etag })).rejects.toMatchObject(
			{
				kind: 'precondition',
			},
		);
		expect((await bench.get('known')).content.toString()).toBe('second');
	});

	it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'MD5', 'SHA1', 'SHA256'] as const)(
		'sends the checksum %s',
		async (checksum) => {
			const result = await bench.put(`sum-${checksum}`, 'abc', { checksum });
			const isKept = checksum !== 'MD5' && !server().lacks.includes('checksums');
			const kept = isKept ? checksum : undefined;
			expect(result.checksum?.algorithm).toBe(kept);
			expect((await bench.get(`sum-${checksum}`)).content.toString()).toBe('abc');
		},
	);

	it.each([
		['fewer', content.length + 1],
		['more', content.length - 1],
	])('stores nothing of a file with %s bytes than it said', async (name, size) => {
		for (const way of [{}, { multipartThreshold: 0 }]) {
			const source = { size, open: async () => await Promise.resolve(chunks(content, 65_536)) };
			await expect(bench.put(name, '', { ...way, source })).rejects.toMatchObject({
				kind: 'corrupt',
			});
		}
		await expect(bench.get(name)).rejects.toMatchObject({ code: 'NoSuchKey' });
		expect(await bench.openUploads()).toBe(0);
	});

	it('stores nothing of a file that breaks off', async () => {
		const broken = () =>
			Readable.from(
				(function* () {
					yield content.subarray(0, 9 * MiB);
					throw new Error('gone');
				})(),
				{ objectMode: false },
			);
		for (const way of [{}, { multipartThreshold: 0 }]) {
			const source = { size: content.length, open: async () => await Promise.resolve(broken()) };
			await expect(bench.put('broken', '', { ...way, source })).rejects.toMatchObject({
				kind: 'corrupt',
			});
		}
		await expect(bench.get('broken')).rejects.toMatchObject({ code: 'NoSuchKey' });
		expect(await bench.openUploads()).toBe(0);
	});
}

function describeGet(server: () => TestServer): void {
	let bench: Bench;
	beforeAll(async () => {
		bench = await Bench.open(server());
		await bench.put('object', content.subarray(0, 1000));
	});

	it.each([
		['bytes=0-0', 0, 1, 'bytes 0-0/1000'],
		['bytes=10-19', 10, 20, 'bytes 10-19/1000'],
		['bytes=990-', 990, 1000, 'bytes 990-999/1000'],
		['bytes=-5', 995, 1000, 'bytes 995-999/1000'],
		['bytes=990-5000', 990, 1000, 'bytes 990-999/1000'],
	])('reads %s', async (range, start, end, contentRange) => {
		const { head, content: bytes } = await bench.get('object', { range });
		expect(bytes.equals(content.subarray(start, end))).toBe(true);
		expect(head).toMatchObject({ size: end - start, contentRange });
	});

	it('refuses a range behind the end, and one that is none', async () => {
		await expect(bench.get('object', { range: 'bytes=1000-' })).rejects.toMatchObject({
			status: 416,
			code: 'InvalidRange',
		});
		await expect(bench.get('object', { range: 'bytes=b-a' })).rejects.toMatchObject({
			kind: 'invalid',
		});
	});

	it('reads under conditions', async () => {
		const { etag, lastModified } = (await bench.get('object')).head;
		const modified = new Date(lastModified ?? 0);
		const later = new Date(modified.getTime() + 60_000);
		expect((await bench.get('object', { ifMatch: etag })).content).toHaveLength(1000);
		await expect(bench.get('object', { ifMatch: 'other' })).rejects.toMatchObject({ status: 412 });
		await expect(bench.get('object', { ifNoneMatch: etag })).rejects.toMatchObject({ status: 304 });
		await expect(bench.get('object', { ifModifiedSince: later })).rejects.toMatchObject({
			kind: 'precondition',
		});
	});

	it('reads what a customer’s own key encrypts with that key alone', async () => {
		const key = Buffer.alloc(32, 1).toString('base64');
		const other = Buffer.alloc(32, 2).toString('base64');
		const encryption = { kind: 'customer', key } as const;
		for (const way of [{}, { multipartThreshold: 0, partSize: 5 * MiB }]) {
			await bench.put('secret', content, { encryption, ...way });
			expect((await bench.get('secret', { customerKey: key })).content.equals(content)).toBe(true);
			await expect(bench.get('secret')).rejects.toMatchObject({ operation: 'GetObject' });
			await expect(bench.get('secret', { customerKey: other })).rejects.toMatchObject({
				operation: 'GetObject',
			});
		}
	});

	it('reads a large object over several connections', async () => {
		const large = Buffer.concat([content, content, content]);
		await bench.put('large', large);
		expect((await bench.get('large')).content.equals(large)).toBe(true);
	});
}

function describeList(server: () => TestServer): void {
	const keys = [
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
	let bench: Bench;
	beforeAll(async () => {
		bench = await Bench.open(server());
		let next = 0;
		const work = async () => {
			for (let key = keys[next++]; key !== undefined; key = keys[next++])
				await bench.put(key, 'x'.repeat(key.length % 5));
		};
		await Promise.all(Array.from({ length: 16 }, work));
	}, 60_000);

	it('gives every key in the order of UTF-8', async () => {
		expect(await bench.names()).toEqual(inOrder(keys));
	});

	it('says of an object what it is', async () => {
		const { entries } = await bench.list({ prefix: 'with space/' });
		expect(entries).toEqual([
			{
				bucket: bench.bucket,
				key: 'with space/x',
				size: 'with space/x'.length % 5,
				etag: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
				lastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
				storageClass: 'STANDARD',
			},
		]);
	});

	it.each(['a', 'a/', 'with+', 'with%', 'ä', '😀', 'z&<>', 'none'])(
		'gives the keys with the prefix %j',
		async (prefix) => {
			expect(await bench.names({ prefix })).toEqual(
				inOrder(keys.filter((key) => key.startsWith(prefix))),
			);
		},
	);

	it('rolls keys up to common prefixes, in order with the others', async () => {
		expect(await bench.names({ delimiter: '/' })).toEqual(
			inOrder([
				'a',
				'a/',
				'a-',
				'a0',
				'many/',
				'with space/',
				'with%25/',
				'with+plus/',
				'z&<>"\'',
				'ä',
				'\uffee',
				'😀',
			]).map((name) => (name.endsWith('/') ? `${name}*` : name)),
		);
		expect(await bench.names({ delimiter: '/', prefix: 'a/' })).toEqual([
			'a/',
			'a//*',
			'a/b',
			'a/b/*',
		]);
	});

	it.each([1, 999, 1000, 1001, 2500])(
		'stops at a limit of %i, and says how to go on',
		async (limit) => {
			const sorted = inOrder(keys);
			const { entries, nextStartAfter } = await bench.list({ limit });
			expect(entries).toHaveLength(Math.min(limit, keys.length));
			expect(nextStartAfter === undefined).toBe(limit >= keys.length);
			if (nextStartAfter === undefined) return;
			expect(await bench.names({ startAfter: nextStartAfter })).toEqual(sorted.slice(limit));
		},
	);

	it('goes on behind a common prefix', async () => {
		const all = await bench.names({ delimiter: '/' });
		const found: string[] = [];
		let startAfter: string | undefined;
		do {
			const page = await bench.list({ delimiter: '/', limit: 1, startAfter });
			found.push(...page.entries.map((entry) => ('key' in entry ? entry.key : `${entry.prefix}*`)));
			startAfter = page.nextStartAfter;
		} while (startAfter !== undefined);
		expect(found).toEqual(all);
	});

	it('filters by size, date and pattern, and counts only what is left', async () => {
		const sized = (least: number, most: number) =>
			inOrder(keys.filter((key) => key.length % 5 >= least && key.length % 5 <= most));
		expect(await bench.names({ minSize: 3 })).toEqual(sized(3, 9));
		expect(await bench.names({ maxSize: 0, limit: 5 })).toEqual(sized(0, 0).slice(0, 5));
		expect(await bench.names({ keyMatches: '*/x' })).toEqual(
			inOrder(keys.filter((key) => key.endsWith('/x'))),
		);
		expect(await bench.names({ modifiedAfter: new Date(Date.now() + 1e6) })).toEqual([]);
		expect(await bench.names({ modifiedBefore: new Date(Date.now() + 1e6) })).toHaveLength(
			keys.length,
		);
		expect(await bench.names({ prefix: 'a/', excludePrefixItself: true })).toEqual([
			'a//d',
			'a/b',
			'a/b/c',
		]);
	});

	it('names owners when it is asked to', async () => {
		const { entries } = await bench.list({ prefix: 'a0', fetchOwner: true });
		expect(entries[0]).toHaveProperty('owner');
	});

	it('finds the bucket among those of the account', async () => {
		const names: string[] = [];
		for await (const page of listBuckets(bench.s3, {}, { signal: undefined }))
			names.push(...page.map(({ bucket }) => bucket));
		expect(names).toContain(bench.bucket);
	});
}

const ASCII = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
const ODD_KEYS = [
	'two words',
	' space around ',
	'a+b',
	'a%b',
	'a%20b',
	'a%2Fb',
	'a&b',
	"it's",
	'line\nbreak',
	'tab\there',
	'\r\n',
	'//',
	'//a',
	'/leading',
	'a//b',
	'a/',
	'.',
	'..',
	'./a',
	'../a',
	'a/./b',
	'a/../b',
	'a/..',
	'?query',
	'#fragment',
	'e\u0301',
	'é',
	'ü',
	'日本',
	'😀',
	'👨‍👩‍👧',
	'\u0001',
	'\u007f',
	'~',
	'x'.repeat(1024),
	'ü'.repeat(512),
	`${'y'.repeat(1020)}😀`,
	...ASCII.map((character) => `ascii/${character}`),
	ASCII.join(''),
];

function describeKeys(server: () => TestServer): void {
	it.each(['path', 'virtual'] as const)(
		'make the round trip unchanged, %s style',
		async (addressingStyle) => {
			const { endpoint, virtualHostEndpoint } = server();
			const host = addressingStyle === 'path' ? endpoint : virtualHostEndpoint;
			// A server from outside tells no name for its buckets; path style has been seen then.
			if (host === undefined) return;
			const bench = await (await Bench.open(server())).over({ addressingStyle, endpoint: host });
			for (const key of ODD_KEYS) await bench.put(key, key);
			expect(await bench.names()).toEqual(inOrder([...new Set(ODD_KEYS)]));
			for (const key of ODD_KEYS) expect((await bench.get(key)).content.toString()).toBe(key);
			const outcomes = await bench.deleteAll(ODD_KEYS.map((key) => ({ key })));
			expect(outcomes).toMatchObject(ODD_KEYS.map((key) => ({ key, deleted: true })));
			expect(await bench.names()).toEqual([]);
		},
		60_000,
	);

	it('are the same in buckets with dots', async () => {
		const bench = await Bench.open(server(), {}, `dotted.bucket.${String(Date.now())}`);
		await bench.put('a b/ü', 'x');
		expect(await bench.names()).toEqual(['a b/ü']);
		expect((await bench.get('a b/ü')).content.toString()).toBe('x');
	});

	it('are the same for uploads in parts', async () => {
		const bench = await Bench.open(server());
		for (const key of ['a b+c%&ü/../😀', '//x\n']) {
			await bench.put(key, content, { multipartThreshold: 0 });
			expect((await bench.get(key)).content.equals(content)).toBe(true);
		}
		expect(await bench.openUploads()).toBe(0);
	});
}

function describeRefusals(server: () => TestServer): void {
	let bench: Bench;
	beforeAll(async () => {
		bench = await Bench.open(server());
	});

	it('name a key that does not exist', async () => {
		await expect(bench.get('nonesuch')).rejects.toMatchObject({
			kind: 'notFound',
			code: 'NoSuchKey',
			status: 404,
			requestId: expect.any(String) as string,
			message: `Could not get “nonesuch” in bucket “${bench.bucket}”: there is no object with this key`,
		});
	});

	it('name a bucket that does not exist', async () => {
		const nowhere = { bucket: 'no-such-bucket-anywhere' };
		await expect(bench.list(nowhere)).rejects.toMatchObject({
			code: 'NoSuchBucket',
			kind: 'notFound',
		});
		await expect(bench.get('key', nowhere)).rejects.toMatchObject({ code: 'NoSuchBucket' });
		await expect(bench.put('key', 'x', nowhere)).rejects.toMatchObject({ code: 'NoSuchBucket' });
		await expect(
			bench.put('key', content, { ...nowhere, multipartThreshold: 0 }),
		).rejects.toMatchObject({ code: 'NoSuchBucket' });
	});

	it.each([
		['secret', 'SignatureDoesNotMatch', { secretAccessKey: 'wrong' }],
		['access key', 'InvalidAccessKeyId', { accessKeyId: 'NOBODYKNOWSTHISKEY00' }],
	])('tell a wrong %s', async (_, code, wrong) => {
		const identity = {
			kind: 'accessKeys',
			...server().users.main,
			sessionToken: undefined,
			...wrong,
		} as const;
		const stranger = await bench.over({ identity });
		await expect(stranger.get('key')).rejects.toMatchObject({ kind: 'credentials', code });
		await expect(stranger.put('key', content)).rejects.toMatchObject({ kind: 'credentials', code });
	});

	it('come before any request for other buckets than the credential’s', async () => {
		const bound = await bench.over({ bucket: bench.bucket, bucketOnly: true });
		await bound.put('mine', 'x');
		await expect(bound.list({ bucket: 'another' })).rejects.toMatchObject({ kind: 'refused' });
	});
}
