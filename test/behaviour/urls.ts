import { openUrl } from '../../s3/url/openUrl';
import { putObject } from '../../s3/upload/putObject';
import { sends, withFileServer } from '../servers/fileServer';
import type { TestServer } from '../servers/TestServer';
import { content } from './content';
import { TestBucket } from './TestBucket';

const call = { signal: undefined };

/** Files of other servers become objects. */
export function describeUrls(server: () => TestServer): void {
	const files = withFileServer();
	let bucket: TestBucket;

	beforeAll(async () => {
		bucket = await TestBucket.open(server());
	});

	const put = async (key: string, url: string, request = {}) => {
		const target = { bucket: bucket.name, key };
		const file = await openUrl(bucket.s3, { url }, target, call);
		const { contentType, contentDisposition, contentEncoding } = file;
		const headers = { contentType, contentDisposition, contentEncoding };
		return await putObject(bucket.s3, { ...target, ...headers, ...request, source: file }, call);
	};

	it.each([
		['no bytes', 0, {}, 1],
		['more bytes than fit into one buffer', content.length, {}, 1],
		['more bytes than the threshold', content.length, { multipartThreshold: 0 }, 2],
		['a condition and many bytes', content.length, { overwrite: 'never' }, 1],
	])('a file of a URL with %s becomes an object', async (name, size, request, parts) => {
		const bytes = content.subarray(0, size);
		const headers = {
			'content-type': 'text/x-test',
			'content-disposition': 'attachment; filename="a b.txt"',
		};
		const result = await put(name, files.on('/file', sends(bytes, headers)), request);
		expect(result).toMatchObject({ size, parts });
		const stored = await bucket.get(name);
		expect(stored.content.equals(bytes)).toBe(true);
		expect(stored.head).toMatchObject({
			contentType: 'text/x-test',
			contentDisposition: `attachment; filename="a b.txt"; filename*=UTF-8''a%20b.txt`,
		});
		expect(files.requests).toHaveLength(1);
	});

	it('a file of a URL that does not say its size becomes an object', async () => {
		const url = files.on('/file', (response) => {
			response.write(content.subarray(0, 1000));
			response.end(content.subarray(1000));
		});
		expect(await put('unknown', url)).toMatchObject({ size: content.length, parts: 2 });
		expect((await bucket.get('unknown')).content.equals(content)).toBe(true);
	});

	it.each([
		['in one request', {}],
		['in parts', { multipartThreshold: 0 }],
	])('nothing is stored %s of a file that breaks off', async (way, request) => {
		const url = files.on('/file', (response) => {
			response.writeHead(200, { 'content-length': content.length });
			response.write(content.subarray(0, content.length - 1), () => response.destroy());
		});
		await expect(put(way, url, request)).rejects.toMatchObject({ kind: 'corrupt' });
		await expect(bucket.get(way)).rejects.toMatchObject({ code: 'NoSuchKey' });
		expect(await bucket.openUploads()).toBe(0);
	});
}
