/**
 * Servers, networks and authors of workflows that mean harm, in a real n8n with its SSRF protection: what is refused,
 * what it costs, and what n8n keeps of it. docs/security.md says what is promised.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IDataObject, INode, INodeCredentialTestResult } from 'n8n-workflow';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import { htmlPage, jsonPage, s3Page, startEchoServer, textPage } from '../servers/echo';
import type { EchoPage, EchoServer } from '../servers/echo';
import { startHttpProxy } from '../servers/httpProxy';
import type { HttpProxy } from '../servers/httpProxy';
import { startN8n } from '../servers/n8n/n8n';
import type { Execution, N8n } from '../servers/n8n/n8n';
import { inARow, node } from '../servers/n8n/sample';
import { executionsOf, filesOf, findsOf } from './connectionsSecrets';
import type { Place } from './connectionsSecrets';
import { RESPONSES, startHostileServers } from './hostileServers';
import type { Harm, HostileServers } from './hostileServers';

const MiB = 1024 * 1024;
const S3 = 'n8n-nodes-amazon-s3.amazonS3';
const KEYS = 'amazonS3AccessKeysApi';
const BASIC = 'amazonS3BasicAuthApi';
const TOKEN = 'planted/+token==&<"of-a-session';
const PASSWORD = 'planted p&ss/wörd of a user';
const folder = mkdtempSync(join(tmpdir(), 'n8n-hostile-'));
/** What connection tests and lists said. */
const shown: Place[] = [];

let s3: EmbeddedServer;
let hostile: HostileServers;
let echo: EchoServer;
/** The way out of n8n, which lets nothing through. */
let wayOut: HttpProxy;
let n8n: N8n;
let keys: { accessKeyId: string; secretAccessKey: string };

beforeAll(async () => {
	[s3, hostile, echo, wayOut] = await Promise.all([
		startEmbedded(),
		startHostileServers(),
		startEchoServer(),
		startHttpProxy(),
	]);
	wayOut.refuseWith(403);
	for (const bucket of ['mine', 'other']) s3.store.makeBucket(bucket);
	const { accessKeyId, secretAccessKey } = s3.users.main;
	keys = { accessKeyId, secretAccessKey };
	n8n = await startN8n({
		userFolder: folder,
		env: {
			N8N_SSRF_PROTECTION_ENABLED: 'true',
			N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.1/32',
			N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
			HTTP_PROXY: wayOut.url,
			HTTPS_PROXY: wayOut.url,
			NO_PROXY: '127.0.0.1,127.0.0.2,169.254.169.254,localhost',
		},
	});
});
afterAll(async () => {
	await n8n.stop();
	await Promise.all([s3.stop(), wayOut.stop()]);
	hostile.stop();
	echo.close();
	rmSync(folder, { recursive: true, force: true });
});

const start = node('Start', 0, 'n8n-nodes-base.manualTrigger', {});

const credentialOf = async (data: object, type = KEYS) => ({
	[type]: await n8n.createCredential(type, type, data),
});

/** Runs a node for each of the rows, which are its items; gives what became of each, as JSON. */
async function forEachRow(rows: object[], last: Partial<INode>): Promise<string[]> {
	const set = { mode: 'raw', jsonOutput: JSON.stringify({ rows }), options: {} };
	const nodes = [
		start,
		{ ...node('Rows', 1, 'n8n-nodes-base.set', set), typeVersion: 3.4 },
		node('Items', 2, 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'rows', options: {} }),
		{ ...last, name: 'Last', onError: 'continueRegularOutput' as const },
	];
	const execution: Execution = await n8n.run(await n8n.createWorkflow(inARow('Rows', nodes)));
	expect(execution.error).toBeUndefined();
	return execution.itemsOf('Last').map(({ json }) => JSON.stringify(json.error ?? json));
}

/** Our node; its connection may be another one for each item. */
const ours = (
	operation: string,
	parameters: IDataObject,
	credentials: object,
	resource = 'object',
) =>
	node(
		'Last',
		3,
		S3,
		{
			authentication: KEYS in credentials ? 'accessKeys' : 'basicAuth',
			resource,
			operation,
			...(resource === 'object' && { bucket: { __rl: true, mode: 'name', value: 'bucket' } }),
			...parameters,
		},
		credentials,
	);
const key = { __rl: true, mode: 'key', value: 'key' };
const get = { key, as: 'text', options: { retryFor: 0 } };

