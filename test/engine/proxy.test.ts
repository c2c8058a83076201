/** Servers that only a proxy with a password gets to, for each type of credential. */
import { inspect } from 'node:util';

import { AmazonS3 } from '../../nodes/AmazonS3/AmazonS3.node';
import { startHttpProxy, type HttpProxy } from '../servers/httpProxy';
import {
	accountTrusting,
	PROFILE_ARN,
	ROLE_ARN,
	TRUST_ANCHOR_ARN,
} from '../servers/rolesAnywhere/account';
import { issue } from '../servers/rolesAnywhere/authority';
import { startRolesAnywhere, type RolesAnywhereServer } from '../servers/rolesAnywhere/server';
import { startGateway, type Gateway } from '../servers/sts/gateway';
import { startSts, type StsServer } from '../servers/sts/server';
import { withServer } from '../servers/withServer';
import { requestWithCredential, runNode, type Credential } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const BUCKET = 'behind-the-proxy';
const USER = 'n8n';
const PASSWORD = 'planted: p%40ss@w/rd';
const ASSUMED_ARN = 'arn:aws:iam::111122223333:role/loader';
/** Names that no DNS knows. */
const S3 = 's3.example.invalid:9000';
const SECURE_S3 = 's3.example.invalid:443';
/** STS by plain http is only asked on this machine. */
const GATEWAY = 'gateway.localhost:8080';
const ROLES_ANYWHERE = 'rolesanywhere.example.invalid:443';

const companyAuthority = issue({ name: 'Company CA', ca: true });
const leaf = issue({ name: 'n8n' }, companyAuthority);
const hosts = ['s3.example.invalid', 'rolesanywhere.example.invalid'];
const web = issue({ name: 'web', hosts }, companyAuthority);
const tls = { cert: web.pem, key: web.keyPem };

const plain = withServer({ buckets: [BUCKET] });
const secure = withServer({ buckets: [BUCKET], tls });
withBinaryStore();
let sts: StsServer;
let gateway: Gateway;
let rolesAnywhere: RolesAnywhereServer;
let proxy: HttpProxy;

const hostOf = ({ endpoint }: { endpoint: string }) => new URL(endpoint).host;

beforeAll(async () => {
	sts = await startSts({
		region: 'us-east-1',
		users: [plain.users.main],
		roles: [{ arn: ASSUMED_ARN, maxSessionDuration: 3600 }],
		onSession: (lent) => plain.addUser({ name: 'loader', ...lent }),
	});
	gateway = await startGateway(plain.endpoint, sts.endpoint);
	rolesAnywhere = await startRolesAnywhere({
		account: accountTrusting(companyAuthority),
		tls,
		onSession: (lent) => secure.addUser({ name: 'reader', ...lent }),
	});
});
afterAll(async () => {
	await Promise.all([sts, gateway, rolesAnywhere].map((one) => one.stop()));
});
beforeEach(async () => {
	proxy = await startHttpProxy({
		credentials: `${USER}:${PASSWORD}`,
		hosts: {
			[S3]: hostOf(plain),
			[SECURE_S3]: hostOf(secure),
			[GATEWAY]: hostOf(gateway),
			[ROLES_ANYWHERE]: hostOf(rolesAnywhere),
		},
	});
});
afterEach(() => proxy.stop());

interface Way {
	authentication: 'accessKeys' | 'basicAuth' | 'rolesAnywhere';
	fields: () => object;
	/** What the proxy is asked for, before the path. */
	targets: string[];
}

/** By what a person would call it. */
const ways: Record<string, Way> = {
	'access keys by http': {
		authentication: 'accessKeys',
		fields: () => ({ ...plain.users.main, endpoint: `http://${S3}` }),
		targets: [`http://${S3}`],
	},
	'access keys by https': {
		authentication: 'accessKeys',
		fields: () => ({ ...secure.users.main, endpoint: 'https://s3.example.invalid' }),
		targets: [SECURE_S3],
	},
	'a role of STS': {
		authentication: 'accessKeys',
		fields: () => ({
			...plain.users.main,
			endpoint: `http://${GATEWAY}`,
			assumeRole: true,
			roleArn: ASSUMED_ARN,
			// Sessions are shared: each test has its own.
			roleSessionName: `session-${String(Math.random())}`,
		}),
		targets: [`http://${GATEWAY}`],
	},
	'basic auth': {
		authentication: 'basicAuth',
		fields: () => ({
			username: secure.users.main.accessKeyId,
			password: secure.users.main.secretAccessKey,
			endpoint: 'https://s3.example.invalid',
		}),
		targets: [SECURE_S3],
	},
	'a certificate': {
		authentication: 'rolesAnywhere',
		fields: () => ({
			trustAnchorArn: TRUST_ANCHOR_ARN,
			profileArn: PROFILE_ARN,
			roleArn: ROLE_ARN,
			rolesAnywhereRegion: 'eu-central-1',
			durationSeconds: 900 + Math.floor(Math.random() * 2000),
			publicCertificate: leaf.pem,
			privateKey: leaf.keyPem,
			rolesAnywhereEndpoint: `https://${ROLES_ANYWHERE}`,
			endpoint: 'https://s3.example.invalid',
		}),
		targets: [ROLES_ANYWHERE, SECURE_S3],
	},
};

