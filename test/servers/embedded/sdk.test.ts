/** AWS's own SDK, as it comes: what it sends by default must work, as it does with S3. */
import {
	CopyObjectCommand,
	CreateBucketCommand,
	DeleteObjectsCommand,
	GetObjectCommand,
	HeadObjectCommand,
	ListObjectsV2Command,
	paginateListObjectsV2,
	PutObjectCommand,
	S3Client,
	UploadPartCommand,
	CreateMultipartUploadCommand,
	CompleteMultipartUploadCommand,
} from '@aws-sdk/client-s3';
import type { ChecksumAlgorithm } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { withServer } from '../withServer';
import { bytesFrom } from '../../bytes';

const MiB = 1024 * 1024;
const content = bytesFrom(3 * MiB, (i) => (i * 31) % 251);
const Bucket = 'sdk.bucket';

const server = withServer();
let s3: S3Client;

beforeAll(async () => {
	s3 = new S3Client({
		endpoint: server.endpoint,
		region: server.region,
		credentials: server.users.main,
		forcePathStyle: true,
		maxAttempts: 1,
	});
	await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => s3.destroy());

async function get(Key: string): Promise<Buffer> {
	const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
	return Buffer.from(await Body!.transformToByteArray());
}

const ALGORITHMS: ChecksumAlgorithm[] = ['CRC32', 'CRC32C', 'SHA1', 'SHA256'];

describe('the SDK', () => {
	it.each(ALGORITHMS)(
		'the SDK puts bytes and streams with %s, and reads them verified',
		async (ChecksumAlgorithm) => {
			const stream = Readable.from([content.subarray(0, MiB), content.subarray(MiB)]);
			for (const Body of [content, stream]) {
				const Key = `a b+c/${ChecksumAlgorithm}`;
				const put = { Bucket, Key, Body, ChecksumAlgorithm, ContentLength: content.length };
				const output = await s3.send(new PutObjectCommand(put));
				expect(output[`Checksum${ChecksumAlgorithm}` as 'ChecksumCRC32']).toMatch(/=$/);
				expect((await get(Key)).equals(content)).toBe(true);
			}
			const sent = server.requests.filter(({ operation }) => operation === 'PutObject').at(-1);
			expect(sent?.headers['x-amz-content-sha256']).toBe('STREAMING-UNSIGNED-PAYLOAD-TRAILER');
		},
	);

	it('the SDK signs keys of any kind as the server does', async () => {
		for (const Key of ["it's!*()~", 'a//b', '/a', 'a+b%20c', 'é🙂', 'a\nb', '=&?#']) {
			await s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
			expect((await get(Key)).toString()).toBe(Key);
		}
	});

	it('the SDK uploads in parts, with checksums of the whole', async () => {
		const target = { Bucket, Key: 'parts' };
		const { UploadId } = await s3.send(
			new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'CRC32' }),
		);
		const Body = Buffer.alloc(5 * MiB, 'p');
		const Parts = [];
		for (const PartNumber of [1, 2]) {
			const part = { ...target, UploadId, PartNumber, Body, ChecksumAlgorithm: 'CRC32' as const };
			const { ETag, ChecksumCRC32 } = await s3.send(new UploadPartCommand(part));
			Parts.push({ PartNumber, ETag, ChecksumCRC32 });
		}
		const done = { ...target, UploadId, MultipartUpload: { Parts } };
		const { ChecksumCRC32 } = await s3.send(new CompleteMultipartUploadCommand(done));
		expect(ChecksumCRC32).toMatch(/-2$/);
		expect((await get('parts')).equals(Buffer.concat([Body, Body]))).toBe(true);
	});

	it('the SDK lists, copies and deletes', async () => {
		server.store.putMany(
			Bucket,
			Array.from({ length: 2500 }, (_, i) => `list/${String(i)}`),
		);
		const keys: (string | undefined)[] = [];
		for await (const { Contents = [] } of paginateListObjectsV2(
			{ client: s3 },
			{ Bucket, Prefix: 'list/' },
		)) {
			keys.push(...Contents.map(({ Key }) => Key));
		}
		expect(new Set(keys).size).toBe(2500);
		await s3.send(new CopyObjectCommand({ Bucket, Key: 'copied', CopySource: `${Bucket}/list/7` }));
		const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'copied' }));
		expect(head.ContentLength).toBe(1);
		const Objects = keys.slice(0, 1000).map((Key) => ({ Key: Key! }));
		await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
		const rest = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', MaxKeys: 1 }));
		expect(rest.Contents?.[0]?.Key).toBe(keys[1000]);
	});

	it('the SDK reads errors and regions', async () => {
		await expect(get('none')).rejects.toMatchObject({ name: 'NoSuchKey' });
		server.store.makeBucket('far', 'eu-west-1');
		const far = new HeadObjectCommand({ Bucket: 'far', Key: 'x' });
		await expect(s3.send(far)).rejects.toMatchObject({ $metadata: { httpStatusCode: 301 } });
	});
});
