/** The workflows of examples/, imported into a real n8n and run as they are. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import { read } from '../servers/embedded/content';
import { finishRestore } from '../servers/embedded/restores';
import { keyBytes, keyText } from '../servers/embedded/store';
import type { Version } from '../servers/embedded/store';
import { readExample, withCredentials } from '../servers/n8n/examples';
import { startN8n } from '../servers/n8n/n8n';
import type { N8n, Workflow } from '../servers/n8n/n8n';
import { BUCKET, connectionData, inARow, node } from '../servers/n8n/sample';
import { startModel } from './scriptedModel';

const folder = mkdtempSync(join(tmpdir(), 'n8n-examples-'));
const OTHER = 'other-bucket';

let server: EmbeddedServer;
let other: EmbeddedServer;
let n8n: N8n;
let credentials: Record<string, { id: string; name: string }>;
let otherKeys: { id: string; name: string };

beforeAll(async () => {
	[server, other] = await Promise.all([startEmbedded(), startEmbedded()]);
	server.store.makeBucket(BUCKET);
	other.store.makeBucket(OTHER);
	// A file of a URL comes from this machine.
	const env = { N8N_SSRF_ALLOWED_IP_RANGES: '127.0.0.1/32' };
	n8n = await startN8n({ userFolder: folder, env });
	const { amazonS3AccessKeysApi } = connectionData(server);
	const { amazonS3AccessKeysApi: target } = connectionData(other);
	const [own, others] = [
		{ ...amazonS3AccessKeysApi, bucket: BUCKET },
		{ ...target, bucket: OTHER },
	];
	otherKeys = await n8n.createCredential('Other keys', 'amazonS3AccessKeysApi', others);
	credentials = {
		amazonS3AccessKeysApi: await n8n.createCredential('S3', 'amazonS3AccessKeysApi', own),
		amazonS3TargetAccessKeysApi: await n8n.createCredential(
			'Other S3',
			'amazonS3TargetAccessKeysApi',
			others,
		),
	};
});

afterAll(async () => {
	await n8n.stop();
	await Promise.all([server.stop(), other.stop()]);
	rmSync(folder, { recursive: true, force: true });
});

/** Puts texts into the bucket of the credential, through the node. */
async function put(
	objects: Record<string, string>,
	options: object = {},
	chosen = credentials,
): Promise<void> {
	const items = Object.entries(objects).map(([key, text]) => ({ json: { key, text } }));
	const code = `return ${JSON.stringify(items)}`;
	const workflow = inARow('Put', [
		node('Start', 0, 'n8n-nodes-base.manualTrigger', {}),
		{ ...node('Items', 1, 'n8n-nodes-base.code', { jsCode: code }), typeVersion: 2 },
		node('Put', 2, 'n8n-nodes-amazon-s3.amazonS3', {
			authentication: 'accessKeys',
			resource: 'object',
			operation: 'put',
			bucket: { __rl: true, mode: 'list', value: '' },
			key: '={{ $json.key }}',
			source: 'text',
			text: '={{ $json.text }}',
			options,
		}),
	]);
	await run(workflow, chosen);
}

async function run(workflow: Workflow, chosen = credentials) {
	const execution = await n8n.run(await n8n.createWorkflow(withCredentials(workflow, chosen)));
	expect(execution.error).toBeUndefined();
	expect(execution.status).toBe('success');
	return execution;
}

const keysIn = (from: EmbeddedServer, bucket: string): string[] =>
	[...from.store.bucket(bucket).keys.from('', true)].map(keyText);

function versionOf(key: string): Version {
	const version = server.store.bucket(BUCKET).get(keyBytes(key));
	if (version === undefined) throw new Error(`There is no object ${key}.`);
	return version;
}

