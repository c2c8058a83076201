import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { CustomProxy } from '../../../s3/Connection';
import { ProxyError } from '../../../s3/errors/proxyError';
import { agentsFor } from '../../../s3/http/agentsFor';
import { egressFor } from '../../../s3/http/egress';
import { proxyAgents } from '../../../s3/http/proxyAgents';
import * as sdk from '../../../s3/sdk';
import { connectionTo } from '../../servers/connectionTo';
import { startHttpProxy } from '../../servers/httpProxy';
import type { HttpProxy } from '../../servers/httpProxy';
import { rejectionOf } from '../../unit/failureOf';
import { authority, bothServers, get, list, open, proxyAt, put, tls } from './proxied';
import { withStranger } from './stranger';

const MiB = 1024 * 1024;
const PASSWORD = 'planted: p%40ss@w/rd';

const servers = bothServers();
let proxy: HttpProxy;

beforeEach(async () => {
	proxy = await startHttpProxy({ credentials: `n8n:${PASSWORD}` });
});
afterEach(() => proxy.stop());

const custom = (): CustomProxy => ({ ...proxyAt(proxy.url), user: 'n8n', password: PASSWORD });

describe.each(['http', 'https'] as const)('a server by %s', (scheme) => {
	const server = servers[scheme];
	const host = () => new URL(server.endpoint).host;

	it(`a server by ${scheme} is put to, read and listed through the proxy alone`, async () => {
		const s3 = await open(server, custom());
		const bytes = randomBytes(11 * MiB);
		await put(s3, 'large', bytes);
		expect((await get(s3, 'large')).equals(bytes)).toBe(true);
		expect(await list(s3, 'large')).toEqual(['large']);
		const methods = new Set(proxy.proxied.map(({ method }) => method));
		if (scheme === 'https') {
			expect([...methods]).toEqual(['CONNECT']);
			expect(new Set(proxy.proxied.map(({ target }) => target))).toEqual(new Set([host()]));
		} else {
			expect(proxy.proxied).toHaveLength(server.requests.length);
			expect(methods).toEqual(
				new Set(['POST', 'PUT', 'GET', 'HEAD'].filter((m) => methods.has(m))),
			);
		}
	});

	it(`a server by ${scheme} gives the parts of a large object through the proxy, too`, async () => {
		const s3 = await open(server, custom());
		const bytes = randomBytes(40 * MiB);
		await put(await open(server, { kind: 'none' }), 'parts', bytes);
		server.requests.length = 0;
		expect((await get(s3, 'parts')).equals(bytes)).toBe(true);
		expect(server.requests).toHaveLength(6);
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
	])(`a server by ${scheme} gets the key %j as it was signed`, async (key) => {
		const s3 = await open(server, custom());
		await put(s3, key, Buffer.from(key));
		expect((await get(s3, key)).toString()).toBe(key);
		expect(await list(s3, key)).toContain(key);
	});

	it(`connections through a proxy to a server by ${scheme} are kept for further requests`, async () => {
		const s3 = await open(server, custom(), { multipartThreshold: 1 });
		for (let i = 0; i < 10; i++) await put(s3, `n${i}`, Buffer.from('n'));
		expect(new Set(proxy.proxied.map(({ port }) => port)).size).toBe(1);
		expect(proxy.proxied).toHaveLength(scheme === 'https' ? 1 : 10);
	});

	it(`a server by ${scheme} at its usual port is asked as it was signed`, async () => {
		// A name that only the proxy can look up.
		const port = scheme === 'https' ? 443 : 80;
		const hosts = {
			's3.example.invalid': host(),
			[`s3.example.invalid:${port}`]: host(),
		};
		const other = await startHttpProxy({ hosts });
		const endpoint = `${scheme}://s3.example.invalid`;
		const s3 = await open(server, proxyAt(other.url), { endpoint, ignoreSslIssues: true });
		expect(await list(s3, 'no')).toEqual([]);
		await other.stop();
	});

	it(`a server by ${scheme} is reached through a proxy that speaks TLS`, async () => {
		const tlsProxy = await startHttpProxy({ tls });
		const s3 = await open(server, proxyAt(tlsProxy.url));
		await put(s3, 'over TLS', Buffer.from('x'));
		expect((await get(s3, 'over TLS')).toString()).toBe('x');
		const untrusting = await open(server, proxyAt(tlsProxy.url), { caCertificate: undefined });
		const { message } = await rejectionOf(list(untrusting));
		expect(message).toContain(
			`the proxy ${tlsProxy.host} could not be reached, its TLS certificate`,
		);
		await tlsProxy.stop();
	});

	it(`a proxy that speaks TLS is asked by its name, for a server by ${scheme}`, async () => {
		const tlsProxy = await startHttpProxy({ tls });
		const s3 = await open(server, proxyAt(`https://localhost:${new URL(tlsProxy.url).port}`));
		expect(await list(s3, 'no')).toEqual([]);
		expect(tlsProxy.proxied).toMatchObject([{ servername: 'localhost' }]);
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
			connectionTo(servers.http, { proxy: proxyAt(other.url), caCertificate: authority.pem }),
		);
		const parts = Array.from({ length: 5 }, () => randomBytes(100_000));
		const length = 500_000;
		const request = requestHttp(`http://127.0.0.1:${port}/`, {
			method: 'PUT',
			agent: httpAgent,
			headers: { 'content-length': length },
		});
		const responded = once(request, 'response') as Promise<[IncomingMessage]>;
		// The first before there is a connection, the others on it.
		request.write(parts[0]);
		await once(request, 'drain');
		for (const part of parts.slice(1)) request.write(part);
		request.end();
		const [response] = await responded;
		expect((await buffer(response)).equals(Buffer.concat(parts))).toBe(true);
		await other.stop();
		echo.closeAllConnections();
		echo.close();
	},
);

it('the certificate of a server is checked through a proxy as without one', async () => {
	const server = servers.https;
	const s3 = await open(server, custom(), { caCertificate: undefined });
	const { message } = await rejectionOf(list(s3));
	expect(message).toContain(
		`${server.endpoint} through the proxy ${proxy.host} could not be reached, its TLS certificate is not trusted`,
	);
	const careless = await open(server, custom(), {
		caCertificate: undefined,
		ignoreSslIssues: true,
	});
	expect(await list(careless, 'no')).toEqual([]);
});

describe('a proxy that says nothing', () => {
	const stranger = withStranger();

	it.each([
		['http', 'https'],
		['https', 'http'],
		['https', 'https'],
	] as const)(
		'a proxy by %s that says nothing is given up in time, for a server by %s',
		async (scheme, to) => {
			stranger.behave = () => undefined;
			const withoutProxy = await agentsFor(connectionTo(servers.http));
			const egress = { toServers: egressFor(undefined), toProxy: egressFor(undefined) };
			const options = { keepAlive: true, maxSockets: 8, connectTimeout: 300, egress };
			const settings = proxyAt(`${scheme}://${stranger.host()}`);
			const { httpAgent, httpsAgent } = proxyAgents(settings, withoutProxy, options, sdk);
			const request =
				to === 'https'
					? requestHttps(servers.https.endpoint, { agent: httpsAgent })
					: requestHttp(servers.http.endpoint, { agent: httpAgent });
			const [error] = (await once(request.end(), 'error')) as [unknown];
			expect(error).toBeInstanceOf(ProxyError);
			expect(error).toMatchObject({
				proxy: stranger.host(),
				code: 'ETIMEDOUT',
				status: undefined,
			});
			await Promise.all([...stranger.sockets].map((socket) => once(socket.resume(), 'close')));
		},
	);
});
