/** Links that plain `fetch` uses, as anybody would who gets one. */
import { createHash } from 'node:crypto';
import type { Connection } from '../../../../s3/Connection';
import { presignedUrl } from '../../../../s3/objects/presignedUrl';
import type { DeleteLink, Link, ReadLink, WriteLink } from '../../../../s3/objects/presignedUrl';
import { pathOf } from '../../../servers/embedded/client';
import { withServer } from '../../../servers/withServer';
import { rejectionOf } from '../../failureOf';

const bucket = 'data';
const key = 'a b+c/ü.txt';
const call = { signal: undefined };
const customerKey = Buffer.alloc(32, 1).toString('base64');

const server = withServer({ bucketsOfEachTest: [bucket] });

type Wish = Partial<ReadLink> | Partial<WriteLink> | Partial<DeleteLink>;

const linkTo = async (wish: Wish, settings: Partial<Connection> = {}): Promise<Link> =>
	await presignedUrl(
		await server.connect(settings),
		{ bucket, key, expiresIn: 60, method: 'GET', ...wish },
		call,
	);

const put = async (content: string, headers: Record<string, string> = {}) =>
	await server.send('PUT', `/${bucket}/${pathOf(key)}`, { body: content, headers });

/** Uses a link as its maker says, or with other headers. */
const use = async (link: Link, method = 'GET', body?: string, headers = link.headers) =>
	await fetch(link.url, { method, headers, ...(body === undefined ? {} : { body }) });

const codeIn = async (response: Response) =>
	/<Code>(.*?)<\/Code>/.exec(await response.text())?.[1] ?? 'none';

const parametersOf = ({ url }: Link) => [...new URL(url).searchParams.keys()];

