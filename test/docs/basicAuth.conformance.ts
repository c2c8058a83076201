/** The nginx of docs/basic-auth.md, as it stands there, between n8n and an S3 server. */
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { AmazonS3 } from '../../nodes/AmazonS3/AmazonS3.node';
import { newBucket, send } from '../engine/bucket';
import {
	contentOf,
	removeBinaryStore,
	runNode,
	startBinaryStore,
	storedFile,
	type Credential,
	type RunResult,
} from '../engine/n8n';
import { externalServer } from '../servers/external';
import { startNginx, type Nginx } from '../servers/nginx/nginx';
import { startRadosgw } from '../servers/radosgw/radosgw';
import { issue } from '../servers/rolesAnywhere/authority';
import type { TestServer } from '../servers/TestServer';
import { blockWith, readDoc, rowsUnder } from './page';

const PASSWORD = 'pass word: “ü” %41+&';
const MIB = 1024 * 1024;

const page = readDoc('basic-auth.md');
const authority = issue({ name: 'Company CA', ca: true });
const certificate = issue({ name: 'gateway', hosts: ['127.0.0.1'] }, authority);

const started: (() => Promise<void>)[] = [];
let server: TestServer;
let owner: Credential;
let bucket: string;
let nginx: Nginx;
let credential: Credential;

beforeAll(async () => {
	await startBinaryStore('filesystem');
	started.push(removeBinaryStore);
	server = externalServer() ?? startRadosgw({ port: 8850, gibibytes: 1 });
	started.push(() => server.stop());
	owner = { ...server.users.main, endpoint: server.endpoint };
	bucket = await newBucket(owner);
	const policy = blockWith(page, 'json', 's3:ListBucket')
		.replaceAll('BUCKET', bucket)
		.replace('192.0.2.10/32', '127.0.0.1/32');
	await send(owner, 'PUT', `/${bucket}?policy`, { body: policy });
	nginx = await startNginx(siteOfPage);
	started.push(() => nginx.stop());
	credential = {
		endpoint: `https://127.0.0.1:${String(nginx.port)}`,
		username: 'n8n',
		password: PASSWORD,
		scheme: 'http',
		caCertificate: authority.pem,
		multipartThresholdMb: 5,
		bucket,
	} as unknown as Credential;
}, 60_000);
// What was started ends, whatever could not be started after it.
afterAll(async () => {
	for (const stop of started.reverse()) await stop();
});

/** The site of the page with a password file, made by the command of the page. */
async function siteOfPage({ folder, port }: { folder: string; port: number }): Promise<string> {
	await writeFile(join(folder, 's3.crt'), certificate.pem);
	await writeFile(join(folder, 's3.key'), certificate.keyPem);
	// `-i` takes the password from a program, where the page lets a person type it.
	const [command = '', ...options] = commandWith('htpasswd').split(' ').slice(0, -2);
	const file = join(folder, 's3.htpasswd');
	execFileSync(command, [...options, '-i', file, 'n8n'], { input: PASSWORD, stdio: 'pipe' });
	return blockWith(page, 'nginx', 'proxy_pass')
		.replace('listen 443 ssl', `listen 127.0.0.1:${String(port)} ssl`)
		.replace('127.0.0.1:9000', new URL(server.endpoint).host)
		.replaceAll('/etc/nginx/', `${folder}/`);
}

function commandWith(program: string): string {
	const lines = blockWith(page, 'sh', `${program} -`).split('\n');
	return lines.find((line) => line.startsWith(program)) ?? '';
}

const run = async (operation: string, parameters: object, changes: object = {}) =>
	await runNode({
		items: [{ json: {}, ...(changes as { binary?: never }) }],
		parameters: { authentication: 'basicAuth', resource: 'object', operation, ...parameters },
		credential,
	});

async function save(fields: object) {
	const { amazonS3ConnectionTest } = new AmazonS3().methods.credentialTest;
	const data = { ...credential, ...fields };
	const saved = { id: '1', name: 'x', type: 'amazonS3BasicAuthApi', data };
	return await amazonS3ConnectionTest.call(undefined as never, saved);
}

