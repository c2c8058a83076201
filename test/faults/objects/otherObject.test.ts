/** Moves of an object onto itself where it has two names. */
import { copySource } from '../../../s3/headers/copySource';
import type { S3 } from '../../../s3/client/S3';
import { moveObject } from '../../../s3/objects/moveObject';
import { keyBytes } from '../../servers/embedded/store';
import { withConnection } from '../../servers/withServer';
import { rejectionOf } from '../../unit/failureOf';
import { asAws } from '../asAws';
import { putFull, requestWith } from './copies';
import { bucket, call, objectServer } from './objectServer';

const objects = objectServer();
const other = withConnection({ bucketsOfEachTest: [bucket] });

/** Moves to the same key. */
const moveOver = (source: S3, target: S3, request: Parameters<typeof requestWith>[0] = {}) =>
	moveObject({ source, target }, requestWith({ key: 'key', ...request }), call);

beforeEach(async () => {
	await putFull(objects.s3, 'content', { ChecksumAlgorithm: 'CRC32' });
});

it('a move of an object onto itself by another address of the server is refused, and loses nothing', async () => {
	const endpoint = objects.server.endpoint.replace('127.0.0.1', '127.1');
	const alias = await objects.server.connect({ endpoint });
	for (const overwrite of ['always', 'never', 'ifDifferent'] as const) {
		const failure = await rejectionOf(moveOver(objects.s3, alias, { overwrite }));
		expect(failure).toMatchObject({ kind: 'invalid' });
		expect(failure.message).toContain('seem to be the same object, which would be lost');
		expect(objects.stored('key')).toBeDefined();
	}
	expect(objects.sent('DeleteObject')).toEqual([]);
});

it('a move of an object onto itself by an access point is refused, and loses nothing', async () => {
	const point = 'arn:aws:s3:us-east-1:111122223333:accesspoint/reports';
	const s3 = asAws(objects.s3);
	const send: S3['send'] = async (name, input, options) => {
		const { Bucket, CopySource } = input as { Bucket?: string; CopySource?: string };
		const real = { ...input, Bucket: Bucket === point ? bucket : Bucket };
		const source = CopySource && { CopySource: copySource({ bucket, key: 'key' }) };
		return await objects.s3.send(name, { ...real, ...source }, options);
	};
	const renaming = { ...s3, send };
	const request = { source: { bucket: point }, storageClass: 'STANDARD_IA' };
	expect(await rejectionOf(moveOver(renaming, renaming, request))).toMatchObject({
		kind: 'invalid',
	});
	expect(objects.stored('key')).toBeDefined();
});

it('a move to the same bucket and key of another server is none onto itself', async () => {
	const found = objects.stored('key')!;
	await moveOver(objects.s3, other.s3);
	objects.bucket.put(keyBytes('key'), found).lastModified = new Date(0);
	expect(await moveOver(objects.s3, other.s3)).toMatchObject({ sourceDeleted: true });
	expect(objects.stored('key')).toBeUndefined();
	expect(other.store.bucket(bucket).get(keyBytes('key'))).toBeDefined();
});

it.each([
	['ETags', undefined, 'CONTENT'],
	['version IDs', 'Enabled', 'content'],
] as const)(
	'an object of the same size and date on another server is another one by its %s',
	async (_, versioning, content) => {
		const target = other.store.bucket(bucket);
		objects.bucket.versioning = versioning;
		target.versioning = versioning;
		await putFull(objects.s3, 'content');
		await putFull(other.s3, content);
		const versions = [objects.bucket, target].map((one) => one.get(keyBytes('key'))!);
		for (const version of versions) version.lastModified = new Date(0);
		expect(await moveOver(objects.s3, other.s3)).toMatchObject({ sourceDeleted: true });
		expect(target.get(keyBytes('key'))?.etag).toBe(versions[0]?.etag);
	},
);
