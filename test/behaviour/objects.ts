/** What S3 has to do with one object or many, besides their bytes. */
import type { DeleteRequest } from '../../s3/objects/deleteObjects';
import type { TestServer } from '../servers/TestServer';
import { TestBucket } from './TestBucket';

const customerKey = Buffer.alloc(32, 1).toString('base64');

export function describeHead(server: () => TestServer): void {
	let bucket: TestBucket;
	beforeAll(async () => {
		bucket = await TestBucket.open(server());
	});

	it('a head is what a get says of the object', async () => {
		await bucket.put('head', 'content', {
			contentType: 'text/x-test',
			cacheControl: 'max-age=60',
			metadata: { plain: 'value', uni: 'grüße 😀' },
			tags: { a: 'b' },
		});
		const { head } = await bucket.get('head');
		expect(await bucket.head('head')).toEqual(head);
		expect(head).toMatchObject({ size: 7, tagCount: 1, metadata: { uni: 'grüße 😀' } });
	});

	it('a head comes with the tags', async () => {
		await bucket.put('tagged', 'x', { tags: { 'a b': 'c+d', ü: 'é' } });
		expect(await bucket.head('tagged', { includeTags: true })).toMatchObject({
			tags: { 'a b': 'c+d', ü: 'é' },
		});
	});

	it('a head comes with the attributes, if the server has them', async () => {
		await bucket.put('attributes', 'x', { checksum: 'SHA256' });
		const { attributes } = await bucket.head('attributes', { attributes: true });
		if (server().lacks.includes('attributes')) expect(attributes).toBeUndefined();
		else {
			expect(attributes).toMatchObject({
				checksum: { algorithm: 'SHA256', type: 'FULL_OBJECT' },
				parts: [],
			});
		}
	});

	it('a head of an object under a customer’s own key needs that key', async () => {
		await bucket.put('secret', 'content', { encryption: { kind: 'customer', key: customerKey } });
		const found = await bucket.head('secret', { customerKey, includeTags: true, attributes: true });
		expect(found).toMatchObject({ size: 7, tags: {} });
		await expect(bucket.head('secret')).rejects.toMatchObject({
			operation: 'HeadObject',
			status: 400,
			advice: expect.stringContaining('customer key') as string,
		});
	});

	it('a head of nothing is not found', async () => {
		await expect(bucket.head('nothing')).rejects.toMatchObject({ kind: 'notFound', status: 404 });
		await expect(bucket.head('key', { bucket: 'no-such-bucket-anywhere' })).rejects.toMatchObject({
			kind: 'notFound',
		});
	});

	it('a head of a version is that of this version', async () => {
		const versioned = await TestBucket.open(server());
		await versioned.keepVersions();
		const { versionId } = await versioned.put('key', 'old', { tags: { of: 'old' } });
		const newest = await versioned.put('key', 'newer', { tags: { of: 'new' } });
		expect(await versioned.head('key', { includeTags: true })).toMatchObject({
			size: 5,
			versionId: newest.versionId,
			tags: { of: 'new' },
		});
		expect(await versioned.head('key', { versionId, includeTags: true })).toMatchObject({
			size: 3,
			versionId,
			tags: { of: 'old' },
		});
		const marker = await versioned.delete('key');
		await expect(versioned.head('key')).rejects.toMatchObject({ kind: 'notFound', status: 404 });
		await expect(versioned.head('key', { versionId: marker.versionId })).rejects.toMatchObject(
			server().lacks.includes('markerStatus')
				? { kind: 'notFound', status: 404 }
				: { status: 405, message: expect.stringContaining('is a delete marker') as string },
		);
	});
}