const credentialFor = ({ fields }: Way, changes: object = {}): Credential => ({
	...(fields() as Credential),
	bucket: BUCKET,
	caCertificate: companyAuthority.pem,
	proxy: 'custom',
	proxyUrl: proxy.url,
	proxyUser: USER,
	proxyPassword: PASSWORD,
	...changes,
});

const targetsSeen = () => [
	...new Set(proxy.proxied.map(({ target }) => /^(http:\/\/)?[^/]+/.exec(target)?.[0])),
];

async function save({ authentication }: Way, data: Credential) {
	const name = authentication.replace(/^./, (letter) => letter.toUpperCase());
	const saved = { id: '1', name: 'x', type: `amazonS3${name}Api`, data };
	const { amazonS3ConnectionTest } = new AmazonS3().methods.credentialTest;
	return await amazonS3ConnectionTest.call(undefined as never, saved);
}

const run = async (
	{ authentication }: Way,
	credential: Credential,
	operation: string,
	parameters: object = {},
) =>
	await runNode({
		parameters: { authentication, resource: 'object', operation, ...parameters },
		credential,
	});

describe.each(Object.entries(ways))('with %s', (name, way) => {
	it(`Put, List and Get with ${name} go through the proxy of the credential, and nothing else`, async () => {
		const credential = credentialFor(way);
		const key = 'a//b/../c %2F+ü';
		const put = await run(way, credential, 'put', { key, source: 'text', text: 'hello' });
		expect(put.error).toBeUndefined();
		const list = await run(way, credential, 'list', { returnAll: true });
		expect(list.outputs[0]?.map(({ json }) => json.key)).toContain(key);
		const get = await run(way, credential, 'get', { key, as: 'text' });
		expect(get.outputs[0]?.[0]?.json).toMatchObject({ key, text: 'hello' });
		expect(targetsSeen()).toEqual(way.targets);
	});

	it(`the connection test with ${name} goes through the proxy, too`, async () => {
		expect(await save(way, credentialFor(way))).toMatchObject({ status: 'OK' });
		expect(targetsSeen()).toEqual(way.targets);
	});

	it.each([
		['a wrong password', { proxyPassword: 'planted: wrong' }],
		['no password', { proxyUser: '', proxyPassword: '' }],
	])(
		`the connection test and the node with ${name} say what is wrong with %s`,
		async (_what, fields) => {
			const words = `the proxy ${proxy.host} asks for a valid user name and password`;
			const credential = credentialFor(way, fields);
			const saved = await save(way, credential);
			expect(saved.status).toBe('Error');
			expect(saved.message).toContain(words);
			const { error } = await run(way, credential, 'list');
			expect(error?.message).toContain(words);
			const shown = JSON.stringify(saved) + JSON.stringify(error) + inspect(error, { depth: 9 });
			expect(shown).not.toContain('planted');
		},
	);
});

it.each(['access keys by https', 'a role of STS', 'a certificate'])(
	'the connection test with %s names the proxy that is down',
	async (name) => {
		const way = ways[name] as Way;
		const { message } = await save(way, credentialFor(way, { proxyUrl: 'http://127.0.0.1:1' }));
		expect(message).toMatch(
			/: the proxy 127\.0\.0\.1:1 could not be reached, nothing accepts connections there\. Check the proxy in the credential/,
		);
		expect(message).not.toContain('planted');
	},
);

it('the HTTP Request node gets its session through the proxy, and sends as n8n says', async () => {
	const credential = credentialFor(ways['a role of STS'] as Way);
	const listed = await requestWithCredential('httpRequestWithAuthentication', credential, {
		method: 'GET',
		url: `${plain.endpoint}/${BUCKET}`,
	});
	expect(listed).toContain(`<Name>${BUCKET}</Name>`);
	expect(proxy.proxied).toMatchObject([{ method: 'POST', target: `http://${GATEWAY}/` }]);
});
