/** Proxies that refuse, are down, or are no proxies at all. */
import { inspect } from 'node:util';
import type { Connection, CustomProxy } from '../../../s3/Connection';
import type { EmbeddedServer } from '../../servers/embedded';
import { startHttpProxy } from '../../servers/httpProxy';
import type { HttpProxy } from '../../servers/httpProxy';
import { rejectionOf } from '../../unit/failureOf';
import { bothServers, bucket, list, NOWHERE, open, proxyAt, tls } from '../http/proxied';
import { withStranger } from '../http/stranger';

const PASSWORD = 'planted: p%40ss@w/rd';

const servers = bothServers();
const stranger = withStranger();
let proxy: HttpProxy;

beforeEach(async () => {
	proxy = await startHttpProxy({ credentials: `n8n:${PASSWORD}` });
});
afterEach(() => proxy.stop());

const custom = (changes: Partial<CustomProxy> = {}): CustomProxy => ({
	...proxyAt(proxy.url),
	user: 'n8n',
	password: PASSWORD,
	...changes,
});

/** The failure of a listing through a proxy. */
const failureWith = (
	server: EmbeddedServer,
	settings: CustomProxy,
	more: Partial<Connection> = {},
) => rejectionOf(open(server, settings, more).then((s3) => list(s3, 'no')));

const failureAtStranger = (server: EmbeddedServer) =>
	failureWith(server, proxyAt(`http://${stranger.host()}`));

describe.each(['http', 'https'] as const)('a server by %s', (scheme) => {
	const server = servers[scheme];

	it.each([
		['a wrong password', { password: 'planted wrong' }],
		['no user', { user: undefined, password: undefined }],
	])(`a server by ${scheme} is not reached with %s for the proxy`, async (_, changes) => {
		expect(await failureWith(server, custom(changes))).toMatchObject({
			kind: 'unreachable',
			code: 'ProxyAuthenticationRequired',
			status: 407,
			retryable: false,
			message: `Could not list bucket “${bucket}”: the proxy ${proxy.host} asks for a valid user name and password`,
			advice:
				'Enter Proxy User and Proxy Password in the credential, or correct those in HTTPS_PROXY or HTTP_PROXY.',
		});
		expect(proxy.proxied).toHaveLength(1);
	});

	it(`the failure names a proxy that is down, for a server by ${scheme}`, async () => {
		expect(await failureWith(server, custom({ url: NOWHERE }))).toMatchObject({
			kind: 'unreachable',
			code: 'ECONNREFUSED',
			message: `Could not list bucket “${bucket}”: the proxy 127.0.0.1:1 could not be reached, nothing accepts connections there`,
			advice:
				'Check the proxy in the credential (or HTTPS_PROXY and HTTP_PROXY) and that it is running. If n8n runs in a container, 127.0.0.1 is that container itself: enter the name of the other container, or host.docker.internal.',
		});
	});

	it(`a server by ${scheme} is not reached through a proxy whose name nobody knows`, async () => {
		const { message } = await failureWith(server, custom({ url: 'http://proxy.invalid:3128' }));
		expect(message).toMatch(
			/the proxy proxy\.invalid:3128 could not be reached, the host name (is not known|could not be looked up)$/,
		);
	});

	it.each([403, 404, 502, 503])(
		`a refusal of the proxy with %i has other words than one of a server by ${scheme}`,
		async (status) => {
			const { host } = new URL(server.endpoint);
			proxy.refuseWith(status, { 'x-squid-error': 'ERR_ACCESS_DENIED 0' });
			expect(await failureWith(server, custom())).toMatchObject({
				kind: 'unreachable',
				code: 'ProxyRefused',
				status,
				retryable: status >= 500,
				message: `Could not list bucket “${bucket}”: the proxy ${proxy.host} did not connect to ${host} (HTTP ${status})`,
				advice: `Ask whoever runs the proxy to allow ${host}, or bypass the proxy: by Proxy in the credential, or by NO_PROXY.`,
			});
			expect(proxy.proxied.length).toBeGreaterThanOrEqual(status < 500 ? 1 : 5);
			expect(proxy.proxied.length).toBeLessThan(status < 500 ? 2 : 20);
		},
	);

	it(`a server by ${scheme} refuses in its own words through the proxy, too`, async () => {
		// A Squid in front of the server itself: in a tunnel no proxy of ours can have said it.
		const headers = scheme === 'https' ? { server: 'squid/6.1' } : {};
		server.faults.add({
			operation: 'ListObjectsV2',
			times: 1,
			effect: { kind: 'answer', status: 403, code: 'AccessDenied', headers },
		});
		const failure = await failureWith(server, custom());
		expect(failure).toMatchObject({ kind: 'denied', code: 'AccessDenied' });
	});

	it(`no failure at a server by ${scheme} shows the password of the proxy`, async () => {
		const failures = [
			await failureWith(server, custom({ user: 'other' })),
			await failureWith(server, custom({ url: NOWHERE })),
		];
		proxy.refuseWith(403);
		failures.push(await failureWith(server, custom()));
		const token = Buffer.from(`n8n:${PASSWORD}`).toString('base64');
		for (const failure of failures) {
			const all = inspect(failure, { depth: Infinity, showHidden: true }) + JSON.stringify(failure);
			expect(all).not.toContain(PASSWORD);
			expect(all).not.toContain(token);
		}
	});

	it(`the advice corrects the URL of a proxy that does not speak TLS, for a server by ${scheme}`, async () => {
		const open = await startHttpProxy();
		const failure = await failureWith(server, proxyAt(open.url.replace('http:', 'https:')));
		expect(failure).toMatchObject({
			kind: 'unreachable',
			message: `Could not list bucket “${bucket}”: the proxy ${open.host} could not be reached, it does not speak TLS as expected`,
			advice: 'Begin the URL of the proxy with http:// instead of https://.',
		});
		await open.stop();
	});
});

