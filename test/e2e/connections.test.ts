/** Connections of every kind in a real n8n: sessions, the HTTP Request node, mistakes, and what n8n keeps of it. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import type { INode, INodeCredentialTestResult } from 'n8n-workflow';
import { startN8n } from '../servers/n8n/n8n';
import type { Execution, N8n } from '../servers/n8n/n8n';
import { authenticationOf, inARow, node, objectNode } from '../servers/n8n/sample';
import { seeds } from '../seeds';
import { openEditor } from './editor';
import type { Editor } from './editor';
import {
	BUCKET,
	FAR_BUCKET,
	FORBIDDEN_BUCKET,
	SHORT_LIFE,
	startServers,
} from './connectionsServers';
import { executionsOf, filesOf, findsOf } from './connectionsSecrets';
import type { Place } from './connectionsSecrets';
import type { CredentialName, Servers } from './connectionsServers';

const S3 = 'n8n-nodes-amazon-s3.amazonS3';
const folder = mkdtempSync(join(tmpdir(), 'n8n-connections-'));
/** Not the secret of anybody, and still one. */
const WRONG = `wrong/+${randomBytes(24).toString('hex')}`;
/** Milliseconds. */
const MINUTE = 60_000;
/** How long objects are put and got with short sessions. */
const LONG_RUN = 2 * MINUTE;
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:1';
/** With LONG_TESTS=1, every connection and every mistake is made in the editor. */
const IS_LONG = seeds(0, 1) === 1;
/** What the editor was told of connections and showed. */
const shown: Place[] = [];

let servers: Servers;
let n8n: N8n;
/** Runs beside all other tests. */
let longRun: Promise<Execution>;

beforeAll(async () => {
	servers = await startServers();
	n8n = await startN8n({
		userFolder: folder,
		env: { N8N_LOG_LEVEL: 'debug', N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' },
	});
	longRun = n8n.run(await longWorkflow(), LONG_RUN + 2 * MINUTE);
	// The test that awaits it sees it fail.
	longRun.catch(() => undefined);
});

afterAll(async () => {
	await n8n.stop();
	await servers.stop();
	rmSync(folder, { recursive: true, force: true });
});

const start = node('Start', 0, 'n8n-nodes-base.manualTrigger', {});

/** A credential of this kind, as a node refers to it. */
async function credentialOf(kind: CredentialName, changes: object = {}) {
	const { type, data } = servers.credentials[kind];
	return { [type]: await n8n.createCredential(kind, type, { ...data, ...changes }) };
}

const run = async (name: string, nodes: Partial<INode>[]): Promise<Execution> =>
	await n8n.run(await n8n.createWorkflow(inARow(name, nodes)));

const count = (length: number): number[] => Array.from({ length }, (_, n) => n);

/** Nodes that give one item for each number. */
function items(numbers: number[]) {
	const json = `={{ { n: ${JSON.stringify(numbers)}, began: $now.toMillis() } }}`;
	return [
		{
			...node('Began', 1, 'n8n-nodes-base.set', { mode: 'raw', jsonOutput: json, options: {} }),
			typeVersion: 3.4,
		},
		node('Items', 2, 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'n', options: {} }),
	];
}

const bucket = { __rl: true, mode: 'name', value: BUCKET };
const object: typeof objectNode = (name, column, operation, parameters, credentials) =>
	objectNode(name, column, operation, { bucket, ...parameters }, credentials);

/** A workflow that puts and gets five objects about every second, until the time is over. */
async function longWorkflow(): Promise<string> {
	const credentials = await credentialOf('shortLived');
	const key = '=paced/{{ $runIndex }}/{{ $itemIndex }}';
	const wait = node('Wait', 5, 'n8n-nodes-base.wait', { amount: 1, unit: 'seconds' });
	const condition = {
		id: 'time',
		leftValue: "={{ $now.toMillis() - $('Began').first().json.began }}",
		rightValue: LONG_RUN,
		operator: { type: 'number', operation: 'lt' },
	};
	const again = node('Again?', 6, 'n8n-nodes-base.if', {
		conditions: {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
			combinator: 'and',
			conditions: [condition],
		},
		options: {},
	});
	const get = { key: { __rl: true, mode: 'key', value: '={{ $json.key }}' }, as: 'text' };
	const { connections, ...workflow } = inARow('Long run', [
		start,
		...items(count(5)),
		object('Put', 3, 'put', { key, source: 'text', text: key }, credentials),
		object('Get', 4, 'get', get, credentials),
		{ ...wait, typeVersion: 1.1 },
		{ ...again, typeVersion: 2.2 },
	]);
	const back = { main: [[{ node: 'Put', type: 'main', index: 0 }]] };
	return await n8n.createWorkflow({
		...workflow,
		connections: { ...connections, 'Again?': back },
	});
}