it('the example “nightly backup” stores every workflow and deletes old backups alone', async () => {
	await put({ 'n8n-backups/old/1.json': 'old', 'n8n-backups/new/1.json': 'new', 'other.txt': 'x' });
	versionOf('n8n-backups/old/1.json').lastModified = new Date(Date.now() - 31 * 86_400_000);
	versionOf('other.txt').lastModified = new Date(Date.now() - 31 * 86_400_000);
	const { rawApiKey } = await n8n.api<{ rawApiKey: string }>('POST', '/api-keys', {
		label: 'backup',
		expiresAt: null,
		scopes: ['workflow:list', 'workflow:read'],
	});
	const data = { apiKey: rawApiKey, baseUrl: `${n8n.url}/api/v1` };
	const n8nApi = await n8n.createCredential('n8n', 'n8nApi', data);
	const execution = await run(readExample('nightly-backup'), { ...credentials, n8nApi });
	const workflows = execution.itemsOf('All Workflows').map(({ json }) => json);
	expect(workflows.length).toBeGreaterThan(1);
	const keys = keysIn(server, BUCKET);
	for (const { id } of workflows) {
		expect(keys.filter((key) => key.endsWith(`/${id as string}.json`))).toHaveLength(1);
	}
	expect(execution.itemsOf('Delete Old Backups').map(({ json }) => json)).toMatchObject([
		{ matched: 1, deleted: 1 },
	]);
	expect(keys).not.toContain('n8n-backups/old/1.json');
	expect(keys).toEqual(expect.arrayContaining(['n8n-backups/new/1.json', 'other.txt']));
});

it('the example “share by link” writes links back with which anybody can download', async () => {
	const [project] = await n8n.api<{ id: string; type: string }[]>('GET', '/projects/my-projects');
	const tables = `/projects/${project?.id ?? ''}/data-tables`;
	const columns = ['name', 'text', 'link'].map((name) => ({ name, type: 'string' }));
	const { id } = await n8n.api<{ id: string }>('POST', tables, { name: 'Reports', columns });
	const data = [
		{ name: 'Ada', text: 'Report of Ada', link: null },
		{ name: 'Grace', text: 'Report of Grace', link: null },
		{ name: 'Done', text: 'Shared before', link: 'https://example.com' },
	];
	await n8n.api('POST', `${tables}/${id}/insert`, { data, returnType: 'count' });
	await run(readExample('share-by-link'));
	const rows = await n8n.api<{ data: { name: string; text: string; link: string }[] }>(
		'GET',
		`${tables}/${id}/rows`,
	);
	for (const row of rows.data.filter(({ name }) => name !== 'Done')) {
		const response = await fetch(row.link);
		expect(await response.text()).toBe(row.text);
		expect(response.headers.get('content-disposition')).toContain(`${row.name}.txt`);
	}
	expect(rows.data.find(({ name }) => name === 'Done')?.link).toBe('https://example.com');
});

it('the example “copy between accounts” copies a folder, and skips what is there', async () => {
	const objects = { 'reports/a.txt': 'a', 'reports/b/ü.txt': 'b', 'else.txt': 'c' };
	await put(objects, { checksum: 'CRC32' });
	const copy = async () => {
		const execution = await run(readExample('copy-between-accounts'));
		const items = execution.itemsOf('Copy').map(({ json }) => json);
		return items.filter(({ key }) => (key as string) in objects).map(({ skipped }) => skipped);
	};
	expect(await copy()).toEqual([false, false]);
	expect(keysIn(other, OTHER)).toEqual(
		expect.arrayContaining(['reports/a.txt', 'reports/b/ü.txt']),
	);
	expect(keysIn(other, OTHER)).not.toContain('else.txt');
	await put(objects, { checksum: 'CRC32' }, { amazonS3AccessKeysApi: otherKeys });
	expect(await copy()).toEqual([true, true]);
});

it('the example “one node, many customers” puts into the bucket of each item', async () => {
	const buckets = ['customer-ada', 'customer-grace'];
	for (const bucket of buckets) server.store.makeBucket(bucket);
	const { amazonS3AccessKeysApi } = connectionData(server);
	const data = { ...amazonS3AccessKeysApi, bucket: '={{ $json.bucket }}' };
	const byItem = await n8n.createCredential('By item', 'amazonS3AccessKeysApi', data);
	await run(readExample('one-node-many-customers'), { amazonS3AccessKeysApi: byItem });
	for (const bucket of buckets) expect(keysIn(server, bucket)).toHaveLength(1);
});

