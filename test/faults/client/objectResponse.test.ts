/** Responses with which no S3 server sends an object, and those that are errors. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openS3 } from '../../../s3/client/openS3';
import type { S3 } from '../../../s3/client/S3';
import { headObject } from '../../../s3/objects/headObject';
import { connectionTo } from '../../servers/connectionTo';
import { rejectionOf } from '../../unit/failureOf';
import { Downloads, small } from '../download/downloads';

const downloads = new Downloads('responses');
const { bucket } = downloads;
const html = { 'content-type': 'text/html' };
const json = { 'content-type': 'application/json' };
const xml = { 'content-type': 'application/xml' };
const error = '<?xml version="1.0"?>\n<Error><Code>NoSuchKey</Code></Error>';

interface Page {
	status: number;
	headers?: Record<string, string>;
	body?: string;
}

/** What the web server responds with. */
let page: Page = { status: 200 };
let requests = 0;
let web: S3;
const server = createServer((_, response) => {
	requests += 1;
	const { status, headers, body = '' } = page;
	const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body) };
	response.writeHead(status, { ...headers, ...length });
	response.end(body);
});

beforeAll(async () => {
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const { port } = server.address() as AddressInfo;
	web = await openS3(connectionTo(downloads.server, { endpoint: `http://127.0.0.1:${port}` }));
});
afterAll(() => server.close().closeAllConnections());
beforeEach(async () => {
	requests = 0;
	await downloads.store('key', small);
});

it.each<[string, Page]>([
	['a web page', { status: 200, headers: html, body: '<html>Sign in</html>' }],
	['JSON', { status: 200, headers: json, body: '{"login": true}' }],
	['text without a type', { status: 200, body: 'ok' }],
	['XML that is no error', { status: 200, headers: xml, body: '<Report><Error/></Report>' }],
	['something long', { status: 200, body: `<Error>${'x'.repeat(100_000)}</Error>` }],
	['nothing', { status: 200, body: '' }],
	['nothing and status 204', { status: 204, body: '' }],
	['status 202 and an ETag', { status: 202, headers: { etag: '"a"' }, body: 'soon' }],
])('%s in place of an object is an error at once', async (_, chosen) => {
	page = chosen;
	const failure = await rejectionOf(downloads.get('key', { s3: web }));
	expect(failure).toMatchObject({ kind: 'corrupt', status: page.status, bucket, key: 'key' });
	expect(failure.message).toMatch(/the response of http:\/\/127.*is not one of S3$/);
	expect(requests).toBe(1);
});

it.each(['InternalError', 'SlowDown'])('%s with status 200 is tried again', async (code) => {
	const effect = { kind: 'answer', status: 200, code } as const;
	downloads.server.faults.add({ times: 3, effect });
	const before = performance.now();
	expect((await downloads.get('key')).equals(small)).toBe(true);
	expect(downloads.server.requests).toHaveLength(4);
	expect(performance.now() - before).toBeGreaterThan(20);
});

it.each<[string, Record<string, string>]>([
	['a header of S3', { 'x-amz-request-id': 'tx1' }],
	['no header of S3', {}],
])('an error with status 200 and %s is that error at last', async (_, headers) => {
	page = { status: 200, headers, body: error };
	await expect(downloads.get('key', { s3: web })).rejects.toMatchObject({
		kind: 'notFound',
		code: 'NoSuchKey',
	});
	expect(requests).toBe(1);
});

it.each(['etag', 'last-modified'])(
	'an object that is an error of S3 is read (%s)',
	async (name) => {
		const value = name === 'etag' ? '"a"' : 'Wed, 21 Oct 2015 07:28:00 GMT';
		page = { status: 200, headers: { ...xml, [name]: value }, body: error };
		expect((await downloads.get('key', { s3: web })).toString()).toBe(error);
	},
);

it.each(['short', 'x'.repeat(300_000)])(
	'an object is read whole if only a header of S3 shows that it is one (case %#)',
	async (body) => {
		page = { status: 200, headers: { 'x-amz-request-id': 'tx1' }, body };
		expect((await downloads.get('key', { s3: web })).toString()).toBe(body);
	},
);

it('the metadata of a web page are an error, and not those of an object', async () => {
	page = { status: 200, headers: html };
	const head = headObject(web, { bucket, key: 'key' }, { signal: undefined });
	await expect(head).rejects.toMatchObject({ kind: 'corrupt', status: 200 });
});
