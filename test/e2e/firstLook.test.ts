/** The first look of somebody who has just installed the package: search, forms, the first listed object. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { INodeCredentialTestResult } from 'n8n-workflow';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import type { Release } from '../servers/n8n/install';
import { startN8n } from '../servers/n8n/n8n';
import type { N8n } from '../servers/n8n/n8n';
import { newestExecution, openBrowser } from './editor';
import { Walk } from './Walk';

const BUCKET = 'first-bucket';
/** Nothing listens there, and no proxy is there. */
const NOWHERE = 'http://127.0.0.1:1';

/**
 * Clicks and keys to the first listed object. The older n8n takes three more, which a package cannot save: it hides “new
 * credential” in a menu, leaves the form open when it has saved it, and shows so little of it that the bucket is chosen
 * in the node, from its list.
 */
const STEPS: Record<Release, number> = { newest: 11, oldest: 14 };

/** The form is as high as its fields, for a picture of all of them. */
const WHOLE_DIALOG = '.el-dialog, .el-dialog * { max-height: none !important; }';

const KINDS: [displayName: string, words: string, fields: number][] = [
	['Amazon S3', 'amazon s3', 6],
	['S3-Compatible Server (MinIO, Ceph, R2)', 'minio', 6],
	['Amazon S3 Roles Anywhere', 'roles anywhere', 8],
	['Amazon S3 Role of the Machine', 'role of the machine', 4],
	['Amazon S3 Target', 'target', 6],
];