export function describeDelete(server: () => TestServer): void {
	let bucket: TestBucket;
	beforeAll(async () => {
		bucket = await TestBucket.open(server());
	});

	const done = (key: string) => ({
		bucket: bucket.name,
		key,
		versionId: undefined,
		deleteMarker: false,
		deleted: true,
	});

	it('an object is deleted, and what is not there counts as deleted', async () => {
		await bucket.put('key', 'x');
		expect(await bucket.delete('key')).toEqual(done('key'));
		expect(await bucket.names()).toEqual([]);
		expect(await bucket.delete('key')).toEqual(done('key'));
	});

	it('an object is deleted only while it has the ETag', async () => {
		const { etag } = await bucket.put('known', 'first');
		await expect(bucket.delete('known', { ifMatch: 'other' })).rejects.toMatchObject({
			kind: 'precondition',
			message: expect.stringContaining('is not the one with ETag other') as string,
		});
		expect(await bucket.names()).toEqual(['known']);
		await bucket.delete('known', { ifMatch: etag });
		expect(await bucket.names()).toEqual([]);
		await expect(bucket.delete('known', { ifMatch: etag })).rejects.toMatchObject({
			kind: 'notFound',
		});
	});

	it('nothing can be deleted in a bucket that does not exist', async () => {
		const nowhere = { bucket: 'no-such-bucket-anywhere' };
		await expect(bucket.delete('key', nowhere)).rejects.toMatchObject({ code: 'NoSuchBucket' });
		const requests = ['a', 'b'].map((key): DeleteRequest => ({ key, ...nowhere }));
		expect(await bucket.deleteAll(requests)).toMatchObject([
			{ code: 'NoSuchBucket' },
			{ code: 'NoSuchBucket' },
		]);
	});

	it('a delete marker hides an object, and gives it back when it is deleted itself', async () => {
		const versioned = await TestBucket.open(server());
		await versioned.keepVersions();
		await versioned.put('key', 'first');
		const second = await versioned.put('key', 'second');
		const marker = await versioned.delete('key');
		expect(marker).toMatchObject({ deleteMarker: true, versionId: expect.any(String) as string });
		expect(await versioned.names()).toEqual([]);
		const { versionId } = marker;
		expect(await versioned.delete('key', { versionId })).toMatchObject({
			deleteMarker: true,
			versionId,
		});
		expect((await versioned.get('key')).content.toString()).toBe('second');
		expect(await versioned.delete('key', { versionId: second.versionId })).toMatchObject({
			deleteMarker: false,
			versionId: second.versionId,
		});
		expect((await versioned.get('key')).content.toString()).toBe('first');
	});

	it('more than 1,000 objects are deleted in a few requests, and what is not there with them', async () => {
		const keys = Array.from({ length: 1200 }, (_, index) => `many/${index}`);
		let next = 0;
		const work = async () => {
			for (let key = keys[next++]; key !== undefined; key = keys[next++])
				await bucket.put(key, 'x');
		};
		await Promise.all(Array.from({ length: 16 }, work));
		await bucket.put('stays', 'x');
		const all = [...keys, 'nothing', 'many/', ...keys.slice(0, 10)];
		const outcomes = await bucket.deleteAll(all.map((key) => ({ key })));
		expect(outcomes).toEqual(all.map(done));
		expect(await bucket.names()).toEqual(['stays']);
		await bucket.delete('stays');
	}, 60_000);

	it('versions and markers are deleted with others', async () => {
		const versioned = await TestBucket.open(server());
		await versioned.keepVersions();
		const first = await versioned.put('a', 'first');
		await versioned.put('a', 'second');
		await versioned.put('b', 'x');
		const [old, never, hidden, other] = await versioned.deleteAll([
			{ key: 'a', versionId: first.versionId },
			{ key: 'b', versionId: 'null' },
			{ key: 'a' },
			{ key: 'b' },
		]);
		expect(old).toMatchObject({ versionId: first.versionId, deleteMarker: false, deleted: true });
		expect(never).toMatchObject({ versionId: 'null', deleted: true });
		expect([hidden, other]).toMatchObject([{ deleteMarker: true }, { deleteMarker: true }]);
		expect(await versioned.names()).toEqual([]);
		const markers = [hidden, other].map((outcome, index) => ({
			key: index === 0 ? 'a' : 'b',
			versionId: (outcome as { versionId?: string }).versionId,
		}));
		expect(await versioned.deleteAll(markers)).toMatchObject(
			markers.map((marker) => ({ ...marker, deleteMarker: true })),
		);
		expect((await versioned.get('a')).content.toString()).toBe('second');
		await expect(versioned.get('a', { versionId: first.versionId })).rejects.toMatchObject({
			kind: 'notFound',
		});
	});
}

