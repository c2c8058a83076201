/** Copies between two connections, and on servers that do not copy by themselves. */
import { randomBytes } from 'node:crypto';
import { openS3 } from '../../../s3/client/openS3';
import type { OpenS3 } from '../../../s3/client/S3';
import { copyBetween } from '../../../s3/objects/copyBetween';
import { rejectionOf } from '../../unit/failureOf';
import { connectionTo } from '../../servers/connectionTo';
import { withConnection } from '../../servers/withServer';
import { copyOver, FULL, keptHeaders, MiB, putFull, requestWith, SMALL_PARTS } from './copies';
import { bucket, call, objectServer } from './objectServer';

const objects = objectServer();
const other = withConnection({ bucketsOfEachTest: [bucket] });
const CRC32 = { ChecksumAlgorithm: 'CRC32' as const };
const NOT_IMPLEMENTED = { kind: 'answer', status: 501, code: 'NotImplemented' } as const;

const copyTo = (
	target: OpenS3,
	request: Parameters<typeof requestWith>[0] = {},
	source = objects.s3,
) => copyBetween({ source, target }, requestWith(request), call, SMALL_PARTS);
const bytesOf = async (s3: OpenS3, key = 'copy') => {
	const { Body } = await s3.send('GetObject', { Bucket: bucket, Key: key }, call);
	return Buffer.from((await Body?.transformToByteArray()) ?? []);
};
const callsOf = (server: { requests: { operation: string | undefined }[] }) =>
	server.requests.map(({ operation }) => operation);

it('a copy to another server is streamed, with content headers, metadata and tags', async () => {
	await putFull(objects.s3, 'content');
	const copied = await copyTo(other.s3);
	expect(copied).toMatchObject({ copiedBy: 'stream', size: 7, parts: 1, skipped: false });
	expect((await bytesOf(other.s3)).toString()).toBe('content');
	expect(keptHeaders(other, 'copy')).toEqual(keptHeaders(objects.server, 'key'));
	expect(other.store.bucket(bucket).get('copy')?.tags).toEqual({ 'a b': 'c+d' });
	expect(callsOf(other)).toContain('PutObject');
	expect(callsOf(other)).not.toContain('CopyObject');
});

it('a streamed copy of an object whose file name is stored as bytes of UTF-8 has that name', async () => {
	await putFull(objects.s3, 'content');
	const { headers } = objects.stored('key')!;
	headers['content-disposition'] = Buffer.from('inline; filename="Miniö"').toString('latin1');
	await copyTo(other.s3);
	expect(keptHeaders(other, 'copy')['content-disposition']).toBe(
		`inline; filename="Mini_"; filename*=UTF-8''Mini%C3%B6`,
	);
});

it('a streamed copy has new metadata, no tags and the class of the source if that is asked for', async () => {
	await putFull(objects.s3, 'content');
	const request = {
		metadataDirective: 'replace',
		tagsDirective: 'drop',
		keepStorageClass: true,
	} as const;
	await copyTo(other.s3, { ...request, contentType: 'text/b' });
	expect(keptHeaders(other, 'copy')).toEqual({ 'content-type': 'text/b' });
	expect(other.store.bucket(bucket).get('copy')).toMatchObject({
		tags: {},
		headers: { 'x-amz-storage-class': FULL.StorageClass },
	});
	expect(objects.sent('GetObjectTagging')).toEqual([]);
});

it('a copy over two connections with the same keys is made by the server', async () => {
	await objects.put('key');
	const target = await objects.server.connect();
	expect(await copyTo(target)).toMatchObject({ copiedBy: 'server', size: 7 });
	expect(objects.operations()).toEqual(['HeadObject', 'CopyObject']);
});

it('a copy over a connection whose only bucket is another is streamed', async () => {
	await objects.put('key');
	objects.server.store.makeBucket('only', 'us-east-1');
	const target = await objects.server.connect({ bucket: 'only', bucketOnly: true });
	expect(await copyTo(target, { bucket: 'only' })).toMatchObject({ copiedBy: 'stream' });
});

