import { createHash } from 'node:crypto';
import { etagVerifyingReader, startEtagMd5 } from '../../../../s3/download/etagVerification';
import type { VerifyEtag } from '../../../../s3/download/etagVerification';
import { bytesOf, collect, ETAG, FakeS3 } from './FakeS3';

const MiB = 1024 * 1024;
const bytes = bytesOf(1000);
const md5 = createHash('md5').update(bytes).digest('hex');
const call = { signal: undefined };

const starts = (response: object, verifyEtag: VerifyEtag = 'auto', request = {}) => {
	const download = new FakeS3(bytes).download(response);
	Object.assign(download.request, request);
	return startEtagMd5(download, verifyEtag) !== undefined;
};

it.each<[string, object, boolean]>([
	['that is small', {}, true],
	['of 8 MiB', { ContentLength: 8 * MiB }, true],
	['of more than 8 MiB', { ContentLength: 8 * MiB + 1 }, false],
	['of unknown length', { ContentLength: undefined }, true],
	['under S3’s own encryption', { ServerSideEncryption: 'AES256' }, true],
	['under a KMS key', { ServerSideEncryption: 'aws:kms' }, false],
	['under two layers of a KMS key', { ServerSideEncryption: 'aws:kms:dsse' }, false],
	['that was uploaded in parts', { ETag: `"${ETAG}-2"` }, false],
	['whose ETag is in upper case', { ETag: ETAG.toUpperCase() }, true],
	['whose ETag is no MD5', { ETag: '"0x8D9F1C2B"' }, false],
	['without an ETag', { ETag: undefined }, false],
	['of which a range is read', { ContentRange: 'bytes 0-9/1000' }, false],
])('the MD5 of an object %s is compared with its ETag: %s', (_, response, expected) => {
	expect(starts(response)).toBe(expected);
});

it('the MD5 of an object of any size is compared if that was asked for, or of none', () => {
	expect(starts({ ContentLength: 9 * MiB }, 'always')).toBe(true);
	expect(starts({ ServerSideEncryption: 'aws:kms' }, 'always')).toBe(false);
	expect(starts({}, 'never')).toBe(false);
});

it('the MD5 of an object under a customer’s own key is not compared', () => {
	const download = new FakeS3(bytes).download({ SSECustomerAlgorithm: 'AES256' });
	download.input.SSECustomerKey = 'key';
	expect(startEtagMd5(download, 'always')).toBeUndefined();
});

it.each([
	'name--use1-az4--x-s3',
	'arn:aws:s3-object-lambda:us-east-1:111122223333:accesspoint/a',
	'alias-abc--ol-s3',
	'alias-abc-ext-s3alias',
])('the MD5 of an object is not compared where ETags are none: %s', (bucket) => {
	expect(starts({}, 'always', { bucket })).toBe(false);
});

/** Reads bytes of an object that has others, or the ETag of others. */
function read(s3: FakeS3, arrived: Buffer, etag = md5, isAws = false) {
	if (isAws) Object.assign(s3.connection, { endpoint: undefined });
	async function* chunks() {
		yield await Promise.resolve(arrived.subarray(0, 400));
		yield await Promise.resolve(arrived.subarray(400));
	}
	const download = s3.download({ ETag: etag, ContentLength: arrived.length });
	return etagVerifyingReader(
		download,
		chunks(),
		{ sum: createHash('md5'), verifyEtag: 'auto' },
		call,
	);
}

const sameEtag = (etag: string) => () => ({ ETag: `"${etag}"` });
const flipped = Buffer.from(bytes);
flipped[700]! ^= 1;

it('bytes that have the MD5 of the ETag are passed on without a request', async () => {
	const s3 = new FakeS3(bytes);
	expect((await collect(read(s3, bytes, md5.toUpperCase()))).equals(bytes)).toBe(true);
	expect(s3.sent).toEqual([]);
});

it('other bytes on AWS are damaged, for which nothing is asked', async () => {
	const s3 = new FakeS3(bytes);
	await expect(collect(read(s3, flipped, md5, true))).rejects.toMatchObject({
		kind: 'corrupt',
		retryable: true,
		message: expect.stringContaining('do not have the MD5 that is its ETag') as string,
	});
	expect(s3.sent).toEqual([]);
});

it('other bytes than those that the server sends the next time are damaged', async () => {
	const s3 = new FakeS3(bytes, sameEtag(md5));
	await expect(collect(read(s3, flipped))).rejects.toMatchObject({ kind: 'corrupt' });
	expect(s3.ranges).toEqual(['bytes=0-499', 'bytes=500-999']);
});

it('bytes that change at the same place of each response are damaged', async () => {
	const s3 = new FakeS3(bytes, sameEtag(md5), (body) => {
		const other = Buffer.from(body);
		other[300]! ^= 1;
		return [other];
	});
	const arrived = Buffer.from(bytes);
	arrived[300]! ^= 1;
	await expect(collect(read(s3, arrived))).rejects.toMatchObject({ kind: 'corrupt' });
});

it('bytes that were cut off with a length that fits are damaged', async () => {
	const s3 = new FakeS3(bytes, sameEtag(md5));
	await expect(collect(read(s3, bytes.subarray(0, 600)))).rejects.toMatchObject({
		kind: 'corrupt',
	});
});

it('bytes that the server sends each time are what it has: its ETag is no MD5', async () => {
	const s3 = new FakeS3(bytes, sameEtag(ETAG));
	expect((await collect(read(s3, bytes, ETAG))).equals(bytes)).toBe(true);
});
