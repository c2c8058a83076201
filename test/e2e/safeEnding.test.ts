/** The example “safe ending” in a real n8n: files are processed and moved, and others replace them meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { INodeParameters } from 'n8n-workflow';

import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import { keyBytes, keyText } from '../servers/embedded/store';
import { readExample, withCredentials } from '../servers/n8n/examples';
import type { Execution, N8n, Workflow } from '../servers/n8n/n8n';
import { BUCKET, connectionData } from '../servers/n8n/sample';
import { sharedN8n } from '../servers/n8n/shared';

const example = readExample('safe-ending');
let server: EmbeddedServer;
let n8n: N8n;
let credentials: Record<string, { id: string; name: string }>;

beforeAll(async () => {
	server = await startEmbedded();
	n8n = await sharedN8n();
	const type = 'amazonS3AccessKeysApi';
	const data = { ...connectionData(server)[type], bucket: BUCKET };
	credentials = { [type]: await n8n.createCredential('S3', type, data) };
});

beforeEach(() => {
	server.faults.clear();
	server.store.makeBucket(BUCKET);
});

afterAll(async () => {
	await n8n.stop();
	await server.stop();
});

/** Writes a file of zeros. */
const write = (key: string, size: number) => server.store.putMany(BUCKET, [key], size);
const keys = () => [...server.store.bucket(BUCKET).keys.from('', true)].map(keyText);
const sizeOf = (key: string) => server.store.bucket(BUCKET).get(keyBytes(key))?.content?.size;
/** What has become of a file, without the moment in its key. */
const places = () => keys().map((key) => key.replace(/\/\d{4}-[^/]*Z\//, '/…/'));

/** The example with other parameters, or another type, of one of its nodes. */
function changed(name: string, change: { type?: string; parameters: INodeParameters }): Workflow {
	const nodes = example.nodes.map((one) => {
		if (one.name !== name) return one;
		return { ...one, ...change, parameters: { ...one.parameters, ...change.parameters } };
	});
	return { ...example, nodes };
}

const create = async (workflow: Workflow) =>
	await n8n.createWorkflow(withCredentials(workflow, credentials));
const run = async (workflow: Workflow): Promise<Execution> => await n8n.run(await create(workflow));

/** Deletes files instead of moving them, as docs/safe-ending.md says. */
const deleting = changed('Move to Done', {
	parameters: {
		operation: 'delete',
		bucket: { __rl: true, mode: 'name', value: "={{ $('New File').item.json.bucket }}" },
		key: { __rl: true, mode: 'key', value: "={{ $('New File').item.json.key }}" },
		options: { ifMatch: "={{ $('New File').item.json.etag }}" },
	},
});

/** The same workflow, in which the work on a file replaces it, as somebody else could meanwhile. */
const replacing = (workflow: Workflow): Workflow => ({
	...workflow,
	nodes: workflow.nodes.map((one) =>
		one.name === 'Your Work'
			? {
					...one,
					type: 'n8n-nodes-amazon-s3.amazonS3',
					parameters: {
						authentication: 'accessKeys',
						resource: 'object',
						operation: 'put',
						bucket: { __rl: true, mode: 'list', value: '' },
						key: '={{ $json.key }}',
						source: 'text',
						text: 'written meanwhile',
					},
				}
			: one,
	),
});
const MEANWHILE = 'written meanwhile'.length;

it('the example “safe ending” reads a file, and then moves it to a place of its version', async () => {
	write('incoming/sub/a.txt', 3);
	const execution = await run(example);
	expect(execution.error).toBeUndefined();
	expect(execution.itemsOf('Your Work')[0]?.binary?.data?.fileName).toBe('a.txt');
	expect(places()).toEqual(['done/…/sub/a.txt']);
});

it('the example “safe ending” deletes the file if the last node is made to', async () => {
	write('incoming/a.txt', 3);
	expect((await run(deleting)).error).toBeUndefined();
	expect(keys()).toEqual([]);
});

it('a file that is replaced before it is read is left to the next execution', async () => {
	write('incoming/a.txt', 3);
	server.faults.add({
		operation: 'GetObject',
		when: () => {
			write('incoming/a.txt', 17);
			return false;
		},
		effect: { kind: 'stall' },
	});
	const execution = await run(example);
	expect(execution.error).toBeUndefined();
	expect(execution.itemsOf('Nothing to Do')).toHaveLength(1);
	expect(execution.itemsOf('Your Work')).toEqual([]);
	expect(keys()).toEqual(['incoming/a.txt']);
});

it.each([
	['moved', example],
	['deleted', deleting],
])('a file stays that is replaced before it is %s', async (_, workflow) => {
	write('incoming/a.txt', 3);
	const execution = await run(replacing(workflow));
	expect(execution.error).toBeUndefined();
	expect(execution.itemsOf('Nothing to Do')).toHaveLength(1);
	expect(keys()).toEqual(['incoming/a.txt']);
	expect(sizeOf('incoming/a.txt')).toBe(MEANWHILE);
});

it('a file that is replaced while it is being moved stays, and the one that was read is moved', async () => {
	write('incoming/a.txt', 3);
	const isCopied = () => keys().some((key) => key.startsWith('done/'));
	server.faults.add({
		operation: 'HeadObject',
		when: () => {
			if (isCopied()) write('incoming/a.txt', 17);
			return false;
		},
		effect: { kind: 'stall' },
	});
	const execution = await run(example);
	expect(execution.error).toBeUndefined();
	expect(execution.itemsOf('Nothing to Do')).toHaveLength(1);
	expect(places()).toEqual(['done/…/a.txt', 'incoming/a.txt']);
	expect(sizeOf('incoming/a.txt')).toBe(17);
	expect(sizeOf(keys()[0] ?? '')).toBe(3);
});

it('a target that begins with the watched prefix is refused before anything is moved', async () => {
	write('incoming/a.txt', 3);
	const text = JSON.stringify(example).replace('=done/', '=incoming/done/');
	const execution = await run(JSON.parse(text) as Workflow);
	expect(execution.error?.message).toContain('begins with the watched prefix “incoming/”');
	expect(keys()).toEqual(['incoming/a.txt']);
});

it('a file that cannot be moved is named by a failed execution, and the others are moved', async () => {
	write('incoming/a.txt', 3);
	write('incoming/b.txt', 4);
	const denied = { kind: 'answer', status: 403, code: 'AccessDenied' } as const;
	server.faults.add({ operation: 'DeleteObject', key: 'incoming/a.txt', effect: denied });
	const { error } = await run(example);
	expect(error?.message).toContain('“incoming/a.txt” stays where it is');
	expect(places()).toEqual(expect.arrayContaining(['done/…/b.txt', 'incoming/a.txt']));
	expect(keys()).not.toContain('incoming/b.txt');
});

it('a file that is replaced while it is worked on starts the workflow again', async () => {
	const item = Array.from({ length: 12 }, (_, n) => ({
		mode: 'custom',
		cronExpression: `${5 * n} * * * * *`,
	}));
	const id = await create(changed('New File', { parameters: { pollTimes: { item } } }));
	server.requests.length = 0;
	await n8n.activate(id);
	// n8n activates a workflow after it has said so.
	while (!server.requests.some(({ operation }) => operation === 'ListObjectsV2')) await sleep(200);
	await sleep(2000);
	let isReplaced = false;
	server.faults.add({
		// The first request of Move.
		operation: 'HeadObject',
		key: 'incoming/a.txt',
		when: () => {
			if (!isReplaced) write('incoming/a.txt', 17);
			isReplaced = true;
			return false;
		},
		effect: { kind: 'stall' },
	});
	write('incoming/a.txt', 3);
	while (!places().includes('done/…/a.txt') || keys().includes('incoming/a.txt')) await sleep(500);
	await n8n.api('POST', `/workflows/${id}/deactivate`, {});
	expect(isReplaced).toBe(true);
	expect(keys().map(sizeOf)).toEqual([17]);
});