export function describeTags(server: () => TestServer): void {
	let bucket: TestBucket;
	beforeAll(async () => {
		bucket = await TestBucket.open(server());
	});
	beforeEach(async () => {
		await bucket.put('key', 'x', { tags: { project: 'n8n', state: 'new' } });
	});

	it('the tags of an object are those it was put with, or none', async () => {
		expect((await bucket.tags('key')).tags).toEqual({ project: 'n8n', state: 'new' });
		await bucket.put('plain', 'x');
		expect((await bucket.tags('plain')).tags).toEqual({});
	});

	it('tags are merged, replaced and removed', async () => {
		const change = async (asked: Parameters<TestBucket['setTags']>[1], expected: object) => {
			expect((await bucket.setTags('key', asked)).tags).toEqual(expected);
			expect((await bucket.tags('key')).tags).toEqual(expected);
		};
		await change(
			{ mode: 'merge', tags: { state: 'done', 'Ü b': ' +-=._:/@ ' } },
			{ project: 'n8n', state: 'done', 'Ü b': ' +-=._:/@ ' },
		);
		await change(
			{ mode: 'remove', names: ['state', 'other'] },
			{ project: 'n8n', 'Ü b': ' +-=._:/@ ' },
		);
		await change({ mode: 'replace', tags: { only: '' } }, { only: '' });
		await change({ mode: 'remove', names: ['only'] }, {});
	});

	it('ten tags of the longest names and values are kept', async () => {
		const value = server().lacks.includes('tagCharacters') ? 'x'.repeat(256) : '𝐀'.repeat(128);
		const tags = Object.fromEntries(
			Array.from({ length: 10 }, (_, index) => [`${index}`.padEnd(128, 'x'), value]),
		);
		expect((await bucket.setTags('key', { mode: 'replace', tags })).tags).toEqual(tags);
		expect((await bucket.tags('key')).tags).toEqual(tags);
	});

	it('tags with characters that S3 does not take are refused', async () => {
		const writing = bucket.setTags('key', { mode: 'replace', tags: { a: '&<>' } });
		if (server().lacks.includes('tagAlphabet')) {
			await writing;
			expect((await bucket.tags('key')).tags).toEqual({ a: '&<>' });
		} else await expect(writing).rejects.toMatchObject({ code: 'InvalidTag' });
	});

	it('the tags of nothing are not found', async () => {
		await expect(bucket.tags('nothing')).rejects.toMatchObject({ code: 'NoSuchKey' });
		for (const tags of [{ a: 'b' }, {}]) {
			const writing = bucket.setTags('nothing', { mode: 'replace', tags });
			await expect(writing).rejects.toMatchObject({ code: 'NoSuchKey' });
		}
	});

	it('each version has tags of its own', async () => {
		const versioned = await TestBucket.open(server());
		await versioned.keepVersions();
		const { versionId } = await versioned.put('key', 'old', { tags: { of: 'old' } });
		const newest = await versioned.put('key', 'new', { tags: { of: 'new' } });
		const changed = await versioned.setTags('key', { mode: 'merge', tags: { a: 'b' } }, versionId);
		expect(changed).toMatchObject({ versionId, tags: { of: 'old', a: 'b' } });
		expect((await versioned.tags('key', versionId)).tags).toEqual({ of: 'old', a: 'b' });
		const named = server().lacks.includes('tagsVersion') ? undefined : newest.versionId;
		expect(await versioned.tags('key')).toMatchObject({ versionId: named, tags: { of: 'new' } });
		expect((await versioned.setTags('key', { mode: 'replace', tags: {} })).versionId).toBe(named);
		expect((await versioned.tags('key')).tags).toEqual({});
		expect((await versioned.tags('key', versionId)).tags).toEqual({ of: 'old', a: 'b' });
	});
}