describe('a certificate of Roles Anywhere', () => {
	it('a certificate of Roles Anywhere needs one session for 500 items of three nodes in three executions', async () => {
		const credentials = await credentialOf('rolesAnywhere');
		const workflowId = await n8n.createWorkflow(
			inARow('Sessions', [
				start,
				...items(count(500)),
				object(
					'Put',
					3,
					'put',
					{ key: '=many/{{ $json.n }}.txt', source: 'text', text: '=number {{ $json.n }}' },
					credentials,
				),
				object('List', 4, 'list', { prefix: '={{ $json.key }}', output: 'items' }, credentials),
				object(
					'Get',
					5,
					'get',
					{ key: { __rl: true, mode: 'key', value: '={{ $json.key }}' }, as: 'text' },
					credentials,
				),
			]),
		);
		for (let round = 0; round < 3; round += 1) {
			const execution = await n8n.run(workflowId);
			expect(execution.error).toBeUndefined();
			const texts = execution.itemsOf('Get').map(({ json }) => json.text);
			expect(texts).toEqual(count(500).map((n) => `number ${String(n)}`));
		}
		expect(servers.rolesAnywhere.requestCount).toBe(1);
		const users = servers.s3.requests.map(({ user }) => user);
		expect(users.filter((user) => user === 'certificate')).toHaveLength(3 * 3 * 500);
	});
});