describe.each<Release>(['newest', 'oldest'])('in the %s n8n', (release) => {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-first-look-'));
	let server: EmbeddedServer;
	let n8n: N8n;
	let page: Page;
	let closeBrowser: () => Promise<void>;

	beforeAll(async () => {
		server = await startEmbedded();
		server.store.makeBucket(BUCKET);
		server.store.putMany(BUCKET, ['docs/a.txt', 'docs/b.txt'], 10);
		n8n = await startN8n({ userFolder: folder, release });
		({ page, close: closeBrowser } = await openBrowser(n8n));
	});

	afterAll(async () => {
		await closeBrowser();
		await n8n.stop();
		await server.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	const walkNamed = (name: string) => new Walk(page, `first-look-${release}-${name}`);
	const form = () => page.getByTestId('editCredential-modal');
	const field = (name: string) => form().getByTestId(`parameter-input-${name}`);
	const input = (name: string) => field(name).locator('input, textarea').first();
	const save = () => page.getByTestId('credential-save-button');
	const keys = () => {
		const { accessKeyId, secretAccessKey } = server.users.main;
		return { accessKeyId, secretAccessKey };
	};

	/** The fields of a credential's form, without those that n8n adds to all. */
	async function fields(): Promise<string[]> {
		const shown = await form().locator('[data-test-id^="parameter-input-"]:visible').all();
		const ids = await Promise.all(
			shown.map(async (input) => (await input.getAttribute('data-test-id')) ?? ''),
		);
		const names = ids.map((id) => id.replace('parameter-input-', ''));
		return [...new Set(names)].filter(
			(name) => !['field', 'allowedHttpRequestDomains', 'allowedDomains'].includes(name),
		);
	}

	/** From an empty canvas to the form of a new credential, as each release leads there. */
	async function toNewCredential(walk: Walk): Promise<void> {
		await page.goto(`${n8n.url}/workflow/new`);
		const addFirstStep = page.getByTestId('canvas-add-button').getByRole('button').first();
		await addFirstStep.waitFor();
		await walk.picture('1-empty-canvas');
		const found = page.getByTestId('item-iterator-item');
		await walk.click(addFirstStep);
		await page.getByTestId('node-creator-search-bar').fill('amazon s3');
		await found.filter({ hasText: 'Amazon S3' }).first().waitFor();
		await walk.picture('2-search');
		await walk.click(found.filter({ hasText: 'Amazon S3' }).first());
		await walk.click(page.getByText(/^Actions \(/));
		await found.filter({ hasText: 'List objects' }).waitFor();
		await walk.picture('3-actions');
		await walk.click(found.filter({ hasText: 'List objects' }));
		await page.getByTestId('ndv').waitFor();
		await walk.picture('4-node');
		if (release === 'newest') {
			await walk.click(page.getByTestId('node-credentials-empty-state').getByRole('button'));
		} else {
			await walk.click(page.getByTestId('node-credentials-select'));
			await walk.click(page.getByTestId('node-credentials-select-item-new'));
		}
		await form().waitFor();
	}

	it(`a newcomer comes from an empty canvas to the first listed object with ${String(STEPS[release])} clicks and without scrolling`, async () => {
		const walk = walkNamed('walk');
		await toNewCredential(walk);
		expect(await fields()).toEqual([
			'accessKeyId',
			'secretAccessKey',
			'region',
			'endpoint',
			'bucket',
			'moreSettings',
		]);
		await walk.picture('5-credential');
		const { accessKeyId, secretAccessKey } = keys();
		await walk.type(input('accessKeyId'), accessKeyId);
		await walk.type(input('secretAccessKey'), secretAccessKey);
		await walk.type(input('endpoint'), server.endpoint);
		if (release === 'newest') await walk.type(input('bucket'), BUCKET);
		await walk.click(save());
		if (release === 'newest') {
			await form().waitFor({ state: 'hidden' });
		} else {
			await form().getByText('Connection tested successfully').waitFor();
			await walk.picture('6-saved');
			await walk.press('Escape');
			const node = page.getByTestId('ndv');
			await walk.click(node.getByTestId('parameter-input-bucket').getByTestId('rlc-input'));
			await walk.click(page.getByTestId('rlc-item').filter({ hasText: BUCKET }));
		}
		await walk.click(page.getByTestId('node-execute-button'));
		await page.getByText('Node executed successfully').waitFor();
		await walk.picture('7-listed');
		const listed = (await newestExecution(n8n)).itemsOf('List objects');
		expect(listed.map(({ json }) => json.key)).toEqual(['docs/a.txt', 'docs/b.txt']);
		expect(walk.clicks).toBe(STEPS[release]);
	});

	it.each(KINDS)(
		'the form of %s is found by “%s” and has %i fields until More Settings is switched on',
		async (displayName, words, count) => {
			await page.goto(`${n8n.url}/home/credentials/create`);
			const select = page.getByTestId('new-credential-type-select');
			await select.click();
			await select.locator('input').fill(words);
			await page.getByRole('option', { name: displayName, exact: true }).click();
			await page.getByTestId('new-credential-type-button').click();
			await form().waitFor();
			const walk = walkNamed(displayName.replace(/ \(.*/, '').toLowerCase().replaceAll(' ', '-'));
			await walk.picture('first');
			expect(await fields()).toHaveLength(count);
			// Of six fields the five that are to be filled in are seen at once.
			if (count <= 6) await walk.click(input('bucket'));
			await field('moreSettings').locator('.el-switch, [role=switch]').first().click();
			await field('ignoreSslIssues').waitFor();
			expect((await fields()).length).toBeGreaterThan(count + 9);
			await page.setViewportSize({ width: 1440, height: 3200 });
			await page.addStyleTag({ content: WHOLE_DIALOG });
			await walk.picture('all');
			await page.setViewportSize({ width: 1440, height: 900 });
		},
	);

	/** Opens a credential in the editor, which tests it. */
	async function open(id: string): Promise<INodeCredentialTestResult> {
		const tested = page.waitForResponse(/\/rest\/credentials\/test$/);
		await page.goto(`${n8n.url}/home/credentials/${id}`);
		const { data } = (await (await tested).json()) as { data: INodeCredentialTestResult };
		await form().waitFor();
		return data;
	}

	const isOn = async (box: Locator) =>
		(await box.locator('.el-switch.is-checked, [role=switch][aria-checked=true]').count()) > 0;

	it('values that came without More Settings are shown, count, and are kept when the form is saved', async () => {
		const hidden = {
			proxy: 'custom',
			proxyUrl: NOWHERE,
			bucketOnly: true,
			multipartThresholdMb: 7,
		};
		const data = { ...keys(), endpoint: 'http://s3.invalid', bucket: BUCKET, ...hidden };
		const { id } = await n8n.createCredential('By the API', 'amazonS3AccessKeysApi', data);
		const { status, message } = await open(id);
		expect(status).toBe('Error');
		expect(message).toContain('the proxy 127.0.0.1:1 could not be reached');
		expect(await isOn(field('moreSettings'))).toBe(false);
		expect(await fields()).toEqual([
			'accessKeyId',
			'secretAccessKey',
			'region',
			'endpoint',
			'bucket',
			'moreSettings',
			'bucketOnly',
			'multipartThresholdMb',
			'proxy',
			'proxyUrl',
			'proxyUser',
			'proxyPassword',
		]);
		await walkNamed('by-the-api').picture('form');
		await input('bucket').fill('another-bucket');
		const saved = page.waitForResponse(
			(response) =>
				response.request().method() === 'PATCH' && response.url().includes('/credentials/'),
		);
		await save().getByRole('button').click();
		await saved;
		const kept = await n8n.api<{ data: object }>('GET', `/credentials/${id}?includeData=true`);
		expect(kept.data).toMatchObject({ ...hidden, bucket: 'another-bucket' });
	});

	it('n8n’s public API takes a credential with any of the fields, and needs no switch for them', async () => {
		const { rawApiKey } = await n8n.api<{ rawApiKey: string }>('POST', '/api-keys', {
			label: 'test',
			scopes: ['credential:create'],
			expiresAt: null,
		});
		const post = async (data: object) =>
			await fetch(`${n8n.url}/api/v1/credentials`, {
				method: 'POST',
				headers: { 'x-n8n-api-key': rawApiKey, 'content-type': 'application/json' },
				body: JSON.stringify({ name: 'By the public API', type: 'amazonS3AccessKeysApi', data }),
			});
		for (const further of [{}, { bucketOnly: true, bucket: BUCKET }, { proxy: 'none' }]) {
			const response = await post({ ...keys(), endpoint: server.endpoint, ...further });
			expect(`${String(response.status)} ${await response.text()}`).toMatch(/^200 /);
		}
	});
});
