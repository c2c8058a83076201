/** A person's way: credential, drag, expressions, run; all of it in n8n's editor. */
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import type { N8n } from '../servers/n8n/n8n';
import { BUCKET, inARow, node } from '../servers/n8n/sample';
import { sharedN8n } from '../servers/n8n/shared';
import { newestExecution, openEditor } from './editor';
import type { Editor } from './editor';

const KEY = 'samples/é + ü & 😀.txt';
const TEXT = 'Grüße aus n8n';

let server: EmbeddedServer;
let n8n: N8n;
let editor: Editor;

beforeAll(async () => {
	server = await startEmbedded();
	server.store.makeBucket(BUCKET);
	server.store.makeBucket('another-bucket');
	server.store.putMany(BUCKET, ['docs/a.txt', 'docs/b.txt'], 10);
	n8n = await sharedN8n();
	const start = node('Start', 0, 'n8n-nodes-base.manualTrigger', {});
	const sample = {
		...node('Sample', 1, 'n8n-nodes-base.set', {
			mode: 'raw',
			jsonOutput: JSON.stringify({ bucket: BUCKET, name: 'é + ü & 😀.txt', text: TEXT }),
			options: {},
		}),
		typeVersion: 3.4,
	};
	const toFile = {
		...node('To File', 2, 'n8n-nodes-base.convertToFile', {
			operation: 'toText',
			sourceProperty: 'text',
			options: { fileName: '={{ $json.name }}' },
		}),
		typeVersion: 1.1,
	};
	const workflowId = await n8n.createWorkflow(inARow('In the editor', [start, sample, toFile]));
	editor = await openEditor(n8n, workflowId);
});

afterAll(async () => {
	await editor.picture('99-at-the-end');
	await editor.close();
	await n8n.stop();
	await server.stop();
});

it('the node is found in the panel and dragged onto the canvas', async () => {
	const { page } = editor;
	await page.getByTestId('node-creator-plus-button').click();
	const put = await editor.action('Put object (upload)');
	await editor.picture('01-nodes-panel');
	await put.dragTo(page.getByTestId('canvas'), { targetPosition: { x: 800, y: 600 } });
	await page.getByTestId('ndv').waitFor();
	await editor.picture('02-put-empty');
	expect(await editor.field('operation').locator('input').inputValue()).toBe('Put');
});

it('a wrong secret is refused in S3’s words when the credential is saved', async () => {
	const { page } = editor;
	await page.getByTestId('node-credentials-empty-state').getByRole('button').click();
	const form = page.getByTestId('editCredential-modal');
	const input = (name: string) =>
		form.getByTestId(`parameter-input-${name}`).locator('input').first();
	await input('accessKeyId').fill(server.users.main.accessKeyId);
	await editor.picture('03-credential-empty');
	await input('secretAccessKey').fill('not the secret');
	await input('endpoint').fill(server.endpoint);
	await input('bucket').fill(BUCKET);
	await page.getByTestId('credential-save-button').click();
	await form.getByText('More details').click();
	const words = form.getByText(/SignatureDoesNotMatch · 403 · request \w+/);
	await words.waitFor();
	await editor.picture('04-credential-wrong-secret');
	expect(await words.innerText()).toContain('the secret access key is wrong');
});

it('the right secret is accepted, and the editor says what that proved', async () => {
	const { page } = editor;
	const form = page.getByTestId('editCredential-modal');
	const secret = form.getByTestId('parameter-input-secretAccessKey').locator('input');
	await secret.fill(server.users.main.secretAccessKey);
	await page.getByTestId('credential-save-button').click();
	await form.waitFor({ state: 'hidden' });
	const [credential] = await n8n.api<{ id: string; type: string }[]>('GET', '/credentials');
	const saved = await n8n.api<object>(
		'GET',
		`/credentials/${credential?.id ?? ''}?includeData=true`,
	);
	const tested = await n8n.api('POST', '/credentials/test', { credentials: saved });
	expect(tested).toMatchObject({
		status: 'OK',
		message: expect.stringContaining(`objects of bucket “${BUCKET}” can be listed`) as string,
	});
});

