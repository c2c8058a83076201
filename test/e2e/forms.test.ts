/** The forms of all operations, the panel of nodes and the pickers, as a person sees them in n8n's editor. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resources } from '../../nodes/AmazonS3/resources';
import type { Registry } from '../../nodes/run/operation';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import { startN8n } from '../servers/n8n/n8n';
import type { N8n } from '../servers/n8n/n8n';
import { BUCKET, connectionData, inARow, node } from '../servers/n8n/sample';
import { openEditor } from './editor';
import type { Editor } from './editor';

const folder = mkdtempSync(join(tmpdir(), 'n8n-e2e-'));
const operations = Object.entries<Registry>(resources).flatMap(([resource, registry]) =>
	Object.keys(registry).map((operation) => ({ resource, operation })),
);
const idOf = ({ resource, operation }: (typeof operations)[number]) => `${resource}-${operation}`;
let server: EmbeddedServer;
let n8n: N8n;
let editor: Editor;
let workflowId: string;

beforeAll(async () => {
	server = await startEmbedded();
	server.store.makeBucket(BUCKET);
	server.store.makeBucket('another-bucket');
	server.store.putMany(BUCKET, ['invoices/2026/0815.pdf', 'invoices/2026/0816.pdf'], 10);
	server.store.putMany(BUCKET, ['invoices/'], 0);
	n8n = await startN8n({ userFolder: folder });
	const { id, name } = await n8n.createCredential(
		'Sample',
		'amazonS3AccessKeysApi',
		connectionData(server).amazonS3AccessKeysApi,
	);
	const credentials = { amazonS3AccessKeysApi: { id, name } };
	const nodes = operations.map((one, column) =>
		node(idOf(one), column + 1, 'n8n-nodes-amazon-s3.amazonS3', one, credentials),
	);
	const start = node('Start', 0, 'n8n-nodes-base.manualTrigger', {});
	workflowId = await n8n.createWorkflow(inARow('Forms', [start, ...nodes]));
	editor = await openEditor(n8n, workflowId);
});

afterAll(async () => {
	await editor.close();
	await n8n.stop();
	await server.stop();
	rmSync(folder, { recursive: true, force: true });
});

it.each([
	'upload file',
	'download file',
	'list files',
	'put object',
	's3 compatible',
	'simple storage service',
	'aws bucket',
	'share link',
	'signed url',
	'cloudflare r2',
	'digitalocean',
	'hetzner',
	'wasabi',
	'seaweedfs',
])('the node is among the first three that are found with “%s”', async (words) => {
	const { page } = editor;
	const search = page.getByTestId('node-creator-search-bar');
	if (!(await search.isVisible())) await page.getByTestId('node-creator-plus-button').click();
	await search.fill(words);
	const found = page.getByTestId('item-iterator-item');
	await found.filter({ hasText: 'Amazon S3' }).first().waitFor();
	const names = await found.allInnerTexts();
	expect(names.slice(0, 3).join('\n')).toContain('Amazon S3');
});

it.each(operations)('the form of $resource $operation opens in the editor', async (one) => {
	const { page } = editor;
	await page.goto(`${n8n.url}/workflow/${workflowId}/${idOf(one)}`);
	await page.getByTestId('ndv').waitFor();
	await editor.field('operation').waitFor();
	await editor.picture(`form-${idOf(one)}`);
	expect(await page.getByTestId('ndv').getByText('Add option').count()).toBe(1);
});
