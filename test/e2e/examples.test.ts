/** The workflows of examples/, imported into a real n8n and run as they are. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import { read, readMd5 } from '../servers/embedded/content';
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
const MiB = 1024 * 1024;
let server: EmbeddedServer;
let other: EmbeddedServer;
let n8n: N8n;
let credentials: Record<string, { id: string; name: string }>;
let otherKeys: { id: string; name: string };

beforeAll(async () => {
	[server, other] = await Promise.all([
		startEmbedded({ directory: join(folder, 's3') }),
		startEmbedded(),
	]);
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
	const backUp = async () => await run(readExample('nightly-backup'), { ...credentials, n8nApi });
	const execution = await backUp();
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
	// A workflow that was broken meanwhile must not replace the backup of this night.
	await backUp();
	const again = keysIn(server, BUCKET).filter((key) =>
		key.endsWith(`/${workflows[0]?.id as string}.json`),
	);
	expect(again).toHaveLength(2);
});

it('the example “share by link” writes a link back with which anybody can download the text of that row', async () => {
	const [project] = await n8n.api<{ id: string; type: string }[]>('GET', '/projects/my-projects');
	const tables = `/projects/${project?.id ?? ''}/data-tables`;
	const columns = ['name', 'text', 'link'].map((name) => ({ name, type: 'string' }));
	const { id } = await n8n.api<{ id: string }>('POST', tables, { name: 'Reports', columns });
	const data = [
		{ name: 'Ada', text: 'Report of Ada', link: null },
		{ name: 'Grace', text: 'Report of Grace', link: null },
		{ name: 'Grace', text: 'Report of another Grace', link: null },
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

it('the example “copy between accounts” has the server copy between two of its users with Copy On the Server', async () => {
	const users = 'two-users';
	server.store.makeBucket(users);
	await put({ 'reports/users.txt': 'content' });
	const { limited } = server.users;
	limited.allow?.splice(0, Infinity, {
		actions: ['s3:GetObject*', 's3:PutObject'],
		resources: [`${BUCKET}/reports/*`, `${users}/*`],
	});
	const { amazonS3TargetAccessKeysApi } = connectionData({ ...server, users: { main: limited } });
	const data = { ...amazonS3TargetAccessKeysApi, bucket: users };
	const target = await n8n.createCredential('Second user', 'amazonS3TargetAccessKeysApi', data);
	const { nodes, ...workflow } = readExample('copy-between-accounts');
	const copiedBy = async (copyOnServer: boolean) => {
		const options = { copyOnServer };
		const chosen = nodes.map((one) =>
			one.name === 'Copy' ? { ...one, parameters: { ...one.parameters, options } } : one,
		);
		const execution = await run(
			{ ...workflow, nodes: chosen },
			{ ...credentials, amazonS3TargetAccessKeysApi: target },
		);
		return new Set(execution.itemsOf('Copy').map(({ json }) => json.copiedBy));
	};
	expect(await copiedBy(true)).toEqual(new Set(['server']));
	expect(keysIn(server, users)).toContain('reports/users.txt');
	expect(await copiedBy(false)).toEqual(new Set(['stream']));
});

it('the example “one node, many customers” puts into the bucket of each item', async () => {
	const buckets = ['customer-ada', 'customer-grace'];
	for (const bucket of buckets) server.store.makeBucket(bucket);
	const { amazonS3AccessKeysApi } = connectionData(server);
	const data = { ...amazonS3AccessKeysApi, bucket: '={{ $json.bucket }}' };
	const byItem = await n8n.createCredential('By item', 'amazonS3AccessKeysApi', data);
	const greet = async () =>
		await run(readExample('one-node-many-customers'), { amazonS3AccessKeysApi: byItem });
	await greet();
	for (const bucket of buckets) expect(keysIn(server, bucket)).toHaveLength(1);
	await greet();
	for (const bucket of buckets) expect(keysIn(server, bucket)).toHaveLength(2);
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

describe('the example “large file”', () => {
	/** A file of this size that comes from a URL as a stream; gives the most memory that n8n had meanwhile. */
	async function take(size: number): Promise<number> {
		const chunk = Buffer.alloc(MiB, 'large');
		const md5 = createHash('md5');
		for (let done = 0; done < size; done++) md5.update(chunk);
		const files = createServer((_request, response) => {
			response.setHeader('content-length', size * MiB);
			Readable.from(Array.from({ length: size }, () => chunk)).pipe(response);
		});
		await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
		let peak = n8n.memory();
		const watch = setInterval(() => (peak = Math.max(peak, n8n.memory())), 50);
		try {
			const { port } = files.address() as AddressInfo;
			const url = `http://127.0.0.1:${String(port)}/large-file.bin`;
			const example = readExample('large-file');
			const nodes = example.nodes.map((one) =>
				one.name === 'Put from URL' ? { ...one, parameters: { ...one.parameters, url } } : one,
			);
			const execution = await run({ ...example, nodes });
			const [item] = execution.itemsOf('Look at It');
			expect(item?.json.size).toBe(size * MiB);
			const { content } = versionOf(item?.json.key as string);
			expect(content && (await readMd5(content))).toBe(md5.digest('hex'));
			return peak;
		} finally {
			clearInterval(watch);
			await new Promise((resolve) => files.close(resolve));
		}
	}

	it('the example “large file” takes a file of 384 MiB in the memory that 64 MiB take', async () => {
		const small = await take(64);
		const large = await take(384);
		expect(large - small).toBeLessThan(192 * MiB);
	});
});