/** n8n's HTTP Request node, which sends what each item says. */
const httpRequest = (credentials: object): Partial<INode> => ({
	...node(
		'Last',
		3,
		'n8n-nodes-base.httpRequest',
		{
			method: '={{ $json.method ?? "PUT" }}',
			url: '={{ $json.url }}',
			authentication: 'predefinedCredentialType',
			nodeCredentialType: KEYS,
			sendHeaders: true,
			specifyHeaders: 'json',
			jsonHeaders: '={{ JSON.stringify($json.headers ?? {}) }}',
			options: { response: { response: { responseFormat: 'text' } } },
		},
		credentials,
	),
	typeVersion: 4.2,
});

/** What the connection test says. */
async function tested(data: object, type = KEYS): Promise<INodeCredentialTestResult> {
	const { id } = await n8n.createCredential('Tested', type, data);
	const stored = await n8n.api<object>('GET', `/credentials/${id}?includeData=true`);
	const body = { credentials: stored };
	const result = await n8n.api<INodeCredentialTestResult>('POST', '/credentials/test', body);
	shown.push({ name: 'a connection test', bytes: Buffer.from(JSON.stringify(result)) });
	return result;
}

describe('the HTTP Request node with a credential that has limits', () => {
	/** What got out, but for what n8n asks itself. */
	const nothing = () => [
		...hostile.strayed,
		...wayOut.proxied
			.map(({ target }) => target)
			.filter((target) => /amazonaws|example/.test(target)),
	];
	const asked = () => s3.requests.length;

	it('the HTTP Request node gets nothing signed that leads out of the only bucket, however headers and paths are written', async () => {
		const mine = `${s3.endpoint}/mine/copied`;
		const source = '/other/secret';
		const rows = [
			...['', ' ', '\t', '\u00a0', '\ufeff'].map((blank) => ({
				url: mine,
				headers: { [`${blank}x-amz-copy-source`]: source },
			})),
			{ url: mine, headers: { 'x-amz-copy-source': `/mine/a,${source}` } },
			...['X-Forwarded-Host', 'X-Original-URL', 'X-HTTP-Method-Override'].map((name) => ({
				url: mine,
				headers: { [name]: source },
			})),
			...['other/a', 'mine/..%2Fother/a', 'mine/..%5Cother', 'mine/a;b', '%2Fmine/a'].map(
				(path) => ({ method: 'GET', url: `${s3.endpoint}/${path}` }),
			),
			...['replication', 'inventory&id=a', 'logging', 'notification'].map((query) => ({
				url: `${s3.endpoint}/mine?${query}`,
			})),
			{ url: 'https://sts.amazonaws.com/?Action=GetSessionToken' },
		];
		const limited = { ...keys, endpoint: s3.endpoint, bucket: 'mine', bucketOnly: true };
		const before = asked();
		const ends = await forEachRow(rows, httpRequest(await credentialOf(limited)));
		expect(ends).toHaveLength(rows.length);
		for (const end of ends) expect(end).toContain('only for bucket');
		expect(asked()).toBe(before);
		expect(nothing()).toEqual([]);
	});

	it('no link is signed that makes another bucket of a Public Endpoint', async () => {
		const limited = { ...keys, endpoint: s3.endpoint, bucket: 'mine', bucketOnly: true };
		const options = { publicEndpoint: '={{ $json.publicEndpoint }}' };
		const rows = ['/other', '/other/'].map((path) => ({
			publicEndpoint: `${s3.endpoint}${path}`,
		}));
		const bucket = { __rl: true, mode: 'name', value: 'mine' };
		for (const operation of ['getPresignedUrl', 'getPresignedPost']) {
			const named = operation === 'getPresignedPost' ? 'secret' : key;
			const last = ours(operation, { bucket, key: named, options }, await credentialOf(limited));
			const ends = await forEachRow(rows, last);
			expect(ends).toEqual([
				expect.stringContaining('nothing is signed for a Public Endpoint'),
				expect.stringContaining('nothing is signed for a Public Endpoint'),
			]);
		}
	});

	it.each(['private', 'organizational'])(
		'the HTTP Request node gets nothing signed that changes who may read, and no other service, with the Privacy Level %s',
		async (privacyLevel) => {
			const bucket = 'https://b.s3.eu-central-1.amazonaws.com/';
			const rows = [
				{ url: `${bucket}k`, headers: { ' x-amz-acl': 'public-read' } },
				{ url: `${bucket}k`, headers: { '\u00a0x-amz-grant-read': 'id="7012"' } },
				...[
					'acl',
					'policy',
					'replication',
					'inventory&id=a',
					'website',
					'ownershipControls',
					'publicAccessBlock',
				].map((query) => ({ url: `${bucket}?${query}` })),
				{ method: 'POST', url: 'https://sts.eu-central-1.amazonaws.com/' },
				{ method: 'POST', url: 'https://iam.amazonaws.com/' },
				{
					url: 'https://111122223333.s3-control.eu-central-1.amazonaws.com/v20180820/accesspoint/a',
				},
			];
			const limited = { ...keys, privacyLevel, region: 'eu-central-1' };
			const ends = await forEachRow(rows, httpRequest(await credentialOf(limited)));
			expect(ends).toHaveLength(rows.length);
			for (const end of ends) {
				expect(end).toContain(`The Privacy Level of this credential is ${privacyLevel}`);
			}
			expect(nothing()).toEqual([]);
		},
	);

	it('the HTTP Request node gets nothing signed by plain http for a server with https, and no role is assumed by plain http', async () => {
		const rows = [{ url: 'http://127.0.0.1:9/b/k' }];
		const secure = await credentialOf({ ...keys, endpoint: 'https://127.0.0.1:9' });
		expect((await forEachRow(rows, httpRequest(secure)))[0]).toContain('begins with http://');
		const ofAws = ['s3.amazonaws.com.', 'b.s3-accelerate.amazonaws.com', 'sts.amazonaws.com'];
		for (const credential of [await credentialOf(keys), secure]) {
			const ends = await forEachRow(
				ofAws.map((host) => ({ url: `http://${host}/b/k` })),
				httpRequest(credential),
			);
			for (const end of ends) expect(end).toContain('begins with http://');
		}
		const role = { assumeRole: true, roleArn: 'arn:aws:iam::111122223333:role/loader' };
		const bySts = await credentialOf({ ...keys, ...role, endpoint: 'http://sts.example.com' });
		expect((await forEachRow(rows, httpRequest(bySts)))[0]).toContain('begins with http://');
		expect(nothing()).toEqual([]);
	});
});

