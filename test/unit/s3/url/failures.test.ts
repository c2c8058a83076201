import { ProxyError } from '../../../../s3/errors/proxyError';
import { brokenOff, failureOfNetwork, failureOfStatus } from '../../../../s3/url/failures';

const target = { bucket: 'b', key: 'k' };
const url = new URL('https://example.com/secret-path?secret=1');

it('a failure names object and origin, and nothing of the URL that could be secret', () => {
	const failure = failureOfStatus(target, url, 403, undefined);
	expect(failure.message).toBe(
		'Could not put “k” in bucket “b”: https://example.com answered with HTTP 403 Forbidden and not with a file',
	);
	expect(failure).toMatchObject({ kind: 'rejected', status: 403, retryable: false, ...target });
	expect(failure.description).toContain('which may have expired');
	expect(failure.description).not.toContain('secret');
});

it('a failure names the bucket alone if the key is not known yet', () => {
	const { message } = failureOfStatus({ bucket: 'b', key: undefined }, url, 404, undefined);
	expect(message).toMatch(
		/^Could not put an object in bucket “b”: .* HTTP 404 Not Found and not with/,
	);
});

it.each([
	[408, true],
	[410, false],
	[418, false],
	[429, true],
	[500, true],
	[501, false],
	[503, true],
])('a failure of status %p may pass: %p', (status, retryable) => {
	const failure = failureOfStatus(target, url, status, '7');
	expect(failure).toMatchObject({ retryable, retryAfterMs: 7000 });
	expect(failure.kind).toBe(status >= 500 ? 'unavailable' : 'rejected');
});

it.each([
	['ENOTFOUND', 'the host name is not known', 'Check the URL for typing errors'],
	['ECONNREFUSED', 'nothing accepts connections there', 'Check host and port of the URL'],
	['LinkLocalAddress', 'link-local addresses are never asked', 'a file on another server'],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate is not trusted', '“CA Certificate”'],
])(
	'a failure of the network with the code %s says what to do about a URL',
	(code, words, advice) => {
		const error = Object.assign(new Error('x'), { code });
		const failure = failureOfNetwork(target, url, error, undefined);
		expect(failure.message).toMatch(/: https:\/\/example\.com could not be reached, /);
		expect(failure.message).toContain(words);
		expect(failure.description).toContain(advice);
		expect(failure.description).not.toMatch(/endpoint|S3 server/);
		expect(failure.code).toBe(code);
	},
);

it('a failure says of an internal address which settings of n8n allow it', () => {
	const error = Object.assign(new Error('x'), { code: 'BlockedAddress' });
	const failure = failureOfNetwork(target, url, error, undefined);
	expect(failure).toMatchObject({ kind: 'unreachable', code: 'BlockedAddress', retryable: false });
	expect(failure.message).toBe(
		'Could not put “k” in bucket “b”: https://example.com is at an internal or blocked address',
	);
	expect(failure.advice).toMatch(/HOSTNAMES.*IP_RANGES.*N8N_SSRF_PROTECTION_ENABLED=false/);
});

it('a failure names the proxy on the way, or the one that refuses', () => {
	const error = Object.assign(new Error('x'), { code: 'ECONNRESET' });
	expect(failureOfNetwork(target, url, error, 'proxy:1').message).toContain(
		'https://example.com through the proxy proxy:1 could not be reached',
	);
	const refusal = failureOfNetwork(target, url, new ProxyError('proxy:1', 407, undefined), 'x');
	expect(refusal).toMatchObject({ kind: 'unreachable', status: 407 });
	expect(refusal.message).toContain('the proxy proxy:1 asks for a valid user name and password');
});

it('a failure says that a response is none of HTTP', () => {
	const error = Object.assign(new Error('Parse Error'), { code: 'HPE_INVALID_CONSTANT' });
	expect(failureOfNetwork(target, url, error, undefined).message).toContain(
		'the response of https://example.com is not one of HTTP',
	);
});

it('a failure says where a file broke off, and why', () => {
	expect(brokenOff(target, url, 10, 20, 'ECONNRESET').message).toContain(
		'the file at https://example.com broke off after 10 bytes, before all of its 20 bytes',
	);
	const silent = brokenOff(target, url, 10, undefined, 'ETIMEDOUT');
	expect(silent.message).toContain('before its end');
	expect(silent.advice).toContain('the server was silent for too long');
});
