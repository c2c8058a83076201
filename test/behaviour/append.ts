import type { TestServer } from '../servers/TestServer';
import { content } from './content';
import { chunks, MiB, TestBucket } from './TestBucket';

const customerKey = Buffer.alloc(32, 1).toString('base64');

/** Objects grow at their end. */
export function describeAppend(server: () => TestServer): void {
	let bucket: TestBucket;

	beforeAll(async () => {
		bucket = await TestBucket.open(server());
	});

	const text = async (key: string) => (await bucket.get(key)).content.toString();

	it('an append makes an object that is missing, and adds to one that is there', async () => {
		const made = await bucket.append('new', 'one', { separator: '\n', contentType: 'text/x-log' });
		expect(made).toMatchObject({ size: 3, appended: 3 });
		const added = await bucket.append('new', 'two', { separator: '\n', contentType: 'other' });
		expect(added).toMatchObject({ size: 7, appended: 4 });
		const { head, content: bytes } = await bucket.get('new');
		expect([bytes.toString(), head.contentType]).toEqual(['one\ntwo', 'text/x-log']);
		expect(head.etag).toBe(added.etag);
	});

	it('an append to an empty object has no separator, and one of nothing writes nothing', async () => {
		const { etag } = await bucket.put('empty', '');
		expect(await bucket.append('empty', '')).toMatchObject({ size: 0, appended: 0, etag });
		expect(await bucket.append('empty', 'x', { separator: ',' })).toMatchObject({ size: 1 });
		expect(await text('empty')).toBe('x');
	});

	it('an append to an object that is missing fails if it is not to be made', async () => {
		const failed = bucket.append('missing', 'x', { createIfMissing: false });
		await expect(failed).rejects.toMatchObject({ kind: 'notFound' });
		await expect(bucket.get('missing')).rejects.toMatchObject({ kind: 'notFound' });
	});

	it('an append to a bucket that does not exist says so', async () => {
		const failed = bucket.append('key', 'x', { bucket: 'no-such-bucket-anywhere' });
		await expect(failed).rejects.toMatchObject({ kind: 'notFound', code: 'NoSuchBucket' });
	});

	it.each([
		['small', 1000],
		['large', content.length],
	])('an append to a %s object keeps its headers, metadata and tags', async (key, size) => {
		await bucket.put(key, content.subarray(0, size), {
			contentType: 'text/x-test; charset=utf-8',
			contentDisposition: 'attachment; filename="a b.txt"',
			contentLanguage: 'de',
			cacheControl: 'max-age=60',
			metadata: { plain: 'value', uni: 'grüße 😀' },
			tags: { 'a b': 'c+d' },
		});
		const added = await bucket.append(key, 'end', { separator: '|' });
		expect(added).toMatchObject({ size: size + 4, appended: 4 });
		const { head, content: bytes } = await bucket.get(key);
		expect(bytes.equals(Buffer.concat([content.subarray(0, size), Buffer.from('|end')]))).toBe(
			true,
		);
		expect(head).toMatchObject({
			contentType: 'text/x-test; charset=utf-8',
			contentDisposition: 'attachment; filename="a b.txt"',
			contentLanguage: 'de',
			cacheControl: 'max-age=60',
			metadata: { plain: 'value', uni: 'grüße 😀' },
		});
		expect((await bucket.tags(key)).tags).toEqual({ 'a b': 'c+d' });
		expect(await bucket.openUploads()).toBe(0);
	});

	it.each([
		['small secret', 1000],
		['large secret', content.length],
	])('an append to a %s under a customer’s own key is under that key, too', async (key, size) => {
		const start = content.subarray(0, size);
		await bucket.put(key, start, { encryption: { kind: 'customer', key: customerKey } });
		await expect(bucket.append(key, 'end')).rejects.toMatchObject({ operation: 'HeadObject' });
		await bucket.append(key, 'end', { customerKey });
		await expect(bucket.get(key)).rejects.toMatchObject({ operation: 'GetObject' });
		const { content: bytes } = await bucket.get(key, { customerKey });
		expect(bytes.equals(Buffer.concat([start, Buffer.from('end')]))).toBe(true);
	});

	it('an append drops the tags if it is told to', async () => {
		await bucket.put('tagged', 'a', { tags: { a: 'b' } });
		await bucket.append('tagged', 'b', { tags: 'drop' });
		expect((await bucket.tags('tagged')).tags).toEqual({});
	});

	it('a large file can be appended to a small object and to a large one', async () => {
		const source = {
			size: content.length,
			open: async () => await Promise.resolve(chunks(content, 65_536)),
		};
		await bucket.put('grown', 'start');
		await bucket.append('grown', '', { source });
		expect(
			(await bucket.get('grown')).content.equals(Buffer.concat([Buffer.from('start'), content])),
		).toBe(true);
		const size = 5 + 2 * content.length;
		expect(await bucket.append('grown', '', { source })).toMatchObject({ size });
		const { content: bytes } = await bucket.get('grown');
		expect(bytes.equals(Buffer.concat([Buffer.from('start'), content, content]))).toBe(true);
	});

	it.each([
		[16, 'small', ''],
		[4, 'large', content],
	])(
		'of %d appends at once to a %s object none is lost, or they say that they were not guarded',
		async (count, size, start) => {
			const key = `race-${size}`;
			await bucket.put(key, start);
			// Each over a connection of its own, as executions in several processes.
			const writers = await Promise.all(
				Array.from({ length: count }, (_, n) => bucket.over({ multipartThreshold: 10 * MiB + n })),
			);
			const results = await Promise.all(
				writers.map((writer, n) => writer.append(key, `line ${n}`, { separator: '\n' })),
			);
			const added = (await bucket.get(key)).content.subarray(start.length).toString();
			const lines = added.split('\n').filter((line) => line !== '');
			const wanted = writers.map((_, n) => `line ${n}`);
			if (results.every(({ guarded }) => guarded)) expect(lines.sort()).toEqual(wanted.sort());
			else expect(wanted).toEqual(expect.arrayContaining(lines));
		},
	);

	it('of 16 appends at once over one connection none is lost', async () => {
		const wanted = Array.from({ length: 16 }, (_, n) => `line ${n}`);
		await Promise.all(wanted.map((line) => bucket.append('one', line, { separator: '\n' })));
		expect((await text('one')).split('\n').sort()).toEqual(wanted.sort());
	});
}
