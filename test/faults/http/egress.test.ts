/** Servers that may not be connected to, by what the owner of the machine forbids and by what no S3 server is. */
import dns from 'node:dns';
import type { Connection, EgressRules } from '../../../s3/Connection';
import { openS3 } from '../../../s3/client/openS3';
import { egressFor, isBlocked } from '../../../s3/http/egress';
import { agentsFor } from '../../../s3/http/agentsFor';
import { startHttpProxy } from '../../servers/httpProxy';
import type { HttpProxy } from '../../servers/httpProxy';
import { withEnvironment } from '../environment';
import { connectionTo } from '../../servers/connectionTo';
import { withServer } from '../../servers/withServer';
import { rejectionOf } from '../../unit/failureOf';

const NO_RULES = { blockedRanges: [], allowedRanges: [], allowedHosts: [], blockedHosts: [] };
const LOOPBACK = { ...NO_RULES, blockedRanges: ['127.0.0.0/8', '::1/128'] };

const server = withServer({ buckets: ['bucket'] });
let proxy: HttpProxy;
beforeAll(async () => {
	proxy = await startHttpProxy();
});
afterAll(() => proxy.stop());
beforeEach(() => proxy.proxied.splice(0));

const at = (host: string) => server.endpoint.replace('127.0.0.1', host);

async function list(settings: Partial<Connection>) {
	const s3 = await openS3(connectionTo(server, settings));
	return await s3.send('ListBuckets', {}, { signal: undefined });
}

const lookUp = (rules: EgressRules | undefined, name: string) =>
	new Promise<Error | null>((resolve) => {
		egressFor(rules).lookup(name, { all: true }, resolve);
	});

it.each(['127.0.0.1', 'localhost', 'name.localhost', '[::ffff:127.0.0.1]', '2130706433'])(
	'a server at %s is not asked if loopback is blocked, as its address counts',
	async (host) => {
		const failure = await rejectionOf(list({ endpoint: at(host), egress: LOOPBACK }));
		expect(failure).toMatchObject({ kind: 'unreachable', code: 'BlockedAddress', attempts: 1 });
		expect(failure.message).toContain('SSRF');
		expect(failure.advice).toContain('N8N_SSRF_ALLOWED_HOSTNAMES');
		expect(server.requests).toEqual([]);
	},
);

it.each<[string, Partial<EgressRules>]>([
	['its name is allowed', { allowedHosts: ['localhost'] }],
	['its domain is allowed', { allowedHosts: ['*.localhost'] }],
	['its address is allowed', { allowedRanges: ['127.0.0.1/32', '::1/128'] }],
	['other addresses are blocked', { blockedRanges: ['10.0.0.0/8'] }],
	['the rules cannot be read', { blockedRanges: ['127.0.0.1', '127.0.0.0/99', 'all'] }],
])('a server is asked if %s', async (_, rules) => {
	const host = rules.allowedHosts?.[0] === '*.localhost' ? 'name.localhost' : 'localhost';
	await list({ endpoint: at(host), egress: { ...LOOPBACK, ...rules } });
	expect(server.requests).toHaveLength(1);
});

it('a server is not asked if its name is blocked, unless the same name is allowed', async () => {
	const endpoint = at('LOCALHOST.');
	const egress = { ...NO_RULES, blockedHosts: ['localhost'] };
	expect(await rejectionOf(list({ endpoint, egress }))).toMatchObject({ code: 'BlockedAddress' });
	await list({ endpoint: at('localhost'), egress: { ...egress, allowedHosts: ['localhost'] } });
	expect(server.requests).toHaveLength(1);
});

it.each([
	'169.254.169.254',
	'169.254.170.2',
	'2852039166',
	'0xa9.0xfe.0xa9.0xfe',
	'[fe80::1]',
	'[febf::1]',
	'[fd00:ec2::254]',
	'[::ffff:169.254.169.254]',
	'[::ffff:a9fe:a9fe]',
	'[64:ff9b::a9fe:a9fe]',
])('a link-local address is never asked: %s', async (host) => {
	const allowed = { ...NO_RULES, allowedRanges: ['0.0.0.0/0', '::/0'], allowedHosts: [host] };
	for (const egress of [undefined, allowed]) {
		for (const scheme of ['http', 'https']) {
			const failure = await rejectionOf(list({ endpoint: `${scheme}://${host}`, egress }));
			expect(failure).toMatchObject({ kind: 'unreachable', code: 'LinkLocalAddress', attempts: 1 });
		}
	}
});

