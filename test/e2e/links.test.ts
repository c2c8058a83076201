/** Links and upload forms of a real n8n, in a browser and with curl, which reach the S3 server through nginx and by another name. */
import { exec } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { send } from '../engine/bucket';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import type { N8n } from '../servers/n8n/n8n';
import { BUCKET, connectionData, inARow, node } from '../servers/n8n/sample';
import { sharedN8n } from '../servers/n8n/shared';
import { startNginx } from '../servers/nginx/nginx';
import type { Nginx } from '../servers/nginx/nginx';

const MiB = 1024 * 1024;
const HOST = 'files.example.com';
const FILE_NAME = 'Rechnung März “1”.txt';
const folder = mkdtempSync(join(tmpdir(), 'n8n-links-'));

interface LinkItem {
	url: string;
	headers: Record<string, string>;
	html: string;
	curl: string;
}

let server: EmbeddedServer;
let nginx: Nginx;
let n8n: N8n;
let browser: Browser;
let page: Page;
/** The item of each node of the workflow. */
let itemOf: (name: string) => LinkItem;

const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
	server = await startEmbedded({ directory: join(folder, 's3') });
	stops.push(() => server.stop());
	server.store.makeBucket(BUCKET);
	nginx = await startNginx(async ({ port }) => await Promise.resolve(siteAt(port)));
	stops.push(() => nginx.stop());
	n8n = await sharedN8n();
	stops.push(() => n8n.stop());
	itemOf = await runLinks();
	browser = await chromium.launch({
		executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', `--host-resolver-rules=MAP ${HOST} 127.0.0.1`],
		// Without a locale of UTF-8, Chromium saves a name beyond ASCII as “download”.
		env: { ...process.env, LC_ALL: 'C.UTF-8' },
	});
	stops.push(() => browser.close());
	page = await browser.newPage();
});

afterAll(async () => {
	for (const stop of stops.reverse()) await stop();
	rmSync(folder, { recursive: true, force: true });
});

/** As docs/links.md says that a proxy has to hand requests on, and a page of its own. */
const siteAt = (port: number): string => `
server {
	listen 127.0.0.1:${port};
	server_name ${HOST};
	client_max_body_size 0;
	proxy_request_buffering off;
	location = /page { default_type text/html; return 200 "<title>page</title>"; }
	location / { proxy_pass ${server.endpoint}; proxy_set_header Host $http_host; }
}`;

/** Runs a workflow that makes all links and forms, with a credential whose public endpoint is nginx. */
async function runLinks(): Promise<typeof itemOf> {
	const { amazonS3AccessKeysApi } = connectionData(server);
	const publicEndpoint = `http://${HOST}:${nginx.port}`;
	const fields = { ...amazonS3AccessKeysApi, publicEndpoint };
	const id = await n8n.createCredential('S3', 'amazonS3AccessKeysApi', fields);
	const operation = (name: string, column: number, parameters: object) =>
		node(
			name,
			column,
			'n8n-nodes-amazon-s3.amazonS3',
			{
				authentication: 'accessKeys',
				resource: 'object',
				bucket: { __rl: true, mode: 'name', value: BUCKET },
				...parameters,
			},
			{ amazonS3AccessKeysApi: id },
		);
	const link = (key: string, method: string, options: object) => ({
		operation: 'getPresignedUrl',
		key: { __rl: true, mode: 'key', value: key },
		method,
		options,
	});
	const form = (key: string, options: object) => ({ operation: 'getPresignedPost', key, options });
	const workflow = await n8n.createWorkflow(
		inARow('Links', [
			node('Start', 0, 'n8n-nodes-base.manualTrigger', {}),
			operation('Download', 1, link('there', 'GET', { fileName: FILE_NAME })),
			operation('Upload', 2, link('uploaded', 'PUT', { contentType: 'text/csv' })),
			operation('Form', 3, form('large', { maxSize: 300 * MiB, contentType: '*/*' })),
			operation('Small', 4, form('small', { maxSize: MiB })),
			operation('Command', 5, form('by curl', { maxSize: MiB, contentType: 'text/plain' })),
		]),
	);
	const execution = await n8n.run(workflow);
	expect(execution.error).toBeUndefined();
	return (name) => execution.itemsOf(name)[0]?.json as unknown as LinkItem;
}

const credential = () => {
	const { accessKeyId, secretAccessKey } = server.users.main;
	return { endpoint: server.endpoint, accessKeyId, secretAccessKey };
};

