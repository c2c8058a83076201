import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { openS3 } from '../../../s3/client/openS3';
import type { S3 } from '../../../s3/client/S3';
import type { Connection, CustomProxy, ProxySettings } from '../../../s3/Connection';
import { getObject } from '../../../s3/download/getObject';
import { listObjects } from '../../../s3/list/listObjects';
import { S3Failure } from '../../../s3/S3Failure';
import { agentsFor } from '../../../s3/http/agentsFor';
import { putObject } from '../../../s3/upload/putObject';
import { startEmbedded } from '../../servers/embedded';
import type { EmbeddedServer } from '../../servers/embedded';
import { startHttpProxy } from '../../servers/httpProxy';
import type { HttpProxy } from '../../servers/httpProxy';
import { issue } from '../../servers/rolesAnywhere/authority';
import { connectionTo } from '../../servers/connectionTo';
import { withEnvironment } from '../environment';

const MiB = 1024 * 1024;
const bucket = 'proxied';
const call = { signal: undefined };
const PASSWORD = 'planted: p%40ss@w/rd';
const user = { user: 'n8n', password: PASSWORD };
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:1';

const authority = issue({ name: 'Private CA', ca: true });
const certificate = issue({ name: 'server', hosts: ['127.0.0.1'] }, authority);
const tls = { cert: certificate.pem, key: certificate.keyPem };

let plain: EmbeddedServer;
let secure: EmbeddedServer;
let proxy: HttpProxy;

beforeAll(async () => {
	plain = await startEmbedded();
	secure = await startEmbedded({ tls });
	for (const server of [plain, secure]) server.store.makeBucket(bucket);
});
afterAll(async () => {
	await plain.stop();
	await secure.stop();
});
beforeEach(async () => {
	proxy = await startHttpProxy({ credentials: `n8n:${PASSWORD}` });
});
afterEach(() => proxy.stop());

const custom = (changes: Partial<CustomProxy> = {}): CustomProxy => ({
	kind: 'custom',
	url: proxy.url,
	...user,
	...changes,
});

const open = (
	server: EmbeddedServer,
	settings: ProxySettings,
	more: Partial<Connection> = {},
): Promise<S3> =>
	openS3(connectionTo(server, { proxy: settings, caCertificate: authority.pem, bucket, ...more }));

async function put(s3: S3, key: string, bytes: Buffer): Promise<void> {
	const source = {
		size: bytes.length,
		open: () => Promise.resolve(Readable.from([bytes], { objectMode: false })),
	};
	await putObject(s3, { bucket, key, source, multipartThreshold: 5 * MiB }, call);
}

const get = async (s3: S3, key: string): Promise<Buffer> =>
	buffer((await getObject(s3, { bucket, key }, call)).body);

async function list(s3: S3, prefix = ''): Promise<string[]> {
	const keys: string[] = [];
	for await (const { entries } of listObjects(s3, { bucket, prefix }, call)) {
		for (const entry of entries) keys.push('key' in entry ? entry.key : entry.prefix);
	}
	return keys;
}

async function failureOf(work: Promise<unknown>): Promise<S3Failure> {
	const error: unknown = await work.then(
		() => new Error('it did not fail'),
		(thrown: unknown) => thrown,
	);
	if (!(error instanceof S3Failure)) throw error;
	return error;
}