describe('a link to download', () => {
	it('a link to download gives the object to anybody, and is made without a request', async () => {
		await put('content');
		server.requests.length = 0;
		const link = await linkTo({ checkFirst: false });
		expect(server.requests).toEqual([]);
		expect(link.headers).toEqual({});
		const response = await use(link);
		expect([response.status, await response.text()]).toEqual([200, 'content']);
	});

	it('a link has only the parameters that it needs', async () => {
		expect(parametersOf(await linkTo({})).sort()).toEqual([
			'X-Amz-Algorithm',
			'X-Amz-Content-Sha256',
			'X-Amz-Credential',
			'X-Amz-Date',
			'X-Amz-Expires',
			'X-Amz-Signature',
			'X-Amz-SignedHeaders',
		]);
	});

	it('a link has a browser save the object under a name beyond ASCII', async () => {
		await put('content');
		const link = await linkTo({
			fileName: 'Rechnung März “1”.pdf',
			responseContentType: 'application/pdf',
		});
		const { headers } = await use(link);
		expect(headers.get('content-disposition')).toBe(
			`attachment; filename="Rechnung M_rz _1_.pdf"; filename*=UTF-8''Rechnung%20M%C3%A4rz%20%E2%80%9C1%E2%80%9D.pdf`,
		);
		expect(headers.get('content-type')).toBe('application/pdf');
	});

	it('a link can have any content disposition, but not a file name besides', async () => {
		await put('content');
		const { headers } = await use(await linkTo({ responseContentDisposition: 'inline' }));
		expect(headers.get('content-disposition')).toBe('inline');
		const both = linkTo({ fileName: 'a.txt', responseContentDisposition: 'inline' });
		expect((await rejectionOf(both)).kind).toBe('invalid');
	});

	it('a link that was changed is refused', async () => {
		await put('content');
		const link = await linkTo({ fileName: 'harmless.txt' });
		const response = await fetch(link.url.replace('harmless', 'harmful'));
		expect([response.status, await codeIn(response)]).toEqual([403, 'SignatureDoesNotMatch']);
	});

	it('a link is good until it expires', async () => {
		await put('content');
		const before = Date.now();
		const link = await linkTo({ expiresIn: 60 });
		const life = (link.expiresAt.getTime() - before) / 1000;
		expect(life).toBeGreaterThan(58);
		expect(life).toBeLessThanOrEqual(60);
		expect(link.cappedBy).toBeUndefined();
		expect((await use(link)).status).toBe(200);
		server.setClock(61);
		const late = await use(link).finally(() => server.setClock(0));
		expect([late.status, await codeIn(late)]).toEqual([403, 'AccessDenied']);
	});

	it('a link to a version gives this version', async () => {
		server.store.bucket(bucket).versioning = 'Enabled';
		const first = await put('old');
		await put('new');
		const link = await linkTo({ versionId: String(first.headers['x-amz-version-id']) });
		expect(await (await use(link)).text()).toBe('old');
	});

	it('a link to an object under a customer’s own key needs the headers with that key', async () => {
		const md5 = createHash('md5').update(Buffer.alloc(32, 1)).digest('base64');
		const headers = {
			'x-amz-server-side-encryption-customer-algorithm': 'AES256',
			'x-amz-server-side-encryption-customer-key': customerKey,
			'x-amz-server-side-encryption-customer-key-md5': md5,
		};
		await put('content', headers);
		const link = await linkTo({ customerKey });
		expect(link.headers).toEqual(headers);
		const toHead = await linkTo({ method: 'HEAD', customerKey });
		expect((await use(toHead, 'HEAD')).status).toBe(200);
		expect(await (await use(link)).text()).toBe('content');
		expect(await codeIn(await use(link, 'GET', undefined, {}))).toBe('SignatureDoesNotMatch');
	});

	it('a link to a requester-pays bucket says who pays in the link, where a browser can say it', async () => {
		await put('content');
		const link = await linkTo({ requestPayer: true });
		expect(new URL(link.url).searchParams.get('x-amz-request-payer')).toBe('requester');
		expect(link.headers).toEqual({});
		expect((await use(link)).status).toBe(200);
	});

	it('a link that may not be made, or not for so long, is refused before its object is looked at', async () => {
		const look = { checkFirst: true };
		const refused = await rejectionOf(linkTo(look, { privacyLevel: 'private' }));
		expect(refused.kind).toBe('refused');
		expect((await rejectionOf(linkTo({ ...look, expiresIn: 0 }))).kind).toBe('invalid');
		expect(server.requests).toEqual([]);
	});

	it('a link to nothing is made, unless the object is looked for first', async () => {
		expect((await use(await linkTo({}))).status).toBe(404);
		const failure = await rejectionOf(linkTo({ checkFirst: true }));
		expect(failure).toMatchObject({ kind: 'notFound', bucket, key });
		await put('content');
		expect((await use(await linkTo({ checkFirst: true }))).status).toBe(200);
	});

	it('a link to a key with dots for a folder comes with a warning', async () => {
		const { warnings } = await linkTo({ key: 'a/../b' });
		expect(warnings).toEqual([expect.stringContaining('curl needs --path-as-is') as string]);
		expect((await linkTo({})).warnings).toEqual([]);
	});
});

describe('a link for the metadata', () => {
	it('a link for the metadata gives them, and not the object', async () => {
		await put('content', { 'x-amz-meta-a': '1' });
		const link = await linkTo({ method: 'HEAD' });
		const { status, headers } = await use(link, 'HEAD');
		expect([status, headers.get('x-amz-meta-a')]).toEqual([200, '1']);
		expect((await use(link)).status).toBe(403);
	});
});

