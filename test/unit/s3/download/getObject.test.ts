import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { getObject } from '../../../../s3/download/getObject';
import { RANGE_SIZE } from '../../../../s3/download/parallelReader';
import { RetryBudget } from '../../../../s3/RetryBudget';
import { bytesOf, ETAG, FakeS3 } from './FakeS3';

const small = bytesOf(1000);
const call = { signal: undefined };
const object = { bucket: 'bucket', key: 'key' };

function crcOf(bytes: Buffer): string {
	const value = Buffer.alloc(4);
	value.writeUInt32BE(crc32(bytes));
	return value.toString('base64');
}

it('a request carries everything that was asked for', async () => {
	const s3 = new FakeS3(small);
	const ifModifiedSince = new Date('2020-01-01');
	const ifUnmodifiedSince = new Date('2030-01-01');
	await getObject(
		s3,
		{
			...object,
			versionId: 'v',
			range: 'bytes=0-9',
			ifMatch: '"a"',
			ifNoneMatch: '"b"',
			ifModifiedSince,
			ifUnmodifiedSince,
			customerKey: Buffer.alloc(32).toString('base64'),
			requestPayer: true,
			expectedBucketOwner: '111122223333',
		},
		call,
	);
	expect(s3.sent).toEqual([
		[
			'GetObject',
			{
				Bucket: 'bucket',
				Key: 'key',
				VersionId: 'v',
				Range: 'bytes=0-9',
				IfMatch: 'a',
				IfNoneMatch: 'b',
				IfModifiedSince: ifModifiedSince,
				IfUnmodifiedSince: ifUnmodifiedSince,
				SSECustomerAlgorithm: 'AES256',
				SSECustomerKey: Buffer.alloc(32).toString('base64'),
				RequestPayer: 'requester',
				ExpectedBucketOwner: '111122223333',
			},
		],
	]);
});

it('the head is there before the body, and whether it is verified after it', async () => {
	const s3 = new FakeS3(small, () => ({ ChecksumCRC32: crcOf(small) }));
	const { head, body, verified } = await getObject(s3, object, call);
	expect(head).toMatchObject({ ...object, etag: ETAG, size: 1000 });
	expect(verified()).toBe(false);
	expect((await buffer(body)).equals(small)).toBe(true);
	expect(verified()).toBe(true);
});

it('a body of other bytes than its checksum is of is destroyed after the last byte', async () => {
	const s3 = new FakeS3(small, () => ({ ChecksumCRC32: 'AAAAAA==' }));
	const { body, verified } = await getObject(s3, object, call);
	let length = 0;
	body.on('data', (chunk: Buffer) => (length += chunk.length));
	await expect(buffer(body)).rejects.toMatchObject({ kind: 'corrupt' });
	expect(length).toBe(1000);
	expect(verified()).toBe(false);
});

it('a composite checksum of several parts has the first response left and its parts asked for', async () => {
	const bytes = bytesOf(100_000);
	const sums = [bytes.subarray(0, 65_536), bytes.subarray(65_536)].map(crcOf);
	const sum = crcOf(Buffer.concat(sums.map((value) => Buffer.from(value, 'base64'))));
	const s3 = new FakeS3(bytes, ({ PartNumber }) =>
		PartNumber === undefined
			? { ChecksumCRC32: `${sum}-2` }
			: { PartsCount: 2, ContentLength: 65_536 },
	);
	const { body, verified } = await getObject(s3, object, call);
	expect((await buffer(body)).equals(bytes)).toBe(true);
	expect(verified()).toBe(true);
	expect(s3.sent.map(([name, { PartNumber, Range }]) => [name, PartNumber, Range])).toEqual([
		['GetObject', undefined, undefined],
		['HeadObject', 1, undefined],
		['GetObject', undefined, 'bytes=0-99999'],
	]);
});

it.each([
	['a byte less than two ranges', 2 * RANGE_SIZE - 1, {}, 1],
	['two ranges', 2 * RANGE_SIZE, {}, 3],
	['two ranges without an ETag', 2 * RANGE_SIZE, { ETag: undefined }, 1],
])('an object of %s takes the right number of requests', async (_, size, fields, requests) => {
	const bytes = Buffer.alloc(size, 7);
	const s3 = new FakeS3(bytes, () => fields);
	const { body } = await getObject(s3, object, call);
	expect((await buffer(body)).equals(bytes)).toBe(true);
	expect(s3.sent).toHaveLength(requests);
});