describe.each([
	['http', () => plain],
	['https', () => secure],
])('a server by %s', (scheme, serverOf) => {
	const host = () => new URL(serverOf().endpoint).host;

	it('is put to, read and listed through the proxy alone', async () => {
		const s3 = await open(serverOf(), custom());
		const bytes = randomBytes(11 * MiB);
		serverOf().requests.length = 0;
		await put(s3, 'large', bytes);
		expect((await get(s3, 'large')).equals(bytes)).toBe(true);
		expect(await list(s3, 'large')).toEqual(['large']);
		const methods = new Set(proxy.proxied.map(({ method }) => method));
		if (scheme === 'https') {
			expect([...methods]).toEqual(['CONNECT']);
			expect(new Set(proxy.proxied.map(({ target }) => target))).toEqual(new Set([host()]));
		} else {
			expect(proxy.proxied).toHaveLength(serverOf().requests.length);
			expect(methods).toEqual(
				new Set(['POST', 'PUT', 'GET', 'HEAD'].filter((m) => methods.has(m))),
			);
		}
	});

	it('gives the parts of a large object through the proxy, too', async () => {
		const s3 = await open(serverOf(), custom());
		const bytes = randomBytes(40 * MiB);
		await put(await open(serverOf(), { kind: 'none' }), 'parts', bytes);
		serverOf().requests.length = 0;
		expect((await get(s3, 'parts')).equals(bytes)).toBe(true);
		expect(serverOf().requests).toHaveLength(6);
		// As many tunnels as there are parts at once, or each request by itself.
		expect(proxy.proxied).toHaveLength(scheme === 'https' ? 4 : 6);
	});

	it.each([
		'a//b',
		'/leading',
		'../up/./here',
		'a b+c%2F%25&\'"?#=',
		'new\nline',
		'a://b/../c',
		'ünï😀',
		'.',
	])('gets the key %j as it was signed', async (key) => {
		const s3 = await open(serverOf(), custom());
		await put(s3, key, Buffer.from(key));
		expect((await get(s3, key)).toString()).toBe(key);
		expect(await list(s3, key)).toContain(key);
	});

	it('keeps its connections for further requests', async () => {
		const s3 = await open(serverOf(), custom(), { multipartThreshold: 1 });
		for (let i = 0; i < 10; i++) await put(s3, `n${i}`, Buffer.from('n'));
		expect(new Set(proxy.proxied.map(({ port }) => port)).size).toBe(1);
		expect(proxy.proxied).toHaveLength(scheme === 'https' ? 1 : 10);
	});

	it.each([
		['a wrong password', { password: 'planted wrong' }],
		['no user', { user: undefined, password: undefined }],
	])('is not reached with %s for the proxy', async (_, changes) => {
		const failure = await failureOf(list(await open(serverOf(), custom(changes))));
		expect(failure).toMatchObject({
			kind: 'unreachable',
			code: 'ProxyAuthenticationRequired',
			status: 407,
			retryable: false,
			message: `Could not list bucket “${bucket}”: the proxy ${proxy.host} wants a valid user name and password`,
			advice:
				'Enter Proxy User and Proxy Password in the credential, or correct those in HTTPS_PROXY or HTTP_PROXY.',
		});
		expect(proxy.proxied).toHaveLength(1);
	});

	it('is not reached when the proxy is down, whose name is said', async () => {
		const failure = await failureOf(list(await open(serverOf(), custom({ url: NOWHERE }))));
		expect(failure).toMatchObject({
			kind: 'unreachable',
			code: 'ECONNREFUSED',
			message: `Could not list bucket “${bucket}”: the proxy 127.0.0.1:1 could not be reached, nothing accepts connections there`,
			advice:
				'Check the proxy in the credential (or HTTPS_PROXY and HTTP_PROXY) and that it is running.',
		});
	});

	it('is not reached through a proxy whose name nobody knows', async () => {
		const url = 'http://proxy.invalid:3128';
		const { message } = await failureOf(list(await open(serverOf(), custom({ url }))));
		expect(message).toMatch(
			/the proxy proxy\.invalid:3128 could not be reached, the host name (is not known|could not be looked up)$/,
		);
	});

	it.each([403, 404, 502, 503])(
		'is refused by the proxy with %i in other words than by S3',
		async (status) => {
			proxy.refuseWith(status, { 'x-squid-error': 'ERR_ACCESS_DENIED 0' });
			const failure = await failureOf(list(await open(serverOf(), custom())));
			expect(failure).toMatchObject({
				kind: 'unreachable',
				code: 'ProxyRefused',
				status,
				retryable: status >= 500,
				message: `Could not list bucket “${bucket}”: the proxy ${proxy.host} did not connect to ${host()} (HTTP ${status})`,
				advice: `Ask whoever runs the proxy to allow ${host()}, or let Proxy of the credential or NO_PROXY leave it out.`,
			});
			expect(proxy.proxied).toHaveLength(status < 500 ? 1 : 5);
		},
	);

	it('refuses in its own words through the proxy, too', async () => {
		// A Squid in front of the server itself: in a tunnel no proxy of ours can have said it.
		const headers = scheme === 'https' ? { server: 'squid/6.1' } : {};
		serverOf().faults.add({
			operation: 'ListObjectsV2',
			times: 1,
			effect: { kind: 'answer', status: 403, code: 'AccessDenied', headers },
		});
		const failure = await failureOf(list(await open(serverOf(), custom())));
		expect(failure).toMatchObject({ kind: 'denied', code: 'AccessDenied' });
	});

	it('says nothing of the password of the proxy', async () => {
		const failures = [
			await failureOf(list(await open(serverOf(), custom({ user: 'other' })))),
			await failureOf(list(await open(serverOf(), custom({ url: NOWHERE })))),
		];
		proxy.refuseWith(403);
		failures.push(await failureOf(list(await open(serverOf(), custom()))));
		const token = Buffer.from(`n8n:${PASSWORD}`).toString('base64');
		for (const failure of failures) {
			const all = inspect(failure, { depth: Infinity, showHidden: true }) + JSON.stringify(failure);
			expect(all).not.toContain(PASSWORD);
			expect(all).not.toContain(token);
		}
	});

	it('is asked directly without a proxy, whatever the environment says', async () => {
		await withEnvironment({ HTTPS_PROXY: NOWHERE, HTTP_PROXY: NOWHERE }, async () => {
			expect(await list(await open(serverOf(), { kind: 'none' }), 'no')).toEqual([]);
		});
	});

	const login = `n8n:${encodeURIComponent(PASSWORD)}`;

	it.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])(
		'is asked through the proxy that %s names',
		async (name) => {
			const variable = scheme === 'http' ? name.replace(/https/i, (s) => s.slice(0, 4)) : name;
			const value = proxy.url.replace('//', `//${login}@`);
			await withEnvironment({ [variable]: value }, async () => {
				expect(await list(await open(serverOf(), { kind: 'environment' }), 'no')).toEqual([]);
			});
			expect(proxy.proxied).toHaveLength(1);
		},
	);

	it('is asked by plain http through a proxy that the environment names without a scheme', async () => {
		const value = `${login}@${proxy.host}`;
		await withEnvironment({ HTTPS_PROXY: value, HTTP_PROXY: value }, async () => {
			expect(await list(await open(serverOf(), { kind: 'environment' }), 'no')).toEqual([]);
		});
		expect(proxy.proxied).toHaveLength(1);
	});

	it.each(['127.0.0.1', '*', 'example.com,127.0.0.1', '.0.0.1'])(
		'is asked directly with NO_PROXY=%s',
		async (excepted) => {
			const variables = { HTTPS_PROXY: NOWHERE, HTTP_PROXY: NOWHERE, NO_PROXY: excepted };
			await withEnvironment(variables, async () => {
				const s3 = await open(serverOf(), { kind: 'environment' }, { bucketOnly: true });
				expect(await list(s3, 'no')).toEqual([]);
				expect(await list(s3, 'no')).toEqual([]);
			});
		},
	);

	it('is asked through another proxy as soon as the environment names it', async () => {
		const settings = { kind: 'environment' } as const;
		const other = await startHttpProxy();
		const at = proxy.url.replace('//', `//${login}@`);
		await withEnvironment({}, async () => {
			expect(await list(await open(serverOf(), settings), 'no')).toEqual([]);
		});
		for (const value of [at, other.url]) {
			await withEnvironment({ HTTPS_PROXY: value, HTTP_PROXY: value }, async () => {
				expect(await list(await open(serverOf(), settings), 'no')).toEqual([]);
			});
		}
		await withEnvironment({ ALL_PROXY: other.url, NO_PROXY: '127.0.0.1' }, async () => {
			expect(await list(await open(serverOf(), settings), 'no')).toEqual([]);
		});
		expect([proxy.proxied.length, other.proxied.length]).toEqual([1, 1]);
		await other.stop();
	});

	it('is asked with a password of the environment that has a bare percent sign', async () => {
		const other = await startHttpProxy({ credentials: 'n8n:100%' });
		const value = other.url.replace('//', '//n8n:100%@');
		await withEnvironment({ HTTPS_PROXY: value, HTTP_PROXY: value }, async () => {
			expect(await list(await open(serverOf(), { kind: 'environment' }), 'no')).toEqual([]);
		});
		expect(other.proxied).toHaveLength(1);
		await other.stop();
	});

	it('is not asked through what is no HTTP proxy', async () => {
		await withEnvironment({ ALL_PROXY: `socks5://${login}@127.0.0.1:1080` }, async () => {
			const failure = await failureOf(
				list(await open(serverOf(), { kind: 'environment' }, { region: 'eu-west-1' })),
			);
			expect(failure).toMatchObject({
				kind: 'invalid',
				message: 'The proxy in the environment of n8n is not the URL of an HTTP proxy',
			});
			expect(failure.advice).toContain('SOCKS');
		});
	});

	it('is reached through a proxy that speaks TLS', async () => {
		const tlsProxy = await startHttpProxy({ tls });
		const through = { kind: 'custom', url: tlsProxy.url, user: undefined, password: undefined };
		const s3 = await open(serverOf(), through as CustomProxy);
		await put(s3, 'over TLS', Buffer.from('x'));
		expect((await get(s3, 'over TLS')).toString()).toBe('x');
		const untrusting = await open(serverOf(), through as CustomProxy, { caCertificate: undefined });
		const { message } = await failureOf(list(untrusting));
		expect(message).toContain(
			`the proxy ${tlsProxy.host} could not be reached, its TLS certificate`,
		);
		await tlsProxy.stop();
	});
});