describe('n8n’s HTTP Request node', () => {
	/** A request of it, to the server of the credential. */
	const httpRequest = (
		name: string,
		column: number,
		kind: CredentialName,
		credentials: object,
		path = '/',
		parameters: object = {},
	) => ({
		...node(
			name,
			column,
			'n8n-nodes-base.httpRequest',
			{
				url: `${String(servers.credentials[kind].data.endpoint)}${path}`,
				authentication: 'predefinedCredentialType',
				nodeCredentialType: servers.credentials[kind].type,
				options: { response: { response: { responseFormat: 'text' } } },
				...parameters,
			},
			credentials,
		),
		typeVersion: 4.2,
	});
	const request = (kind: CredentialName, column: number, credentials: object) =>
		httpRequest('HTTP Request', column, kind, credentials);

	it.each<[CredentialName, string]>([
		['accessKeys', 'keys'],
		['temporaryKeys', 'temporary'],
		['assumedRole', 'assumed role'],
		['basicSigned', 'keys'],
		['rolesAnywhere', 'certificate'],
	])('the HTTP Request node lists the buckets with %s', async (kind, user) => {
		const credentials = await credentialOf(kind);
		const execution = await run(`HTTP with ${kind}`, [start, request(kind, 1, credentials)]);
		expect(execution.error).toBeUndefined();
		const [item] = execution.itemsOf('HTTP Request');
		expect(item?.json.data).toContain(`<Name>${BUCKET}</Name>`);
		const lists = servers.s3.requests.filter(({ operation }) => operation === 'ListBuckets');
		expect(lists.at(-1)?.user).toBe(user);
	});

	it('the HTTP Request node sends no request with the Scheme HTTP Basic', async () => {
		const credentials = await credentialOf('basicHttp');
		const { error } = await run('HTTP with basicHttp', [
			start,
			request('basicHttp', 1, credentials),
		]);
		expect(error?.message).toContain('use n8n’s own Basic Auth credential there');
	});

	it.each<CredentialName>(['temporaryKeys', 'assumedRole', 'rolesAnywhere'])(
		'the HTTP Request node takes a response as a file with %s, and n8n stores nothing of the request',
		async (kind) => {
			const credentials = await credentialOf(kind);
			const options = { response: { response: { responseFormat: 'file' } } };
			const file = httpRequest('HTTP Request', 1, kind, credentials, '/', { options });
			const execution = await run(`HTTP file with ${kind}`, [start, file]);
			expect(execution.error).toBeUndefined();
			const [item] = execution.itemsOf('HTTP Request');
			const id = item?.binary?.data?.id ?? '';
			expect(String(await n8n.binary(id))).toContain(`<Name>${BUCKET}</Name>`);
		},
	);

	it('the HTTP Request node fails with a wrong secret', async () => {
		const credentials = await credentialOf('accessKeys', { secretAccessKey: WRONG });
		const { error } = await run('HTTP', [start, request('accessKeys', 1, credentials)]);
		expect(error?.message).toMatch(/403|Forbidden/);
	});

	it.each<CredentialName>(['temporaryKeys', 'assumedRole', 'rolesAnywhere'])(
		'the HTTP Request node fails for a session of %s in an execution, and goes on by the error output',
		async (kind) => {
			const credentials = await credentialOf(kind);
			const missing = httpRequest('HTTP Request', 1, kind, credentials, '/missing/key');
			const { error } = await run('HTTP', [start, missing]);
			expect(error?.message).toMatch(/404|could not be found/);
			const goesOn = { ...missing, onError: 'continueErrorOutput' as const };
			const execution = await run('HTTP, error output', [start, goesOn]);
			expect(execution.error).toBeUndefined();
			expect(execution.itemsOf('HTTP Request', 1)).toHaveLength(1);
		},
	);

	it('the HTTP Request node sends bodies of every kind, odd paths and queries as they were signed', async () => {
		const credentials = await credentialOf('accessKeys');
		const text = 'grüße 😀\n';
		const key = { key: { __rl: true, mode: 'key', value: 'http/source' } };
		const keyOf = (name: string) => `/${BUCKET}/http/${name} (a)+b&c=d`;
		const put = (name: string, column: number, parameters: object) =>
			httpRequest(name, column, 'accessKeys', credentials, keyOf(name), {
				method: 'PUT',
				...parameters,
			});
		const pair = { name: 'a b', value: 'ü&=+' };
		const execution = await run('HTTP bodies', [
			start,
			object('Put', 1, 'put', { key: 'http/source', source: 'text', text }, credentials),
			object('Get', 2, 'get', key, credentials),
			put('binary', 3, {
				sendBody: true,
				contentType: 'binaryData',
				inputDataFieldName: 'data',
			}),
			put('json', 4, {
				sendBody: true,
				contentType: 'json',
				specifyBody: 'json',
				jsonBody: '{ "a": ["ü", 1] }',
			}),
			put('form', 5, {
				sendBody: true,
				contentType: 'form-urlencoded',
				bodyParameters: { parameters: [pair] },
			}),
			put('raw', 6, {
				sendBody: true,
				contentType: 'raw',
				rawContentType: 'text/plain',
				body: text,
				// As text n8n does not read the answer to a raw body.
				options: {},
			}),
			put('empty', 7, {}),
			httpRequest('List', 8, 'accessKeys', credentials, `/${BUCKET}?list-type=2&delimiter=%2B`, {
				sendQuery: true,
				queryParameters: { parameters: [{ name: 'prefix', value: 'http/json (a)' }] },
			}),
			httpRequest('Read', 9, 'accessKeys', credentials, `/${BUCKET}/http/json%20(a)%2Bb&c=d`),
		]);
		expect(execution.error).toBeUndefined();
		const stored = ['binary', 'json', 'form', 'raw', 'empty'].map((name) => {
			const pieces =
				servers.s3.store.bucket(BUCKET).get(`http/${name} (a)+b&c=d`)?.content?.pieces ?? [];
			return Buffer.concat(pieces.filter((piece) => Buffer.isBuffer(piece))).toString();
		});
		expect(stored).toEqual([text, '{"a":["ü",1]}', 'a%20b=%C3%BC%26%3D%2B', text, '']);
		expect(execution.itemsOf('List')[0]?.json.data).toContain('<Prefix>http/json (a)+</Prefix>');
		expect(execution.itemsOf('Read')[0]?.json.data).toBe('{"a":["ü",1]}');
	});

	it('the HTTP Request node signs for another service of AWS', async () => {
		const credentials = await credentialOf('accessKeys');
		const execution = await run('STS', [
			start,
			httpRequest('HTTP Request', 1, 'accessKeys', credentials, '/', {
				url: 'https://sts.us-east-1.amazonaws.com/',
				method: 'POST',
				sendBody: true,
				contentType: 'form-urlencoded',
				bodyParameters: {
					parameters: [
						{ name: 'Action', value: 'GetCallerIdentity' },
						{ name: 'Version', value: '2011-06-15' },
					],
				},
				options: {
					proxy: servers.wayToAws.url,
					allowUnauthorizedCerts: true,
					response: { response: { responseFormat: 'text' } },
				},
			}),
		]);
		expect(execution.error).toBeUndefined();
		const [item] = execution.itemsOf('HTTP Request');
		expect(item?.json.data).toContain('<Account>111122223333</Account>');
		expect(servers.sts.addresses.at(-1)).toBe('sts.us-east-1.amazonaws.com/');
	});

	it('the HTTP Request node uses the session that the nodes have', async () => {
		const credentials = await credentialOf('rolesAnywhere');
		const { error } = await run('A session for both', [
			start,
			object('List', 1, 'list', { output: 'array' }, credentials),
			request('rolesAnywhere', 2, credentials),
		]);
		expect(error).toBeUndefined();
		expect(servers.rolesAnywhere.requestCount).toBe(1);
	});
});

