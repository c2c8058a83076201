/** The oldest n8n that the package is for, on Node 20: files, listings, sessions and the HTTP Request node. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startN8n } from '../servers/n8n/n8n';
import type { Execution, N8n, Workflow } from '../servers/n8n/n8n';
import {
	BUCKET as SAMPLE_BUCKET,
	connectionData,
	inARow,
	node,
	objectNode,
	sampleWorkflow,
} from '../servers/n8n/sample';
import { filesOf, findsOf } from './connectionsSecrets';
import { BUCKET, startServers } from './connectionsServers';
import type { Servers } from './connectionsServers';

const MiB = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'n8n-oldest-'));

let servers: Servers;
let n8n: N8n;

beforeAll(async () => {
	servers = await startServers();
	servers.s3.store.makeBucket(SAMPLE_BUCKET);
	n8n = await startN8n({ userFolder: folder, release: 'oldest' });
});

afterAll(async () => {
	await n8n.stop();
	await servers.stop();
	rmSync(folder, { recursive: true, force: true });
});

const start = node('Start', 0, 'n8n-nodes-base.manualTrigger', {});

/** A certificate of Roles Anywhere, as a node refers to it. */
async function certificate() {
	const { type, data } = servers.credentials.rolesAnywhere;
	return { [type]: await n8n.createCredential('Roles Anywhere', type, data) };
}

/** The node, with a certificate of Roles Anywhere. */
async function object(name: string, column: number, operation: string, parameters: object) {
	const bucket = { __rl: true, mode: 'name', value: BUCKET };
	return objectNode(name, column, operation, { bucket, ...parameters }, await certificate());
}

async function run(workflow: Workflow): Promise<Execution> {
	const execution = await n8n.run(await n8n.createWorkflow(workflow));
	expect(execution.error).toBeUndefined();
	return execution;
}

it('the oldest n8n is the one that README names', async () => {
	const settings = await n8n.api<object>('GET', '/settings');
	expect(settings).toMatchObject({
		versionCli: expect.stringMatching(/^1\.123\./) as string,
		nodeJsVersion: expect.stringMatching(/^20\./) as string,
	});
});

it('the oldest n8n runs the sample: it puts a file, lists it and gets the same back', async () => {
	const { amazonS3AccessKeysApi, amazonS3BasicAuthApi } = connectionData(servers.s3);
	const accessKeys = await n8n.createCredential(
		'Sample access keys',
		'amazonS3AccessKeysApi',
		amazonS3AccessKeysApi,
	);
	const basicAuth = await n8n.createCredential(
		'Sample basic auth',
		'amazonS3BasicAuthApi',
		amazonS3BasicAuthApi,
	);
	const execution = await run(sampleWorkflow(accessKeys, basicAuth));
	const [listed] = execution.itemsOf('List');
	expect(listed?.json).toMatchObject({ bucket: SAMPLE_BUCKET, key: 'samples/hello.txt' });
	const [got] = execution.itemsOf('Get');
	const file = await n8n.binary(got?.binary?.data?.id ?? '');
	expect(String(file)).toBe(execution.itemsOf('Sample')[0]?.json.text);
});

it('the oldest n8n puts and gets a file in parts with a certificate, in one session', async () => {
	const text = `={{ 'x'.repeat(${String(12 * MiB)}) }}`;
	const options = { multipartThresholdMb: 5, partSizeMb: 5 };
	const key = { __rl: true, mode: 'key', value: '={{ $json.key }}' };
	const execution = await run(
		inARow('Parts', [
			start,
			await object('Put', 1, 'put', { key: 'large', source: 'text', text, options }),
			await object('Get', 2, 'get', { key, as: 'file' }),
		]),
	);
	expect(execution.itemsOf('Put')[0]?.json).toMatchObject({ size: 12 * MiB, parts: 3 });
	const file = await n8n.binary(execution.itemsOf('Get')[0]?.binary?.data?.id ?? '');
	expect(file.equals(Buffer.alloc(12 * MiB, 'x'))).toBe(true);
	expect(servers.rolesAnywhere.requestCount).toBe(1);
});

it('the oldest n8n signs for the HTTP Request node, and stores nothing of the request', async () => {
	const { type, data } = servers.credentials.rolesAnywhere;
	const request = node(
		'HTTP Request',
		1,
		'n8n-nodes-base.httpRequest',
		{
			url: `${String(data.endpoint)}/`,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: type,
			options: { response: { response: { responseFormat: 'file' } } },
		},
		await certificate(),
	);
	const execution = await run(inARow('HTTP', [start, { ...request, typeVersion: 4.2 }]));
	const id = execution.itemsOf('HTTP Request')[0]?.binary?.data?.id ?? '';
	expect(String(await n8n.binary(id))).toContain(`<Name>${BUCKET}</Name>`);
	const header = { name: 'an Authorization header', text: 'AWS4-HMAC-SHA256 Credential=' };
	expect(findsOf([...servers.secrets(), header], filesOf(folder))).toEqual([]);
});
