import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { bodyOf, requestRange } from '../../../../s3/download/requestRange';
import { bodyBufferOf } from '../../../../s3/memory/BodyBuffer';
import { S3Failure } from '../../../../s3/S3Failure';
import type { GetObjectCommandOutput } from '../../../../s3/sdk';
import { bytesOf, ETAG, FakeS3 } from './FakeS3';

const bytes = bytesOf(1000);
const call = { signal: undefined };

it('a range of a body is asked for with its first and last byte and the ETag', async () => {
	const s3 = new FakeS3(bytes);
	const body = await requestRange(s3.download(), { start: 10, end: 20 }, call);
	expect((await buffer(body)).equals(bytes.subarray(10, 20))).toBe(true);
	expect(s3.sent).toEqual([
		['GetObject', { Bucket: 'bucket', Key: 'key', Range: 'bytes=10-19', IfMatch: ETAG }],
	]);
});

it('a range of unknown end is asked for to the end of the object', async () => {
	const s3 = new FakeS3(bytes);
	const body = await requestRange(s3.download(), { start: 10, end: undefined }, call);
	expect((await buffer(body)).equals(bytes.subarray(10))).toBe(true);
	expect(s3.ranges).toEqual(['bytes=10-']);
});

it('a range of a body that is itself a range is counted from where that begins', async () => {
	const s3 = new FakeS3(bytes);
	const download = s3.download({ ContentRange: 'bytes 500-599/1000' });
	const body = await requestRange(download, { start: 10, end: 20 }, call);
	expect((await buffer(body)).equals(bytes.subarray(510, 520))).toBe(true);
});

it('a range is read into a buffer if there is one', async () => {
	const body = bodyBufferOf(Buffer.alloc(10));
	const s3 = new FakeS3(bytes);
	await requestRange(s3.download(), { start: 10, end: 20 }, { ...call, body });
	expect(body.memory.equals(bytes.subarray(10, 20))).toBe(true);
});

it.each([
	['has another ETag', { ETag: '"other"' }, 'the object was replaced while it was being read'],
	['has no ETag', { ETag: undefined }, 'without an ETag, so it may be one of another object'],
	['begins elsewhere', { ContentRange: 'bytes 9-19/1000' }, 'the download broke off after 10'],
	['is not a range', { ContentRange: undefined }, 'the download broke off after 10'],
])('a response that %s is an error, and its body is destroyed', async (_, fields, message) => {
	const body = Readable.from([bytes]);
	const s3 = new FakeS3(bytes);
	const { send } = s3;
	s3.send = async (...of) => ({ ...(await send(...of)), ...fields, Body: body });
	await expect(requestRange(s3.download(), { start: 10, end: 20 }, call)).rejects.toMatchObject({
		kind: 'corrupt',
		message: expect.stringContaining(message) as string,
	});
	expect(body.destroyed).toBe(true);
});

it('a response without an ETag is taken for one of the same object if the first had none', async () => {
	const s3 = new FakeS3(bytes, () => ({ ETag: undefined }));
	const download = s3.download({ ETag: undefined });
	const body = await requestRange(download, { start: 10, end: 20 }, call);
	expect((await buffer(body)).equals(bytes.subarray(10, 20))).toBe(true);
});

it.each([
	['precondition', 'corrupt'],
	['denied', 'denied'],
] as const)('a failure of kind %s is one of kind %s for the download', async (kind, expected) => {
	const s3 = new FakeS3(bytes, () => {
		throw new S3Failure({ kind, message: 'failed', advice: '' });
	});
	await expect(requestRange(s3.download(), { start: 0, end: 1 }, call)).rejects.toMatchObject({
		kind: expected,
	});
});

it('a body that is not a Node stream is a mistake of the program', () => {
	expect(() => bodyOf({ Body: 'text' } as unknown as GetObjectCommandOutput)).toThrow(
		'the SDK gives a Node stream as the body',
	);
});