describe('a connection', () => {
	const list = (credentials: object) =>
		run('List', [start, object('List', 1, 'list', { output: 'array' }, credentials)]);

	it('a connection goes through a proxy that wants a password', async () => {
		const before = servers.proxy.proxied.length;
		expect((await list(await credentialOf('proxied'))).error).toBeUndefined();
		expect(servers.proxy.proxied.length).toBe(before + 1);
	});

	it('a connection is another one as soon as its credential was edited', async () => {
		const { type, data } = servers.credentials.accessKeys;
		const credentials = await credentialOf('accessKeys');
		const { id, name } = credentials[type] as { id: string; name: string };
		for (const secretAccessKey of [data.secretAccessKey, WRONG, data.secretAccessKey]) {
			const edited = { name, type, data: { ...data, secretAccessKey } };
			await n8n.api('PATCH', `/credentials/${id}`, edited);
			const { error } = await list(credentials);
			if (secretAccessKey === WRONG) expect(error?.message).toMatch(/secret access key is wrong/);
			else expect(error).toBeUndefined();
		}
	});

	it('a connection is another one for each item if its credential holds an expression', async () => {
		const { accessKeyId } = servers.credentials.accessKeys.data;
		const keys = `={{ $json.n % 2 ? 'AKIANOBODY' : '${String(accessKeyId)}' }}`;
		const credentials = await credentialOf('accessKeys', { accessKeyId: keys });
		const parameters = { prefix: 'nothing-there/', output: 'array', options: { concurrency: 1 } };
		const node = object('List', 3, 'list', parameters, credentials);
		const alike = { ...node, onError: 'continueRegularOutput' as const };
		const execution = await run('In turn', [start, ...items(count(4)), alike]);
		expect(execution.error).toBeUndefined();
		const outcomes = execution.itemsOf('List').map(({ json }) => json.error ?? json.objects);
		const unknown = expect.stringContaining('does not know this access key ID') as unknown;
		expect(outcomes).toEqual([[], unknown, [], unknown]);
	});
});

