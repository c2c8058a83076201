/** The panel of nodes and the pickers, as a person sees them in n8n's editor. */
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import type { N8n } from '../servers/n8n/n8n';
import { BUCKET, connectionData, inARow, node } from '../servers/n8n/sample';
import { sharedN8n } from '../servers/n8n/shared';
import { openEditor } from './editor';
import type { Editor } from './editor';

/** What stands in a resource locator. */
const RLC_INPUT = 'input[data-test-id="rlc-input"]';
let server: EmbeddedServer;
let n8n: N8n;
let editor: Editor;
let workflowId: string;
let credentials: { amazonS3AccessKeysApi: { id: string; name: string } };

beforeAll(async () => {
	server = await startEmbedded();
	server.store.makeBucket(BUCKET);
	server.store.makeBucket('another-bucket');
	server.store.putMany(BUCKET, ['invoices/2026/0815.pdf', 'invoices/2026/0816.pdf'], 10);
	server.store.putMany(BUCKET, ['invoices/'], 0);
	n8n = await sharedN8n();
	const { id, name } = await n8n.createCredential('Sample', 'amazonS3AccessKeysApi', {
		...connectionData(server).amazonS3AccessKeysApi,
		bucket: BUCKET,
	});
	credentials = { amazonS3AccessKeysApi: { id, name } };
	const get = node('Get', 1, 'n8n-nodes-amazon-s3.amazonS3', {}, credentials);
	const start = node('Start', 0, 'n8n-nodes-base.manualTrigger', {});
	workflowId = await n8n.createWorkflow(inARow('Get', [start, get]));
	editor = await openEditor(n8n, workflowId);
});

afterAll(async () => {
	await editor.close();
	await n8n.stop();
	await server.stop();
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
	const rows = (await found.allInnerTexts()).slice(0, 3);
	const row = rows.find((text) => text.includes('Amazon S3')) ?? '';
	// n8n shows one row for the node and its trigger, with the description of the trigger.
	expect(row).toContain('Upload, download and list files in S3, MinIO, R2 and others');
});

it('the picker of keys finds what is inside of a key, and forgets the key when the bucket changes', async () => {
	const { page } = editor;
	await page.goto(`${n8n.url}/workflow/${workflowId}/Get`);
	const choose = async (field: string, row: string) => {
		await editor.field(field).getByTestId('rlc-input').click();
		await page.getByTestId('rlc-item').filter({ hasText: row }).click();
	};
	await choose('bucket', BUCKET);
	await editor.field('key').getByTestId('rlc-input').click();
	await page.getByTestId('rlc-item').filter({ hasText: '0815.pdf' }).waitFor();
	expect(await page.getByTestId('rlc-item').allInnerTexts()).toHaveLength(2);
	await page.getByTestId('rlc-search').fill('0816');
	const found = page.getByTestId('rlc-item').filter({ hasText: 'invoices/2026/0816.pdf' });
	await page.getByTestId('rlc-item').filter({ hasText: '0815.pdf' }).waitFor({ state: 'hidden' });
	await found.waitFor();
	await editor.picture('key-search');
	await found.click();
	const key = editor.field('key').locator(RLC_INPUT);
	expect(await key.inputValue()).toBe('invoices/2026/0816.pdf');
	await choose('bucket', 'another-bucket');
	await page.waitForFunction(
		`document.querySelector('[data-test-id="parameter-input-key"] ${RLC_INPUT}').value === ''`,
	);
});

it('a key stays in its field when the expression of the bucket is evaluated for the first time', async () => {
	const byItem = (mode: string, value: string) => ({ __rl: true, mode, value });
	const items = `return [{ json: { bucket: '${BUCKET}', key: 'invoices/2026/0815.pdf' } }];`;
	const parameters = {
		resource: 'object',
		operation: 'get',
		bucket: byItem('name', '={{ $json.bucket }}'),
		key: byItem('key', '={{ $json.key }}'),
	};
	const nodes = [
		node('Start', 0, 'n8n-nodes-base.manualTrigger', {}),
		{ ...node('Items', 1, 'n8n-nodes-base.code', { jsCode: items }), typeVersion: 2 },
		node('Get', 2, 'n8n-nodes-amazon-s3.amazonS3', parameters, credentials),
	];
	const id = await n8n.createWorkflow({ ...inARow('By items', nodes), pinData: {} });
	const { page } = editor;
	await page.goto(`${n8n.url}/workflow/${id}/Get`);
	await editor.field('key').getByText('{{ $json.key }}').waitFor();
	const keys = async () => (await editor.execute('Get')).map(({ json }) => json.key);
	expect(await keys()).toEqual(['invoices/2026/0815.pdf']);
	// Now n8n has evaluated the bucket, and would refuse an empty key.
	expect(await keys()).toEqual(['invoices/2026/0815.pdf']);
	await editor.picture('key-stays');
	expect(await editor.field('key').getByText('{{ $json.key }}').count()).toBe(1);
});

it.each([
	['bucket', 'searchBuckets', "={{ $('Start').item.json.bucket }}"],
	['accessKeyId', 'searchKeys', '={{ $json.accessKeyId }}'],
])(
	'with an expression on items as %s of the credential, the list of %s says what to do',
	async (field, methodName, expression) => {
		const type = 'amazonS3AccessKeysApi';
		const data = { ...connectionData(server)[type], bucket: BUCKET, [field]: expression };
		const { id, name } = await n8n.createCredential('By expression', type, data);
		const asked = await n8n
			.api('POST', '/dynamic-node-parameters/resource-locator-results', {
				nodeTypeAndVersion: { name: 'n8n-nodes-amazon-s3.amazonS3', version: 1 },
				path: 'parameters.bucket',
				methodName,
				currentNodeParameters: {
					authentication: 'accessKeys',
					resource: 'object',
					operation: 'get',
					bucket: { __rl: true, mode: 'name', value: BUCKET },
				},
				credentials: { [type]: { id, name } },
			})
			.catch((error: unknown) => error);
		expect(String(asked)).toContain('The credential holds an expression on items');
	},
);
