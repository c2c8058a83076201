/** The proxies that the environment names. */
import { startHttpProxy } from '../../servers/httpProxy';
import type { HttpProxy } from '../../servers/httpProxy';
import { rejectionOf } from '../../unit/failureOf';
import { withEnvironment } from '../environment';
import { bothServers, list, NOWHERE, open } from './proxied';

const PASSWORD = 'planted: p%40ss@w/rd';
const LOGIN = `n8n:${encodeURIComponent(PASSWORD)}`;
const FROM_ENVIRONMENT = { kind: 'environment' } as const;

const servers = bothServers();
let proxy: HttpProxy;

beforeEach(async () => {
	proxy = await startHttpProxy({ credentials: `n8n:${PASSWORD}` });
});
afterEach(() => proxy.stop());

describe.each(['http', 'https'] as const)('a server by %s', (scheme) => {
	const server = servers[scheme];

	/** Lists with these variables and no others of proxies. */
	const listIn = (variables: Record<string, string>): Promise<string[]> =>
		withEnvironment(variables, async () => list(await open(server, FROM_ENVIRONMENT), 'no'));

	it(`a server by ${scheme} is asked without a proxy, whatever the environment says`, async () => {
		await withEnvironment({ HTTPS_PROXY: NOWHERE, HTTP_PROXY: NOWHERE }, async () => {
			expect(await list(await open(server, { kind: 'none' }), 'no')).toEqual([]);
		});
	});

	it.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])(
		`a server by ${scheme} is asked through the proxy that %s names, or the one for its scheme`,
		async (name) => {
			const variable = scheme === 'http' ? name.replace(/https/i, (s) => s.slice(0, 4)) : name;
			const value = proxy.url.replace('//', `//${LOGIN}@`);
			expect(await listIn({ [variable]: value })).toEqual([]);
			expect(proxy.proxied).toHaveLength(1);
		},
	);

	it(`a proxy that the environment names without a scheme is asked by plain http, for a server by ${scheme}`, async () => {
		const value = `${LOGIN}@${proxy.host}`;
		expect(await listIn({ HTTPS_PROXY: value, HTTP_PROXY: value })).toEqual([]);
		expect(proxy.proxied).toHaveLength(1);
	});

	it.each(['127.0.0.1', '*', 'example.com,127.0.0.1', '.0.0.1'])(
		`a server by ${scheme} is asked without a proxy with NO_PROXY=%s`,
		async (excepted) => {
			const variables = { HTTPS_PROXY: NOWHERE, HTTP_PROXY: NOWHERE, NO_PROXY: excepted };
			await withEnvironment(variables, async () => {
				const s3 = await open(server, FROM_ENVIRONMENT, { bucketOnly: true });
				expect(await list(s3, 'no')).toEqual([]);
				expect(await list(s3, 'no')).toEqual([]);
			});
		},
	);

	it(`a server by ${scheme} is asked through another proxy as soon as the environment names it`, async () => {
		const other = await startHttpProxy();
		const first = proxy.url.replace('//', `//${LOGIN}@`);
		expect(await listIn({})).toEqual([]);
		expect(await listIn({ HTTPS_PROXY: first, HTTP_PROXY: first })).toEqual([]);
		expect(await listIn({ HTTPS_PROXY: other.url, HTTP_PROXY: other.url })).toEqual([]);
		expect(await listIn({ ALL_PROXY: other.url, NO_PROXY: '127.0.0.1' })).toEqual([]);
		expect([proxy.proxied.length, other.proxied.length]).toEqual([1, 1]);
		await other.stop();
	});

	it(`a password in the environment may have a bare percent sign, for a server by ${scheme}`, async () => {
		const other = await startHttpProxy({ credentials: 'n8n:100%' });
		const value = other.url.replace('//', '//n8n:100%@');
		expect(await listIn({ HTTPS_PROXY: value, HTTP_PROXY: value })).toEqual([]);
		expect(other.proxied).toHaveLength(1);
		await other.stop();
	});

	it(`a proxy in the environment that is no HTTP proxy is refused, for a server by ${scheme}`, async () => {
		await withEnvironment({ ALL_PROXY: `socks5://${LOGIN}@127.0.0.1:1080` }, async () => {
			const failure = await rejectionOf(
				open(server, FROM_ENVIRONMENT, { region: 'eu-west-1' }).then((s3) => list(s3)),
			);
			expect(failure).toMatchObject({
				kind: 'invalid',
				message: 'The proxy in the environment of n8n is not the URL of an HTTP proxy',
			});
			expect(failure.advice).toContain('SOCKS');
		});
	});
});
