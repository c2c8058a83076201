import { readConnection } from '../../../../credentials/read/readConnection';
import type { CredentialFields } from '../../../../credentials/read/readConnection';
import type { ProxySettings } from '../../../../s3/Connection';
import { failureOf } from '../../failureOf';

const proxyOf = (fields: CredentialFields): ProxySettings =>
	readConnection('amazonS3AccessKeysApi', {
		accessKeyId: 'AKIDEXAMPLE',
		secretAccessKey: 'secret',
		...fields,
	}).proxy;

const custom = (proxyUrl: unknown, fields: CredentialFields = {}) =>
	proxyOf({ proxy: 'custom', proxyUrl, ...fields });

it.each([
	['that was saved before there were proxies', {}, 'environment'],
	['in which a kind was chosen', { proxy: 'none' }, 'none'],
	['in which an expression gave a kind with blanks', { proxy: ' environment ' }, 'environment'],
])('the proxy of a credential %s has the right kind', (_, fields, kind) => {
	expect(proxyOf(fields)).toEqual({ kind });
});

it('the fields of a custom proxy do not count for another kind', () => {
	const entered = { proxyUrl: 'not even a URL', proxyUser: 'n8n', proxyPassword: 'secret' };
	expect(proxyOf({ proxy: 'none', ...entered })).toEqual({ kind: 'none' });
	expect(proxyOf({ proxy: 'environment', ...entered })).toEqual({ kind: 'environment' });
});

it.each([
	['http://proxy.example.com:3128', 'http://proxy.example.com:3128'],
	[' http://proxy.example.com:3128/ ', 'http://proxy.example.com:3128'],
	['HTTPS://Proxy.Example.Com', 'https://proxy.example.com'],
	['http://[::1]:3128', 'http://[::1]:3128'],
])('the proxy URL %j is read as %j', (entered, url) => {
	expect(custom(entered)).toEqual({
		kind: 'custom',
		url,
		user: undefined,
		password: undefined,
	});
});

it.each<[string, string, CredentialFields, string | undefined, string | undefined]>([
	['of the fields', 'http://h:1', { proxyUser: 'u', proxyPassword: 'p:%41@' }, 'u', 'p:%41@'],
	['of the fields without password', 'http://h:1', { proxyUser: 'u' }, 'u', undefined],
	['of the URL', 'http://u:p%40%2F@h:1', {}, 'u', 'p@/'],
	['of the URL with a bare percent sign', 'http://u:100%@h:1', {}, 'u', '100%'],
	['of the fields before those of the URL', 'http://a:b@h:1', { proxyUser: 'u' }, 'u', undefined],
	['of the URL and password of its field', 'http://u:b@h:1', { proxyPassword: 'p' }, 'u', 'p'],
])('user and password %s are read', (_, url, fields, user, password) => {
	expect(custom(url, fields)).toEqual({ kind: 'custom', url: 'http://h:1', user, password });
});

it.each<[unknown, CredentialFields, string]>([
	['', {}, 'The credential has no Proxy URL'],
	[{}, {}, 'Proxy URL of the credential is not text'],
	['proxy.secret:3128', {}, 'The Proxy URL of the credential does not start with http://'],
	['socks5://u:secret@proxy:1080', {}, 'The Proxy URL of the credential does not start with'],
	['ftp://secret', {}, 'The Proxy URL of the credential does not start with'],
	['http://', {}, 'The Proxy URL of the credential is not a URL'],
	['http://secret:99999', {}, 'The Proxy URL of the credential is not a URL'],
	['http://u:secret/x@proxy:3128', {}, 'The Proxy URL of the credential is not a URL'],
	['http://proxy:3128/secret', {}, 'The Proxy URL of the credential has a path'],
	['http://proxy:3128?secret', {}, 'The Proxy URL of the credential has a path'],
	['http://proxy', { proxyPassword: 'secret' }, 'has a Proxy Password but no Proxy User'],
])('the proxy URL %j with %j is refused without being shown', (url, fields, words) => {
	const failure = failureOf(() => custom(url, fields));
	expect(failure).toMatchObject({ kind: 'invalid' });
	expect(failure.message).toContain(words);
	expect(`${failure.message} ${failure.advice}`).not.toContain('secret');
});

it('an unknown kind of proxy is refused', () => {
	const { message, advice } = failureOf(() => proxyOf({ proxy: 'socks' }));
	expect(message).toBe("The credential's Proxy is unknown: socks");
	expect(advice).toBe('Choose None, From Environment or Custom in the credential.');
});