describe('a wrong connection', () => {
	const put = (credentials: object) =>
		object('Put', 3, 'put', { key: '=x/{{ $json.n }}', source: 'text', text: 'x' }, credentials);

	it.each<[string, CredentialName, () => object, RegExp]>([
		[
			'a wrong secret',
			'accessKeys',
			() => ({ secretAccessKey: WRONG }),
			/secret access key is wrong/,
		],
		['an expired token', 'temporaryKeys', () => servers.expired, /expired/],
		['a token of others', 'temporaryKeys', () => ({ sessionToken: WRONG }), /session token/],
		['a wrong secret for STS', 'assumedRole', () => ({ secretAccessKey: WRONG }), /assume role/],
		['another external ID', 'assumedRole', () => ({ externalId: 'another' }), /assume role/],
		['a wrong password', 'basicHttp', () => ({ password: WRONG }), /not accept/],
		['a wrong password to sign with', 'basicSigned', () => ({ password: WRONG }), /secret/],
		[
			'a wrong password for the proxy',
			'proxied',
			() => ({ proxyPassword: WRONG }),
			/proxy .* asks for a valid user name and password/,
		],
		['a refused certificate', 'rolesAnywhere', () => servers.stranger, /Untrusted/],
		[
			'a key of another certificate',
			'rolesAnywhere',
			() => ({ privateKey: servers.stranger.privateKey }),
			/private key/,
		],
		['a wrong passphrase', 'rolesAnywhere', () => ({ privateKeyPassphrase: WRONG }), /passphrase/],
	])(
		'a wrong connection fails in executions and lists that say why: %s',
		async (name, kind, changes, words) => {
			const credentials = await credentialOf(kind, changes());
			const { error } = await run(name, [start, ...items([1, 2]), put(credentials)]);
			expect(error?.message).toMatch(words);
			const goesOn = { ...put(credentials), onError: 'continueErrorOutput' as const };
			const execution = await run(`${name}, error output`, [start, ...items([1, 2]), goesOn]);
			expect(execution.error).toBeUndefined();
			const errors = execution.itemsOf('Put', 1).map(({ json }) => json.error);
			expect(errors).toEqual([expect.stringMatching(words), expect.stringMatching(words)]);
			await expect(bucketsToChooseFrom(credentials)).rejects.toThrow(words);
		},
	);

	/** What the editor gets to show in the field Bucket. */
	async function bucketsToChooseFrom(credentials: object): Promise<{ results: object[] }> {
		const path = '/dynamic-node-parameters/resource-locator-results';
		try {
			return await n8n.api('POST', path, {
				path: 'parameters.bucket',
				nodeTypeAndVersion: { name: S3, version: 1 },
				currentNodeParameters: { authentication: authenticationOf(credentials) },
				methodName: 'searchBuckets',
				credentials,
			});
		} catch (error) {
			shown.push({ name: 'a list of buckets', bytes: Buffer.from(String(error)) });
			throw error;
		}
	}
});

