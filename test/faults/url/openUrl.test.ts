/** A file of a URL is read whole, once if possible, and never mixed with another one. */
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { openUrl } from '../../../s3/url/openUrl';
import type { UrlRequest } from '../../../s3/url/openUrl';
import { redirectsTo, sends, withFileServer } from '../../servers/fileServer';
import { startHttpProxy } from '../../servers/httpProxy';
import { withConnection, withServer } from '../../servers/withServer';
import { rejectionOf } from '../../unit/failureOf';
import { authority, proxyAt, tls } from '../http/proxied';

const server = withConnection({ buckets: ['bucket'] });
const secure = withServer({ tls });
const files = withFileServer();
const target = { bucket: 'bucket', key: 'key' };
const once = { signal: undefined, retryFor: 0 };

const LOOPBACK = {
	blockedRanges: ['127.0.0.0/8', '::1/128'],
	allowedRanges: [],
	allowedHosts: [],
	blockedHosts: [],
};

const open = (url: string, request: Partial<UrlRequest> = {}, call: object = {}, patience = {}) =>
	openUrl(server.s3, { url, ...request }, target, { ...once, ...call }, patience);

it('no failure names a host that a redirect made of what was secret in the request', async () => {
	const headers = { 'x-api-key': 'planted-key', 'x-tenant': 'example' };
	const [{ message }, { message: ofBody }] = await Promise.all([
		rejectionOf(open(files.on('/a', redirectsTo('http://planted-key.localhost:1/')), { headers })),
		rejectionOf(
			open(files.on('/b', redirectsTo('http://planted-body.localhost:1/', 307)), {
				method: 'POST',
				body: '{"key":"planted-body"}',
			}),
		),
	]);
	expect(message).toContain('http://….localhost:1 could not be reached');
	expect(ofBody).toContain('to http://….localhost:1, which would get the body');
});

describe('what a server says of its file', () => {
	it('size, type, encoding and name of a file are those of the response', async () => {
		const url = files.on(
			'/x',
			sends('abc', {
				'content-type': 'text/csv; charset=latin1',
				'content-encoding': 'br',
				'content-disposition': "attachment; filename=no; filename*=UTF-8''gr%C3%BC%C3%9Fe.csv",
			}),
		);
		const file = await open(url);
		expect(file).toMatchObject({
			size: 3,
			contentType: 'text/csv; charset=latin1',
			contentEncoding: 'br',
			contentDisposition: `attachment; filename="gr__e.csv"; filename*=UTF-8''gr%C3%BC%C3%9Fe.csv`,
			fileName: 'grüße.csv',
			mayBeCutShort: false,
		});
		expect(String(await buffer(await file.open()))).toBe('abc');
	});

	it('what a browser is to show stays so, and is not encoded if it is “identity”', async () => {
		const headers = {
			'content-disposition': 'Inline; filename="a.pdf"',
			'content-encoding': 'Identity',
		};
		const file = await open(files.on('/x', sends('a', headers)));
		expect(file.contentDisposition).toMatch(/^inline; filename="a.pdf"/);
		expect(file.contentEncoding).toBeUndefined();
		file.close();
	});

	it.each([
		['/reports/J%C3%A4nner%202026.pdf', 'Jänner 2026.pdf'],
		['/bad%.pdf', 'bad%.pdf'],
		['/a%2F..%2Fb.pdf', 'b.pdf'],
		['/folder/', undefined],
	])('the file at %s has the name %p', async (path, name) => {
		const file = await open(files.on(path, sends('a')));
		expect([file.fileName, file.contentDisposition]).toEqual([name, undefined]);
		file.close();
	});

	it('the name is that of the URL at the end of redirects', async () => {
		files.on('/real.pdf', sends('a'));
		const file = await open(files.on('/download', redirectsTo('/real.pdf?token=1')));
		expect(file.fileName).toBe('real.pdf');
		file.close();
	});

	it.each([
		['application/pdf; name="M\u00e4rz.pdf"', 'application/pdf'],
		['text/plain; name="a.txt"', 'text/plain; name="a.txt"'],
		['\u00e4', undefined],
		['', undefined],
	])('the type %j of a server is one that an object can have: %j', async (sent, kept) => {
		const file = await open(files.on('/x', sends('a', { 'content-type': sent })));
		expect(file.contentType).toBe(kept);
		file.close();
	});

	it('an encoding that no object can have is left out', async () => {
		const file = await open(files.on('/x', sends('a', { 'content-encoding': 'gz\u00e4' })));
		expect(file.contentEncoding).toBeUndefined();
		file.close();
	});

	it('a server that repeats in its status line what it was sent is not quoted', async () => {
		const url = files.on('/x', (response, { headers }) => {
			response.writeHead(403, String(headers.authorization)).end();
		});
		const failure = await rejectionOf(open(url, { headers: { authorization: 'Bearer hidden' } }));
		expect(failure.message).toContain('answered with HTTP 403 Forbidden');
		expect(JSON.stringify([failure.message, failure.advice])).not.toContain('hidden');
	});

	it('an empty file is one', async () => {
		const file = await open(files.on('/x', sends('')));
		expect(file.size).toBe(0);
		expect(await buffer(await file.open())).toHaveLength(0);
	});

	it('a file in chunks has no size, and cannot be cut short unnoticed', async () => {
		const file = await open(files.on('/x', (response) => response.write('a') && response.end('b')));
		expect([file.size, file.mayBeCutShort]).toEqual([undefined, false]);
		expect(String(await buffer(await file.open()))).toBe('ab');
	});

	it('a file that only the end of the connection ends may be cut short', async () => {
		const url = files.on('/x', (response) => {
			response.socket?.end('HTTP/1.1 200 OK\r\n\r\nab');
		});
		const file = await open(url);
		expect([file.size, file.mayBeCutShort]).toEqual([undefined, true]);
		expect(String(await buffer(await file.open()))).toBe('ab');
	});
});

