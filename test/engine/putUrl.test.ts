import { Readable } from 'node:stream';

import { redirectsTo, sends, withFileServer } from '../servers/fileServer';
import { withServer } from '../servers/withServer';
import { send } from './bucket';
import { runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket] });
const files = withFileServer();
const { credential } = server;
withBinaryStore();

const MiB = 1024 * 1024;

const putUrl = (parameters: object, items = [{ json: {} }]) =>
	runNode({
		items,
		parameters: { resource: 'object', operation: 'put', bucket, source: 'url', ...parameters },
		credential,
	});

const stored = async (key: string) =>
	await send(credential, 'GET', `/${bucket}/${encodeURIComponent(key)}`);
const isStored = async (key: string) =>
	await send(credential, 'HEAD', `/${bucket}/${encodeURIComponent(key)}`).then(
		() => true,
		() => false,
	);

/** An error without the node, which has its parameters. */
const shownOf = (error: object | undefined): string =>
	JSON.stringify({ ...error, ...(error instanceof Error && { message: error.message }), node: '' });

beforeEach(() => {
	process.env.N8N_SSRF_ALLOWED_IP_RANGES = '127.0.0.0/8,::1/128';
});
afterEach(() => {
	Reflect.deleteProperty(process.env, 'N8N_SSRF_PROTECTION_ENABLED');
	Reflect.deleteProperty(process.env, 'N8N_SSRF_ALLOWED_IP_RANGES');
	Reflect.deleteProperty(process.env, 'N8N_SSRF_ALLOWED_HOSTNAMES');
});

