/** A real proxy with a password between n8n and its servers. */
import { AmazonS3 } from '../../nodes/AmazonS3/AmazonS3.node';
import { startEmbedded, type EmbeddedServer } from '../servers/embedded';
import {
	accountTrusting,
	PROFILE_ARN,
	ROLE_ARN,
	TRUST_ANCHOR_ARN,
} from '../servers/rolesAnywhere/account';
import { issue } from '../servers/rolesAnywhere/authority';
import { startRolesAnywhere, type RolesAnywhereServer } from '../servers/rolesAnywhere/server';
import { startSquid, type Squid } from '../servers/squid/squid';
import { startGateway, type Gateway } from '../servers/sts/gateway';
import { startSts, type StsServer } from '../servers/sts/server';
import {
	contentOf,
	removeBinaryStore,
	runNode,
	startBinaryStore,
	storedFile,
	type Credential,
} from './n8n';

const BUCKET = 'behind-squid';
const USER = 'n8n';
const PASSWORD = 'planted: p%40ss@w/rd';
const ASSUMED_ARN = 'arn:aws:iam::111122223333:role/loader';
const MIB = 1024 * 1024;

const authority = issue({ name: 'Company CA', ca: true });
const leaf = issue({ name: 'n8n' }, authority);
/** A name that only Squid knows. */
const HOST = 'behind.localhost';
const web = issue({ name: 'web', hosts: [HOST] }, authority);
const tls = { cert: web.pem, key: web.keyPem };

const started: (() => Promise<void>)[] = [];
let plain: EmbeddedServer;
let secure: EmbeddedServer;
let sts: StsServer;
let gateway: Gateway;
let rolesAnywhere: RolesAnywhereServer;
let squid: Squid;

async function begin<Server extends { stop(): Promise<void> }>(
	starting: Promise<Server>,
): Promise<Server> {
	const server = await starting;
	started.push(() => server.stop());
	return server;
}

const startOne = async () => {
	const forbiddenPort = 9;
	return await begin(startSquid({ user: USER, password: PASSWORD, hosts: [HOST], forbiddenPort }));
};

beforeAll(async () => {
	await startBinaryStore('filesystem');
	started.push(removeBinaryStore);
	plain = await begin(startEmbedded());
	secure = await begin(startEmbedded({ tls }));
	for (const server of [plain, secure]) server.store.makeBucket(BUCKET);
	sts = await begin(
		startSts({
			region: 'us-east-1',
			users: [plain.users.main],
			roles: [{ arn: ASSUMED_ARN, maxSessionDuration: 3600 }],
			onSession: (lent) => plain.addUser({ name: 'loader', ...lent }),
		}),
	);
	gateway = await begin(startGateway(plain.endpoint, sts.endpoint));
	rolesAnywhere = await begin(
		startRolesAnywhere({
			account: accountTrusting(authority),
			tls,
			onSession: (lent) => secure.addUser({ name: 'reader', ...lent }),
		}),
	);
	squid = await startOne();
}, 60_000);
// What was started ends, whatever could not be started after it.
afterAll(async () => {
	for (const stop of started.reverse()) await stop();
});

const behind = ({ endpoint }: { endpoint: string }) => endpoint.replace('127.0.0.1', HOST);

type Authentication = 'accessKeys' | 'basicAuth' | 'rolesAnywhere';

type Way = [Authentication, () => object];

const ways: Record<string, Way> = {
	'access keys by http': ['accessKeys', () => ({ ...plain.users.main, endpoint: behind(plain) })],
	'basic auth by https': [
		'basicAuth',
		() => ({
			username: secure.users.main.accessKeyId,
			password: secure.users.main.secretAccessKey,
			endpoint: behind(secure),
		}),
	],
	'a role of STS by http': [
		'accessKeys',
		() => ({
			...plain.users.main,
			endpoint: behind(gateway),
			assumeRole: true,
			roleArn: ASSUMED_ARN,
		}),
	],
	'a certificate by https': [
		'rolesAnywhere',
		() => ({
			trustAnchorArn: TRUST_ANCHOR_ARN,
			profileArn: PROFILE_ARN,
			roleArn: ROLE_ARN,
			rolesAnywhereRegion: 'eu-central-1',
			durationSeconds: 3600,
			publicCertificate: leaf.pem,
			privateKey: leaf.keyPem,
			rolesAnywhereEndpoint: behind(rolesAnywhere),
			endpoint: behind(secure),
		}),
	],
};

const credentialOf = (fields: object, changes: object = {}): Credential => ({
	...(fields as Credential),
	bucket: BUCKET,
	multipartThresholdMb: 5,
	caCertificate: authority.pem,
	proxy: 'custom',
	proxyUrl: squid.url,
	proxyUser: USER,
	proxyPassword: PASSWORD,
	...changes,
});

async function save(authentication: Authentication, data: Credential) {
	const name = authentication.replace(/^./, (letter) => letter.toUpperCase());
	const saved = { id: '1', name: 'x', type: `amazonS3${name}Api`, data };
	const { amazonS3ConnectionTest } = new AmazonS3().methods.credentialTest;
	return await amazonS3ConnectionTest.call(undefined as never, saved);
}

