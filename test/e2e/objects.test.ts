/** Metadata, tags and deletion of several objects, through a workflow in a real n8n. */
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import type { N8n } from '../servers/n8n/n8n';
import { BUCKET, connectionData, inARow, node, objectNode } from '../servers/n8n/sample';
import { sharedN8n } from '../servers/n8n/shared';

const KEYS = ['a b+c.txt', 'ü/😀', '//x'];

let server: EmbeddedServer;
let n8n: N8n;

beforeAll(async () => {
	server = await startEmbedded();
	server.store.makeBucket(BUCKET);
	n8n = await sharedN8n();
});

afterAll(async () => {
	await n8n.stop();
	await server.stop();
});

it('a workflow puts several objects, looks at them, tags them and deletes them together', async () => {
	const type = 'amazonS3AccessKeysApi';
	const { [type]: connection } = connectionData(server);
	const credentials = { [type]: await n8n.createCredential('S3', type, connection) };
	const key = { __rl: true, mode: 'key', value: '={{ $json.key }}' };
	const object = (name: string, column: number, operation: string, parameters: object) =>
		objectNode(name, column, operation, { key, ...parameters }, credentials);
	const tag = { name: 'length', value: '={{ $json.size }}' };
	const code = `return ${JSON.stringify(KEYS)}.map((key) => ({ json: { key } }))`;
	const put = { key: '={{ $json.key }}', source: 'text', text: '={{ $json.key }}' };
	const nodes = [
		node('Start', 0, 'n8n-nodes-base.manualTrigger', {}),
		{ ...node('Keys', 1, 'n8n-nodes-base.code', { jsCode: code }), typeVersion: 2 },
		object('Put', 2, 'put', put),
		object('Get Metadata', 3, 'getMetadata', {}),
		object('Set Tags', 4, 'setTags', { mode: 'merge', tags: { tag: [tag] } }),
		object('Get Tags', 5, 'getTags', {}),
		object('Delete', 6, 'delete', {}),
	];
	server.requests.length = 0;
	const execution = await n8n.run(await n8n.createWorkflow(inARow('Objects', nodes)));
	expect(execution.error).toBeUndefined();
	const sizes = KEYS.map((text) => Buffer.byteLength(text));
	const items = (name: string) =>
		execution.itemsOf(name).map(({ json, pairedItem }) => ({ ...json, pairedItem }));
	const expected = (more: (index: number) => object) =>
		KEYS.map((one, item) => ({ bucket: BUCKET, key: one, ...more(item), pairedItem: { item } }));
	expect(items('Get Metadata')).toMatchObject(
		expected((index) => ({ exists: true, size: sizes[index] })),
	);
	const tags = expected((index) => ({ tags: { length: String(sizes[index]) } }));
	expect(items('Set Tags')).toEqual(tags);
	expect(items('Get Tags')).toEqual(tags);
	expect(items('Delete')).toEqual(expected(() => ({ deleteMarker: false, deleted: true })));
	expect(server.store.bucket(BUCKET).isEmpty).toBe(true);
	const deletions = server.requests.filter(({ operation }) => operation?.startsWith('Delete'));
	expect(deletions.map(({ operation }) => operation)).toEqual(['DeleteObjects']);
});