it('a redirect of a signed request to another server is not followed', async () => {
	const temporary = { ...keys, temporaryCredentials: true, sessionToken: TOKEN };
	const rows = [{ method: 'GET', url: hostile.redirecting }];
	const [end] = await forEachRow(rows, httpRequest(await credentialOf(temporary)));
	expect(end).toContain('307');
	expect(hostile.strayed).toEqual([]);
});

it('no request for a bucket whose name is a server of AWS leaves the endpoint', async () => {
	const own = { endpoint: hostile.elsewhere, addressingStyle: 'virtual' };
	const basic = { ...own, username: 'me', password: PASSWORD, scheme: 'http' };
	const bucket = { __rl: true, mode: 'name', value: '={{ $json.bucket }}' };
	const rows = ['x--use1-az4--x-s3', 'arn:aws:s3::111122223333:accesspoint/m.mrap'].map((name) => ({
		bucket: name,
	}));
	const ends = await forEachRow(
		rows,
		ours('get', { ...get, bucket }, await credentialOf(basic, BASIC)),
	);
	for (const end of ends) expect(end).toContain('names a server of AWS');
	expect(hostile.strayed).toEqual([]);
});

describe('a server that repeats what it was sent', () => {
	const pages = [s3Page, htmlPage, textPage, jsonPage];
	const about = (): [string, object][] => {
		const basic = { endpoint: echo.endpoint, username: 'me', password: PASSWORD, scheme: 'http' };
		const temporary = {
			...keys,
			endpoint: echo.endpoint,
			temporaryCredentials: true,
			sessionToken: TOKEN,
		};
		const proxied = {
			...keys,
			endpoint: 'http://127.0.0.1:1',
			proxy: 'custom',
			proxyUrl: echo.endpoint,
			proxyUser: 'me',
			proxyPassword: PASSWORD,
		};
		return [
			[BASIC, basic],
			[KEYS, temporary],
			[KEYS, proxied],
		];
	};

	it('no error, no connection test and nothing that n8n keeps has a secret of it', async () => {
		let asked = 0;
		const eachInTurn: EchoPage = (text) => pages[asked++ % pages.length]!(text);
		for (const [type, data] of about()) {
			const last = ours(
				'get',
				{ ...get, options: { ...get.options, concurrency: 1 } },
				await credentialOf(data, type),
			);
			for (const status of [400, 401, 500]) {
				echo.respond(status, eachInTurn);
				const ends = await forEachRow(
					pages.map(() => ({})),
					last,
				);
				for (const end of ends) expect(end).toContain('Could not get');
			}
			for (const page of pages) {
				echo.respond(403, page);
				expect((await tested({ ...data, bucket: 'bucket' }, type)).status).toBe('Error');
			}
		}
		expect(echo.requests).toBeGreaterThanOrEqual(3 * (3 + 1) * pages.length);
	});
});