describe('a credential in the editor', () => {
	let editor: Editor;

	beforeAll(async () => {
		const workflowId = await n8n.createWorkflow(inARow('Behind the credentials', [start]));
		editor = await openEditor(n8n, workflowId);
	});
	afterAll(async () => {
		await editor.close();
	});

	/** What comes of the connection test that this sets off. */
	async function testedBy(action: () => Promise<unknown>): Promise<INodeCredentialTestResult> {
		const tested = editor.page.waitForResponse(/\/rest\/credentials\/test$/);
		await action();
		const answer = await (await tested).text();
		shown.push({ name: 'the answer to a connection test', bytes: Buffer.from(answer) });
		return (JSON.parse(answer) as { data: INodeCredentialTestResult }).data;
	}

	/** Opens a credential that works. */
	async function open(name: string, kind: CredentialName): Promise<Locator> {
		const { page } = editor;
		const { type, data } = servers.credentials[kind];
		const { id } = await n8n.createCredential(name, type, { bucket: BUCKET, ...data });
		await testedBy(() => page.goto(`${n8n.url}/home/credentials/${id}`));
		const form = page.getByTestId('editCredential-modal');
		await success(form).waitFor();
		await retry(form).waitFor();
		return form;
	}

	async function type(form: Locator, fields: Record<string, string>): Promise<void> {
		for (const [field, value] of Object.entries(fields)) {
			const input = form.getByTestId(`parameter-input-${field}`);
			if ((await input.count()) === 0) {
				await form.getByTestId('parameter-input-moreSettings').locator('.el-switch').click();
			}
			await input.locator('input, textarea').first().fill(value);
		}
	}

	const success = (form: Locator) => form.getByTestId('credentials-config-container-test-success');
	const retry = (form: Locator) => form.getByRole('button', { name: 'Retry' });
	const saveButton = () => editor.page.getByTestId('credential-save-button').getByRole('button');
	const save = () => saveButton().click();

	/** Whether the editor has something to save, and still has it a moment later. */
	async function unsaved(): Promise<boolean> {
		const button = saveButton();
		const shown = await button.waitFor({ timeout: 1000 }).then(
			() => true,
			() => false,
		);
		const gone = button.waitFor({ state: 'hidden', timeout: 1000 });
		return (
			shown &&
			(await gone.then(
				() => false,
				() => true,
			))
		);
	}

	const USUAL_KINDS = ['accessKeys', 'assumedRole', 'basicHttp', 'rolesAnywhere'];
	const KINDS: Array<[CredentialName, RegExp]> = [
		['accessKeys', /access key AKIA/],
		['temporaryKeys', /access key AKIA/],
		['assumedRole', /role arn:aws:iam::111122223333:role\/loader/],
		['basicSigned', /access key AKIA/],
		['basicHttp', /user “gateway-user”/],
		['proxied', /access key AKIA/],
		['rolesAnywhere', /role arn:aws:iam::111122223333:role\/lab\/reader/],
	];
	it.each(KINDS.filter(([kind]) => USUAL_KINDS.includes(kind) || IS_LONG))(
		'a credential in the editor is tested when it is opened: %s',
		async (kind, words) => {
			const form = await open(kind, kind);
			await editor.picture(`connection-${kind}`);
			const { status, message } = await testedBy(() => retry(form).click());
			expect(status).toBe('OK');
			expect(message).toMatch(words);
			expect(message).toContain(BUCKET);
		},
	);

	/** One of each kind of credential; the others are shown in the same way, and the tests of the engine make all of them. */
	const USUAL_MISTAKES = [
		'wrong secret',
		'wrong password',
		'wrong proxy password',
		'untrusted certificate',
	];
	const MISTAKES: Array<[string, CredentialName, () => Record<string, string>, RegExp]> = [
		['wrong secret', 'accessKeys', () => ({ secretAccessKey: WRONG }), /SignatureDoesNotMatch/],
		['unknown access key', 'accessKeys', () => ({ accessKeyId: 'AKIANOBODY' }), /InvalidAccessKey/],
		['unknown bucket', 'accessKeys', () => ({ bucket: 'no-such-bucket' }), /NoSuchBucket/],
		['forbidden bucket', 'accessKeys', () => ({ bucket: FORBIDDEN_BUCKET }), /AccessDenied/],
		[
			'another region',
			'accessKeys',
			() => ({ customRegion: 'eu-west-1', bucket: '' }),
			/us-east-1/,
		],
		['unreachable endpoint', 'accessKeys', () => ({ endpoint: NOWHERE }), /ECONNREFUSED/],
		[
			'untrusted TLS certificate',
			'accessKeys',
			() => ({ endpoint: servers.untrustedEndpoint }),
			/TLS certificate/,
		],
		['expired session token', 'temporaryKeys', () => servers.expired, /ExpiredToken/],
		['wrong password', 'basicHttp', () => ({ password: WRONG }), /401/],
		['wrong proxy password', 'proxied', () => ({ proxyPassword: WRONG }), /asks for a valid user/],
		[
			'key of another certificate',
			'rolesAnywhere',
			() => ({ privateKey: servers.stranger.privateKey }),
			/private key/i,
		],
		['untrusted certificate', 'rolesAnywhere', () => servers.stranger, /Untrusted/],
	];
	it.each(MISTAKES.filter(([name]) => USUAL_MISTAKES.includes(name) || IS_LONG))(
		'the test of a credential says what to change with %s, at Save and at Retry',
		async (name, kind, fields, words) => {
			const form = await open(name, kind);
			await type(form, fields());
			const saved = await testedBy(save);
			expect(saved.status).toBe('Error');
			expect(saved.message).toMatch(words);
			await form.getByText('More details').click();
			await form.getByText(saved.message, { exact: true }).waitFor();
			await editor.picture(`connection-${name.replaceAll(' ', '-')}`);
			const again = await testedBy(() => retry(form).click());
			expect(again.message).toMatch(words);
		},
	);

	it('a credential in the editor finds a bucket that is in another region than it says', async () => {
		const form = await open('far bucket', 'accessKeys');
		await type(form, { bucket: FAR_BUCKET });
		const { status, message } = await testedBy(save);
		expect(status).toBe('OK');
		expect(message).toContain(`“${FAR_BUCKET}”`);
		await success(form).waitFor();
	});

	it('a credential in the editor works again when the mistake is taken back', async () => {
		const form = await open('mended', 'accessKeys');
		await type(form, { secretAccessKey: WRONG });
		expect((await testedBy(save)).status).toBe('Error');
		await form.getByText('More details').waitFor();
		const { secretAccessKey } = servers.credentials.accessKeys.data;
		// What the editor still gets from n8n after a save replaces what is typed meanwhile.
		while (!(await unsaved())) await type(form, { secretAccessKey: String(secretAccessKey) });
		expect((await testedBy(save)).status).toBe('OK');
		await success(form).waitFor();
	});
});