describe('put of a URL', () => {
	it('Put with the source URL says that the URL is missing', async () => {
		const { error } = await putUrl({ key: 'a', url: '' });
		expect(error?.message).toBe('No URL is given');
	});

	it('Put of a URL keeps the files of the item in the output', async () => {
		const url = files.on('/other', sends('x'));
		const binary = { data: { data: 'eA==', mimeType: 'text/plain' } };
		const { outputs } = await putUrl({ key: 'other', url }, [{ json: {}, binary }] as never);
		expect(outputs[0]?.[0]?.binary).toEqual(binary);
	});

	it('Put stores the file of a URL with its type and name', async () => {
		const disposition = "attachment; filename*=UTF-8''M%C3%A4rz.pdf";
		const headers = { 'content-type': 'application/pdf', 'content-disposition': disposition };
		const url = files.on('/report', sends('%PDF', headers));
		const { outputs, error } = await putUrl({ key: '', url });
		expect(error).toBeUndefined();
		expect(outputs).toEqual([
			[
				{
					json: {
						bucket,
						key: 'März.pdf',
						size: 4,
						etag: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
						contentType: 'application/pdf',
						parts: 1,
					},
					pairedItem: { item: 0 },
				},
			],
		]);
		const object = await stored('März.pdf');
		expect(object.headers.get('content-type')).toBe('application/pdf');
		expect(object.headers.get('content-disposition')).toContain("filename*=UTF-8''M%C3%A4rz.pdf");
		expect(await object.text()).toBe('%PDF');
	});

	it('Put makes the key of a URL by a pattern, and takes the type from the name if there is none', async () => {
		files.on('/2026.json', sends('{}'));
		const url = files.on('/latest', redirectsTo('/2026.json'));
		const { outputs } = await putUrl({ key: 'in/{fileBaseName}/data.{fileExtension}', url });
		expect(outputs[0]?.[0]?.json).toMatchObject({
			key: 'in/2026/data.json',
			contentType: 'application/json',
		});
	});

	it('Put stores the bytes of a URL as they come, with their encoding', async () => {
		const packed = Buffer.from('not really gzip');
		const url = files.on('/x.csv', sends(packed, { 'content-encoding': 'gzip' }));
		await putUrl({ key: 'packed', url });
		const { headers } = await send(credential, 'HEAD', `/${bucket}/packed`);
		expect(headers.get('content-encoding')).toBe('gzip');
		expect(headers.get('content-length')).toBe(String(packed.length));
	});

	it('Put leaves out the encoding of a URL that is one of requests, which S3 refuses', async () => {
		const url = files.on('/x', sends('x', { 'content-encoding': 'aws-chunked' }));
		await putUrl({ key: 'chunked', url });
		const { headers } = await send(credential, 'HEAD', `/${bucket}/chunked`);
		expect(headers.get('content-encoding')).toBeNull();
	});

	it('the options of Put go before what the server of a URL says', async () => {
		const headers = {
			'content-type': 'text/html',
			'content-encoding': 'x',
			'content-disposition': 'attachment; filename=a',
		};
		const options = {
			contentType: 'text/plain',
			contentEncoding: 'y',
			contentDisposition: 'inline',
		};
		await putUrl({ key: 'own', url: files.on('/x', sends('a', headers)), options });
		const object = await send(credential, 'HEAD', `/${bucket}/own`);
		expect(Object.fromEntries(object.headers)).toMatchObject({
			'content-type': 'text/plain',
			'content-encoding': 'y',
			'content-disposition': 'inline',
		});
	});

	it('Put asks a URL as its options say', async () => {
		const url = files.on('/x', sends('a'));
		const headers = { header: [{ name: 'X-Api-Key', value: '={{ $json.key }}' }] };
		const options = { method: 'POST', headers, body: 'q={{ 1 }}' };
		await putUrl({ key: 'posted', url, options }, [{ json: { key: 'k1' } }] as never);
		expect(files.requests).toMatchObject([
			{ method: 'POST', headers: { 'x-api-key': 'k1' }, body: 'q={{ 1 }}' },
		]);
	});

	it('Put stores a file of unknown length in parts', async () => {
		const url = files.on('/large', (response) => {
			let left = 20;
			const piece = Buffer.alloc(MiB, 7);
			const body = new Readable({ read: () => body.push(left-- > 0 ? piece : null) });
			body.pipe(response);
		});
		const { outputs, error } = await putUrl({ key: 'large', url });
		expect(error).toBeUndefined();
		expect(outputs[0]?.[0]?.json).toMatchObject({ size: 20 * MiB, parts: 3 });
		const content = Buffer.from(await (await stored('large')).arrayBuffer());
		expect(content.equals(Buffer.alloc(20 * MiB, 7))).toBe(true);
	});

	it('Put stores nothing of a URL that breaks off, and says so', async () => {
		const url = files.on('/short', (response) => {
			response.writeHead(200, { 'content-length': 10 * MiB }).write(Buffer.alloc(9 * MiB));
			setTimeout(() => response.destroy(), 50);
		});
		const { error } = await putUrl({ key: 'short', url: `${url}?sig=planted` });
		expect(error?.message).toMatch(/^Could not put “short” in bucket “bucket”: the file at http/);
		expect(shownOf(error)).not.toContain('planted');
		expect(await isStored('short')).toBe(false);
	});

	it('an error of Put names neither headers nor the path of a URL', async () => {
		const url = files.on('/planted-path', (response) => response.writeHead(401).end());
		const headers = { header: [{ name: 'Authorization', value: 'Bearer planted' }] };
		const { error } = await putUrl({ key: 'k', url, options: { headers, retryFor: 0 } });
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '401' });
		expect(error?.description).toContain('option Headers');
		expect(shownOf(error)).not.toContain('planted');
		expect(await isStored('k')).toBe(false);
	});

	it('Put ends the response of a URL whose file has no name for a key', async () => {
		const closed = new Promise((resolve) => {
			files.on('/folder/', (response) => {
				response.once('close', resolve).write('a');
			});
		});
		const { error } = await putUrl({ key: '', url: `${files.origin}/folder/` });
		expect(error?.message).toBe('The file has no name that could be its key');
		await closed;
	});

	it('a hint says that a file whose length nobody knows may be cut short', async () => {
		const url = files.on('/x', (response) => {
			response.socket?.end('HTTP/1.1 200 OK\r\n\r\nab');
		});
		const { hints } = await putUrl({ key: 'open', url });
		expect(hints[0]).toMatchObject({ message: expect.stringContaining('“open”') as string });
	});

	/** Whether a hint says that what was stored as a key is a web page, which the URL gives. */
	const isCalledPage = async (key: string, path: string) => {
		const url = files.on(path, sends('<html>', { 'content-type': 'Text/HTML; charset=utf-8' }));
		const { hints, error } = await putUrl({ key, url: `${url}?a=b.csv` });
		expect(error).toBeUndefined();
		return hints.some(({ message }) => message.includes(`“${key}” is a web page`));
	};

	it('a hint says that a web page was stored if the key or the URL ends like another file', async () => {
		expect(await isCalledPage('reports/2026.pdf', '/latest')).toBe(true);
		expect(await isCalledPage('latest', '/2026.pdf')).toBe(true);
	});

	it('no hint says so of a page that was asked for, or may have been', async () => {
		expect(await isCalledPage('page.html', '/2026.pdf')).toBe(false);
		expect(await isCalledPage('latest', '/report.php')).toBe(false);
	});

	it('a hint says that a web page was stored that a redirect led to', async () => {
		files.on('/login', sends('<html>', { 'content-type': 'text/html' }));
		const url = files.on('/2026.pdf', redirectsTo('/login'));
		const { hints } = await putUrl({ key: '', url });
		const message = expect.stringContaining('“login” is a web page') as string;
		expect(hints).toContainEqual(expect.objectContaining({ message }));
	});

	it('Put asks an internal address only if the owner of n8n allows it, and S3 at one all the same', async () => {
		const url = files.on('/x', sends('a'));
		Reflect.deleteProperty(process.env, 'N8N_SSRF_ALLOWED_IP_RANGES');
		for (const refused of [url, url.replace('127.0.0.1', 'localhost')]) {
			const { error } = await putUrl({ key: 'k', url: refused });
			expect(error?.message).toBe(
				`Could not put “k” in bucket “${bucket}”: ${new URL(refused).origin} is at an internal or blocked address`,
			);
		}
		expect(files.requests).toEqual([]);
		process.env.N8N_SSRF_ALLOWED_HOSTNAMES = 'localhost';
		const byName = await putUrl({ key: 'k', url: url.replace('127.0.0.1', 'localhost') });
		expect(byName.error).toBeUndefined();
		process.env.N8N_SSRF_PROTECTION_ENABLED = 'false';
		expect((await putUrl({ key: 'k', url })).error).toBeUndefined();
	});

	it('Put follows no redirect to an internal address that is not allowed', async () => {
		process.env.N8N_SSRF_ALLOWED_IP_RANGES = '127.0.0.1/32';
		const url = files.on('/x', redirectsTo('http://127.0.0.2:1/secret'));
		const { error } = await putUrl({ key: 'k', url });
		expect(error?.message).toContain('http://127.0.0.2:1 is at an internal or blocked address');
	});

	it('Put never asks a link-local address, whatever the owner of n8n allows', async () => {
		process.env.N8N_SSRF_ALLOWED_IP_RANGES = '0.0.0.0/0';
		for (const enabled of ['true', 'false']) {
			process.env.N8N_SSRF_PROTECTION_ENABLED = enabled;
			const { error } = await putUrl({ key: 'k', url: 'http://169.254.169.254/latest/meta-data' });
			expect(error?.message).toContain('link-local addresses are never asked');
		}
	});

	it('items whose URLs give the same name are put in their order, whichever server is faster', async () => {
		const urls = [200, 0, 100].map((ms, at) =>
			files.on(`/${at}/report`, (response) => {
				setTimeout(() => {
					response.setHeader('content-disposition', 'attachment; filename=report');
					response.end(String(at));
				}, ms);
			}),
		);
		for (const key of ['', 'in/{fileName}']) {
			const items = urls.map((url) => ({ json: { url } }));
			const { outputs, hints } = await putUrl({ key, url: '={{ $json.url }}' }, items);
			expect(outputs[0]).toHaveLength(3);
			const name = key.replace('{fileName}', 'report') || 'report';
			expect(await (await stored(name)).text()).toBe('2');
			expect(JSON.stringify(hints)).toContain(
				'2 items have the same bucket and key as an earlier item',
			);
		}
	});

	it.each([
		['before', ['', 'mixed']],
		['after', ['mixed', '']],
	])(
		'an item whose URL gives a name is put in its order %s one whose key is known',
		async (_, keys) => {
			const items = keys.map((key, at) => {
				const url = files.on(`/mixed/${at}`, (response) => {
					const respond = () => {
						response.setHeader('content-disposition', 'attachment; filename=mixed');
						response.end(String(at));
					};
					setTimeout(respond, at === 0 ? 200 : 0);
				});
				return { json: { key, url } };
			});
			const key = '={{ $json.key || "{fileName}" }}';
			const { outputs, hints } = await putUrl({ key, url: '={{ $json.url }}' }, items);
			expect(outputs[0]?.map(({ json }) => json.key)).toEqual(['mixed', 'mixed']);
			expect(await (await stored('mixed')).text()).toBe('1');
			expect(JSON.stringify(hints)).toContain('An item has the same bucket and key');
		},
	);

	it('items whose URL gives the same name are put in their order', async () => {
		let count = 0;
		const url = files.on('/x', (response) => {
			const content = String(count++);
			response.setHeader('content-disposition', 'attachment; filename=same');
			setTimeout(() => response.end(content), content === '0' ? 200 : 0);
		});
		const items = [{ json: {} }, { json: {} }, { json: {} }];
		const { outputs } = await putUrl({ key: '', url }, items);
		expect(outputs[0]).toHaveLength(3);
		expect(await (await stored('same')).text()).toBe('2');
	});
});