describe('responses without a file', () => {
	it.each([204, 206, 300, 304, 401, 404, 500])('status %p is an error', async (status) => {
		const url = files.on('/x', (response) => response.writeHead(status).end());
		const failure = await rejectionOf(open(`${url}?token=secret`));
		expect(failure.status).toBe(status);
		expect(failure.message).toContain(`${files.origin} answered with HTTP ${status}`);
		expect(`${failure.message} ${failure.description}`).not.toContain('secret');
	});

	it('a redirect is followed ten times, and the eleventh is an error', async () => {
		files.on('/10', sends('a'));
		for (let n = 0; n < 10; n++) files.on(`/${n}`, redirectsTo(`/${n + 1}`));
		(await open(`${files.origin}/0`)).close();
		const url = files.on('/-1', redirectsTo('/0'));
		expect((await rejectionOf(open(url))).message).toContain('redirects more than 10 times');
	});

	it('a redirect to something else than a URL of HTTP names the object', async () => {
		const url = files.on('/x', redirectsTo('file:///etc/passwd'));
		expect((await rejectionOf(open(url))).message).toBe(
			`Could not put “key” in bucket “bucket”: ${files.origin} redirects the request to something that is not a URL of http:// or https://`,
		);
	});

	it('a connection that is refused, and a response that is none of HTTP, are told apart', async () => {
		const refused = await rejectionOf(open('http://127.0.0.1:1/'));
		expect(refused).toMatchObject({ kind: 'unreachable', code: 'ECONNREFUSED' });
		const url = files.on('/x', (response) => response.socket?.end('SSH-2.0\r\n'));
		expect((await rejectionOf(open(url))).kind).toBe('corrupt');
	});

	it('a server that keeps silent is given up', async () => {
		const url = files.on('/x', () => undefined);
		const failure = await rejectionOf(open(url, {}, {}, { response: 50 }));
		expect(failure).toMatchObject({ kind: 'unreachable', code: 'TimeoutError' });
	});

	it('a call that is cancelled ends the request', async () => {
		const controller = new AbortController();
		const url = files.on('/x', () => controller.abort());
		expect((await rejectionOf(open(url, {}, { signal: controller.signal }))).kind).toBe(
			'cancelled',
		);
	});

	it('nothing is asked if the connection may not store the object', async () => {
		const url = files.on('/x', sends('a'));
		const readOnly = await server.connect({ readOnly: true });
		const refused = await rejectionOf(openUrl(readOnly, { url }, target, once));
		expect(refused.kind).toBe('refused');
		expect(files.requests).toEqual([]);
	});
});

