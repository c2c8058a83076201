import { createHash } from 'node:crypto';
import { withServer } from '../withServer';
import { checksum } from './checksums';
import { clientOf, texts } from './client';
import { startEmbedded } from './index';
import type { Sent } from './client';

const MiB = 1024 * 1024;

const server = withServer({ buckets: ['b'], leavesUploads: true });
beforeEach(() => {
	server.store.bucket('b').uploads.clear();
	server.store.bucket('b').remove('key', 'null');
});

const path = '/b/key';

async function begin(headers: Record<string, string> = {}): Promise<string> {
	const { text, status } = await server.send('POST', path, { query: { uploads: '' }, headers });
	expect(status).toBe(200);
	return texts(text, 'UploadId')[0]!;
}

const part = (
	uploadId: string,
	partNumber: number | string,
	body: Buffer | string,
	sent: Sent = {},
) =>
	server.send('PUT', path, { query: { partNumber: String(partNumber), uploadId }, body, ...sent });

const md5 = (data: Buffer | string) => createHash('md5').update(data).digest();

const list = (parts: [number, string, string?][]) =>
	`<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts
		.map(
			([number, etag, sum = '']) =>
				`<Part><PartNumber>${String(number)}</PartNumber><ETag>&quot;${etag}&quot;</ETag>${sum}</Part>`,
		)
		.join('')}</CompleteMultipartUpload>`;

const complete = (uploadId: string, body: string, headers: Record<string, string> = {}) =>
	server.send('POST', path, { query: { uploadId }, body, headers });

const large = Buffer.alloc(5 * MiB, 'l');
const small = Buffer.from('small');
const LARGE = md5(large).toString('hex');
const SMALL = md5(small).toString('hex');

