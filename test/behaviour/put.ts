import { Readable } from 'node:stream';
import type { TestServer } from '../servers/TestServer';
import { content } from './content';
import { chunks, MiB, TestBucket } from './TestBucket';

/** What a put has to do. */
export function describePut(server: () => TestServer): void {
	let bucket: TestBucket;
	beforeAll(async () => {
		bucket = await TestBucket.open(server());
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
	])('a put stores %s', async (name, size, settings, parts) => {
		const bytes = content.subarray(0, size);
		const result = await bucket.put(name, bytes, settings);
		expect(result).toMatchObject({ bucket: bucket.name, key: name, size, parts });
		expect((await bucket.get(name)).content.equals(bytes)).toBe(true);
		expect(await bucket.openUploads()).toBe(0);
	});

	it.each([
		['little', 1000, 1],
		['much', content.length, 2],
	])('a put stores %s of unknown size', async (name, size, parts) => {
		const bytes = content.subarray(0, size);
		const source = { open: async () => await Promise.resolve(chunks(bytes, 70_001)) };
		const result = await bucket.put(name, '', { source });
		expect(result).toMatchObject({ size, parts });
		expect((await bucket.get(name)).content.equals(bytes)).toBe(true);
	});

	it('a put names the ETag that the object then has', async () => {
		const single = await bucket.put('etag-single', 'abc');
		expect((await bucket.get('etag-single')).head.etag).toBe(single.etag);
		const parts = await bucket.put('etag-parts', content, { multipartThreshold: 0 });
		const { etag } = (await bucket.get('etag-parts')).head;
		expect(etag).toMatch(/^[0-9a-f]{32}-2$/);
		expect(parts.etag).toBe(server().lacks.includes('completionEtag') ? undefined : etag);
	});

	it.each([
		['single', {}],
		['multipart', { multipartThreshold: 0 }],
	])('headers and metadata of a %s upload are kept', async (name, way) => {
		await bucket.put(`headers-${name}`, 'abc', {
			...way,
			contentType: 'text/x-test; charset=utf-8',
			contentDisposition: 'attachment; filename="a b.txt"',
			contentEncoding: 'identity',
			contentLanguage: 'de',
			cacheControl: 'max-age=60',
			metadata: { plain: 'value', uni: 'grüße 😀' },
			tags: { 'a b': 'c+d' },
		});
		expect((await bucket.get(`headers-${name}`)).head).toMatchObject({
			contentType: 'text/x-test; charset=utf-8',
			contentDisposition: 'attachment; filename="a b.txt"',
			contentEncoding: 'identity',
			contentLanguage: 'de',
			cacheControl: 'max-age=60',
			metadata: { plain: 'value', uni: 'grüße 😀' },
			tagCount: name === 'multipart' && server().lacks.includes('multipartTags') ? 0 : 1,
		});
	});

	it('a put overwrites nothing if it must not', async () => {
		await bucket.put('taken', 'first');
		await expect(bucket.put('taken', 'second', { overwrite: 'never' })).rejects.toMatchObject({
			kind: 'precondition',
			status: 412,
			message: expect.stringContaining('there is an object with this key already') as string,
		});
		expect((await bucket.get('taken')).content.toString()).toBe('first');
		await bucket.put('free', 'first', { overwrite: 'never' });
		expect((await bucket.get('free')).content.toString()).toBe('first');
	});

	it('a put overwrites nothing with a large file either', async () => {
		await bucket.put('taken-large', 'first');
		for (const condition of [
			{ overwrite: 'never' },
			{ overwrite: 'ifMatch', etag: 'other' },
		] as const) {
			const large = bucket.put('taken-large', content, { ...condition, multipartThreshold: 0 });
			await expect(large).rejects.toMatchObject({ kind: 'precondition' });
		}
		expect((await bucket.get('taken-large')).content.toString()).toBe('first');
		expect(await bucket.openUploads()).toBe(0);
	});

	it('a put overwrites only the object that it knows', async () => {
		const { etag } = await bucket.put('known', 'first');
		await bucket.put('known', 'second', { overwrite: 'ifMatch', etag });
		expect((await bucket.get('known')).content.toString()).toBe('second');
		await expect(
			bucket.put('known', 'third', { overwrite: 'ifMatch', etag }),
		).rejects.toMatchObject({
			kind: 'precondition',
		});
		expect((await bucket.get('known')).content.toString()).toBe('second');
	});

	it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'MD5', 'SHA1', 'SHA256'] as const)(
		'a put sends the checksum %s',
		async (checksum) => {
			const result = await bucket.put(`sum-${checksum}`, 'abc', { checksum });
			const isKept = checksum !== 'MD5' && !server().lacks.includes('checksums');
			const kept = isKept ? checksum : undefined;
			expect(result.checksum?.algorithm).toBe(kept);
			expect((await bucket.get(`sum-${checksum}`)).content.toString()).toBe('abc');
		},
	);

	it.each([
		['fewer', content.length + 1],
		['more', content.length - 1],
	])('a put stores nothing of a file with %s bytes than it said', async (name, size) => {
		for (const way of [{}, { multipartThreshold: 0 }]) {
			const source = { size, open: async () => await Promise.resolve(chunks(content, 65_536)) };
			await expect(bucket.put(name, '', { ...way, source })).rejects.toMatchObject({
				kind: 'corrupt',
			});
		}
		await expect(bucket.get(name)).rejects.toMatchObject({ code: 'NoSuchKey' });
		expect(await bucket.openUploads()).toBe(0);
	});

	it('a put stores nothing of a file that breaks off', async () => {
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
			await expect(bucket.put('broken', '', { ...way, source })).rejects.toMatchObject({
				kind: 'corrupt',
			});
		}
		await expect(bucket.get('broken')).rejects.toMatchObject({ code: 'NoSuchKey' });
		expect(await bucket.openUploads()).toBe(0);
	});
}