describe('requests', () => {
	it('what could be secret goes to the first origin alone', async () => {
		files.on('/b', sends('a'));
		const url = files.on('/a', redirectsTo(`${files.otherOrigin}/b`));
		const headers = { Authorization: 'Bearer t', 'X-Key': 'k', Accept: 'text/csv' };
		(await open(url.replace('//', '//user:password@'), { headers })).close();
		const [first, second] = files.requests;
		expect(first?.headers).toMatchObject({ authorization: 'Bearer t', 'x-key': 'k' });
		expect(second?.headers).toMatchObject({ accept: 'text/csv', 'accept-encoding': 'identity' });
		expect(Object.keys(second!.headers)).not.toContain('authorization');
		expect(Object.keys(second!.headers)).not.toContain('x-key');
	});

	it('a POST sends its body', async () => {
		const url = files.on('/x', sends('a'));
		(await open(url, { method: 'POST', body: '{"year":2026}' })).close();
		expect(files.requests).toMatchObject([{ method: 'POST', body: '{"year":2026}' }]);
	});

	it('a GET is repeated after an error that may pass, a POST is not', async () => {
		let left = 2;
		const url = files.on('/x', (response) =>
			left-- > 0 ? response.writeHead(503).end() : response.end('a'),
		);
		(await open(url, {}, { retryFor: 5000 })).close();
		expect(files.requests).toHaveLength(3);
		left = 2;
		const posted = open(url, { method: 'POST' }, { retryFor: 5000 });
		expect((await rejectionOf(posted)).status).toBe(503);
		expect(files.requests).toHaveLength(4);
	});

	it('a certificate has to be trusted, also if the connection ignores that of S3', async () => {
		const url = `${secure.endpoint}/file`;
		const ignoring = await server.connect({ ignoreSslIssues: true });
		const untrusted = await rejectionOf(openUrl(ignoring, { url }, target, once));
		expect(untrusted.message).toContain('its TLS certificate is not trusted');
		const trusting = await server.connect({ caCertificate: authority.pem });
		// That of S3 wants a signature.
		expect((await rejectionOf(openUrl(trusting, { url }, target, once))).status).toBe(403);
	});

	it('the proxy of the connection is on the way, and tells why it refuses', async () => {
		const proxy = await startHttpProxy();
		try {
			const s3 = await server.connect({ proxy: proxyAt(proxy.url) });
			const url = files.on('/x', sends('a'));
			(await openUrl(s3, { url }, target, once)).close();
			expect(proxy.proxied).toMatchObject([{ method: 'GET', target: url }]);
			proxy.refuseWith(407);
			const refused = await rejectionOf(openUrl(s3, { url }, target, once));
			expect(refused.message).toContain('asks for a valid user name and password');
		} finally {
			await proxy.stop();
		}
	});

	it.each(['http://169.254.169.254/latest/', 'http://[fe80::1]/', 'http://[::ffff:169.254.1.1]/'])(
		'the link-local address %s is not asked, also after a redirect',
		async (address) => {
			for (const url of [address, files.on('/x', redirectsTo(address))]) {
				expect((await rejectionOf(open(url))).code).toBe('LinkLocalAddress');
			}
		},
	);

	it('an address that is not allowed for files is not asked, also by name and after a redirect', async () => {
		const urlEgress = { ...LOOPBACK, allowedHosts: ['files.localhost'] };
		const s3 = await server.connect({ urlEgress });
		const { port } = new URL(files.origin);
		files.on('/x', redirectsTo(`http://localhost:${port}/secret`));
		files.on('/secret', sends('a'));
		for (const url of [`${files.origin}/secret`, `${files.otherOrigin}/x`]) {
			const failure = await rejectionOf(openUrl(s3, { url }, target, once));
			expect(failure.code).toBe('BlockedAddress');
		}
		expect(files.requests.map(({ path }) => path)).toEqual(['/x']);
	});

	it('an address that is not allowed for files is not asked through a proxy, which may be at such a one', async () => {
		const proxy = await startHttpProxy();
		try {
			const urlEgress = { ...LOOPBACK, allowedHosts: ['localhost'] };
			const s3 = await server.connect({ proxy: proxyAt(proxy.url), urlEgress });
			files.on('/x', sends('a'));
			for (const origin of [files.origin, files.otherOrigin]) {
				const refused = openUrl(s3, { url: `${origin}/x` }, target, once);
				expect((await rejectionOf(refused)).code).toBe('BlockedAddress');
			}
			expect(proxy.proxied).toEqual([]);
			const allowed = files.origin.replace('127.0.0.1', 'localhost');
			(await openUrl(s3, { url: `${allowed}/x` }, target, once)).close();
			expect(proxy.proxied).toMatchObject([{ method: 'GET' }]);
		} finally {
			await proxy.stop();
		}
	});
});