it('an object of two ranges of unknown length is read with one request, and its length asked for after it', async () => {
	const bytes = Buffer.alloc(2 * RANGE_SIZE, 7);
	const s3 = new FakeS3(bytes, (_, count) => (count === 1 ? { ContentLength: undefined } : {}));
	const { body } = await getObject(s3, object, call);
	expect((await buffer(body)).equals(bytes)).toBe(true);
	expect(s3.sent.map(([name]) => name)).toEqual(['GetObject', 'HeadObject']);
});

it.each(['0-9', 'bytes=-', 'bytes=5', 'bytes=0-1,3-4', 'items=0-1'])(
	'the range %s is refused before any request',
	async (range) => {
		const s3 = new FakeS3(small);
		await expect(getObject(s3, { ...object, range }, call)).rejects.toMatchObject({
			kind: 'invalid',
			message: `“${range}” is not a range of bytes (“key” in bucket “bucket”)`,
			...object,
		});
		expect(s3.sent).toEqual([]);
	},
);

it('a whole object in place of a range is an error', async () => {
	const s3 = new FakeS3(small, () => ({ ContentRange: undefined }));
	await expect(getObject(s3, { ...object, range: 'bytes=0-9' }, call)).rejects.toMatchObject({
		kind: 'corrupt',
		message: expect.stringContaining('the server ignored the range') as string,
	});
});

it.each<[string, string | undefined, object]>([
	['a part in place of a whole object', undefined, { ContentRange: 'bytes 0-9/1000' }],
	['status 206 for a whole object', undefined, { $metadata: { httpStatusCode: 206 } }],
	['another range', 'bytes=0-9', { ContentRange: 'bytes 500-509/1000' }],
	['less than the range', 'bytes=0-9', { ContentRange: 'bytes 0-8/1000' }],
	['a range that was cut off', 'bytes=0-9', { ContentLength: 5 }],
])('%s is an error, and its body is destroyed', async (_, range, fields) => {
	const body = Readable.from([small]);
	const s3 = new FakeS3(small);
	const { send } = s3;
	s3.send = async (...of) => ({ ...(await send(...of)), ...fields, Body: body });
	await expect(getObject(s3, { ...object, range }, call)).rejects.toMatchObject({
		kind: 'corrupt',
		message: expect.stringMatching(/: the server sent .* and not /) as string,
	});
	expect(body.destroyed).toBe(true);
});

it('all requests after the first share the time for repetitions', async () => {
	const bytes = Buffer.alloc(2 * RANGE_SIZE, 7);
	const s3 = new FakeS3(bytes);
	const sent = jest.spyOn(s3, 'send');
	const { body } = await getObject(s3, object, { ...call, retryFor: 5000 });
	await buffer(body);
	const [first, ...ranges] = sent.mock.calls.map(([, , { budget }]) => budget);
	expect(first).toBeUndefined();
	expect(ranges).toHaveLength(2);
	expect(new Set(ranges).size).toBe(1);
	expect(ranges[0]).toBeInstanceOf(RetryBudget);
	expect(sent.mock.calls.every(([, , { retryFor }]) => retryFor === 5000)).toBe(true);
});

it('the signal of the caller is let go of when the body has ended', async () => {
	const { signal } = new AbortController();
	const listeners = jest.spyOn(signal, 'removeEventListener');
	const { body } = await getObject(new FakeS3(small), object, { signal });
	await buffer(body);
	expect(listeners).toHaveBeenCalledWith('abort', expect.any(Function));
});

it('a range whose response has no length is as long as it says', async () => {
	const s3 = new FakeS3(
		small,
		(_, count) => (count === 1 ? { ContentLength: undefined } : {}),
		(bytes, count) => (count === 1 ? [bytes.subarray(0, 4)] : [bytes]),
	);
	const { head, body } = await getObject(s3, { ...object, range: 'bytes=10-19' }, call);
	expect(head.size).toBe(10);
	expect((await buffer(body)).equals(small.subarray(10, 20))).toBe(true);
	expect(s3.ranges).toEqual(['bytes=10-19', 'bytes=14-19']);
});
