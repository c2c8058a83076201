/** Whoever uses a credential with a password in the HTTP Request node cannot read the password. */
import type { IHttpRequestOptions } from 'n8n-workflow';

import { signRequest } from '../../../../credentials/httpRequest/signRequest';
import { issue } from '../../../servers/rolesAnywhere/authority';

const SECURE = 'https://s3.example.com';
const PLAIN = 'http://s3.example.com:9000';
const authority = issue({ name: 'Company CA', ca: true }).pem;
// n8n leaves out the last line break of what it read.
const ownAuthority = { proxy: 'http://evil.test:3128', agentOptions: { ca: authority.trim() } };
const proxyOfCredential = { proxy: 'custom', proxyUrl: 'http://proxy.example.com:3128' };

async function send(endpoint: string, options: object, fields: object = {}, url = endpoint) {
	const credential = { endpoint, username: 'me', password: 'planted', scheme: 'http', ...fields };
	const request = { method: 'GET', url: `${url}/b/k`, ...options };
	return await signRequest(
		'amazonS3BasicAuthApi',
		credential,
		request as unknown as IHttpRequestOptions,
	);
}

it.each<[string, string, object, object?]>([
	['no option', SECURE, {}],
	[
		'checked certificates',
		SECURE,
		{ rejectUnauthorized: true, skipSslCertificateValidation: false },
	],
	['a proxy, which sees nothing of https', SECURE, { proxy: 'http://proxy.test:3128' }],
	['an authority of the node’s own', SECURE, { agentOptions: { ca: authority } }],
	[
		'a client certificate, through a proxy',
		SECURE,
		{ proxy: 'proxy.test:1', agentOptions: { cert: 'x' } },
	],
	[
		'that authority through a proxy, if it is the credential’s',
		SECURE,
		ownAuthority,
		{ caCertificate: authority.replaceAll('\n', ' ') },
	],
	[
		'that authority through a proxy, if the credential ignores certificates',
		SECURE,
		ownAuthority,
		{ ignoreSslIssues: true },
	],
	[
		'unchecked certificates, if the credential ignores them',
		SECURE,
		{ rejectUnauthorized: false },
		{ ignoreSslIssues: true },
	],
	[
		'the same in n8n’s newer way',
		SECURE,
		{ skipSslCertificateValidation: true },
		{ ignoreSslIssues: true },
	],
	['unchecked certificates, where there are none', PLAIN, { rejectUnauthorized: false }],
	['no proxy', PLAIN, { proxy: '' }],
	[
		'the credential’s proxy',
		PLAIN,
		{ proxy: 'http://u:p@proxy.example.com:3128/' },
		proxyOfCredential,
	],
	[
		'the credential’s proxy, without scheme',
		PLAIN,
		{ proxy: 'proxy.example.com:3128' },
		proxyOfCredential,
	],
	[
		'the credential’s proxy, as an object',
		PLAIN,
		{ proxy: { protocol: 'http', host: 'proxy.example.com', port: 3128 } },
		proxyOfCredential,
	],
])('goes with %s', async (...[, endpoint, options, fields]) => {
	const { headers } = await send(endpoint, options, fields);
	expect(headers?.authorization).toBe(`Basic ${Buffer.from('me:planted').toString('base64')}`);
});

it('does not go along with a redirect to elsewhere, though the node wants that', async () => {
	const wanted = { sendCredentialsOnCrossOriginRedirect: true };
	expect(await send(SECURE, wanted)).toMatchObject({ sendCredentialsOnCrossOriginRedirect: false });
});

const unchecked = /not sent to a server whose certificate is not checked/;
const inClear = /not sent through a proxy in clear/;

it.each<[string, RegExp, string, object, object?]>([
	['unchecked certificates', unchecked, SECURE, { rejectUnauthorized: false }],
	[
		'unchecked certificates in n8n’s newer way',
		unchecked,
		SECURE,
		{ skipSslCertificateValidation: true },
	],
	[
		'unchecked certificates among the agent’s options',
		unchecked,
		SECURE,
		{ agentOptions: { rejectUnauthorized: false } },
	],
	[
		'a proxy and an authority of the node’s own',
		/certificate authority of the node’s own/,
		SECURE,
		ownAuthority,
	],
	[
		'the same with another in the credential',
		/of the node’s own/,
		SECURE,
		ownAuthority,
		{ caCertificate: issue({ name: 'Other', ca: true }).pem },
	],
	[
		'several authorities and a proxy',
		/of the node’s own/,
		SECURE,
		{ ...ownAuthority, agentOptions: { ca: [authority] } },
	],
	['a proxy', inClear, PLAIN, { proxy: 'http://evil.test:3128' }],
	['a proxy as an object', inClear, PLAIN, { proxy: { host: 'evil.test', port: 3128 } }],
	['a proxy that is no URL', inClear, PLAIN, { proxy: 'http://' }, proxyOfCredential],
	[
		'a proxy, though the credential ignores certificates',
		inClear,
		PLAIN,
		{ proxy: 'evil.test' },
		{ ignoreSslIssues: true },
	],
	[
		'another proxy than the credential’s',
		inClear,
		PLAIN,
		{ proxy: 'http://proxy.example.com:3129' },
		proxyOfCredential,
	],
])('does not go with %s', async (...[, words, endpoint, options, fields]) => {
	const sent = send(endpoint, options, fields);
	await expect(sent).rejects.toMatchObject({ kind: 'refused' });
	await expect(sent).rejects.toThrow(words);
});

it.each([
	['by http, where the server has https', SECURE, 'http://s3.example.com'],
	['by https to what may be another server', PLAIN, 'https://s3.example.com:9000'],
	['to another port', SECURE, 'https://s3.example.com:8443'],
])('does not go %s', async (_how, endpoint, url) => {
	await expect(send(endpoint, {}, {}, url)).rejects.toThrow(`are not sent to ${url}`);
});