describe('bodies', () => {
	it('a file that is shorter than announced is an error', async () => {
		const url = files.on('/x', (response) => {
			response.writeHead(200, { 'content-length': 10 }).write('abc');
			setImmediate(() => response.destroy());
		});
		const file = await open(url);
		const failure = await rejectionOf(buffer(await file.open()));
		expect(failure).toMatchObject({ kind: 'corrupt', code: 'ECONNRESET' });
		expect(failure.message).toContain('broke off after 3 bytes, before all of its 10 bytes');
	});

	it('a file whose last chunk is missing is an error', async () => {
		const url = files.on('/x', (response) => {
			response.write('abc');
			setImmediate(() => response.destroy());
		});
		const file = await open(url);
		expect((await rejectionOf(buffer(await file.open()))).message).toContain('before its end');
	});

	it('a file of unknown length whose connection is reset is an error', async () => {
		let socket: Socket | null = null;
		const url = files.on('/x', (response) => {
			socket = response.socket;
			socket?.write('HTTP/1.1 200 OK\r\n\r\nabc');
		});
		const file = await open(url);
		// Not before the response has come: a system may show a reset that comes with it as an end.
		(socket as Socket | null)?.resetAndDestroy();
		const failure = await rejectionOf(buffer(await file.open()));
		expect(failure).toMatchObject({ kind: 'corrupt', code: 'ECONNRESET' });
		expect(failure.message).toContain('broke off after 3 bytes, before its end');
	});

	it('a file whose bytes stop coming is an error', async () => {
		const url = files.on('/x', (response) => response.write('abc'));
		const file = await open(url, {}, {}, { body: 50 });
		const failure = await rejectionOf(buffer(await file.open()));
		expect(failure.description).toContain('the server was silent for too long');
	}, 5000);

	it('a file that comes in drops is an error, although its server is never silent', async () => {
		const url = files.on('/x', (response) => {
			const timer = setInterval(() => response.write('a'), 5);
			response.once('close', () => clearInterval(timer));
		});
		const file = await open(url, {}, {}, { least: { bytes: 1000, within: 100 } });
		const failure = await rejectionOf(buffer(await file.open()));
		expect(failure.message).toMatch(/broke off after \d{1,3} bytes, before its end/);
		expect(failure.description).toContain('or sent next to nothing');
	});

	it('a reader may take its time', async () => {
		const file = await open(files.on('/x', sends('abc')), {}, {}, { body: 50 });
		const stream = await file.open();
		await sleep(120);
		expect(String(await buffer(stream))).toBe('abc');
	});

	it('a call that is cancelled ends the body', async () => {
		const controller = new AbortController();
		const url = files.on('/x', (response) => response.write('abc'));
		const file = await open(url, {}, { signal: controller.signal });
		const read = buffer(await file.open());
		controller.abort();
		expect((await rejectionOf(read)).kind).toBe('cancelled');
	});

	it('a response that nobody reads is ended', async () => {
		const closed = new Promise((resolve) => {
			files.on('/x', (response) => {
				response.once('close', resolve).write('abc');
			});
		});
		(await open(`${files.origin}/x`)).close();
		await closed;
	});
});

describe('reading again', () => {
	const twice = async (url: string, request = {}) => {
		const file = await open(url, request);
		await buffer(await file.open());
		return await file.open().then(buffer).then(String);
	};

	it.each([
		['ETag', { etag: '"1"' }],
		['date and length', { 'last-modified': 'Sun, 29 Nov 2026 00:00:00 GMT', etag: 'W/"1"' }],
	])('a file is read again if it has the same %s', async (_, headers) => {
		const url = files.on('/x', sends('abc', headers));
		expect(await twice(url)).toBe('abc');
		expect(files.requests).toHaveLength(2);
	});

	it.each([
		['has changed', [{ etag: '"1"' }, { etag: '"2"' }]],
		['has changed its date', [{ 'last-modified': 'a' }, { 'last-modified': 'b' }]],
		['has only a weak ETag', [{ etag: 'W/"1"' }, { etag: 'W/"1"' }]],
		['is encoded otherwise', [{ etag: '"1"' }, { etag: '"1"', 'content-encoding': 'gzip' }]],
	])('a file that %s is not read again', async (_, answers: Record<string, string>[]) => {
		const url = files.on('/x', (...args) => sends('abc', answers.shift())(...args));
		const failure = await rejectionOf(twice(url));
		expect(failure.message).toContain('had to be read a second time, but the server does not say');
	});

	it('a file of which nothing is known is not read again, nor one that was got by POST', async () => {
		const url = files.on('/x', (response) => response.end('abc'));
		expect((await rejectionOf(twice(url))).kind).toBe('corrupt');
		files.on('/x', sends('abc', { etag: '"1"' }));
		const posted = await rejectionOf(twice(url, { method: 'POST' }));
		expect(posted.message).toContain('a POST is not sent twice');
	});
});
