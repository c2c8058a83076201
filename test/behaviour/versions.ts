/** What S3 has to do with versions, and with all objects under a prefix. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeleteResult } from '../../s3/objects/deleteObject';
import type { TestServer } from '../servers/TestServer';
import { MiB, TestBucket } from './TestBucket';

const ODD = ['a b', 'a+b', 'a%20b', 'a&b', 'ü', '🙂', '//', './x', 'line\nbreak', '<x>'];

export function describeVersions(server: () => TestServer): void {
	let bucket: TestBucket;
	beforeEach(async () => {
		bucket = await TestBucket.open(server());
	});

	it('versions are listed by key, the newest first, with their delete markers', async () => {
		await bucket.keepVersions();
		const first = await bucket.put('b', '1');
		const second = await bucket.put('b', '22');
		const other = await bucket.put('a', '333');
		const marker = await bucket.delete('b');
		const versions = await bucket.versions();
		expect(versions).toMatchObject([
			{ key: 'a', versionId: other.versionId, isLatest: true, isDeleteMarker: false, size: 3 },
			{ key: 'b', versionId: marker.versionId, isLatest: true, isDeleteMarker: true, size: 0 },
			{ key: 'b', versionId: second.versionId, isLatest: false, isDeleteMarker: false, size: 2 },
			{ key: 'b', versionId: first.versionId, isLatest: false, etag: first.etag },
		]);
		expect(
			versions.every(({ lastModified }) => !Number.isNaN(Date.parse(lastModified ?? ''))),
		).toBe(true);
	});

	it('versions of more than one page are all listed once, also those of a key on two pages', async () => {
		await bucket.keepVersions();
		const expected: string[] = [];
		const mark = async (keys: string[]) => {
			for (const made of await bucket.deleteAll(keys.map((key) => ({ key })))) {
				expected.push(`${made.key} ${(made as DeleteResult).versionId}`);
			}
		};
		// A page has 1,000 versions.
		await mark(Array.from({ length: 990 }, (_, n) => `a${n}`));
		for (let n = 0; n < 20; n++) {
			const { versionId } = n % 5 === 0 ? await bucket.delete('k') : await bucket.put('k', '');
			expected.push(`k ${versionId}`);
		}
		await mark(['y', 'z']);
		const listed = await bucket.versions();
		const found = listed.map(({ key, versionId }) => `${key} ${versionId}`);
		expect(found.sort()).toEqual(expected.sort());
		const latest = listed.filter(({ isLatest }) => isLatest).map(({ key }) => key);
		expect(latest).toEqual([...new Set(listed.map(({ key }) => key))]);
		expect(await bucket.versions({ versionsOf: 'k' })).toHaveLength(20);
	});

	it('versions of one key are not those of keys that begin with it', async () => {
		await bucket.keepVersions();
		for (const key of ['key', 'key', 'key2', 'ke']) await bucket.put(key, 'x');
		expect((await bucket.versions({ versionsOf: 'key' })).map(({ key }) => key)).toEqual([
			'key',
			'key',
		]);
		expect(await bucket.versions({ prefix: 'key', limit: 1 })).toHaveLength(1);
	});

	it('a listing of versions begins after a key, and puts keys together up to a delimiter', async () => {
		await bucket.keepVersions();
		for (const key of ['a', 'b/1', 'b/1', 'b/2', 'c+ü', 'c+ü', 'd/1']) await bucket.put(key, 'x');
		await bucket.delete('b/2');
		expect(await bucket.versionNames({ delimiter: '/' })).toEqual([
			'a',
			'b/*',
			'c+ü',
			'c+ü',
			'd/*',
		]);
		const after = { delimiter: '/', startAfter: 'b/\u{10FFFF}' };
		expect(await bucket.versionNames(after)).toEqual(['c+ü', 'c+ü', 'd/*']);
		expect(await bucket.versionNames({ startAfter: 'b/1' })).toEqual([
			...['b/2', 'b/2', 'c+ü', 'c+ü', 'd/1'],
		]);
		expect(await bucket.versionNames({ prefix: 'b/', delimiter: '/' })).toHaveLength(4);
	});

	it('versions without versioning are those of the objects, with the version null', async () => {
		await bucket.put('key', 'x');
		expect(await bucket.versions()).toMatchObject([
			{ key: 'key', versionId: 'null', isLatest: true, isDeleteMarker: false },
		]);
	});

	it('every object under a prefix is deleted, whatever its key, and no other', async () => {
		for (const key of ODD) await bucket.put(`p/${key}`, 'x');
		await bucket.put('p', 'x');
		await bucket.put('q/a', 'x');
		const { matched, deletions, failed } = await bucket.deletePrefix('p/');
		expect({ matched, failed }).toEqual({ matched: ODD.length, failed: [] });
		expect(new Set(deletions.map(({ key }) => key))).toEqual(new Set(ODD.map((key) => `p/${key}`)));
		expect(await bucket.names()).toEqual(['p', 'q/a']);
	});

	it('a deletion by prefix changes nothing in a dry run, without a prefix or if too much matches', async () => {
		for (const key of ['p/a', 'p/b', 'p/c']) await bucket.put(key, 'x');
		const dry = await bucket.deletePrefix('p/', { dryRun: true });
		expect(dry).toMatchObject({ matched: 3, failed: [] });
		expect(dry.deletions.map(({ key }) => key)).toEqual(['p/a', 'p/b', 'p/c']);
		const tooMany = bucket.deletePrefix('p/', { maxObjects: 2 });
		await expect(tooMany).rejects.toMatchObject({ kind: 'invalid' });
		await expect(bucket.deletePrefix('')).rejects.toMatchObject({ kind: 'invalid' });
		expect(await bucket.names()).toEqual(['p/a', 'p/b', 'p/c']);
		const some = await bucket.deletePrefix('p/', { keyMatches: '*/b' });
		expect(some).toMatchObject({ matched: 1, deletions: [{ key: 'p/b' }] });
		expect(await bucket.names()).toEqual(['p/a', 'p/c']);
	});

	it('nothing is listed, deleted or brought back in a bucket that does not exist', async () => {
		const nowhere = { bucket: 'no-such-bucket-anywhere' };
		const wanted = { kind: 'notFound', code: 'NoSuchBucket' };
		const scope = { prefix: 'p/' };
		await expect(bucket.versions(nowhere)).rejects.toMatchObject(wanted);
		await expect(bucket.deletePrefix('p/', nowhere)).rejects.toMatchObject(wanted);
		const versions = { ...nowhere, allVersions: true };
		await expect(bucket.deletePrefix('p/', versions)).rejects.toMatchObject(wanted);
		await expect(bucket.undelete({ ...nowhere, scope })).rejects.toMatchObject(wanted);
	});

	it('what would come back is told in a dry run, and stays deleted', async () => {
		await bucket.keepVersions();
		const { versionId } = await bucket.put('key', 'x');
		await bucket.delete('key');
		const { restored } = await bucket.undelete({ scope: { key: 'key' }, dryRun: true });
		expect(restored).toEqual([{ key: 'key', versionId, by: 'markersRemoved' }]);
		expect(await bucket.names()).toEqual([]);
	});

	it('deleted objects come back from under their delete markers, with content and metadata', async () => {
		await bucket.keepVersions();
		for (const key of ODD) await bucket.put(`p/${key}`, key, { metadata: { of: 'it' } });
		await bucket.put('p/stays', 'x');
		await bucket.deletePrefix('p/', { keyMatches: undefined });
		await bucket.put('p/stays', 'again');
		expect(await bucket.names()).toEqual(['p/stays']);
		const { restored, failed } = await bucket.undelete({ scope: { prefix: 'p/' } });
		expect(failed).toEqual([]);
		expect(new Set(restored.map(({ key }) => key))).toEqual(new Set(ODD.map((key) => `p/${key}`)));
		for (const key of ODD) {
			const { head, content } = await bucket.get(`p/${key}`);
			expect([content.toString(), head.metadata]).toEqual([key, { of: 'it' }]);
		}
		expect((await bucket.get('p/stays')).content.toString()).toBe('again');
	});

	it('an object comes back however often it was deleted', async () => {
		await bucket.keepVersions();
		await bucket.put('key', 'content');
		await bucket.delete('key');
		await bucket.delete('key');
		const { restored } = await bucket.undelete({ scope: { key: 'key' } });
		expect(restored).toMatchObject([{ key: 'key', by: 'markersRemoved' }]);
		expect((await bucket.get('key')).content.toString()).toBe('content');
		expect(await bucket.undelete({ scope: { key: 'key' } })).toEqual({ restored: [], failed: [] });
	});

	it('a receipt brings back what it lists and nothing else', async () => {
		await bucket.keepVersions();
		for (const key of ['a', 'b', 'c']) await bucket.put(key, key);
		await bucket.delete('c');
		const { deletions } = await bucket.deletePrefix('a');
		await bucket.deletePrefix('b', { allVersions: true });
		const gone = { key: 'b', versionId: 'x', deleteMarker: false, permanent: undefined };
		const receipt = [...deletions, gone];
		const { restored, failed } = await bucket.undelete({ scope: { receipt } });
		expect(restored.map(({ key }) => key)).toEqual(['a']);
		expect(failed).toMatchObject([{ key: 'b', code: 'deletedForGood' }]);
		expect(await bucket.names()).toEqual(['a']);
	});

	it('a delete marker that was deleted with all versions brings nothing back', async () => {
		await bucket.keepVersions();
		const { versionId } = await bucket.put('alone', 'x');
		await bucket.delete('alone');
		await bucket.delete('alone', { versionId });
		const { deletions } = await bucket.deletePrefix('alone', { allVersions: true });
		expect(deletions).toMatchObject([{ key: 'alone', deleteMarker: true, permanent: true }]);
		const { restored, failed } = await bucket.undelete({ scope: { receipt: deletions } });
		expect(restored).toEqual([]);
		expect(failed).toMatchObject([{ key: 'alone', code: 'deletedForGood' }]);
	});

	it('versions of a moment come back over newer ones, with metadata, tags and storage class, however large', async () => {
		await bucket.keepVersions();
		const rest = { metadata: { of: 'it' }, tags: { a: 'b' }, storageClass: 'STANDARD_IA' };
		const large = Buffer.alloc(6 * MiB, 'x');
		const { versionId } = await bucket.put('large', large, rest);
		await bucket.put('small', 'old', rest);
		const [last] = await bucket.versions({ versionsOf: 'small' });
		// Versions are dated by the second.
		await sleep(1000);
		const asOf = new Date(last?.lastModified ?? '');
		for (const key of ['large', 'small']) await bucket.put(key, 'newer');
		const scope = { prefix: '' };
		const { restored, failed } = await bucket.undelete({ scope, asOf, maxSingleCopy: 5 * MiB });
		expect(failed).toEqual([]);
		expect(restored).toMatchObject([
			{ key: 'large', versionId, by: 'versionCopied' },
			{ key: 'small', by: 'versionCopied' },
		]);
		const { head, content } = await bucket.get('large');
		expect(content.equals(large)).toBe(true);
		expect((await bucket.get('small')).content.toString()).toBe('old');
		expect(head.metadata).toEqual(rest.metadata);
		for (const key of ['large', 'small']) {
			expect((await bucket.head(key)).storageClass).toBe('STANDARD_IA');
			expect((await bucket.tags(key)).tags).toEqual(rest.tags);
			expect(await bucket.versions({ versionsOf: key })).toHaveLength(3);
		}
		expect(await bucket.openUploads()).toBe(0);
	});

	it('a delete while versions are suspended puts a marker for the version null and keeps the older ones', async () => {
		await bucket.keepVersions();
		const kept = await bucket.put('key', 'kept');
		await bucket.keepVersions('Suspended');
		await bucket.put('key', 'null');
		await bucket.delete('key');
		expect(await bucket.versions()).toMatchObject([
			{ versionId: 'null', isDeleteMarker: true, isLatest: true },
			{ versionId: kept.versionId, isDeleteMarker: false },
		]);
		await bucket.undelete({ scope: { key: 'key' } });
		expect((await bucket.get('key')).content.toString()).toBe('kept');
	});

	it('all versions of a prefix are deleted for good', async () => {
		await bucket.keepVersions();
		await bucket.put('p/a', '1');
		await bucket.put('p/a', '2');
		await bucket.delete('p/a');
		await bucket.put('q', 'x');
		const { matched } = await bucket.deletePrefix('p/', { allVersions: true });
		expect(matched).toBe(3);
		expect((await bucket.versions()).map(({ key }) => key)).toEqual(['q']);
	});
}
