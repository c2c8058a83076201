import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { stringify } from 'flatted';
import type { IDataObject } from 'n8n-workflow';

import { newBucket, putAll } from './bucket';
import { removeBinaryStore, requestWithCredential, type Credential } from './n8n';
import { startServer, type TestServer } from './server';

let server: TestServer;
let credential: Credential;
let bucket: string;
let base: string;

beforeAll(async () => {
	server = await startServer();
	credential = server.credential;
	bucket = await newBucket(credential);
	base = `${credential.endpoint}/${bucket}`;
	await putAll(credential, bucket, { 'a b+(c).txt': 'hello' });
});
afterAll(async () => {
	await server.stop();
	await removeBinaryStore();
});

/** How certificates are left unchecked. */
const UNCHECKED = {
	requestWithAuthentication: { rejectUnauthorized: false },
	httpRequestWithAuthentication: { skipSslCertificateValidation: true },
};

/** How an answer is taken as a file, by each of the two ways. */
const HALF_READ = { useStream: true, encoding: null, resolveWithFullResponse: true };
const AS_STREAM = { encoding: 'stream', returnFullResponse: true };

/** Both of n8n's ways to send a request with a credential: the HTTP Request node's, and the newer one. */
describe.each(['requestWithAuthentication', 'httpRequestWithAuthentication'] as const)(
	'a request by %s',
	(helper) => {
		const address = (url: string) =>
			helper === 'requestWithAuthentication' ? { uri: url } : { url };
		const request = async (url: string, options: IDataObject = {}) => {
			const settings = { method: 'GET', ...address(url), ...options };
			return await requestWithCredential(helper, credential, settings);
		};

		it('lists with query parameters', async () => {
			const qs = { 'list-type': '2', prefix: 'a b+' };
			expect(await request(base, { qs })).toContain('<Key>a b+(c).txt</Key>');
		});

		it('reads a key with odd characters', async () => {
			expect(await request(`${base}/a b%2B(c).txt`)).toBe('hello');
		});

		it.each<[string, unknown, string]>([
			['JSON', { a: 'ü', n: [1] }, '{"a":"ü","n":[1]}'],
			['text', ' {"not": trimmed} ', ' {"not": trimmed} '],
			['binary data', Buffer.from([0, 255, 13, 10]), Buffer.from([0, 255, 13, 10]).toString()],
			['nothing', undefined, ''],
			['a form', new URLSearchParams({ 'a b': 'ü&=+' }), 'a+b=%C3%BC%26%3D%2B'],
		])('puts %s unchanged', async (what, body, stored) => {
			const key = `${base}/put ${what} ${helper}`;
			const headers = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
			await request(key, {
				method: 'PUT',
				headers,
				json: typeof body === 'object' && !Buffer.isBuffer(body),
				...(body === undefined ? {} : { body: body as IDataObject }),
			});
			// of an empty body the older of the two makes nothing at all
			expect((await request(key, { json: false, encoding: 'text' })) ?? '').toBe(stored);
		});

		it.each(['accessKeys', 'basicAuth'])(
			'takes no Authorization of %s to another server, though that one is redirected to',
			async (authentication) => {
				const seen: (string | undefined)[] = [];
				const elsewhere = await listen(({ headers }, response) => {
					seen.push(headers.authorization);
					response.end('elsewhere');
				});
				const redirecting = await listen((_, response) => {
					response.writeHead(307, { location: elsewhere.url }).end();
				});
				const basic = { username: 'me', password: 'planted', scheme: 'http' };
				const there = { ...credential, ...basic, endpoint: redirecting.url };
				const options = { method: 'GET', ...address(redirecting.url) };
				expect(await requestWithCredential(helper, there, options, authentication)).toBe(
					'elsewhere',
				);
				expect(seen).toEqual([undefined]);
				for (const { server } of [redirecting, elsewhere]) {
					server.closeAllConnections();
					server.close();
				}
			},
		);

		it.each<[string, IDataObject, RegExp]>([
			['http', {}, /not sent through a proxy in clear/],
			['https', UNCHECKED[helper], /certificate is not checked/],
		])('shows a password for %s to no proxy of the node', async (scheme, options, words) => {
			const seen: unknown[] = [];
			const proxy = await listen((_, response) => {
				seen.push('a request');
				response.end();
			});
			proxy.server.on('connect', (_request, socket) => {
				seen.push('a tunnel');
				socket.destroy();
			});
			const endpoint = `${scheme}://s3.example.invalid`;
			const basic = { username: 'me', password: 'planted', scheme: 'http', endpoint };
			const { hostname, port } = new URL(proxy.url);
			const way =
				helper === 'requestWithAuthentication'
					? proxy.url
					: { protocol: 'http', host: hostname, port: Number(port) };
			const request = { method: 'GET', ...address(`${endpoint}/a`), proxy: way, ...options };
			await expect(
				requestWithCredential(helper, { ...credential, ...basic }, request, 'basicAuth'),
			).rejects.toThrow(words);
			expect(seen).toEqual([]);
			proxy.server.close();
		});

		it.each<[string, IDataObject]>([
			['accessKeys', { sessionToken: 'planted', temporaryCredentials: true }],
			['basicAuth', { username: 'me', password: 'planted', scheme: 'http' }],
		])('hands n8n a stream of %s that is stored without its request', async (kind, fields) => {
			const { server: answering, url } = await listen(({ headers }, response) => {
				response.setHeader('x-seen', String(headers.authorization !== undefined));
				response.end('the file');
			});
			const settings = helper === 'requestWithAuthentication' ? HALF_READ : AS_STREAM;
			const there = { ...credential, ...fields, endpoint: url };
			const options = { method: 'GET', ...address(url), ...settings };
			const answer = await requestWithCredential(helper, there, options, kind);
			const { body } = answer as { body: Readable };
			const stored = stringify(answer);
			expect(stored).toContain('"x-seen":');
			expect(stored).not.toMatch(/planted|AWS4-HMAC|Basic /);
			expect(await text(body)).toBe('the file');
			answering.closeAllConnections();
			answering.close();
		});

		it('is refused with another secret', async () => {
			const other = { ...credential, secretAccessKey: 'wrong' };
			const options = { method: 'GET', ...address(`${base}/a`) };
			await expect(requestWithCredential(helper, other, options)).rejects.toMatchObject({
				httpCode: '403',
			});
		});
	},
);

async function listen(listener: RequestListener) {
	const server = createServer(listener);
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const { port } = server.address() as AddressInfo;
	return { server, url: `http://127.0.0.1:${String(port)}/` };
}