it('a proxy with TLS is not trusted without its authority, and the advice names the field for it', async () => {
	const tlsProxy = await startHttpProxy({ tls });
	const none = { caCertificate: undefined };
	const failure = await failureWith(servers.http, proxyAt(tlsProxy.url), none);
	expect(failure.advice).toContain('“CA Certificate” under More Settings');
	expect(failure.retryable).toBe(false);
	await tlsProxy.stop();
});

it('a web page that may be of a proxy or of a server is attributed to neither', async () => {
	proxy.refuseWith(403);
	expect(await failureWith(servers.http, custom())).toMatchObject({
		kind: 'rejected',
		status: 403,
		message: `Could not list bucket “${bucket}”: the response of ${servers.http.endpoint} through the proxy ${proxy.host} is not one of S3, but a web page with HTTP 403`,
	});
});

describe('a tunnel through something else than a proxy', () => {
	const notAProxy = (host: string) => ({
		kind: 'unreachable',
		code: 'NotAProxy',
		retryable: false,
		message: `Could not list bucket “${bucket}”: the proxy ${host} does not answer as an HTTP proxy does`,
		advice: expect.stringContaining('something else seems to listen there') as unknown,
	});

	it('a server that knows no tunnels is not taken for a proxy', async () => {
		const { endpoint } = servers.http;
		expect(await failureWith(servers.https, proxyAt(endpoint))).toMatchObject(
			notAProxy(new URL(endpoint).host),
		);
	});

	it.each([
		['of a mail server', '220 mail.example.com ESMTP\r\n\r\n'],
		['of nothing that is known', '\u0000\u0001\r\n\r\n\r\n'],
		['without a status', 'HTTP/1.1\r\n\r\n'],
		['with a header that is none', 'HTTP/1.1 200 OK\r\nno header\r\n\r\n'],
		['that ends too early', 'HTTP/1.1 200'],
	])('a response %s is not taken for one of a proxy', async (_, response) => {
		stranger.behave = (socket) => socket.end(response);
		expect(await failureAtStranger(servers.https)).toMatchObject(notAProxy(stranger.host()));
	});

	it('a tunnel is refused if the proxy wants the user to sign in on a web page', async () => {
		stranger.behave = (socket) =>
			socket.end('HTTP/1.1 302 Found\r\nLocation: http://login.example.com/\r\n\r\n');
		const failure = await failureAtStranger(servers.https);
		expect(failure.message).toContain(`the proxy ${stranger.host()} did not connect to 127.0.0.1:`);
		expect(failure.status).toBe(302);
	});

	it('a tunnel is asked for again when the proxy breaks the connection off', async () => {
		let times = 0;
		stranger.behave = (socket) => {
			times += 1;
			socket.resetAndDestroy();
		};
		const failure = await failureAtStranger(servers.https);
		expect(failure).toMatchObject({ kind: 'unreachable', code: 'ECONNRESET', retryable: true });
		expect(failure.message).toContain(
			`the proxy ${stranger.host()} could not be reached, the connection was broken off`,
		);
		expect(times).toBeGreaterThanOrEqual(5);
	});

	it('the failure of a tunnel that does not lead to the server names the server and the proxy', async () => {
		stranger.behave = (socket) => {
			socket.once('data', () => {
				socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
				socket.once('data', () => socket.end('hello'));
			});
		};
		const { message, code } = await failureAtStranger(servers.https);
		expect(message).toContain(
			`${servers.https.endpoint} through the proxy ${stranger.host()} could not be reached, it does not speak TLS`,
		);
		expect(code).toMatch(/SSL|EPROTO/);
	});
});

describe('a request by plain http through something else than a proxy', () => {
	it('the failure names server and proxy when the response is not one of HTTP', async () => {
		stranger.behave = (socket) => socket.end('220 mail.example.com ESMTP\r\n');
		const failure = await failureAtStranger(servers.http);
		expect(failure.kind).toBe('unreachable');
		expect(failure.message).toContain(
			`${servers.http.endpoint} through the proxy ${stranger.host()} could not be reached`,
		);
	});

	it('the failure names server and proxy when the connection is broken off', async () => {
		stranger.behave = (socket) => socket.once('data', () => socket.resetAndDestroy());
		const { message } = await failureAtStranger(servers.http);
		expect(message).toContain(
			`${servers.http.endpoint} through the proxy ${stranger.host()} could not be reached, the connection was broken off`,
		);
	});
});