describe('a link to upload', () => {
	const stored = () => server.store.bucket(bucket).get(Buffer.from(key).toString('latin1'));

	it('a link to upload stores what is sent, without a checksum of an empty body', async () => {
		const link = await linkTo({ method: 'PUT' });
		expect(link.headers).toEqual({});
		expect(link.url).not.toMatch(/checksum/i);
		expect((await use(link, 'PUT', 'content')).status).toBe(200);
		expect(stored()?.content?.size).toBe(7);
	});

	it('a link to upload demands its content type and metadata exactly', async () => {
		const link = await linkTo({
			method: 'PUT',
			contentType: 'image/png',
			metadata: { Who: 'grüße' },
		});
		expect(link.headers).toEqual({
			'content-type': 'image/png',
			'x-amz-meta-who': '=?UTF-8?B?Z3LDvMOfZQ==?=',
		});
		const other = { ...link.headers, 'content-type': 'text/html' };
		expect(await codeIn(await use(link, 'PUT', 'x', other))).toBe('SignatureDoesNotMatch');
		expect(await codeIn(await use(link, 'PUT', 'x', {}))).toBe('SignatureDoesNotMatch');
		expect(stored()).toBeUndefined();
		expect((await use(link, 'PUT', 'x')).status).toBe(200);
		expect(stored()?.headers).toMatchObject({ 'content-type': 'image/png' });
	});

	it('a link to upload demands its content length', async () => {
		const link = await linkTo({ method: 'PUT', contentLength: 3 });
		expect(link.headers).toEqual({ 'content-length': '3' });
		expect(await codeIn(await use(link, 'PUT', 'four', {}))).toBe('SignatureDoesNotMatch');
		expect((await use(link, 'PUT', 'abc', {})).status).toBe(200);
	});

	it('a header that is not signed, such as an ACL, cannot be added to a link', async () => {
		const link = await linkTo({ method: 'PUT' });
		const response = await use(link, 'PUT', 'x', { 'x-amz-acl': 'public-read' });
		expect([response.status, await codeIn(response)]).toEqual([403, 'AccessDenied']);
	});

	it('a content type that a header cannot carry is refused', async () => {
		const failure = await rejectionOf(linkTo({ method: 'PUT', contentType: 'a\r\nb: c' }));
		expect(failure.kind).toBe('invalid');
	});
});

describe('a link to delete', () => {
	it('a link to delete deletes the object', async () => {
		await put('content');
		expect((await use(await linkTo({ method: 'DELETE' }), 'DELETE')).status).toBe(204);
		expect((await use(await linkTo({}))).status).toBe(404);
	});
});

describe('the public endpoint', () => {
	const PUBLIC = 'https://files.example.com:8443/s3';

	it('links are signed for the public endpoint of the connection', async () => {
		const { url } = await linkTo({}, { publicEndpoint: PUBLIC });
		expect(url).toMatch(/^https:\/\/files\.example\.com:8443\/s3\/data\/a%20b%2Bc\/%C3%BC\.txt\?/);
	});

	it('links are signed for another public endpoint than that of the connection if one is given', async () => {
		const publicEndpoint = server.endpoint.replace('127.0.0.1', 'localhost');
		await put('content');
		const link = await linkTo({ publicEndpoint: `${publicEndpoint}/` }, { publicEndpoint: PUBLIC });
		expect(link.url.startsWith(`${publicEndpoint}/${bucket}/`)).toBe(true);
		expect(await (await use(link)).text()).toBe('content');
	});

	it('a public endpoint that is no URL of a server is refused', async () => {
		const { message } = await rejectionOf(linkTo({ publicEndpoint: 'files.example.com' }));
		expect(message).toContain('Public Endpoint of the node');
	});

	it('a call is sent to the endpoint all the same', async () => {
		await put('content');
		await linkTo({ checkFirst: true }, { publicEndpoint: PUBLIC });
		expect(server.requests.map(({ operation }) => operation)).toEqual(['PutObject', 'HeadObject']);
	});
});

describe('what the connection forbids', () => {
	it.each(['GET', 'PUT', 'HEAD', 'DELETE'] as const)(
		'a connection for one bucket makes no link with the method %s to another',
		async (method) => {
			const failure = await rejectionOf(linkTo({ method }, { bucket: 'other', bucketOnly: true }));
			expect(failure.kind).toBe('refused');
		},
	);

	it('a connection for reading makes links to read, and no others', async () => {
		const settings = { readOnly: true };
		for (const method of ['GET', 'HEAD'] as const) {
			expect((await linkTo({ method }, settings)).url).toContain(bucket);
		}
		for (const method of ['PUT', 'DELETE'] as const) {
			expect((await rejectionOf(linkTo({ method }, settings))).kind).toBe('refused');
		}
	});

	it('a link to a name that S3 does not have is not made', async () => {
		expect((await rejectionOf(linkTo({ key: '' }))).kind).toBe('invalid');
		expect((await rejectionOf(linkTo({ bucket: 'a/b' }))).kind).toBe('invalid');
	});
});