describe('a server that sends too much, or to keep n8n busy', () => {
	/** The largest memory of n8n, and the longest time that it let somebody wait, while something is done. */
	async function costOf(work: () => Promise<void>) {
		const before = n8n.memory();
		let [memory, wait] = [before, 0];
		let isDone = false;
		const watch = async () => {
			while (!isDone) {
				const asked = performance.now();
				await fetch(`${n8n.url}/healthz`, { headers: { connection: 'close' } });
				wait = Math.max(wait, performance.now() - asked);
				memory = Math.max(memory, n8n.memory());
				await new Promise((resolve) => setTimeout(resolve, 50));
			}
		};
		const watching = watch();
		await work().finally(() => (isDone = true));
		await watching;
		return { memory: memory - before, wait };
	}

	/** What an error says, and how many requests are made at most. */
	type Row = [harm: Harm, words: string, requests: number];
	const lists: Row[] = [
		['endless-listing', 'more than 16 MiB', 1],
		['empty-pages', 'to its end', 120],
		['other-regions', 'Could not list', 2],
		['long-keys', 'never', 1],
	];
	const buckets: Row[] = [
		['endless-buckets', 'more than 4 MiB', 1],
		['same-token', 'to their end', 2],
	];
	const objects: Row[] = [
		['endless-error', 'more than 1 MiB', 1],
		// A 400 may be for the header that asks for checksums: it is sent once more without it.
		['long-error', 'no no no', 2],
		['document-types', 'Could not get', 1],
		['endless-text', 'more than 64 MiB', 1],
		['gzip-bomb', 'more than', 1],
		['many-parts', 'xxx', 1],
		['refused-session', 'Could not assume role', 1],
	];

	it.each<[string, string, Row[], IDataObject, string]>([
		[
			'a list of objects',
			'list',
			lists,
			{ returnAll: true, output: 'array', options: { keyMatches: `${'**a'.repeat(300)}b` } },
			'object',
		],
		['a list of buckets', 'list', buckets, { returnAll: true }, 'bucket'],
		['an object', 'get', objects, get, 'object'],
	])(
		'%s of such a server is a clear error or a result, and n8n answers others meanwhile',
		async (_, operation, rows, parameters, resource) => {
			const isRole = "{{ $json.harm === 'refused-session' }}";
			const credentials = await credentialOf({
				...keys,
				endpoint: '={{ $json.endpoint }}',
				assumeRole: `=${isRole}`,
				roleArn: 'arn:aws:iam::111122223333:role/loader',
			});
			const items = rows.map(([harm]) => ({ harm, endpoint: hostile.endpointOf(harm) }));
			const cost = await costOf(async () => {
				const last = ours(operation, parameters, credentials, resource);
				const ends = await forEachRow(items, last);
				expect(ends).toHaveLength(rows.length);
				for (const [i, [harm, words, requests]] of rows.entries()) {
					const end = ends[i] ?? '';
					if (harm === 'long-keys') expect(end).toContain('"objects":[]');
					else expect([harm, end.slice(0, 1500)]).toEqual([harm, expect.stringContaining(words)]);
					if (harm !== 'many-parts') expect(end.length).toBeLessThan(3000);
					const asked = hostile.askedFor(harm);
					expect([harm, asked, asked > 0 && asked <= requests]).toEqual([harm, asked, true]);
				}
			});
			// It was up to 20 GB and 22 s.
			expect(cost.memory).toBeLessThan(1024 * MiB);
			expect(cost.wait).toBeLessThan(8000);
		},
	);

	it('every response that means harm is asked for in one of the tests', () => {
		const used = [...lists, ...buckets, ...objects].map(([harm]) => harm);
		expect(used.sort()).toEqual(Object.keys(RESPONSES).sort());
	});

	it('a certificate of nothing but blanks does not keep n8n busy', async () => {
		const pem = `-----BEGIN${' '.repeat(200_000)}x`;
		const cost = await costOf(async () => {
			const certificate = {
				trustAnchorArn: 'arn:aws:rolesanywhere:eu-central-1:111122223333:trust-anchor/a',
				profileArn: 'arn:aws:rolesanywhere:eu-central-1:111122223333:profile/a',
				roleArn: 'arn:aws:iam::111122223333:role/loader',
				publicCertificate: pem,
				privateKey: pem,
			};
			expect((await tested(certificate, 'amazonS3RolesAnywhereApi')).status).toBe('Error');
		});
		expect(cost.wait).toBeLessThan(8000);
	});

	it('a second response behind the first is never taken for that to the next request', async () => {
		const credentials = await credentialOf({ ...keys, endpoint: hostile.twofold });
		const names = Array.from({ length: 20 }, (_, i) => `key${i}`);
		const parameters = {
			...get,
			key: { ...key, value: '={{ $json.name }}' },
			options: { concurrency: 1 },
		};
		const ends = await forEachRow(
			names.map((name) => ({ name })),
			ours('get', parameters, credentials),
		);
		const texts = ends.map((end) => (JSON.parse(end) as { text?: string }).text);
		expect(texts).toEqual(names);
	});
});