it.each([false, true])(
	'a body that comes bit by bit is sent once, and its head once (proxy with TLS: %s)',
	async (withTls) => {
		const echo = createServer((request, response) => void request.pipe(response));
		await once(echo.listen(0, '127.0.0.1'), 'listening');
		const { port } = echo.address() as AddressInfo;
		const other = await startHttpProxy(withTls ? { tls } : {});
		const { httpAgent } = await agentsFor(
			connectionTo(plain, {
				proxy: { kind: 'custom', url: other.url, user: undefined, password: undefined },
				caCertificate: authority.pem,
			}),
		);
		const parts = Array.from({ length: 5 }, () => randomBytes(100_000));
		const length = 500_000;
		const request = requestHttp(`http://127.0.0.1:${port}/`, {
			method: 'PUT',
			agent: httpAgent,
			headers: { 'content-length': length },
		});
		const answered = once(request, 'response') as Promise<[IncomingMessage]>;
		// The first before there is a connection, the others on it.
		request.write(parts[0]);
		await once(request, 'drain');
		for (const part of parts.slice(1)) request.write(part);
		request.end();
		const [answer] = await answered;
		expect((await buffer(answer)).equals(Buffer.concat(parts))).toBe(true);
		await other.stop();
		echo.closeAllConnections();
		echo.close();
	},
);