describe(`sessions of ${SHORT_LIFE} seconds`, () => {
	it(
		'short sessions are renewed once in a life during two minutes in which nothing is lost',
		async () => {
			const execution = await longRun;
			expect(execution.error).toBeUndefined();
			const rounds = execution.runsOf('Get');
			const texts = rounds.map((round) => round.map(({ json }) => json.text));
			expect(texts).toEqual(
				rounds.map((_, round) => count(5).map((n) => `paced/${String(round)}/${String(n)}`)),
			);
			const requests = servers.s3.requests.filter(({ key }) => key.startsWith('paced/'));
			expect(requests).toHaveLength(rounds.length * 2 * 5);
			expect(requests.filter(({ status }) => status !== 200)).toEqual([]);

			// With less than a minute left a session counts as expired, so one is of use for three seconds.
			const { grants, shortLived } = servers;
			expect(shortLived.requestCount).toBe(grants.length);
			expect(grants.length).toBeGreaterThan(10);
			const early = grants.filter(({ at }, i) => i > 0 && at < grants[i - 1]!.expires - MINUTE);
			expect(early).toEqual([]);
			expect(grants.at(-1)!.at - grants[0]!.at).toBeGreaterThan(LONG_RUN - 0.5 * MINUTE);
			process.stdout.write(
				`${String(rounds.length)} rounds with ${String(grants.length)} sessions\n`,
			);
		},
		LONG_RUN + 2 * MINUTE,
	);
});

describe('what n8n keeps', () => {
	/** Each is there in the way of writing that it is named after, and none is a secret. */
	const marker = (name: string) => ({ name, text: `${name}/+${randomBytes(12).toString('hex')}` });
	const log = (): Place => ({ name: 'the log', bytes: Buffer.from(n8n.log()) });
	const markers = {
		plain: marker('as it is'),
		quoted: { name: 'as JSON', text: `"quoted"\n${randomBytes(12).toString('hex')}` },
		base64: marker('as base64'),
		url: marker('as in a URL'),
		hex: marker('as hexadecimal digits'),
	};

	beforeAll(async () => {
		const { plain, quoted, base64, url, hex } = markers;
		const json = {
			plain: plain.text,
			quoted: quoted.text,
			base64: Buffer.from(`user:${base64.text}`).toString('base64'),
			url: encodeURIComponent(url.text),
			hex: Buffer.from(hex.text).toString('hex'),
		};
		// The log at its most talkative names the nodes.
		const set = node(plain.text, 1, 'n8n-nodes-base.set', {
			mode: 'raw',
			jsonOutput: JSON.stringify(json),
			options: {},
		});
		await run('Markers', [start, { ...set, typeVersion: 3.4 }]);
	});

	it('the search through what n8n keeps shows what is there, however it is written', async () => {
		const executions = await executionsOf(n8n);
		const database = filesOf(folder).filter(({ name }) => name.includes('database.sqlite'));
		for (const text of Object.values(markers)) {
			const found = expect.stringMatching(`is in .*, ${text.name}$`) as string;
			expect(findsOf([text], executions)).toContainEqual(found);
			expect(findsOf([text], database)).toContainEqual(found);
		}
		expect(findsOf([markers.plain], [log()])).not.toEqual([]);
		expect(findsOf([{ name: 'the bucket', text: BUCKET }], shown)).not.toEqual([]);
	});

	it('what n8n keeps holds no secret of any connection', async () => {
		const places = [...(await executionsOf(n8n)), ...filesOf(folder), ...shown, log()];
		const secrets = [
			...servers.secrets(),
			{ name: 'a wrong secret', text: WRONG },
			{ name: 'an Authorization header', text: 'AWS4-HMAC-SHA256 Credential=' },
			{ name: 'an Authorization header', text: 'AWS4-X509-ECDSA-SHA256 Credential=' },
		];
		expect(findsOf(secrets, places)).toEqual([]);
	});
});
