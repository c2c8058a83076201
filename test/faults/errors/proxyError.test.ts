/** What is no proxy, or none that works, where one should be. */
import { once } from 'node:events';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { openS3 } from '../../../s3/client/openS3';
import type { Connection, CustomProxy } from '../../../s3/Connection';
import { listObjects } from '../../../s3/list/listObjects';
import { ProxyError } from '../../../s3/errors/proxyError';
import { proxyAgents } from '../../../s3/http/proxyAgents';
import { S3Failure } from '../../../s3/S3Failure';
import * as sdk from '../../../s3/sdk';
import { agentsFor } from '../../../s3/http/agentsFor';
import { startEmbedded } from '../../servers/embedded';
import type { EmbeddedServer } from '../../servers/embedded';
import { startHttpProxy } from '../../servers/httpProxy';
import { issue } from '../../servers/rolesAnywhere/authority';
import { connectionTo } from '../../servers/connectionTo';

const bucket = 'proxied';
const authority = issue({ name: 'Private CA', ca: true });
const certificate = issue({ name: 'server', hosts: ['127.0.0.1', 'localhost'] }, authority);
const tls = { cert: certificate.pem, key: certificate.keyPem };

let plain: EmbeddedServer;
let secure: EmbeddedServer;
/** Does with connections what `behave` says. */
let stranger: Server;
let behave: (socket: Socket) => void;
const sockets = new Set<Socket>();

beforeAll(async () => {
	plain = await startEmbedded();
	secure = await startEmbedded({ tls });
	for (const server of [plain, secure]) server.store.makeBucket(bucket);
	stranger = createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
		behave(socket);
	}).listen(0, '127.0.0.1');
	await once(stranger, 'listening');
});
afterAll(async () => {
	for (const socket of sockets) socket.destroy();
	stranger.close();
	await plain.stop();
	await secure.stop();
});

const strangerHost = () => `127.0.0.1:${(stranger.address() as AddressInfo).port}`;

const proxyAt = (url: string): CustomProxy => ({
	kind: 'custom',
	url,
	user: undefined,
	password: undefined,
});

async function list(
	server: EmbeddedServer,
	url: string,
	more: Partial<Connection> = {},
): Promise<unknown[]> {
	const settings = { proxy: proxyAt(url), caCertificate: authority.pem, ...more };
	const s3 = await openS3(connectionTo(server, settings));
	const page = await listObjects(s3, { bucket, prefix: 'no' }, { signal: undefined }).next();
	return page.done === true ? [] : [...page.value.entries];
}

async function failureOf(work: Promise<unknown>): Promise<S3Failure> {
	const error: unknown = await work.then(
		() => new Error('it did not fail'),
		(thrown: unknown) => thrown,
	);
	if (!(error instanceof S3Failure)) throw error;
	return error;
}

describe('a tunnel through something else than a proxy', () => {
	const notAProxy = (host: string) => ({
		kind: 'unreachable',
		code: 'NotAProxy',
		retryable: false,
		message: `Could not list bucket “${bucket}”: the proxy ${host} does not answer as an HTTP proxy does`,
		advice: expect.stringContaining('something else seems to listen there') as unknown,
	});

	it('is not made by a server that knows no tunnels', async () => {
		const failure = await failureOf(list(secure, plain.endpoint));
		expect(failure).toMatchObject(notAProxy(new URL(plain.endpoint).host));
	});

	it.each([
		['of a mail server', '220 mail.example.com ESMTP\r\n\r\n'],
		['of nothing that is known', '\u0000\u0001\r\n\r\n\r\n'],
		['without a status', 'HTTP/1.1\r\n\r\n'],
		['with a header that is none', 'HTTP/1.1 200 OK\r\nno header\r\n\r\n'],
		['that ends too early', 'HTTP/1.1 200'],
	])('is not made after an answer %s', async (_, answer) => {
		behave = (socket) => socket.end(answer);
		expect(await failureOf(list(secure, `http://${strangerHost()}`))).toMatchObject(
			notAProxy(strangerHost()),
		);
	});

	it('is refused where the proxy wants the user to sign in on a web page', async () => {
		behave = (socket) =>
			socket.end('HTTP/1.1 302 Found\r\nLocation: http://login.example.com/\r\n\r\n');
		const failure = await failureOf(list(secure, `http://${strangerHost()}`));
		expect(failure.message).toContain(`the proxy ${strangerHost()} did not connect to 127.0.0.1:`);
		expect(failure.status).toBe(302);
	});

	it('is asked for again when the proxy breaks the connection off', async () => {
		let times = 0;
		behave = (socket) => {
			times += 1;
			socket.resetAndDestroy();
		};
		const failure = await failureOf(list(secure, `http://${strangerHost()}`));
		expect(failure).toMatchObject({ kind: 'unreachable', code: 'ECONNRESET', retryable: true });
		expect(failure.message).toContain(
			`the proxy ${strangerHost()} could not be reached, the connection was broken off`,
		);
		expect(times).toBe(5);
	});

	it('that does not lead to the server shows where the certificate was seen', async () => {
		behave = (socket) => {
			socket.once('data', () => {
				socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
				socket.once('data', () => socket.end('hello'));
			});
		};
		const { message, code } = await failureOf(list(secure, `http://${strangerHost()}`));
		expect(message).toContain(
			`${secure.endpoint} through the proxy ${strangerHost()} could not be reached, it does not speak TLS`,
		);
		expect(code).toMatch(/SSL|EPROTO/);
	});
});