it('what may be connected to is decided after the look-up of the name', async () => {
	expect(await lookUp(undefined, 'localhost')).toBeNull();
	const error = await lookUp(LOOPBACK, 'localhost');
	expect(error).toBeInstanceOf(Error);
	expect(isBlocked(error!)).toBe(true);
	const unknown = await lookUp(LOOPBACK, 'nowhere.invalid');
	expect(unknown).toMatchObject({
		code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) as string,
	});
	expect(isBlocked(unknown!)).toBe(false);
});

it('no socket for ranges is opened to an address that is blocked', async () => {
	const agents = await agentsFor(connectionTo(server, { egress: LOOPBACK }));
	expect(agents.openSocketTo?.({ secure: false, host: '127.0.0.1', port: 1 })).toBeUndefined();
	const free = await agentsFor(connectionTo(server));
	expect(free.openSocketTo?.({ secure: false, host: '127.0.0.1', port: 1 })).toBeDefined();
});

describe('through a proxy', () => {
	const custom = () =>
		({ kind: 'custom', url: proxy.url, user: undefined, password: undefined }) as const;

	it.each(['127.0.0.1', 'localhost'])(
		'a server at %s is not asked through a proxy of the environment, either',
		async (host) => {
			const variables = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url };
			await withEnvironment(variables, async () => {
				for (const endpoint of [at(host), at(host).replace('http:', 'https:')]) {
					const settings = { endpoint, proxy: { kind: 'environment' } as const };
					const failure = await rejectionOf(list({ ...settings, egress: LOOPBACK }));
					expect(failure).toMatchObject({ code: 'BlockedAddress' });
				}
				expect(proxy.proxied).toEqual([]);
				// The proxy itself may be anywhere.
				await list({ endpoint: at(host), proxy: { kind: 'environment' }, egress: NO_RULES });
				expect(proxy.proxied).toHaveLength(1);
			});
		},
	);

	it('a proxy of the credential is not asked if its address is blocked', async () => {
		const egress = { ...LOOPBACK, allowedHosts: ['s3.example.com'] };
		for (const endpoint of ['http://s3.example.com', 'https://s3.example.com']) {
			const failure = await rejectionOf(list({ endpoint, proxy: custom(), egress }));
			expect(failure).toMatchObject({ code: 'BlockedAddress' });
			expect(failure.message).toContain(
				`the proxy ${new URL(proxy.url).host} could not be reached`,
			);
		}
		const byName = { ...custom(), url: proxy.url.replace('127.0.0.1', 'localhost') };
		const failure = await rejectionOf(
			list({ endpoint: 'http://s3.example.com', proxy: byName, egress }),
		);
		expect(failure).toMatchObject({ code: 'BlockedAddress' });
		expect(proxy.proxied).toEqual([]);
	});

	it('a link-local address is not asked through a proxy', async () => {
		const settings = { endpoint: 'http://169.254.169.254', proxy: custom() };
		expect(await rejectionOf(list(settings))).toMatchObject({ code: 'LinkLocalAddress' });
		expect(proxy.proxied).toEqual([]);
	});

	it.each(['http', 'https'])(
		'a name that leads to a link-local address is not asked by %s through a proxy, whatever n8n forbids',
		async (scheme) => {
			const found = jest.spyOn(dns, 'lookup').mockImplementation(((
				_: string,
				__: unknown,
				done: (error: null, addresses: object[]) => void,
			) => {
				done(null, [{ address: '169.254.169.254', family: 4 }]);
			}) as never);
			try {
				const settings = { endpoint: `${scheme}://metadata.example`, proxy: custom() };
				expect(await rejectionOf(list(settings))).toMatchObject({ code: 'LinkLocalAddress' });
				expect(proxy.proxied).toEqual([]);
			} finally {
				found.mockRestore();
			}
		},
	);

	it('a name that only the proxy knows is left to the proxy', async () => {
		const egress = { ...NO_RULES, blockedRanges: ['10.0.0.0/8'] };
		await rejectionOf(list({ endpoint: 'http://nowhere.invalid', proxy: custom(), egress }));
		expect(proxy.proxied.length).toBeGreaterThan(0);
	});
});