/** Makes a file that takes no room on the disk. */
async function sparseFile(name: string, size: number): Promise<string> {
	const path = join(folder, name);
	const file = await open(path, 'w');
	await file.truncate(size);
	await file.close();
	return path;
}

/** Chooses a file in a form, sends it, and gives the status and the words of the server. */
async function submit({ html, url }: LinkItem, path: string): Promise<[number, string]> {
	// The response to the form before is XML, which cannot become a page.
	await page.goto('about:blank');
	await page.setContent(html);
	await page.locator('input[type=file]').setInputFiles(path);
	const responded = page.waitForResponse(url, { timeout: 120_000 });
	await page.getByRole('button', { name: 'Upload' }).click({ noWaitAfter: true });
	const response = await responded;
	return [response.status(), await response.text()];
}

it('a browser saves what a link leads to under a name beyond ASCII', async () => {
	await send(credential(), 'PUT', `/${BUCKET}/there`, { body: 'content' });
	const { url } = itemOf('Download');
	expect(new URL(url).hostname).toBe(HOST);
	await page.setContent(`<a href="${url.replaceAll('&', '&amp;')}">download</a>`);
	const downloading = page.waitForEvent('download');
	await page.getByText('download').click();
	const download = await downloading;
	expect(download.suggestedFilename()).toBe(FILE_NAME);
	expect(await readFile(await download.path(), 'utf8')).toBe('content');
});

it('a script of a page uploads to a link with the headers that come with it, and not without', async () => {
	await page.goto(`http://${HOST}:${nginx.port}/page`);
	const { url, headers } = itemOf('Upload');
	const put = async (sent: Record<string, string>) =>
		await page.evaluate(
			async ([link, toSend]) => {
				const body = new Blob(['a,b\n']);
				return (await fetch(link, { method: 'PUT', headers: toSend, body })).status;
			},
			[url, sent] as const,
		);
	expect(await put({})).toBe(403);
	expect(await put(headers)).toBe(200);
	const { headers: stored } = await send(credential(), 'HEAD', `/${BUCKET}/uploaded`);
	expect(stored.get('content-type')).toBe('text/csv');
});

it('a form uploads a file of 200 MiB with its type', async () => {
	const [status, text] = await submit(itemOf('Form'), await sparseFile('film.mp4', 200 * MiB));
	expect(status).toBe(201);
	expect(text).toContain('<Key>large</Key>');
	const { headers } = await send(credential(), 'HEAD', `/${BUCKET}/large`);
	expect(headers.get('content-length')).toBe(String(200 * MiB));
	expect(headers.get('content-type')).toBe('video/mp4');
});

it('a form for small files sends a large one, and the server refuses it', async () => {
	const path = join(folder, 'large.txt');
	await writeFile(path, Buffer.alloc(2 * MiB, 'x'));
	const [status, text] = await submit(itemOf('Small'), path);
	expect(status).toBe(400);
	expect(text).toContain('<Code>EntityTooLarge</Code>');
	await expect(send(credential(), 'HEAD', `/${BUCKET}/small`)).rejects.toThrow('404');
});

it('curl uploads by a link and by the command of a form, and downloads by a link', async () => {
	await writeFile(join(folder, 'FILE'), 'a,b\n');
	await send(credential(), 'PUT', `/${BUCKET}/there`, { body: 'content' });
	const curl = async (command: string) => {
		const where = `--silent --show-error --resolve ${HOST}:${nginx.port}:127.0.0.1`;
		return (await promisify(exec)(`${command} ${where}`, { cwd: folder })).stdout;
	};
	const { url, headers } = itemOf('Upload');
	const sent = Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`);
	expect(await curl(`curl -T FILE '${url}'`)).toContain('<Code>SignatureDoesNotMatch</Code>');
	expect(await curl(`curl -T FILE ${sent.join(' ')} '${url}'`)).toBe('');
	expect(await curl(itemOf('Command').curl)).toContain('<Key>by curl</Key>');
	expect(await curl(`curl '${itemOf('Download').url}'`)).toBe('content');
	for (const [key, type] of [
		['uploaded', 'text/csv'],
		['by%20curl', 'text/plain'],
	] as const) {
		const { headers: stored } = await send(credential(), 'HEAD', `/${BUCKET}/${key}`);
		expect([stored.get('content-type'), stored.get('content-length')]).toEqual([type, '4']);
	}
});
