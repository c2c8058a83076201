import { cleanUpUploads } from '../../s3/buckets/cleanUpUploads';
import { deleteBucket } from '../../s3/buckets/deleteBucket';
import { listBuckets } from '../../s3/buckets/listBuckets';
import type { TestServer } from '../servers/TestServer';
import { content } from './content';
import { TestBucket } from './TestBucket';

/** How a server has to refuse. */
export function describeRefusals(server: () => TestServer): void {
	let bucket: TestBucket;
	beforeAll(async () => {
		bucket = await TestBucket.open(server());
	});

	it('a failure names a key that does not exist', async () => {
		await expect(bucket.get('nonesuch')).rejects.toMatchObject({
			kind: 'notFound',
			code: 'NoSuchKey',
			status: 404,
			requestId: expect.any(String) as string,
			message: `Could not get “nonesuch” in bucket “${bucket.name}”: there is no object with this key`,
		});
	});

	it('a failure says that a bucket does not exist', async () => {
		const nowhere = { bucket: 'no-such-bucket-anywhere' };
		await expect(bucket.list(nowhere)).rejects.toMatchObject({
			code: 'NoSuchBucket',
			kind: 'notFound',
		});
		await expect(bucket.get('key', nowhere)).rejects.toMatchObject({ code: 'NoSuchBucket' });
		await expect(bucket.put('key', 'x', nowhere)).rejects.toMatchObject({ code: 'NoSuchBucket' });
		await expect(
			bucket.put('key', content, { ...nowhere, multipartThreshold: 0 }),
		).rejects.toMatchObject({ code: 'NoSuchBucket' });
	});

	it.each([
		['secret', 'SignatureDoesNotMatch', { secretAccessKey: 'wrong' }],
		['access key', 'InvalidAccessKeyId', { accessKeyId: 'NOBODYKNOWSTHISKEY00' }],
	])('a failure tells a wrong %s', async (_, code, wrong) => {
		const identity = {
			kind: 'accessKeys',
			...server().users.main,
			sessionToken: undefined,
			...wrong,
		} as const;
		const stranger = await bucket.over({ identity });
		const { s3, name } = stranger;
		const call = { signal: undefined };
		for (const work of [
			() => stranger.get('key'),
			() => stranger.put('key', content),
			() => stranger.list(),
			() => stranger.versions(),
			() => stranger.delete('key'),
			() => stranger.deletePrefix('key'),
			() => stranger.undelete({ scope: { key: 'key' } }),
			() => stranger.tags('key'),
			() => stranger.setTags('key', { mode: 'replace', tags: {} }),
			() => listBuckets(s3, {}, call).next(),
			() => deleteBucket(s3, { bucket: name }, call),
			() => cleanUpUploads(s3, { bucket: name, begunBefore: new Date(), dryRun: true }, call),
		]) {
			await expect(work()).rejects.toMatchObject({ kind: 'credentials', code });
		}
	});

	it('a failure comes before any request for other buckets than the credential’s', async () => {
		const bound = await bucket.over({ bucket: bucket.name, bucketOnly: true });
		await bound.put('mine', 'x');
		await expect(bound.list({ bucket: 'another' })).rejects.toMatchObject({ kind: 'refused' });
	});
}
