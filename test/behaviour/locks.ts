/** What S3 has to do with objects that are locked. */
import type { TestServer } from '../servers/TestServer';
import { content } from './content';
import { chunks, MiB, TestBucket } from './TestBucket';

const retainUntil = new Date('2100-01-01T00:00:00Z');
const objectLock = { mode: 'GOVERNANCE' as const, retainUntil };

export function describeLocks(server: () => TestServer): void {
	let bucket: TestBucket;
	beforeAll(async () => {
		const headers = { 'x-amz-bucket-object-lock-enabled': 'true' };
		bucket = await TestBucket.open(server(), {}, undefined, headers);
	});

	it.each([
		['few bytes', 1000, {}],
		['a stream', content.length, {}],
		['more than the threshold', content.length, { multipartThreshold: 0, partSize: 5 * MiB }],
	])('a put of %s locks the object', async (key, size, way) => {
		await bucket.put(key, content.subarray(0, size), { ...way, objectLock });
		expect(await bucket.head(key)).toMatchObject({
			size,
			objectLockMode: 'GOVERNANCE',
			objectLockRetainUntil: retainUntil.toISOString(),
		});
	});

	it('a put of unknown size locks the object, or says that the server has forgotten it', async () => {
		const source = { open: async () => await Promise.resolve(chunks(content, 70_001)) };
		const putting = bucket.put('unknown', '', { source, objectLock });
		if (server().lacks.includes('multipartLocks')) {
			await expect(putting).rejects.toMatchObject({
				message: expect.stringContaining('does not say that it is locked') as string,
			});
			return;
		}
		await putting;
		expect(await bucket.head('unknown')).toMatchObject({ objectLockMode: 'GOVERNANCE' });
	});

	it('a lock stops the deletion of its version and no other, until governance is bypassed', async () => {
		const { versionId } = await bucket.put('locked', 'content', { objectLock });
		const free = await bucket.put('free', 'content');
		const denied = { kind: 'denied', code: 'AccessDenied', key: 'locked' };
		await expect(bucket.delete('locked', { versionId })).rejects.toMatchObject(denied);
		const both = [
			{ key: 'locked', versionId },
			{ key: 'free', versionId: free.versionId },
		];
		expect(await bucket.deleteAll(both)).toMatchObject([denied, { key: 'free', deleted: true }]);
		expect(await bucket.delete('locked')).toMatchObject({ deleteMarker: true });
		expect((await bucket.get('locked', { versionId })).content.toString()).toBe('content');
		const bypass = { versionId, bypassGovernance: true };
		expect(await bucket.delete('locked', bypass)).toMatchObject({ versionId, deleted: true });
		await expect(bucket.get('locked', { versionId })).rejects.toMatchObject({ kind: 'notFound' });
	});

	it('locked versions are deleted with all others of a prefix only if governance is bypassed', async () => {
		await bucket.put('p/a', 'content', { objectLock });
		await bucket.put('p/b', 'content');
		const some = await bucket.deletePrefix('p/', { allVersions: true });
		expect(some).toMatchObject({
			matched: 2,
			deletions: [{ key: 'p/b' }],
			failed: [{ key: 'p/a', code: 'AccessDenied' }],
		});
		const rest = { allVersions: true, bypassGovernance: true };
		expect(await bucket.deletePrefix('p/', rest)).toMatchObject({ matched: 1, failed: [] });
	});
}