describe('an n8n with its SSRF protection', () => {
	const REFUSED = 'protection of internal addresses (SSRF)';
	const METADATA = 'http://169.254.169.254';

	it('no server that n8n blocks, and no metadata service, is asked for anything of this package', async () => {
		const rows = [hostile.blocked, METADATA].map((endpoint) => ({ endpoint }));
		const credentials = await credentialOf({ ...keys, endpoint: '={{ $json.endpoint }}' });
		const [blocked, metadata] = await forEachRow(rows, ours('get', get, credentials));
		expect(blocked).toContain(REFUSED);
		expect(metadata).toContain('link-local addresses are never asked');

		const free = await credentialOf({ ...keys, endpoint: s3.endpoint });
		const urls = [hostile.blocked, METADATA, hostile.toMetadata].map((url) => ({ url }));
		const put = {
			bucket: { __rl: true, mode: 'name', value: 'mine' },
			key: 'of-url',
			source: 'url',
			url: '={{ $json.url }}',
			options: {},
		};
		const [ofBlocked, ...ofMetadata] = await forEachRow(urls, ours('put', put, free));
		expect(ofBlocked).toContain('is at an internal or blocked address');
		for (const end of ofMetadata) expect(end).toContain('link-local addresses are never asked');
		expect(s3.store.bucket('mine').get('of-url')).toBeUndefined();

		for (const [endpoint, words] of [
			[hostile.blocked, REFUSED],
			[METADATA, 'link-local'],
		] as const) {
			expect((await tested({ ...keys, endpoint })).message).toContain(words);
			const picked = n8n.api('POST', '/dynamic-node-parameters/resource-locator-results', {
				path: 'parameters.bucket',
				nodeTypeAndVersion: { name: S3, version: 1 },
				currentNodeParameters: { authentication: 'accessKeys' },
				methodName: 'searchBuckets',
				credentials: await credentialOf({ ...keys, endpoint }),
			});
			await expect(picked).rejects.toThrow(words);
		}
		const role = { assumeRole: true, roleArn: 'arn:aws:iam::111122223333:role/loader' };
		const bySts = await credentialOf({ ...keys, ...role, endpoint: 'https://127.0.0.2:1' });
		const [session] = await forEachRow([{ url: `${s3.endpoint}/mine` }], httpRequest(bySts));
		expect(session).toContain(REFUSED);
		expect(hostile.strayed).toEqual([]);
	});

	it('n8n’s own HTTP Request node is blocked as well, so the protection is on', async () => {
		const credentials = await credentialOf(keys);
		const [end] = await forEachRow(
			[{ method: 'GET', url: hostile.blocked }],
			httpRequest(credentials),
		);
		expect(end).toMatch(/blocked|not allowed|SSRF/i);
		expect(hostile.strayed).toEqual([]);
	});
});

it('what n8n keeps of all this has no secret', async () => {
	const log: Place = { name: 'the log', bytes: Buffer.from(n8n.log()) };
	const places = [...(await executionsOf(n8n)), ...filesOf(folder), ...shown, log];
	const secrets = [
		{ name: 'the token', text: TOKEN },
		{ name: 'the password', text: PASSWORD },
		{ name: 'the secret key', text: keys.secretAccessKey },
		{ name: 'an Authorization header', text: 'AWS4-HMAC-SHA256 Credential=' },
	];
	expect(findsOf(secrets, places)).toEqual([]);
	expect(findsOf([{ name: 'the endpoint', text: echo.endpoint }], places)).not.toEqual([]);
});
