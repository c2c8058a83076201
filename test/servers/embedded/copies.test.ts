import { createHash } from 'node:crypto';
import { withServer } from '../withServer';
import { outcome, texts } from './client';
import type { Sent } from './client';

const server = withServer({ bucketsOfEachTest: ['b'] });
const send = (method: string, sent: Sent = {}, path = '/b/key') => server.send(method, path, sent);
const put = (body: string, headers: Record<string, string> = {}) => send('PUT', { body, headers });

describe('a copy', () => {
	const copy = (headers: Record<string, string> = {}, source = '/b/key', path = '/b/copy') =>
		send('PUT', { headers: { 'x-amz-copy-source': source, ...headers } }, path);
	const head = async () => (await send('HEAD', {}, '/b/copy')).headers;
	const original = {
		'content-type': 'text/a',
		'x-amz-meta-a': '1',
		'x-amz-tagging': 'a=1',
		'x-amz-storage-class': 'STANDARD_IA',
	};

	it('a copy has the bytes and what belongs to them, in the class that is asked for', async () => {
		await put('content', original);
		const reply = await copy();
		expect(texts(reply.text, 'ETag')).toEqual([
			`"${createHash('md5').update('content').digest('hex')}"`,
		]);
		const headers = await head();
		expect(headers).toMatchObject({
			'content-type': 'text/a',
			'x-amz-meta-a': '1',
			'x-amz-tagging-count': '1',
		});
		expect(headers['x-amz-storage-class']).toBeUndefined();
	});

	it('a copy has new metadata and tags if they are replaced', async () => {
		await put('content', original);
		await copy({
			'x-amz-metadata-directive': 'REPLACE',
			'x-amz-tagging-directive': 'REPLACE',
			'content-type': 'text/b',
		});
		const headers = await head();
		expect(headers['content-type']).toBe('text/b');
		expect(headers['x-amz-meta-a']).toBeUndefined();
		expect(headers['x-amz-tagging-count']).toBeUndefined();
	});

	it.each(['/b/a%20b%2Bc%2Fd', 'b/a%20b%2Bc/d', 'b/a+b%2Bc/d'])(
		'a copy is of the key in %s',
		async (source) => {
			await send('PUT', { body: 'odd' }, '/b/a%20b%2Bc/d');
			expect((await copy({}, source)).status).toBe(200);
			expect((await send('GET', {}, '/b/copy')).text).toBe('odd');
		},
	);

	it('a copy of an object in parts is in one piece', async () => {
		const begun = await send('POST', { query: { uploads: '' } });
		const uploadId = texts(begun.text, 'UploadId')[0]!;
		const { headers } = await send('PUT', {
			body: 'in parts',
			query: { uploadId, partNumber: '1' },
		});
		const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${headers.etag!}</ETag></Part></CompleteMultipartUpload>`;
		await send('POST', { query: { uploadId }, body });
		expect((await send('HEAD')).headers.etag).toMatch(/-1"$/);
		await copy();
		expect((await head()).etag).toBe(`"${createHash('md5').update('in parts').digest('hex')}"`);
	});

	it.each<[string, Record<string, string>, string, (string | number)[]]>([
		['a missing key', {}, '/b/none', [404, 'NoSuchKey']],
		['a missing bucket', {}, '/none/key', [404, 'NoSuchBucket']],
		['no key', {}, '/b', [400, 'InvalidArgument']],
		['another ETag', { 'x-amz-copy-source-if-match': 'x' }, '/b/key', [412, 'PreconditionFailed']],
		['a missing version', {}, '/b/key?versionId=none', [404, 'NoSuchVersion']],
	])('a copy of %s is refused', async (_, headers, source, expected) => {
		await put('content');
		expect(outcome(await copy(headers, source))).toEqual(expected);
	});

	it('a copy of an object onto itself must change something', async () => {
		await put('content');
		expect(outcome(await copy({}, '/b/key', '/b/key'))).toEqual([400, 'InvalidRequest']);
		const changed = { 'x-amz-metadata-directive': 'REPLACE', 'x-amz-meta-a': '2' };
		expect((await copy(changed, '/b/key', '/b/key')).status).toBe(200);
		expect((await send('HEAD')).headers['x-amz-meta-a']).toBe('2');
	});
});