describe('a request by plain http through something else than a proxy', () => {
	it('names both when the answer is none of HTTP', async () => {
		behave = (socket) => socket.end('220 mail.example.com ESMTP\r\n');
		const failure = await failureOf(list(plain, `http://${strangerHost()}`));
		expect(failure.kind).toBe('unreachable');
		expect(failure.message).toContain(
			`${plain.endpoint} through the proxy ${strangerHost()} could not be reached`,
		);
	});

	it('names both when the connection is broken off', async () => {
		behave = (socket) => socket.once('data', () => socket.resetAndDestroy());
		const { message } = await failureOf(list(plain, `http://${strangerHost()}`));
		expect(message).toContain(
			`${plain.endpoint} through the proxy ${strangerHost()} could not be reached, the connection was broken off`,
		);
	});
});

describe('a proxy that says nothing', () => {
	it.each([
		['http', 'https'],
		['https', 'http'],
		['https', 'https'],
	] as const)('is left in time, by %s to a server by %s', async (scheme, to) => {
		behave = () => undefined;
		const direct = await agentsFor(connectionTo(plain));
		const options = { keepAlive: true, maxSockets: 8, connectTimeout: 300 };
		const settings = proxyAt(`${scheme}://${strangerHost()}`);
		const { httpAgent, httpsAgent } = proxyAgents(settings, direct, options, sdk);
		const request =
			to === 'https'
				? requestHttps(secure.endpoint, { agent: httpsAgent })
				: requestHttp(plain.endpoint, { agent: httpAgent });
		const [error] = (await once(request.end(), 'error')) as [unknown];
		expect(error).toBeInstanceOf(ProxyError);
		expect(error).toMatchObject({ proxy: strangerHost(), code: 'ETIMEDOUT', status: undefined });
		const left = [...sockets].map((socket) => once(socket.resume(), 'close'));
		await Promise.all(left);
	});
});

describe('a proxy that speaks TLS', () => {
	it.each([
		['http', () => plain],
		['https', () => secure],
	])('is asked by its name, for a server by %s', async (_, serverOf) => {
		const proxy = await startHttpProxy({ tls });
		const { port } = new URL(proxy.url);
		expect(await list(serverOf(), `https://localhost:${port}`)).toEqual([]);
		expect(proxy.proxied).toMatchObject([{ servername: 'localhost' }]);
		await proxy.stop();
	});

	it.each([
		['http', () => plain],
		['https', () => secure],
	])('does so by mistake of the URL only, for a server by %s', async (_, serverOf) => {
		const proxy = await startHttpProxy();
		const failure = await failureOf(list(serverOf(), proxy.url.replace('http:', 'https:')));
		expect(failure).toMatchObject({
			kind: 'unreachable',
			message: `Could not list bucket “${bucket}”: the proxy ${proxy.host} could not be reached, it does not speak TLS as expected`,
			advice: 'Let the URL of the proxy begin with http:// and not https://.',
		});
		await proxy.stop();
	});

	it('is not trusted without its authority, and the advice says which field that is', async () => {
		const proxy = await startHttpProxy({ tls });
		const failure = await failureOf(list(plain, proxy.url, { caCertificate: undefined }));
		expect(failure.advice).toContain('“CA Certificate” of the credential');
		expect(failure.retryable).toBe(false);
		await proxy.stop();
	});
});
