/** `npm run docs -- --pictures`: the pictures of README.md and docs/, taken of a real n8n. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { openEditor } from '../e2e/editor';
import type { Editor } from '../e2e/editor';
import { startEmbedded } from '../servers/embedded';
import { readExample, withCredentials } from '../servers/n8n/examples';
import { startN8n } from '../servers/n8n/n8n';
import type { N8n, Workflow } from '../servers/n8n/n8n';
import { BUCKET, connectionData, inARow, node, sampleWorkflow } from '../servers/n8n/sample';
import { DOCS } from './page';

const FILES = 'company';
const KEYS = ['2026/11/28', '2026/11/29', '2026/11/30'].flatMap((day) =>
	['orders.csv', 'returns.csv', 'stock.json'].map((name) => `reports/${day}/${name}`),
);

const picture = (name: string): string => join(DOCS, 'images', `${name}.png`);

async function main(): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-pictures-'));
	const server = await startEmbedded();
	server.store.makeBucket(BUCKET);
	server.store.makeBucket(FILES);
	server.store.putMany(FILES, KEYS, 24_000);
	const n8n = await startN8n({ userFolder: folder });
	try {
		const data = connectionData(server);
		const accessKeys = await n8n.createCredential(
			'Reports',
			'amazonS3AccessKeysApi',
			data.amazonS3AccessKeysApi,
		);
		const basicAuth = await n8n.createCredential(
			'Reports, by user',
			'amazonS3BasicAuthApi',
			data.amazonS3BasicAuthApi,
		);
		const sample = sampleWorkflow(accessKeys, basicAuth);
		// Its own name is longer than the place under the node.
		const nodes = sample.nodes.map((one, index) => (index === 0 ? { ...one, name: 'Start' } : one));
		const [first = ''] = Object.keys(sample.connections);
		const { [first as never]: fromStart, ...others } = sample.connections;
		const row = { ...sample, nodes, connections: { Start: fromStart, ...others } };
		await inEditor(n8n, row, async (editor) => await canvas(editor));
		const safe = withCredentials(readExample('safe-ending'), { amazonS3AccessKeysApi: accessKeys });
		await inEditor(n8n, safe, async (editor) => await safeEnding(editor));
		await inEditor(n8n, listing(accessKeys), async (editor) => await list(editor));
		await inEditor(n8n, listing(accessKeys), async (editor) => await credential(editor.page));
	} finally {
		await n8n.stop();
		await server.stop();
		rmSync(folder, { recursive: true, force: true });
	}
}

async function inEditor(
	n8n: N8n,
	workflow: Workflow,
	take: (editor: Editor) => Promise<void>,
): Promise<void> {
	const editor = await openEditor(n8n, await n8n.createWorkflow(workflow));
	try {
		await take(editor);
	} finally {
		await editor.close();
	}
}

/** The row of nodes after it ran. */
async function canvas({ page }: Editor): Promise<void> {
	await page.getByTestId('zoom-to-fit').click();
	await page.getByTestId('execute-workflow-button').click();
	await page.getByText('Workflow executed successfully').first().waitFor();
	await takeNodes(page, 'canvas');
}

/** The example that docs/safe-ending.md is about. */
async function safeEnding({ page }: Editor): Promise<void> {
	await page.setViewportSize({ width: 2400, height: 800 });
	await page.getByTestId('zoom-to-fit').click();
	await page.addStyleTag({
		content: '[data-test-id=sticky], [data-test-id=execute-workflow-button] { display: none }',
	});
	await takeNodes(page, 'safe-ending');
}

/** A picture of all nodes on the canvas, without notes. */
async function takeNodes(page: Page, name: string): Promise<void> {
	await closeToasts(page);
	await page.mouse.move(5, 5);
	const boxes = await Promise.all(
		(await page.getByTestId('canvas-node').all()).map(async (one) => await one.boundingBox()),
	);
	const found = boxes.filter((box) => box !== null);
	const [left, right, top, bottom] = [
		Math.min(...found.map(({ x }) => x)),
		Math.max(...found.map(({ x, width }) => x + width)),
		Math.min(...found.map(({ y }) => y)),
		Math.max(...found.map(({ y, height }) => y + height)),
	];
	// Labels hang out of their nodes.
	const clip = { x: left - 40, y: top - 25, width: right - left + 80, height: bottom - top + 75 };
	await page.screenshot({ path: picture(name), clip, animations: 'disabled' });
}

function listing(accessKeys: object): Workflow {
	return inARow('List', [
		node('Start', 0, 'n8n-nodes-base.manualTrigger', {}),
		node(
			'List reports',
			1,
			'n8n-nodes-amazon-s3.amazonS3',
			{
				authentication: 'accessKeys',
				resource: 'object',
				operation: 'list',
				bucket: { __rl: true, mode: 'list', value: FILES, cachedResultName: FILES },
				prefix: 'reports/{{ $now.toFormat("yyyy") }}/'.replace(/^/, '='),
				returnAll: true,
				output: 'items',
				options: {},
			},
			{ amazonS3AccessKeysApi: accessKeys },
		),
	]);
}

/** The form of List with what it gave, without the input, which is empty. */
async function list({ page, nodeOnCanvas }: Editor): Promise<void> {
	await page.setViewportSize({ width: 1800, height: 620 });
	await nodeOnCanvas('List reports').dblclick();
	await page.getByTestId('node-execute-button').click();
	await page.getByText('Node executed successfully').first().waitFor();
	await closeToasts(page);
	await page.mouse.move(5, 5);
	const tab = await page.getByTestId('tab-params').boundingBox();
	const output = await page.getByTestId('output-panel').boundingBox();
	if (tab === null || output === null) throw new Error('The node is not open.');
	const { x, y, width, height } = output;
	const left = tab.x;
	const clip = { x: left, y, width: x + width - left, height };
	await page.screenshot({ path: picture('list'), clip, animations: 'disabled' });
}

/** The form of a new credential. */
async function credential(page: Page): Promise<void> {
	await page.setViewportSize({ width: 1100, height: 1000 });
	await page.goto(new URL('/home/credentials/create', page.url()).href);
	await page.getByTestId('new-credential-type-select').click();
	await page.keyboard.type('Amazon S3');
	await page.getByText('Amazon S3', { exact: true }).first().click();
	await page.getByTestId('new-credential-type-button').click();
	const dialog = page.getByTestId('editCredential-modal');
	await dialog.getByText('Endpoint').first().waitFor();
	await dialog
		.getByTestId('parameter-input-accessKeyId')
		.locator('input')
		.fill('AKIAIOSFODNN7EXAMPLE');
	await dialog.getByTestId('parameter-input-bucket').locator('input').fill('my-reports');
	await closeToasts(page);
	await page.mouse.move(5, 5);
	const box = await dialog.boundingBox();
	if (box === null) throw new Error('The credential is not open.');
	// The switch for more settings would be cut in two.
	const clip = { ...box, height: box.height - 68 };
	await page.screenshot({ path: picture('credential'), clip, animations: 'disabled' });
}

async function closeToasts(page: Page): Promise<void> {
	await page.addStyleTag({ content: '.el-notification { display: none }' });
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
		process.exit(1);
	},
);
