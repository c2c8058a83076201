import { haveEqualSizes, partsOf } from '../../../../s3/download/parts';
import { ETAG, FakeS3 } from './FakeS3';

const KIB = 1024;
const call = { signal: undefined };

it('the size of the parts is the length of the first one', async () => {
	const s3 = new FakeS3(Buffer.alloc(1000 * KIB), () => ({
		PartsCount: 4,
		ContentLength: 300 * KIB,
	}));
	expect(await partsOf(s3.download(), 4, call)).toEqual({ count: 4, size: 300 * KIB });
	const input = { Bucket: 'bucket', Key: 'key', IfMatch: ETAG, PartNumber: 1 };
	expect(s3.sent).toEqual([['HeadObject', input]]);
});

it('a single part is as large as the object, for which nothing is asked', async () => {
	const s3 = new FakeS3(Buffer.alloc(1000));
	expect(await partsOf(s3.download(), 1, call)).toEqual({ count: 1, size: 1000 });
	expect(s3.sent).toEqual([]);
});

it.each([
	['says no number of parts', { PartsCount: undefined, ContentLength: 300 * KIB }],
	['says another number of parts', { PartsCount: 5, ContentLength: 300 * KIB }],
	['says no length', { PartsCount: 4, ContentLength: undefined }],
	['says a length of nothing', { PartsCount: 4, ContentLength: 0 }],
	['says too large a length', { PartsCount: 4, ContentLength: 334 * KIB }],
	['says too small a length', { PartsCount: 4, ContentLength: 249 * KIB }],
])('the size of the parts is unknown if the server %s', async (_, response) => {
	const s3 = new FakeS3(Buffer.alloc(1000 * KIB), () => response);
	expect(await partsOf(s3.download(), 4, call)).toBeUndefined();
});

it.each([
	[64 * KIB - 1, undefined],
	[64 * KIB, { count: 2, size: 64 * KIB }],
])('parts of %i bytes are taken for parts if they are not too small', async (size, parts) => {
	const s3 = new FakeS3(Buffer.alloc(size + 1), () => ({ PartsCount: 2, ContentLength: size }));
	expect(await partsOf(s3.download(), 2, call)).toEqual(parts);
});

it('the size of the parts is unknown if the request fails', async () => {
	const s3 = new FakeS3(Buffer.alloc(1000), () => {
		throw new Error('not implemented');
	});
	expect(await partsOf(s3.download(), 4, call)).toBeUndefined();
	expect(await haveEqualSizes(s3.download(), { count: 4, size: 300 }, call)).toBe(false);
});

it('a request that was stopped is a cancel', async () => {
	const s3 = new FakeS3(Buffer.alloc(1000));
	const stopped = { signal: AbortSignal.abort() };
	await expect(partsOf(s3.download(), 4, stopped)).rejects.toMatchObject({ kind: 'cancelled' });
});

it.each([
	['of the size of the first', 300, true],
	['of another size', 299, false],
	['of unknown size', undefined, false],
])('parts are equal if the one before the last is %s: %s', async (_, ContentLength, expected) => {
	const s3 = new FakeS3(Buffer.alloc(1000), ({ PartNumber }) => ({
		ContentLength: PartNumber === 3 ? ContentLength : 300,
	}));
	expect(await haveEqualSizes(s3.download(), { count: 4, size: 300 }, call)).toBe(expected);
	expect(s3.sent.map(([, { PartNumber }]) => PartNumber)).toEqual([2, 3]);
});

it('of many parts each is asked for its size, sixteen at a time', async () => {
	const s3 = new FakeS3(Buffer.alloc(1000), () => ({ ContentLength: 10 }));
	expect(await haveEqualSizes(s3.download(), { count: 100, size: 10 }, call)).toBe(true);
	const asked = s3.sent.map(([, { PartNumber }]) => PartNumber);
	expect(asked).toEqual(Array.from({ length: 98 }, (_, i) => i + 2));
	s3.sent.length = 0;
	expect(await haveEqualSizes(s3.download(), { count: 100, size: 11 }, call)).toBe(false);
	expect(s3.sent).toHaveLength(16);
});

it.each([
	{ count: 1, size: 1000 },
	{ count: 2, size: 600 },
])('nothing is asked of $count parts: the first one says how large both are', async (parts) => {
	const s3 = new FakeS3(Buffer.alloc(1000));
	expect(await haveEqualSizes(s3.download(), parts, call)).toBe(true);
	expect(s3.sent).toEqual([]);
});
