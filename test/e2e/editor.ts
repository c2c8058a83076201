import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { chromium, selectors } from 'playwright-core';
import type { Locator, Page } from 'playwright-core';
import type { INodeExecutionData } from 'n8n-workflow';
import type { Execution, N8n } from '../servers/n8n/n8n';

const pictures = join(__dirname, '..', '..', '.cache', 'e2e');

/** n8n's editor in a browser, with words for what a person does in it. */
export interface Editor {
	page: Page;
	/** Keeps a picture of the page in `.cache/e2e`. */
	picture(name: string): Promise<void>;
	nodeOnCanvas(name: string): Locator;
	/** Searches the panel of nodes for ours and gives one of its actions. */
	action(name: string): Promise<Locator>;
	/** A field of the open node. */
	field(name: string): Locator;
	/** Switches a field of the open node to an expression and types it. */
	typeExpression(name: string, expression: string): Promise<void>;
	/** Runs the open node, whose name this is, and gives its items. */
	execute(node: string): Promise<INodeExecutionData[]>;
	close(): Promise<void>;
}

/** A browser with an empty page. */
export async function launchBrowser(): Promise<{ page: Page; close(): Promise<void> }> {
	mkdirSync(pictures, { recursive: true });
	selectors.setTestIdAttribute('data-test-id');
	const browser = await chromium.launch({
		executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
		],
	});
	const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
	// The editor waits for n8n, and n8n for the machine.
	page.setDefaultTimeout(60_000);
	return { page, close: async () => await browser.close() };
}

/** A browser in which the owner of an n8n is signed in. */
export async function openBrowser(n8n: N8n): Promise<{ page: Page; close(): Promise<void> }> {
	const browser = await launchBrowser();
	const [name = '', value = ''] = n8n.cookie().split(/=(.*)/s);
	await browser.page.context().addCookies([{ name, value, url: n8n.url }]);
	return browser;
}

/** Keeps a picture of a page in `.cache/e2e`. */
export async function keepPicture(page: Page, name: string): Promise<void> {
	// Toasts of earlier steps would lie on what the picture is of.
	await closeToasts(page);
	await page.screenshot({ path: join(pictures, `${name}.png`), animations: 'disabled' });
}

/**
 * Goes to a page of n8n as its own links do, without loading its editor again, which takes a processor for seconds.
 * @param page where n8n is loaded
 */
export async function visit(page: Page, path: string): Promise<void> {
	await page.evaluate(
		`history.pushState({}, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate', { state: {} }))`,
	);
}

export async function openEditor(n8n: N8n, workflowId: string): Promise<Editor> {
	const { page, close } = await openBrowser(n8n);
	await page.goto(`${n8n.url}/workflow/${workflowId}`);
	await page.getByTestId('canvas-node').first().waitFor();
	const open = page.getByTestId('ndv');
	const field = (parameter: string) => open.getByTestId(`parameter-input-${parameter}`);
	return {
		page,
		field,
		picture: async (picture) => await keepPicture(page, picture),
		nodeOnCanvas: (node) => page.getByTestId('canvas-node').filter({ hasText: node }),
		action: async (action) => {
			await page.getByTestId('node-creator-search-bar').fill('amazon s3');
			const found = page.getByTestId('item-iterator-item');
			await found.filter({ hasText: 'Amazon S3' }).first().click();
			return found.filter({ has: page.getByText(action, { exact: true }) }).first();
		},
		typeExpression: async (parameter, expression) => {
			const options = page.getByTestId(`${parameter}-parameter-input-options-container`);
			// Takes the focus, and with it any tooltip, off the field before.
			await page.getByTestId('tab-params').click();
			await field(parameter).hover();
			await options.getByTestId('radio-button-expression').click();
			await field(parameter).locator('.cm-content').click();
			await page.keyboard.press('ControlOrMeta+a');
			await page.keyboard.insertText(expression);
			await isSaved(n8n, workflowId, `=${expression}`);
		},
		execute: async (node) => {
			await closeToasts(page);
			const before = (await newest(n8n))?.id;
			const click = async () => await page.getByTestId('node-execute-button').click();
			await click();
			if (!(await hasEnded(n8n, before))) {
				// On a busy machine the editor may lose n8n, and takes no notice of a click then. People load it again.
				await page.reload();
				await page.getByTestId('canvas-node').filter({ hasText: node }).dblclick();
				await click();
				if (!(await hasEnded(n8n, before))) throw new Error(`“${node}” was not executed`);
			}
			// On a busy machine the message may have gone before it is looked for.
			const items = page.getByTestId('output-panel').getByText(/^\d[\d,]* items?$/);
			await page.getByText('Node executed successfully').or(items).first().waitFor();
			return (await newestExecution(n8n)).itemsOf(node);
		},
		close,
	};
}

/** Closes them until none is left: n8n may show one more, which stays, while others are being closed. */
async function closeToasts(page: Page): Promise<void> {
	const toasts = page.locator('.el-notification');
	while ((await toasts.count()) > 0) {
		const close = toasts.first().locator('.el-notification__closeBtn');
		// It may go by itself just now.
		await close.click({ timeout: 1000 }).catch(() => undefined);
	}
}

/** Resolves when n8n has saved a value that was typed: it takes it over some moments later, and runs without it till then. */
async function isSaved(n8n: N8n, workflowId: string, value: string): Promise<void> {
	const text = JSON.stringify(value);
	for (;;) {
		const { nodes } = await n8n.api<{ nodes: object[] }>('GET', `/workflows/${workflowId}`);
		if (JSON.stringify(nodes).includes(text)) return;
		await setTimeout(100);
	}
}

/** An execution in n8n's list. */
interface Listed {
	id: string;
	stoppedAt: string | null;
}

async function newest(n8n: N8n): Promise<Listed | undefined> {
	const { results } = await n8n.api<{ results: Listed[] }>('GET', '/executions');
	return results[0];
}

/** Whether an execution after another one ends within half a minute. */
async function hasEnded(n8n: N8n, before: string | undefined): Promise<boolean> {
	const end = Date.now() + 30_000;
	while (Date.now() < end) {
		const execution = await newest(n8n);
		const isNew = execution !== undefined && execution.id !== before;
		if (isNew && execution.stoppedAt !== null) return true;
		await setTimeout(100);
	}
	return false;
}

export async function newestExecution(n8n: N8n): Promise<Execution> {
	return await n8n.execution((await newest(n8n))?.id ?? '');
}