it('a file is put under a key and into a bucket that expressions name', async () => {
	const { page } = editor;
	await page.getByTestId('ndv-close-button').click();
	await page.getByTestId('zoom-to-fit').click();
	await editor
		.nodeOnCanvas('To File')
		.getByTestId('canvas-node-output-handle')
		.first()
		.dragTo(
			editor.nodeOnCanvas('Put object (upload)').getByTestId('canvas-node-input-handle').first(),
		);
	await editor.nodeOnCanvas('Put object (upload)').dblclick();
	await editor.typeExpression('bucket', "{{ $('Sample').item.json.bucket }}");
	await editor.typeExpression('key', 'samples/{{ $binary.data.fileName }}');
	const [put] = await editor.execute('Put object (upload)');
	await editor.picture('05-put');
	expect(put?.json).toMatchObject({ bucket: BUCKET, key: KEY });
	const stored = server.store.bucket(BUCKET).get(Buffer.from(KEY).toString('latin1'));
	expect(Buffer.concat((stored?.content?.pieces ?? []) as Buffer[]).toString()).toBe(TEXT);
});

it('a bucket that is chosen from the list is listed', async () => {
	const { page } = editor;
	await page.getByTestId('ndv-close-button').click();
	await editor.nodeOnCanvas('Put object (upload)').getByTestId('canvas-handle-plus').click();
	await (await editor.action('List objects')).click();
	await editor.field('bucket').getByTestId('rlc-input').click();
	await page.getByTestId('rlc-item').filter({ hasText: 'another-bucket' }).waitFor();
	await editor.picture('06-bucket-list');
	await page.getByTestId('rlc-item').filter({ hasText: BUCKET }).click();
	await editor.field('prefix').locator('input').fill('samples/');
	const items = await editor.execute('List objects');
	await editor.picture('07-list');
	expect(items.map(({ json }) => json.key)).toEqual([KEY]);
});

it('an object is got that is chosen from the list, and one that an expression names', async () => {
	const { page } = editor;
	await page.getByTestId('ndv-close-button').click();
	await editor.nodeOnCanvas('List objects').getByTestId('canvas-handle-plus').click();
	await (await editor.action('Get object (download)')).click();
	await editor.field('bucket').getByTestId('rlc-input').click();
	await page.getByTestId('rlc-item').filter({ hasText: BUCKET }).click();
	await editor.field('key').getByTestId('rlc-input').click();
	await page.getByTestId('rlc-item').filter({ hasText: 'docs/b.txt' }).waitFor();
	await editor.picture('08-key-list');
	await page.getByTestId('rlc-item').filter({ hasText: 'docs/b.txt' }).click();
	expect((await editor.execute('Get object (download)')).map(({ json }) => json.key)).toEqual([
		'docs/b.txt',
	]);
	await editor.typeExpression('bucket', '{{ $json.bucket }}');
	await editor.typeExpression('key', '{{ $json.key }}');
	expect((await editor.execute('Get object (download)')).map(({ json }) => json.key)).toEqual([
		KEY,
	]);
	await editor.picture('09-get');
});

it('the editor shows what went wrong and what to do', async () => {
	const { page } = editor;
	await editor.typeExpression('key', '{{ $json.key }}-nonesuch');
	// n8n takes a change over some moments after it was typed.
	await page.getByTestId('node-run-info-stale').waitFor();
	await page.getByTestId('node-execute-button').click();
	const output = page.getByTestId('output-panel');
	await output.getByText('there is no object with this key').first().waitFor();
	await editor.picture('10-error');
	expect(await output.innerText()).toContain('copy the key from a listing');
});

it('the whole workflow runs from the canvas, with the same bytes at its end', async () => {
	const { page } = editor;
	await editor.typeExpression('key', '{{ $json.key }}');
	await page.getByTestId('node-run-info-stale').waitFor();
	await page.getByTestId('ndv-close-button').click();
	await page.getByTestId('tidy-up-button').click();
	await page.getByTestId('zoom-to-fit').click();
	await page.getByTestId('execute-workflow-button').click();
	await page.getByText('Workflow executed successfully').first().waitFor();
	await editor.picture('11-canvas');
	const [got] = (await newestExecution(n8n)).itemsOf('Get object (download)');
	expect(got?.pairedItem).toEqual({ item: 0 });
	expect((await n8n.binary(got?.binary?.data?.id ?? '')).toString()).toBe(TEXT);
});

it('the form of a copy asks for a second credential only if it goes to another connection', async () => {
	const { page } = editor;
	await editor.nodeOnCanvas('Get object (download)').getByTestId('canvas-handle-plus').click();
	await (await editor.action('Copy object (replaces an existing one)')).click();
	const target = page.getByTestId('ndv').getByText('Target Credential', { exact: true });
	await editor.field('operation').waitFor();
	expect(await target.count()).toBe(0);
	await editor.field('anotherConnection').locator('.el-switch').click();
	await target.waitFor();
	await editor.field('targetAuthentication').waitFor();
	await editor.picture('12-copy-to-another-connection');
	expect(await editor.field('operation').locator('input').inputValue()).toBe('Copy');
});