describe('the example “new CSV files”', () => {
	const example = readExample('new-csv-files');
	/** Where files are, without the moment that is part of the new key. */
	const places = () => keysIn(server, BUCKET).map((key) => key.replace(/\/\d{4}-[^/]*Z\//, '/…/'));

	it('the example “new CSV files” reads the rows of files and moves them', async () => {
		await put({ 'inbox/a.csv': 'name,size\nAda,1\nGrace,2\n', 'inbox/b.txt': 'no rows' });
		const execution = await run(example);
		expect(execution.itemsOf('Rows').map(({ json }) => json)).toEqual([
			{ name: 'Ada', size: '1' },
			{ name: 'Grace', size: '2' },
		]);
		expect(places()).toEqual(expect.arrayContaining(['done/…/a.csv', 'inbox/b.txt']));
		expect(places()).not.toContain('inbox/a.csv');
	});

	it('the example “new CSV files” keeps files of the same name, from several folders and days', async () => {
		const contents = ['day\n1\n', 'day\n2\n', 'day\n3\n'];
		await put({ 'inbox/x/orders.csv': contents[0] ?? '', 'inbox/y/orders.csv': contents[1] ?? '' });
		await run(example);
		// S3 tells the moment of a version in seconds.
		await sleep(1100);
		await put({ 'inbox/x/orders.csv': contents[2] ?? '' });
		await run(example);
		const moved = keysIn(server, BUCKET).filter((key) => key.endsWith('orders.csv'));
		const stored = moved.map(async (key) => {
			const { content } = versionOf(key);
			return content && (await buffer(read(content))).toString();
		});
		expect((await Promise.all(stored)).sort()).toEqual(contents);
		expect(moved.filter((key) => key.startsWith('inbox/'))).toEqual([]);
	});

	it('the example “new CSV files” leaves a file that is replaced after it was read', async () => {
		await put({ 'inbox/late.csv': 'a\n1\n' });
		server.faults.add({
			// The first request of Move.
			operation: 'HeadObject',
			key: 'inbox/late.csv',
			when: () => {
				server.store.putMany(BUCKET, ['inbox/late.csv'], 17);
				return false;
			},
			effect: { kind: 'stall' },
		});
		const workflow = withCredentials(example, credentials);
		const { error } = await n8n.run(await n8n.createWorkflow(workflow));
		server.faults.clear();
		expect(error?.message).toContain('inbox/late.csv');
		expect(versionOf('inbox/late.csv').content?.size).toBe(17);
	});

	it('the example “new CSV files” starts with files that come after it was published', async () => {
		const item = Array.from({ length: 12 }, (_, n) => ({
			mode: 'custom',
			cronExpression: `${5 * n} * * * * *`,
		}));
		const nodes = example.nodes.map((one) =>
			one.name === 'New CSV File'
				? { ...one, parameters: { ...one.parameters, pollTimes: { item } } }
				: one,
		);
		await put({ 'inbox/old.csv': 'a\n1\n' });
		const id = await n8n.createWorkflow(withCredentials({ ...example, nodes }, credentials));
		server.requests.length = 0;
		await n8n.activate(id);
		// n8n activates a workflow after it has said so.
		while (!server.requests.some(({ operation }) => operation === 'ListObjectsV2'))
			await sleep(200);
		await sleep(2000);
		await put({ 'inbox/new.csv': 'a\n1\n' });
		while (places().includes('inbox/new.csv')) await sleep(500);
		await n8n.api('POST', `/workflows/${id}/deactivate`, {});
		expect(places()).toEqual(expect.arrayContaining(['done/…/new.csv', 'inbox/old.csv']));
	});
});
