import { lengthCheckingReader } from '../../../../s3/download/lengthCheck';
import { S3Failure } from '../../../../s3/S3Failure';
import { bytesOf, collect, ETAG, FakeS3 } from './FakeS3';

const bytes = bytesOf(1000);
const call = { signal: undefined };

/** Reads a body of so many bytes, of an object whose head is this. */
function read(length: number, head: () => object, signal?: AbortSignal) {
	const s3 = new FakeS3(bytes, head);
	async function* chunks() {
		yield await Promise.resolve(bytes.subarray(0, length));
	}
	const download = s3.download({ ContentLength: undefined });
	return { s3, reader: lengthCheckingReader(download, chunks(), { ...call, signal }) };
}

it('a body that is as long as the object is passed on', async () => {
	const { s3, reader } = read(1000, () => ({}));
	expect((await collect(reader)).equals(bytes)).toBe(true);
	expect(s3.sent).toEqual([['HeadObject', { Bucket: 'bucket', Key: 'key', IfMatch: ETAG }]]);
});

it.each([
	['shorter', 1001],
	['longer', 999],
])('a body is an error after its last byte if it is %s than the object', async (_, size) => {
	const { reader } = read(1000, () => ({ ContentLength: size }));
	await reader.next();
	await expect(reader.next()).rejects.toMatchObject({
		kind: 'corrupt',
		message: expect.stringContaining(`broke off after 1000 of ${size} bytes`) as string,
	});
});

it.each<[string, () => object]>([
	['does not say it', () => ({ ContentLength: undefined })],
	[
		'knows no HEAD',
		() => {
			throw new S3Failure({ kind: 'rejected', message: 'm', advice: 'a' });
		},
	],
])('a body is an error if nobody knows how long the object is: the server %s', async (_, head) => {
	const { reader } = read(1000, head);
	await expect(collect(reader)).rejects.toMatchObject({
		kind: 'corrupt',
		message: expect.stringContaining('does not say how long it is') as string,
	});
});

it('a request for the length that was stopped is a cancel', async () => {
	const { reader } = read(1000, () => ({}), AbortSignal.abort());
	await expect(collect(reader)).rejects.toMatchObject({ kind: 'cancelled' });
});