describe('a multipart upload', () => {
	it('a multipart upload becomes one object with S3’s ETag, visible only when it is complete', async () => {
		const uploadId = await begin({ 'content-type': 'text/x', 'x-amz-meta-a': 'b' });
		expect((await part(uploadId, 1, large)).headers.etag).toBe(`"${LARGE}"`);
		await part(uploadId, 7, small);
		expect((await server.send('HEAD', path)).status).toBe(404);
		const done = await complete(
			uploadId,
			list([
				[1, LARGE],
				[7, SMALL],
			]),
		);
		const etag = `"${md5(Buffer.concat([md5(large), md5(small)])).toString('hex')}-2"`;
		expect(texts(done.text, 'ETag')).toEqual([etag]);
		const got = await server.send('GET', path);
		expect(got.body.equals(Buffer.concat([large, small]))).toBe(true);
		expect(got.headers).toMatchObject({ etag, 'content-type': 'text/x', 'x-amz-meta-a': 'b' });
		const second = await server.send('GET', path, { query: { partNumber: '2' } });
		expect([second.status, second.text]).toEqual([206, 'small']);
		expect(second.headers['x-amz-mp-parts-count']).toBe('2');
		expect((await server.send('GET', path, { query: { partNumber: '3' } })).status).toBe(416);
	});

	it('a multipart upload takes the last part of those with the same number', async () => {
		const uploadId = await begin();
		await part(uploadId, 1, 'first');
		await part(uploadId, 1, 'second');
		const first = md5('first').toString('hex');
		expect((await complete(uploadId, list([[1, first]]))).code).toBe('InvalidPart');
		const done = await complete(uploadId, list([[1, md5('second').toString('hex')]]));
		expect(done.status).toBe(200);
		expect((await server.send('GET', path)).text).toBe('second');
	});

	it('a multipart upload gives the same response when the completion is asked for again', async () => {
		const uploadId = await begin();
		await part(uploadId, 1, small);
		const first = await complete(uploadId, list([[1, SMALL]]));
		const again = await complete(uploadId, list([[1, SMALL]]));
		expect([again.status, again.text]).toEqual([200, first.text]);
	});

	it('a multipart upload may be of thousands of parts', async () => {
		const own = await startEmbedded({ minimumPartSize: 1 });
		const owner = clientOf(own);
		own.store.makeBucket('b');
		const { text } = await owner.send('POST', path, { query: { uploads: '' } });
		const [uploadId = ''] = texts(text, 'UploadId');
		const numbers = Array.from({ length: 1500 }, (_, i) => i + 1);
		for (const number of numbers) {
			const query = { partNumber: String(number), uploadId };
			await owner.send('PUT', path, { query, body: `${String(number)},` });
		}
		const parts = numbers.map((number): [number, string] => [
			number,
			md5(`${String(number)},`).toString('hex'),
		]);
		await owner.send('POST', path, { query: { uploadId }, body: list(parts) });
		expect((await owner.send('GET', path)).text).toBe(`${numbers.join(',')},`);
		owner.close();
		await own.stop();
	});

	it.each<[string, () => string, string]>([
		[
			'parts in another order',
			() =>
				list([
					[2, SMALL],
					[1, LARGE],
				]),
			'InvalidPartOrder',
		],
		[
			'a part twice',
			() =>
				list([
					[1, LARGE],
					[1, LARGE],
				]),
			'InvalidPartOrder',
		],
		[
			'a part that is not there',
			() =>
				list([
					[1, LARGE],
					[3, SMALL],
				]),
			'InvalidPart',
		],
		['another ETag', () => list([[1, SMALL]]), 'InvalidPart'],
		[
			'a small part before the last',
			() =>
				list([
					[2, SMALL],
					[4, SMALL],
				]),
			'EntityTooSmall',
		],
		['no parts', () => list([]), 'MalformedXML'],
		['no XML', () => 'parts', 'MalformedXML'],
		['XML that is not closed', () => list([[1, LARGE]]).slice(0, -5), 'MalformedXML'],
		['XML of something else', () => '<Delete></Delete>', 'MalformedXML'],
	])('a multipart upload is not completed with %s', async (_, body, code) => {
		const uploadId = await begin();
		await part(uploadId, 1, large);
		await part(uploadId, 2, small);
		await part(uploadId, 4, small);
		const reply = await complete(uploadId, body());
		expect([reply.status, reply.code]).toEqual([400, code]);
		expect((await server.send('HEAD', path)).status).toBe(404);
		expect(
			(
				await complete(
					uploadId,
					list([
						[1, LARGE],
						[2, SMALL],
					]),
				)
			).status,
		).toBe(200);
	});

	it('a multipart upload keeps the conditions of its completion', async () => {
		const uploadId = await begin();
		await part(uploadId, 1, small);
		await server.send('PUT', path, { body: 'old' });
		const never = await complete(uploadId, list([[1, SMALL]]), { 'if-none-match': '*' });
		expect([never.status, never.code]).toEqual([412, 'PreconditionFailed']);
		const etag = md5('old').toString('hex');
		const match = await complete(uploadId, list([[1, SMALL]]), { 'if-match': `"${etag}"` });
		expect(match.status).toBe(200);
	});

	it('a multipart upload is refused if it does not have the size that was announced', async () => {
		const uploadId = await begin();
		await part(uploadId, 1, small);
		const headers = { 'x-amz-mp-object-size': '6' };
		expect((await complete(uploadId, list([[1, SMALL]]), headers)).code).toBe('InvalidRequest');
	});

	it.each(['0', '10001', 'x', '-1', '1.5'])('a multipart upload has no part %s', async (number) => {
		const reply = await part(await begin(), number, small);
		expect([reply.status, reply.code]).toEqual([400, 'InvalidArgument']);
	});

	it('a multipart upload is gone when it was aborted', async () => {
		const uploadId = await begin();
		await part(uploadId, 1, small);
		const abort = () => server.send('DELETE', path, { query: { uploadId } });
		expect((await abort()).status).toBe(204);
		for (const reply of [
			await abort(),
			await part(uploadId, 1, small),
			await complete(uploadId, list([[1, SMALL]])),
			await server.send('GET', path, { query: { uploadId } }),
		]) {
			expect([reply.status, reply.code]).toEqual([404, 'NoSuchUpload']);
		}
	});

	it('a multipart upload lists its parts and itself, page by page', async () => {
		const uploadId = await begin();
		for (const number of [3, 1, 2]) await part(uploadId, number, small);
		const parts = async (query: Record<string, string>) =>
			(await server.send('GET', path, { query: { uploadId, ...query } })).text;
		const first = await parts({ 'max-parts': '2' });
		expect(texts(first, 'PartNumber')).toEqual(['1', '2']);
		expect(texts(first, 'IsTruncated')).toEqual(['true']);
		const [marker = ''] = texts(first, 'NextPartNumberMarker');
		const rest = await parts({ 'part-number-marker': marker });
		expect([texts(rest, 'PartNumber'), texts(rest, 'IsTruncated')]).toEqual([['3'], ['false']]);
		const second = await begin();
		const uploads = async (query: Record<string, string>) =>
			(await server.send('GET', '/b', { query: { uploads: '', ...query } })).text;
		const page = await uploads({ 'max-uploads': '1' });
		expect(texts(page, 'UploadId')).toEqual([uploadId]);
		const left = await uploads({ 'key-marker': 'key', 'upload-id-marker': uploadId });
		expect(texts(left, 'UploadId')).toEqual([second]);
		expect(texts(await uploads({ prefix: 'x' }), 'UploadId')).toEqual([]);
	});

	it('a multipart upload copies a range of another object into a part', async () => {
		await server.send('PUT', '/b/source', { body: '0123456789' });
		const uploadId = await begin();
		const copy = (range: string, number = 1) =>
			part(uploadId, number, '', {
				headers: { 'x-amz-copy-source': '/b/source', 'x-amz-copy-source-range': range },
			});
		const { text } = await copy('bytes=2-5');
		const [etag = ''] = texts(text, 'ETag');
		expect(etag).toBe(`"${md5('2345').toString('hex')}"`);
		expect((await copy('bytes=5-20', 2)).code).toBe('InvalidArgument');
		expect((await copy('5-6', 2)).code).toBe('InvalidArgument');
		await complete(uploadId, list([[1, etag.replace(/"/g, '')]]));
		expect((await server.send('GET', path)).text).toBe('2345');
	});
});

describe('checksums of a multipart upload', () => {
	const sumOf = (algorithm: 'crc32' | 'sha256' | 'crc64nvme', bytes: Buffer) =>
		checksum(algorithm, bytes);
	const withSum = (uploadId: string, number: number, body: Buffer) =>
		part(uploadId, number, body, { headers: { 'x-amz-checksum-crc32': sumOf('crc32', body) } });
	const element = (body: Buffer) => `<ChecksumCRC32>${sumOf('crc32', body)}</ChecksumCRC32>`;

	it('checksums of a multipart upload are composed of those of the parts', async () => {
		const uploadId = await begin({ 'x-amz-checksum-algorithm': 'CRC32' });
		await withSum(uploadId, 1, large);
		await withSum(uploadId, 2, small);
		const parts: [number, string, string][] = [
			[1, LARGE, element(large)],
			[2, SMALL, element(small)],
		];
		const { text } = await complete(uploadId, list(parts));
		const sums = [large, small].map((bytes) => Buffer.from(sumOf('crc32', bytes), 'base64'));
		const composite = `${checksum('crc32', Buffer.concat(sums))}-2`;
		expect(texts(text, 'ChecksumCRC32')).toEqual([composite]);
		expect(texts(text, 'ChecksumType')).toEqual(['COMPOSITE']);
		const headers = { 'x-amz-checksum-mode': 'ENABLED' };
		const head = await server.send('HEAD', path, { headers });
		expect(head.headers['x-amz-checksum-crc32']).toBe(composite);
		const query = { partNumber: '2' };
		const second = await server.send('HEAD', path, { headers, query });
		expect(second.headers['x-amz-checksum-crc32']).toBe(sumOf('crc32', small));
	});

	it('checksums of a multipart upload must come with each part if they are composed', async () => {
		const uploadId = await begin({ 'x-amz-checksum-algorithm': 'CRC32' });
		expect((await part(uploadId, 1, small)).code).toBe('InvalidRequest');
		const headers = { 'x-amz-checksum-sha256': sumOf('sha256', small) };
		expect((await part(uploadId, 1, small, { headers })).code).toBe('InvalidRequest');
		await withSum(uploadId, 1, small);
		expect((await complete(uploadId, list([[1, SMALL]]))).code).toBe('InvalidRequest');
		const wrong = list([[1, SMALL, element(large)]]);
		expect((await complete(uploadId, wrong)).code).toBe('InvalidPart');
	});

	it.each(['crc32', 'crc64nvme'] as const)(
		'checksums of a multipart upload are of the whole object with %s',
		async (algorithm) => {
			const uploadId = await begin({
				'x-amz-checksum-algorithm': algorithm.toUpperCase(),
				'x-amz-checksum-type': 'FULL_OBJECT',
			});
			await part(uploadId, 1, large);
			await part(uploadId, 2, small);
			const parts = list([
				[1, LARGE],
				[2, SMALL],
			]);
			const name = `x-amz-checksum-${algorithm}`;
			const wrong = await complete(uploadId, parts, { [name]: sumOf(algorithm, small) });
			expect(wrong.code).toBe('BadDigest');
			const whole = sumOf(algorithm, Buffer.concat([large, small]));
			const done = await complete(uploadId, parts, { [name]: whole });
			expect(texts(done.text, 'ChecksumType')).toEqual(['FULL_OBJECT']);
			expect(texts(done.text, `Checksum${algorithm.toUpperCase()}`)).toEqual([whole]);
		},
	);

	it.each([
		['SHA256', 'FULL_OBJECT'],
		['CRC64NVME', 'COMPOSITE'],
		['MD5', 'COMPOSITE'],
		['CRC32', 'OTHER'],
	])('checksums of a multipart upload cannot be %s of type %s', async (algorithm, type) => {
		const headers = { 'x-amz-checksum-algorithm': algorithm, 'x-amz-checksum-type': type };
		const reply = await server.send('POST', path, { query: { uploads: '' }, headers });
		expect(reply.code).toBe('InvalidRequest');
	});
});
