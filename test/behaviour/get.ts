import type { TestServer } from '../servers/TestServer';
import { content } from './content';
import { MiB, TestBucket } from './TestBucket';

/** What a get has to do. */
export function describeGet(server: () => TestServer): void {
	let bucket: TestBucket;
	beforeAll(async () => {
		bucket = await TestBucket.open(server());
		await bucket.put('object', content.subarray(0, 1000));
	});

	it.each([
		['bytes=0-0', 0, 1, 'bytes 0-0/1000'],
		['bytes=10-19', 10, 20, 'bytes 10-19/1000'],
		['bytes=990-', 990, 1000, 'bytes 990-999/1000'],
		['bytes=-5', 995, 1000, 'bytes 995-999/1000'],
		['bytes=990-5000', 990, 1000, 'bytes 990-999/1000'],
	])('a get reads %s', async (range, start, end, contentRange) => {
		const { head, content: bytes } = await bucket.get('object', { range });
		expect(bytes.equals(content.subarray(start, end))).toBe(true);
		expect(head).toMatchObject({ size: end - start, contentRange });
	});

	it('a get refuses a range after the end, and what is no range', async () => {
		await expect(bucket.get('object', { range: 'bytes=1000-' })).rejects.toMatchObject({
			status: 416,
			code: 'InvalidRange',
		});
		await expect(bucket.get('object', { range: 'bytes=b-a' })).rejects.toMatchObject({
			kind: 'invalid',
		});
	});

	it('a get reads under conditions', async () => {
		const { etag, lastModified } = (await bucket.get('object')).head;
		const modified = new Date(lastModified ?? 0);
		const later = new Date(modified.getTime() + 60_000);
		expect((await bucket.get('object', { ifMatch: etag })).content).toHaveLength(1000);
		await expect(bucket.get('object', { ifMatch: 'other' })).rejects.toMatchObject({ status: 412 });
		await expect(bucket.get('object', { ifNoneMatch: etag })).rejects.toMatchObject({
			status: 304,
		});
		await expect(bucket.get('object', { ifModifiedSince: later })).rejects.toMatchObject({
			kind: 'precondition',
		});
	});

	it('a get gives the tags of the object, and of an older version those that it has', async () => {
		const versioned = await TestBucket.open(server());
		await versioned.put('plain', 'x');
		expect(await versioned.getWithTags('plain')).toMatchObject({ content: 'x', tags: {} });
		await versioned.keepVersions();
		const tags = { 'a b': 'c+d', uni: 'ü' };
		const { versionId } = await versioned.put('tagged', 'old', { tags });
		expect(await versioned.getWithTags('tagged')).toMatchObject({ content: 'old', tags });
		await versioned.put('tagged', 'new', { tags: { other: '' } });
		expect(await versioned.getWithTags('tagged')).toMatchObject({
			content: 'new',
			tags: { other: '' },
		});
		expect(await versioned.getWithTags('tagged', { versionId })).toMatchObject({
			content: 'old',
			tags,
		});
	});

	it('a get gives the tags of what it reads, also if the object is replaced in between', async () => {
		const versioned = await TestBucket.open(server());
		await versioned.keepVersions();
		await versioned.put('key', 'old', { tags: { a: 'old' } });
		const replace = async () => {
			await versioned.put('key', 'new', { tags: { a: 'new' } });
		};
		// A server that does not say which version has the tags gives those of the newest one.
		const a = server().lacks.includes('tagsVersion') ? 'new' : 'old';
		expect(await versioned.getWithTags('key', {}, replace)).toEqual({
			content: 'old',
			tags: { a },
		});
	});

	it('a get reads what a customer’s own key encrypts with that key alone', async () => {
		const key = Buffer.alloc(32, 1).toString('base64');
		const other = Buffer.alloc(32, 2).toString('base64');
		const encryption = { kind: 'customer', key } as const;
		for (const way of [{}, { multipartThreshold: 0, partSize: 5 * MiB }]) {
			await bucket.put('secret', content, { encryption, ...way });
			expect((await bucket.get('secret', { customerKey: key })).content.equals(content)).toBe(true);
			await expect(bucket.get('secret')).rejects.toMatchObject({ operation: 'GetObject' });
			await expect(bucket.get('secret', { customerKey: other })).rejects.toMatchObject({
				operation: 'GetObject',
			});
		}
	});

	it('a get reads a large object over several connections', async () => {
		const large = Buffer.concat([content, content, content]);
		await bucket.put('large', large);
		expect((await bucket.get('large')).content.equals(large)).toBe(true);
	});
}
