/**
 * Forms of operations, of the trigger and of tools, in both releases of n8n, in light and in dark; with LONG_TESTS=1 those
 * of all operations.
 */
import type { Locator } from 'playwright-core';
import { resources } from '../../nodes/AmazonS3/resources';
import type { Registry } from '../../nodes/run/operation';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import type { Release } from '../servers/n8n/install';
import type { N8n } from '../servers/n8n/n8n';
import { BUCKET, connectionData, node } from '../servers/n8n/sample';
import { sharedN8n } from '../servers/n8n/shared';
import { seeds } from '../seeds';
import { openEditor, visit } from './editor';
import type { Editor } from './editor';
import { Walk } from './Walk';

const NODE = 'n8n-nodes-amazon-s3.amazonS3';
/** Whether the forms of all operations are opened, which takes ten minutes. */
const IS_LONG = seeds(0, 1) === 1;

/** A form: the node's name, its type and what is set in it, and a field that it has to show. */
type Form = [name: string, type: string, parameters: object, field: string];

const operations = Object.entries<Registry>(resources).flatMap(([resource, registry]) =>
	Object.keys(registry).map((operation): Form => [
		`${resource}-${operation}`,
		NODE,
		{ resource, operation },
		'operation',
	]),
);
const text = { resource: 'object', operation: 'put', source: 'text' };
const url = { resource: 'object', operation: 'put', source: 'url' };
const receipt = { resource: 'object', operation: 'undelete', undeleteBy: 'receipt' };
const copy = { resource: 'object', operation: 'copy', anotherConnection: true };
/** Options without the one that they are for, or beside another choice. */
const alone = {
	...text,
	options: {
		overwrite: 'always',
		etag: 'abc',
		expires: '2030-01-01T00:00:00Z',
		objectLockRetainUntil: '2030-01-01T00:00:00Z',
		encryptionKmsContext: { entry: [{ name: 'team', value: 'a' }] },
	},
};
/** Two options of which the form offers one. */
const both = { fileName: 'a.txt', responseContentDisposition: 'inline' };
const link = { resource: 'object', operation: 'getPresignedUrl' };
const others: Form[] = [
	['object-link-both', NODE, { ...link, options: both }, 'fileName'],
	['object-link-named', NODE, { ...link, options: { fileName: 'a.txt' } }, 'fileName'],
	['object-put-alone', NODE, alone, 'etag'],
	['object-put-text', NODE, text, 'text'],
	['object-put-url', NODE, url, 'url'],
	['object-put-url-post', NODE, { ...url, options: { method: 'POST' } }, 'url'],
	['object-copy-to-another', NODE, copy, 'targetAuthentication'],
	['object-undelete-receipt', NODE, receipt, 'receipt'],
	['trigger-poll', `${NODE}Trigger`, { watch: 'poll' }, 'bucket'],
	['trigger-queue', `${NODE}Trigger`, { watch: 'queue' }, 'queueUrl'],
	['trigger-both', `${NODE}Trigger`, { watch: 'both' }, 'queueUrl'],
	['tool-get', `${NODE}Tool`, { resource: 'object', operation: 'get' }, 'maxTextBytes'],
	['tool-put', `${NODE}Tool`, { resource: 'object', operation: 'put' }, 'text'],
	['tool-list', `${NODE}Tool`, { resource: 'object', operation: 'list' }, 'prefix'],
];
/** The others are made of the same fields, and unit tests look at the conditions of each. */
const USUAL = ['put', 'get', 'list', 'copy'].map((operation) => `object-${operation}`);
const isUsual = ([form]: Form) => USUAL.includes(form);
const forms = [...operations.filter((form) => isUsual(form) || IS_LONG), ...others];

