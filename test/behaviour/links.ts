/** What S3 has to do with links and upload forms that our side signs; plain `fetch` uses them. */
import { presignedPost } from '../../s3/objects/presignedPost';
import type { Form, FormRequest } from '../../s3/objects/presignedPost';
import { presignedUrl } from '../../s3/objects/presignedUrl';
import type { DeleteLink, Link, ReadLink, WriteLink } from '../../s3/objects/presignedUrl';
import type { TestServer } from '../servers/TestServer';
import { TestBucket } from './TestBucket';

type Wish = Partial<ReadLink> | Partial<WriteLink> | Partial<DeleteLink>;

const call = { signal: undefined };
const key = 'links/a b+c (1) ü.txt';
const customerKey = Buffer.alloc(32, 1).toString('base64');

async function submit({ url, fields }: Form, content: string, other: Record<string, string> = {}) {
	const data = new FormData();
	for (const [name, value] of Object.entries({ ...fields, ...other })) data.append(name, value);
	data.append('file', new Blob([content]), 'file.txt');
	const response = await fetch(url, { method: 'POST', body: data, redirect: 'manual' });
	await response.arrayBuffer();
	return response;
}

export function describeLinks(server: () => TestServer): void {
	let bucket: TestBucket;
	beforeAll(async () => {
		bucket = await TestBucket.open(server());
	});

	const linkTo = async (wish: Wish): Promise<Link> => {
		const request = { bucket: bucket.name, key, expiresIn: 60, method: 'GET', ...wish };
		return await presignedUrl(bucket.s3, request as ReadLink, call);
	};
	const formFor = async (wish: Partial<FormRequest> = {}): Promise<Form> =>
		await presignedPost(
			bucket.s3,
			{ bucket: bucket.name, key, keyIsPrefix: false, expiresIn: 60, ...wish },
			call,
		);
	const use = async ({ url, headers }: Link, method = 'GET', body?: string) =>
		await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });

	it('a link to download gives the object under the name and type of the link', async () => {
		await bucket.put(key, 'content');
		const link = await linkTo({ fileName: 'März (1).txt', responseContentType: 'text/x-test' });
		const response = await use(link);
		expect([response.status, await response.text()]).toEqual([200, 'content']);
		expect(response.headers.get('content-disposition')).toBe(
			`attachment; filename="M_rz (1).txt"; filename*=UTF-8''M%C3%A4rz%20%281%29.txt`,
		);
		expect(response.headers.get('content-type')).toBe('text/x-test');
	});

	it('a link that was changed, or used with another method, is refused', async () => {
		await bucket.put(key, 'content');
		const link = await linkTo({});
		expect((await use({ ...link, url: `${link.url}0` })).status).toBe(403);
		expect((await use(link, 'DELETE')).status).toBe(403);
	});

	it('a link that has expired is refused', async () => {
		await bucket.put(key, 'content');
		const link = await linkTo({ expiresIn: 1 });
		await new Promise((resolve) =>
			setTimeout(resolve, link.expiresAt.getTime() + 1100 - Date.now()),
		);
		expect((await use(link)).status).toBe(403);
	});

	it('a link to nothing is made, unless the object is looked for first', async () => {
		const nothing = { key: 'links/nothing' };
		expect((await use(await linkTo(nothing))).status).toBe(404);
		const checked = linkTo({ ...nothing, checkFirst: true });
		await expect(checked).rejects.toMatchObject({ kind: 'notFound' });
	});

	it('a link to a version gives this version', async () => {
		const versioned = await TestBucket.open(server());
		await versioned.keepVersions();
		const { versionId } = await versioned.put(key, 'old');
		await versioned.put(key, 'new');
		const link = await linkTo({ bucket: versioned.name, versionId });
		expect(await (await use(link)).text()).toBe('old');
	});

	it('a link to upload takes what was signed and nothing else', async () => {
		const link = await linkTo({ method: 'PUT', contentType: 'text/x-test', metadata: { a: '1' } });
		const others = { ...link, headers: { ...link.headers, 'content-type': 'text/html' } };
		expect((await use(others, 'PUT', 'x')).status).toBe(403);
		expect((await use(link, 'PUT', 'uploaded')).status).toBe(200);
		const { head, content } = await bucket.get(key);
		expect(content.toString()).toBe('uploaded');
		expect(head).toMatchObject({ contentType: 'text/x-test', metadata: { a: '1' } });
	});

	it('a link works for an object under a customer’s own key', async () => {
		const upload = await linkTo({ method: 'PUT', customerKey });
		expect((await use(upload, 'PUT', 'secret')).status).toBe(200);
		expect(await (await use(await linkTo({ customerKey }))).text()).toBe('secret');
		expect((await use(await linkTo({}))).status).toBe(400);
	});

	it('a link for the metadata and a link to delete do what they are for', async () => {
		await bucket.put(key, 'content');
		const head = await use(await linkTo({ method: 'HEAD' }), 'HEAD');
		expect(head.headers.get('content-length')).toBe('7');
		expect((await use(await linkTo({ method: 'DELETE' }), 'DELETE')).status).toBe(204);
		expect((await use(await linkTo({}))).status).toBe(404);
	});

	it('a form stores a file under the conditions that were signed', async () => {
		const wish = { contentType: 'text/x-test', metadata: { a: 'ü' }, minSize: 2, maxSize: 8 };
		const form = await formFor(wish);
		expect((await submit(form, 'uploaded')).status).toBe(201);
		const { head, content } = await bucket.get(key);
		expect(content.toString()).toBe('uploaded');
		expect(head).toMatchObject({ contentType: 'text/x-test', metadata: { a: 'ü' } });
		for (const refused of [
			submit(form, 'x'),
			submit(form, 'too large'),
			submit(form, 'xxx', { key: 'elsewhere' }),
			submit(form, 'xxx', { 'Content-Type': 'text/html' }),
			submit(form, 'xxx', { acl: 'public-read' }),
		]) {
			const { status } = await refused;
			expect(status).toBeGreaterThanOrEqual(400);
			expect(status).toBeLessThan(500);
		}
		expect((await bucket.get(key)).content.toString()).toBe('uploaded');
	});

	it('a form that was changed or has expired is refused', async () => {
		await bucket.put(key, 'content');
		const form = await formFor({ expiresIn: 1 });
		const policy = Buffer.from(
			Buffer.from(form.fields.policy ?? '', 'base64')
				.toString()
				.replace(/"expiration":"\d+/, '"expiration":"2100'),
		).toString('base64');
		const changed = { ...form, fields: { ...form.fields, policy } };
		expect((await submit(changed, 'other')).status).toBe(403);
		await new Promise((resolve) =>
			setTimeout(resolve, form.expiresAt.getTime() + 1100 - Date.now()),
		);
		expect((await submit(form, 'other')).status).toBe(403);
		expect((await bucket.get(key)).content.toString()).toBe('content');
	});

	it('a form with a prefix names the object after the file, and sends the browser on', async () => {
		const successRedirect = 'https://example.com/thanks';
		const form = await formFor({
			key: 'in/',
			keyIsPrefix: true,
			contentType: '*',
			successRedirect,
		});
		const response = await submit(form, 'x', { 'Content-Type': 'text/x-other' });
		expect(response.status).toBe(303);
		expect(response.headers.get('location')).toMatch(/^https:\/\/example\.com\/thanks\?/);
		expect((await bucket.head('in/file.txt')).contentType).toBe('text/x-other');
	});
}