describe.each(Object.entries(ways))('with %s', (name, [authentication, fieldsOf]) => {
	const run = async (operation: string, parameters: object, changes: object = {}) =>
		await runNode({
			items: [{ json: {}, ...(changes as { binary?: never }) }],
			parameters: { authentication, resource: 'object', operation, ...parameters },
			credential: credentialOf(fieldsOf()),
		});

	it(`the connection test with ${name} goes through Squid`, async () => {
		expect(await save(authentication, credentialOf(fieldsOf()))).toMatchObject({ status: 'OK' });
	});

	it.each([
		'plain.txt',
		'with blanks /  and two.txt',
		'a//b',
		'/leading',
		'trailing/',
		'%41%2F%2e%2E/%00',
		'a+b&c=d?e#f;g',
		'😀/grüße/日本語',
		'../up',
		'a/../b',
		'.',
		'"quotes" \'and\' <brackets> \\ back',
		'line\nbreak\ttab',
	])(`Squid keeps the key %j in Put, List and Get with ${name}`, async (key) => {
		const put = await run('put', { key, source: 'text', text: `content of ${key}` });
		expect(put.error).toBeUndefined();
		const list = await run('list', { prefix: key, returnAll: true });
		expect(list.outputs[0]?.map(({ json }) => json.key)).toContain(key);
		const get = await run('get', { key, as: 'text' });
		expect(get.outputs[0]?.[0]?.json).toMatchObject({ key, text: `content of ${key}` });
	});

	it(`Squid passes a large file on in parts, and back, with ${name}`, async () => {
		const content = Buffer.alloc(41 * MIB + 3, 'some words, 251 times');
		const data = await storedFile(content);
		const put = await run('put', { key: 'large' }, { binary: { data } });
		expect(put.error).toBeUndefined();
		expect(put.outputs[0]?.[0]?.json).toMatchObject({ size: content.length });
		const get = await run('get', { key: 'large' });
		expect((await contentOf(get.outputs[0]?.[0]?.binary?.data)).equals(content)).toBe(true);
	});

	it.each([
		['a wrong password', { proxyPassword: 'planted: wrong' }],
		['an unknown user', { proxyUser: 'nobody' }],
		['no user', { proxyUser: '', proxyPassword: '' }],
	])(
		`the failure with ${name} says that it is about the proxy when that has %s`,
		async (_what, changes) => {
			const { status, message } = await save(authentication, credentialOf(fieldsOf(), changes));
			expect(status).toBe('Error');
			expect(message).toContain(
				`the proxy ${squid.host} asks for a valid user name and password. Enter Proxy User and Proxy Password`,
			);
			expect(message).not.toContain('planted');
		},
	);

	it(`the failure with ${name} says that the proxy is down`, async () => {
		const other = await startOne();
		await other.stop();
		started.pop();
		const { message } = await save(
			authentication,
			credentialOf(fieldsOf(), { proxyUrl: other.url }),
		);
		expect(message).toContain(
			`the proxy ${other.host} could not be reached, nothing accepts connections there`,
		);
	});
});

it('connections to Squid are used again', async () => {
	const [authentication, fieldsOf] = ways['access keys by http'] as Way;
	const before = (await squid.done()).length;
	const { error } = await runNode({
		items: Array.from({ length: 50 }, (_, n) => ({ json: { n } })),
		parameters: {
			authentication,
			resource: 'object',
			operation: 'put',
			key: '=n/{{ $json.n }}',
			source: 'text',
			text: 'n',
			options: { concurrency: 4 },
		},
		credential: credentialOf(fieldsOf()),
	});
	expect(error).toBeUndefined();
	const puts = (await squid.done()).slice(before).filter(({ method }) => method === 'PUT');
	expect(puts).toHaveLength(50);
	expect(new Set(puts.map(({ port }) => port)).size).toBeLessThanOrEqual(4);
});

describe.each([
	['http', () => plain],
	['https', () => secure],
])('a server by %s', (scheme, serverOf) => {
	const listFrom = async (endpoint: string) =>
		await save('accessKeys', credentialOf({ ...serverOf().users.main, endpoint }));

	it.each([
		['that Squid does not allow', '127.0.0.1:9', 403],
		['that is down', '127.0.0.1:1', 503],
		// The status depends on what the DNS says to Squid.
		['that nobody knows', 'nobody.invalid:9000', '50\\d'],
	])(`a server by ${scheme} %s is said to be refused by the proxy`, async (_, host, status) => {
		const { message } = await listFrom(`${scheme}://${host}`);
		const words = `: the proxy ${squid.host} did not connect to ${host} \\(HTTP ${status}\\)\\. Ask whoever`;
		expect(message).toMatch(new RegExp(words));
	});

	it(`a server by ${scheme} that refuses by itself is quoted as without a proxy`, async () => {
		serverOf().faults.add({
			operation: 'ListObjectsV2',
			times: 1,
			effect: { kind: 'answer', status: 403, code: 'AccessDenied' },
		});
		const { message } = await listFrom(behind(serverOf()));
		expect(message).toContain('AccessDenied');
		expect(message).not.toContain('the proxy');
	});
});