it('a copy that an owner of a connection forbids is refused before any request', async () => {
	await objects.put('key');
	const source = await objects.server.connect({ privacyLevel: 'private' });
	const failure = await rejectionOf(copyTo(other.s3, {}, source));
	expect(failure).toMatchObject({ kind: 'refused' });
	expect(failure.message).toContain('Privacy Level of this credential is private');
	expect([...objects.operations(), ...callsOf(other)]).toEqual([]);
});

it('a server that does not copy by itself gets the bytes, and is not asked again', async () => {
	const s3 = await objects.server.connect();
	await objects.put('key');
	objects.server.faults.add({ operation: 'CopyObject', effect: NOT_IMPLEMENTED });
	expect(await copyOver(s3)).toMatchObject({ copiedBy: 'stream', size: 7 });
	expect(await copyOver(s3)).toMatchObject({ copiedBy: 'stream', size: 7 });
	expect(objects.sent('CopyObject')).toHaveLength(1);
	expect((await bytesOf(s3)).toString()).toBe('content');
});

it('a server that does not copy parts gets the bytes, and no upload stays open', async () => {
	const s3 = await objects.server.connect();
	const content = randomBytes(6 * MiB);
	await putFull(objects.s3, content);
	objects.server.faults.add({ operation: 'UploadPartCopy', effect: NOT_IMPLEMENTED });
	const copied = await copyOver(s3, { multipartThreshold: 5 * MiB });
	expect(copied).toMatchObject({ copiedBy: 'stream', size: content.length });
	expect((await bytesOf(s3)).equals(content)).toBe(true);
	expect(objects.bucket.uploads.size).toBe(0);
	expect(await copyOver(s3, { key: 'one' })).toMatchObject({ copiedBy: 'server' });
});

it('a copy only if different is skipped if size and checksum of all bytes are the same', async () => {
	await putFull(objects.s3, 'content', CRC32);
	await copyOver(objects.s3);
	objects.server.requests.length = 0;
	const { etag } = objects.stored('copy')!;
	expect(await copyOver(objects.s3, { overwrite: 'ifDifferent' })).toMatchObject({
		etag,
		skipped: true,
		copiedBy: undefined,
		size: 7,
		reason: 'The object there has the same size and the same CRC32',
	});
	expect(objects.operations()).toEqual(['HeadObject', 'HeadObject']);
});

it.each([
	['there is none', CRC32, undefined],
	['its bytes differ', CRC32, 'CONTENT'],
	['there is no checksum to compare, though the ETag is the same', {}, 'content'],
])('a copy only if different is made if %s', async (_, more, there) => {
	await putFull(objects.s3, 'content', more);
	if (there !== undefined) {
		const input = { Bucket: bucket, Key: 'copy', Body: there };
		await objects.s3.send('PutObject', { ...input, ...more }, call);
	}
	const copied = await copyOver(objects.s3, { overwrite: 'ifDifferent' });
	expect(copied).toMatchObject({ skipped: false, copiedBy: 'server' });
	expect((await bytesOf(objects.s3)).toString()).toBe('content');
});

it('a copy only if different is made if the object there cannot be looked at', async () => {
	await objects.put('key');
	const effect = { kind: 'answer', status: 403 } as const;
	objects.server.faults.add({ operation: 'HeadObject', key: 'copy', effect });
	expect(await copyOver(objects.s3, { overwrite: 'ifDifferent' })).toMatchObject({
		skipped: false,
	});
});

it('a copy to another region of one server is sent to the region of the target', async () => {
	await objects.put('key');
	objects.server.store.makeBucket('far', 'eu-central-1');
	const s3 = await openS3(connectionTo(objects.server));
	expect(await copyOver(s3, { bucket: 'far' })).toMatchObject({ copiedBy: 'server' });
});

it('a copy that must not overwrite fails also if the object there is equal', async () => {
	await putFull(objects.s3, 'content', CRC32);
	await copyOver(objects.s3);
	const failure = await rejectionOf(copyOver(objects.s3, { overwrite: 'never' }));
	expect(failure).toMatchObject({ kind: 'precondition' });
});
