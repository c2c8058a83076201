/** What S3 has to do with buckets themselves. */
import { randomBytes } from 'node:crypto';
import { cleanUpUploads } from '../../s3/buckets/cleanUpUploads';
import { createBucket } from '../../s3/buckets/createBucket';
import { deleteBucket } from '../../s3/buckets/deleteBucket';
import { getBucket } from '../../s3/buckets/getBucket';
import { headBucket } from '../../s3/buckets/headBucket';
import { emptyBucket } from '../../s3/objects/prefix/emptyBucket';
import type { TestServer } from '../servers/TestServer';
import { TestBucket } from './TestBucket';

const call = { signal: undefined };
const newName = () => `buckets-${randomBytes(6).toString('hex')}`;

export function describeBuckets(server: () => TestServer): void {
	let other: TestBucket;
	beforeAll(async () => {
		other = await TestBucket.open(server());
	});

	it('a bucket is created once, read and deleted', async () => {
		const { s3 } = other;
		const bucket = newName();
		const usual = { bucket, versioning: false, objectLock: false };
		expect(await headBucket(s3, { bucket }, call)).toEqual({ kind: 'missing' });
		expect(await createBucket(s3, usual, call)).toMatchObject({ bucket });
		expect(await headBucket(s3, { bucket }, call)).toMatchObject({ kind: 'there' });
		await expect(createBucket(s3, usual, call)).rejects.toMatchObject({
			kind: 'precondition',
			message: `Could not create bucket “${bucket}”: there is a bucket with this name`,
		});
		expect(await getBucket(s3, { bucket }, call)).toMatchObject({ bucket, versioning: 'Never' });
		await deleteBucket(s3, { bucket }, call);
		expect(await headBucket(s3, { bucket }, call)).toEqual({ kind: 'missing' });
		await expect(deleteBucket(s3, { bucket }, call)).rejects.toMatchObject({ kind: 'notFound' });
	});

	it('nothing is told or cleaned up of a bucket that does not exist', async () => {
		const { s3 } = other;
		const bucket = newName();
		await expect(getBucket(s3, { bucket }, call)).rejects.toMatchObject({ kind: 'notFound' });
		const begunBefore = new Date();
		const cleaning = cleanUpUploads(s3, { bucket, begunBefore, dryRun: false }, call);
		await expect(cleaning).rejects.toMatchObject({ code: 'NoSuchBucket' });
		const emptying = emptyBucket(s3, { bucket, maxObjects: 1 }, call);
		await expect(emptying).rejects.toMatchObject({ code: 'NoSuchBucket' });
	});

	it('a bucket that is created with versions keeps them', async () => {
		const { s3 } = other;
		const bucket = newName();
		await createBucket(s3, { bucket, versioning: true, objectLock: false }, call);
		expect(await getBucket(s3, { bucket }, call)).toMatchObject({ versioning: 'Enabled' });
		await deleteBucket(s3, { bucket }, call);
	});

	it('a bucket that is created with tags has them, or nothing says that it has', async () => {
		const { s3 } = other;
		const bucket = newName();
		const tags = { project: 'a + b' };
		const creating = createBucket(s3, { bucket, versioning: false, objectLock: false, tags }, call);
		const { lacks } = server();
		if (lacks.includes('newBucketsWithTags')) {
			await expect(creating).rejects.toMatchObject({
				kind: 'rejected',
				advice: expect.stringContaining('remove the option Tags') as string,
			});
			return;
		}
		await creating;
		const { tags: found, unread } = await getBucket(s3, { bucket }, call);
		const isRead = !unread.some(({ what }) => what === 'tags');
		if (!lacks.includes('tagsOfNewBuckets')) expect(found).toEqual(tags);
		else expect(found).toEqual(isRead ? {} : undefined);
		await deleteBucket(s3, { bucket }, call);
	});

	it('a bucket is deleted with all that is in it only when that is asked for', async () => {
		const full = await TestBucket.open(server());
		const { s3, name: bucket } = full;
		await full.keepVersions();
		await full.put('a', '1');
		await full.put('a', '2');
		await full.delete('a');
		await s3.send('CreateMultipartUpload', { Bucket: bucket, Key: 'unfinished' }, call);
		await expect(deleteBucket(s3, { bucket }, call)).rejects.toMatchObject({
			message: `Could not delete bucket “${bucket}”: it is not empty`,
		});
		await expect(emptyBucket(s3, { bucket, maxObjects: 2 }, call)).rejects.toMatchObject({
			message: `More than 2 versions in bucket “${bucket}” match, so nothing was deleted`,
		});
		expect(await emptyBucket(s3, { bucket, maxObjects: 3 }, call)).toBe(3);
		expect(await full.openUploads()).toBe(0);
		await deleteBucket(s3, { bucket }, call);
	});

	it('uploads that never ended are aborted if they are old enough', async () => {
		const { s3, name: bucket } = await TestBucket.open(server());
		const begin = async (key: string) =>
			await s3.send('CreateMultipartUpload', { Bucket: bucket, Key: key }, call);
		await begin('p/a+b');
		await begin('p/ü');
		const odd = ['p/line\nbreak', 'p/100%', 'p/a b', 'p/&<"'];
		for (const key of odd) await begin(key);
		await begin('q');
		const clean = async (begunBefore: Date, dryRun = false) =>
			await cleanUpUploads(s3, { bucket, prefix: 'p/', begunBefore, dryRun }, call);
		const later = new Date(Date.now() + 3_600_000);
		const before = new Date(Date.now() - 3_600_000);
		expect(await clean(before)).toMatchObject({ matched: [], aborted: 0, kept: 6 });
		expect(await clean(later, true)).toMatchObject({ aborted: 0, kept: 0 });
		const { matched, aborted, failed } = await clean(later);
		expect(matched.map(({ key }) => key).sort()).toEqual(['p/a+b', 'p/ü', ...odd].sort());
		expect({ aborted, failed }).toEqual({ aborted: 6, failed: [] });
		const all = { bucket, begunBefore: later, dryRun: false };
		expect(await cleanUpUploads(s3, all, call)).toMatchObject({ aborted: 1 });
		expect(await cleanUpUploads(s3, all, call)).toMatchObject({ aborted: 0, kept: 0 });
	});
}