describe.each<Release>(['newest', 'oldest'])('in the %s n8n', (release) => {
	let server: EmbeddedServer;
	let n8n: N8n;
	let editor: Editor;
	let workflowId: string;

	beforeAll(async () => {
		server = await startEmbedded();
		server.store.makeBucket(BUCKET);
		n8n = await sharedN8n(release);
		const { id, name } = await n8n.createCredential('Sample', 'amazonS3AccessKeysApi', {
			...connectionData(server).amazonS3AccessKeysApi,
			bucket: BUCKET,
		});
		const target = await n8n.createCredential(
			'Sample target',
			'amazonS3TargetAccessKeysApi',
			connectionData(server).amazonS3TargetAccessKeysApi,
		);
		const credentials = {
			amazonS3AccessKeysApi: { id, name },
			amazonS3TargetAccessKeysApi: { id: target.id, name: target.name },
		};
		const nodes = forms.map(([form, type, parameters], column) =>
			node(form, column + 1, type, parameters, credentials),
		);
		// Nodes before others would make the editor show what all of them give.
		workflowId = await n8n.createWorkflow({ name: 'Forms', nodes, connections: {} });
		editor = await openEditor(n8n, workflowId);
	});

	afterAll(async () => {
		await editor.close();
		await n8n.stop();
		await server.stop();
	});

	/** Opens a node, and waits until the form is no longer that of the node before. */
	async function open(form: string): Promise<void> {
		await visit(editor.page, `/workflow/${workflowId}/${form}`);
		await editor.page
			.getByTestId('node-title-container')
			.getByTitle(form, { exact: true })
			.waitFor();
	}

	it.each(forms)('the form %s opens in the editor', async (form, _type, _parameters, field) => {
		const { page } = editor;
		await open(form);
		await editor.field(field).waitFor();
		await new Walk(page, `form-${release}`).picture(form);
		expect(await page.getByTestId('ndv').getByPlaceholder('Add option').count()).toBe(1);
	});

	it('an option that has a value stays in the form, once, also without the option that it is for', async () => {
		const { page } = editor;
		await open('object-put-alone');
		for (const name of ['etag', 'expires', 'objectLockRetainUntil']) {
			await editor.field(name).first().waitFor();
			expect(await editor.field(name).count()).toBe(1);
		}
		expect(await page.getByTestId('ndv').getByText('Encryption KMS Context').count()).toBe(1);
	});

	it('of two options that exclude each other the form offers one, and shows both if both have a value', async () => {
		const { page } = editor;
		await open('object-link-both');
		for (const name of Object.keys(both)) {
			await editor.field(name).first().waitFor();
			expect(await editor.field(name).count()).toBe(1);
		}
		await open('object-link-named');
		await page.getByTestId('ndv').getByPlaceholder('Add option').click();
		const offered = page.locator('.el-select-dropdown__item:visible');
		await offered.first().waitFor();
		const names = (await offered.allInnerTexts()).map((name) => name.trim());
		expect(names).toContain('Response Content Type');
		expect(names).not.toContain('Response Content Disposition');
		await page.keyboard.press('Escape');
	});

	it('the second credential of a copy is shown by its name, and chosen among targets alone', async () => {
		const { page } = editor;
		await open('object-copy-to-another');
		const [source, target] = [0, 1].map((nth) =>
			page.getByTestId('ndv').getByTestId('node-credentials-select').nth(nth),
		);
		const chosen = async (select: Locator | undefined) =>
			await select?.locator('input').first().inputValue();
		await editor.field('targetAuthentication').waitFor();
		expect(await chosen(source)).toBe('Sample');
		expect(await chosen(target)).toBe('Sample target');
		await target?.click();
		const offered = page.locator('[data-test-id^="node-credentials-select-item-"]:visible');
		await offered.last().waitFor();
		expect(await offered.filter({ hasText: 'Sample' }).allInnerTexts()).toEqual([
			expect.stringContaining('Sample target'),
		]);
		await page.keyboard.press('Escape');
	});

	it('the receipt of Undelete is that of the item: an empty field of JSON would have n8n’s red mark', async () => {
		await open('object-undelete-receipt');
		await editor.field('receipt').getByText('{{ $json.receipt }}').waitFor({ timeout: 20_000 });
	});

	async function offeredOptions(form: string) {
		const { page } = editor;
		await open(form);
		await page.getByTestId('ndv').getByPlaceholder('Add option').click();
		const offered = page.locator('.el-select-dropdown__item:visible');
		await offered.first().waitFor();
		await new Walk(page, `form-${release}`).picture(`${form}-options`);
		const names = (await offered.allInnerTexts()).map((name) => name.trim());
		return { offered, names };
	}

	it('the options of Put stand together by use, and those that do not apply are not there', async () => {
		const { offered, names } = await offeredOptions('object-put');
		expect(names[0]).toBe('Overwrite');
		expect(names.length).toBeLessThanOrEqual(20);
		expect(names).not.toContain('Overwrite Only ETag');
		await offered.filter({ hasText: /^Overwrite$/ }).click();
		await editor.page.keyboard.press('Escape');
		const overwrite = editor.field('overwrite').locator('input');
		expect(await overwrite.inputValue()).toBe('Never');
	});

	it('with a URL Put offers no more options than with a file, and a body once it is sent', async () => {
		const { names } = await offeredOptions('object-put-url');
		expect(names.length).toBeLessThanOrEqual(20);
		expect(names).toEqual(expect.arrayContaining(['Headers', 'Method']));
		expect(names).not.toContain('Body');
		await editor.page.keyboard.press('Escape');
		expect((await offeredOptions('object-put-url-post')).names).toContain('Body');
		await editor.page.keyboard.press('Escape');
	});
});