it('a web page that may be of a proxy or of what is behind it is said to be neither’s', async () => {
	proxy.refuseWith(403);
	const failure = await failureOf(list(await open(plain, custom())));
	expect(failure).toMatchObject({
		kind: 'rejected',
		status: 403,
		message: `Could not list bucket “${bucket}”: the response of ${plain.endpoint} through the proxy ${proxy.host} is not one of S3, but a web page with HTTP 403`,
	});
});

it.each([
	['http', 80, () => plain],
	['https', 443, () => secure],
])('a server by %s at its usual port is asked as it was signed', async (scheme, port, serverOf) => {
	// A name that only the proxy can look up.
	const hosts = {
		's3.example.invalid': new URL(serverOf().endpoint).host,
		[`s3.example.invalid:${port}`]: new URL(serverOf().endpoint).host,
	};
	const other = await startHttpProxy({ hosts });
	const through = { kind: 'custom', url: other.url, user: undefined, password: undefined } as const;
	const endpoint = `${scheme}://s3.example.invalid`;
	const s3 = await open(serverOf(), through, { endpoint, ignoreSslIssues: true });
	expect(await list(s3, 'no')).toEqual([]);
	await other.stop();
});

it('a certificate is checked behind the proxy as without one', async () => {
	const s3 = await open(secure, custom(), { caCertificate: undefined });
	const { message } = await failureOf(list(s3));
	expect(message).toContain(
		`${secure.endpoint} through the proxy ${proxy.host} could not be reached, its TLS certificate is not trusted`,
	);
	const careless = await open(secure, custom(), {
		caCertificate: undefined,
		ignoreSslIssues: true,
	});
	expect(await list(careless, 'no')).toEqual([]);
});