describe('an nginx that asks for user name and password', () => {
	it('the password file of nginx does not show the password', async () => {
		const file = await readFile(join(nginx.folder, 's3.htpasswd'), 'utf8');
		expect(file).toMatch(/^n8n:\$2y\$/);
	});

	it('nginx is in front of a server that takes nothing else without a signature', async () => {
		const other = await newBucket(owner);
		const { error } = await run('list', { bucket: other });
		expect(error?.message).toMatch(/access denied/i);
	});

	it.each([
		'plain.txt',
		'with blanks /  and two.txt',
		'a//b',
		'/leading',
		'//two leading',
		'trailing/',
		'100%',
		'%41%2F%2e%2E/%00',
		'a+b&c=d?e#f;g',
		'😀/grüße/日本語',
		'..',
		'../up',
		'a/../b',
		'a/./b',
		'.',
		'"quotes" \'and\' <brackets> \\ back',
		'line\nbreak\ttab',
	])('nginx keeps the key %j in Put, List and Get', async (key) => {
		const put = await run('put', { key, source: 'text', text: `content of ${key}` });
		expect(put.error).toBeUndefined();
		expect(put.outputs[0]?.[0]?.json).toMatchObject({ bucket, key });
		const list = await run('list', { prefix: key, returnAll: true });
		expect(list.outputs[0]?.map(({ json }) => json.key)).toContain(key);
		const get = await run('get', { key, as: 'text' });
		expect(get.error).toBeUndefined();
		expect(get.outputs[0]?.[0]?.json).toMatchObject({ key, text: `content of ${key}` });
	});

	it('nginx passes a large file on in parts, and back', async () => {
		const content = Buffer.alloc(21 * MIB + 3, 'some words, 251 times');
		const data = await storedFile(content);
		const put = await run('put', { key: 'large' }, { binary: { data } });
		expect(put.error).toBeUndefined();
		expect(put.outputs[0]?.[0]?.json).toMatchObject({ size: content.length, parts: 3 });
		const get = await run('get', { key: 'large' });
		expect((await contentOf(get.outputs[0]?.[0]?.binary?.data)).equals(content)).toBe(true);
	});

	it('nginx passes metadata on whatever its names are', async () => {
		const values = { 'with.dot': 'a', with_underscore: 'b' };
		const entry = Object.entries(values).map(([name, value]) => ({ name, value }));
		const options = { metadata: { entry } };
		const put = await run('put', { key: 'metadata', source: 'text', text: 'x', options });
		expect(put.error).toBeUndefined();
		const get = await run('get', { key: 'metadata' });
		// Ceph makes dashes of underscores.
		const metadata = Object.entries(get.outputs[0]?.[0]?.json.metadata ?? {});
		const names = metadata.map(([name, value]) => [name.replace('-', '_'), value as string]);
		expect(Object.fromEntries(names)).toEqual(values);
	});

	it('nginx may work below a prefix alone, with the policy for that of docs/access-keys.md', async () => {
		const other = await newBucket(owner);
		const policy = blockWith(readDoc('access-keys.md'), 'json', 's3:prefix')
			.replaceAll('BUCKET', other)
			.replaceAll('"Effect": "Allow",', '"Effect": "Allow", "Principal": "*",');
		await send(owner, 'PUT', `/${other}?policy`, { body: policy });
		const what = { bucket: other, source: 'text', text: 'x' };
		const results = [
			await run('put', { ...what, key: 'reports/a' }),
			await run('list', { ...what, prefix: 'reports/' }),
			await run('get', { ...what, key: 'reports/a' }),
			await run('put', { ...what, key: 'a' }),
			await run('list', what),
			await run('list', { ...what, prefix: 'report' }),
		];
		const denied = results.map(
			({ error }) => error?.description?.includes('AccessDenied') ?? false,
		);
		expect(denied).toEqual([false, false, false, true, true, true]);
		const { message } = await save({ bucket: other });
		expect(message).toContain('access denied, although the keys are valid');
	});

	it('the connection test passes through nginx with the right password', async () => {
		expect(await save({})).toMatchObject({ status: 'OK' });
	});

	it.each([
		['a wrong password', { password: 'wrong' }],
		['an unknown user', { username: 'nobody' }],
	])('the failure says that nginx responds with 401 to %s', async (_what, fields) => {
		const { status, message } = await save(fields);
		expect(status).toBe('Error');
		expect(message).toMatch(/the server does not accept these credentials.*user name.*401/);
		expect(message).not.toContain(PASSWORD);
	});
});

describe('the table of what does not work', () => {
	const seen = rowsUnder(page, 'Message').map(([message = '']) =>
		message.split(/\*(?:, )?/).slice(1),
	);
	const list = async () => await run('list', {});
	const putLarge = async () =>
		await run('put', { key: 'a', source: 'text', text: 'x'.repeat(2 * MIB) });

	it.each<[string, number, (site: string) => string, () => Promise<RunResult>]>([
		['no password file', 2, (site) => site.replace('s3.htpasswd', 'missing'), list],
		['no S3 server', 4, (site) => site.replace(/server 127[.:\d]+/, 'server 127.0.0.1:1'), list],
		['no word on sizes', 5, (site) => site.replace('client_max_body_size 0;', ''), putLarge],
	])(
		'the table of what does not work says what is seen with %s',
		async (_what, row, change, work) => {
			const broken = await startNginx(async (at) => change(await siteOfPage(at)));
			const { endpoint } = credential;
			credential.endpoint = `https://127.0.0.1:${String(broken.port)}`;
			const { error } = await work();
			credential.endpoint = endpoint;
			await broken.stop();
			const [message, status] = seen[row] ?? [];
			expect(error?.message).toContain(message);
			expect(error?.description).toContain(status);
		},
	);

	it('the table of what does not work says what is seen with a key that leads above the root', async () => {
		const { error } = await run('put', { key: '../../a', source: 'text', text: 'x' });
		expect(error?.message).toContain('../../a');
		expect(error?.message).toContain(seen[6]?.[0]);
	});
});