it('the example “restore and wait” asks again until the object is there, and reads it', async () => {
	await put({ 'archive/2020.zip': 'content' }, { storageClass: 'GLACIER' });
	const example = readExample('restore-and-wait');
	// A person would wait for an hour.
	const nodes = example.nodes.map((one) =>
		one.name === 'Wait an hour' ? { ...one, parameters: { amount: 1, unit: 'seconds' } } : one,
	);
	const version = versionOf('archive/2020.zip');
	let looks = 0;
	server.faults.add({
		operation: 'HeadObject',
		when: () => {
			looks += 1;
			if (looks === 2) finishRestore(version, 7);
			return false;
		},
		effect: { kind: 'stall' },
	});
	const execution = await run({ ...example, nodes });
	server.faults.clear();
	const states = execution.runsOf('Restore').map((items) => items.map(({ json }) => json.state));
	expect(states).toEqual([['inProgress'], ['restored']]);
	const [file] = execution.itemsOf('Get');
	expect((await n8n.binary(file?.binary?.data?.id ?? '')).toString()).toBe('content');
});

it('the example “agent with files” lists and reads files to answer', async () => {
	await put({ 'notes/office.txt': 'The office closes at five.', 'notes/other.txt': 'Nothing.' });
	const model = await startModel([
		{ tool: 'List_Files', input: {} },
		{ tool: 'Read_File', input: { key: 'notes/office.txt' } },
		{ words: 'At five.' },
	]);
	try {
		const data = { apiKey: 'none', url: model.url, header: false };
		const openAiApi = await n8n.createCredential('Model', 'openAiApi', data);
		const example = readExample('agent-with-files');
		const chatInput = 'When does the office close?';
		const pinData = { Chat: [{ json: { sessionId: '1', action: 'sendMessage', chatInput } }] };
		const execution = await run({ ...example, pinData }, { ...credentials, openAiApi });
		expect(execution.itemsOf('Agent').map(({ json }) => json.output)).toEqual(['At five.']);
		const [, listed = '', read = ''] = model.asked;
		expect(listed).toContain('notes/office.txt');
		expect(read).toContain('The office closes at five.');
	} finally {
		await model.stop();
	}
});

it('the example “large file” takes a file from a URL as it is', async () => {
	const content = Buffer.alloc(20 * 1024 * 1024, 'large');
	const files = createServer((_request, response) => response.end(content));
	await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
	try {
		const url = `http://127.0.0.1:${String((files.address() as AddressInfo).port)}/large-file.bin`;
		const example = readExample('large-file');
		const nodes = example.nodes.map((one) =>
			one.name === 'Put from URL' ? { ...one, parameters: { ...one.parameters, url } } : one,
		);
		const execution = await run({ ...example, nodes });
		const [item] = execution.itemsOf('Look at It');
		expect(item?.json.size).toBe(content.length);
		const { content: stored } = versionOf(item?.json.key as string);
		expect(stored && (await buffer(read(stored))).equals(content)).toBe(true);
	} finally {
		await new Promise((resolve) => files.close(resolve));
	}
});

it('the example “new CSV files” reads the rows of a file and moves it', async () => {
	await put({ 'inbox/a.csv': 'name,size\nAda,1\nGrace,2\n', 'inbox/b.txt': 'no rows' });
	const example = readExample('new-csv-files');
	// n8n of the tests has been installed without a module that Extract from File needs for calendars.
	const rows = { type: 'n8n-nodes-base.spreadsheetFile', typeVersion: 2 };
	const parameters = { operation: 'fromFile', fileFormat: 'csv', options: {} };
	const nodes = example.nodes.map((one) =>
		one.name === 'Rows' ? { ...one, ...rows, parameters } : one,
	);
	const execution = await run({ ...example, nodes });
	expect(execution.itemsOf('Rows').map(({ json }) => json)).toEqual([
		{ name: 'Ada', size: '1' },
		{ name: 'Grace', size: '2' },
	]);
	const keys = keysIn(server, BUCKET);
	expect(keys).toEqual(expect.arrayContaining(['done/a.csv', 'inbox/b.txt']));
	expect(keys).not.toContain('inbox/a.csv');
});
