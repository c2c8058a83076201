/** Upload forms of the node, used by curl and by plain `fetch`. */
import { exec } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withServer } from '../servers/withServer';
import { send } from './bucket';
import { runNode } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const server = withServer({ bucketsOfEachTest: [bucket], bucketOfCredential: bucket });
withBinaryStore();
let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'forms-'));
	await writeFile(join(folder, 'FILE'), 'hello');
});
afterAll(() => rm(folder, { recursive: true }));

const getForm = async (parameters: object, fields: object = {}) =>
	await runNode({
		parameters: { resource: 'object', operation: 'getPresignedPost', ...parameters },
		credential: { ...server.credential, ...fields },
	});

interface FormItem {
	url: string;
	fields: Record<string, string>;
	html: string;
	curl: string;
	expiresAt: string;
	cors: string;
	cappedBy?: string;
}

const formOf = async (...run: Parameters<typeof getForm>): Promise<FormItem> => {
	const { outputs, error } = await getForm(...run);
	if (error !== undefined) throw error;
	return outputs[0]?.[0]?.json as unknown as FormItem;
};

const shell = async (command: string) =>
	(await promisify(exec)(`${command} --silent --show-error`, { cwd: folder })).stdout;

const typeOf = async (key: string) =>
	(await send(server.credential, 'HEAD', `/${bucket}/${key}`)).headers.get('content-type');

it('the command of a form uploads a file, and no request is made before', async () => {
	const form = await formOf({ key: "it's $(new) ü.txt" });
	expect(Object.keys(form)).toEqual(['url', 'fields', 'html', 'curl', 'expiresAt', 'cors']);
	expect(server.requests).toEqual([]);
	expect(await shell(form.curl)).toContain('<PostResponse');
	expect(server.requests).toMatchObject([{ key: "it's $(new) ü.txt", bytesReceived: 5 }]);
});

it('a form goes to the public endpoint that the node names', async () => {
	const options = { publicEndpoint: 'https://files.example.com' };
	expect((await formOf({ key: 'a', options })).url).toBe(`https://files.example.com/${bucket}/`);
});

it('a form with a prefix names the file after what is uploaded', async () => {
	const form = await formOf({ keyPrefix: 'in/' });
	await shell(form.curl);
	expect(server.store.bucket(bucket).get('in/FILE')).toBeDefined();
});

it('the options of a form are conditions that the server holds', async () => {
	const options = {
		minSize: 1,
		maxSize: 4,
		contentType: 'text/csv',
		metadata: { entry: [{ name: 'from', value: 'n8n' }] },
		successRedirect: 'https://example.com/thanks',
	};
	const form = await formOf({ key: 'key', options });
	expect(form.fields).toMatchObject({
		key: 'key',
		'Content-Type': 'text/csv',
		success_action_redirect: 'https://example.com/thanks',
		'x-amz-meta-from': 'n8n',
	});
	expect(await shell(form.curl)).toContain('EntityTooLarge');
	await writeFile(join(folder, 'FILE'), 'tiny');
	await shell(form.curl);
	expect(server.requests.at(-1)?.status).toBe(303);
	expect(await typeOf('key')).toBe('text/csv');
});

it('a form for several types has the field in its command and its page', async () => {
	const form = await formOf({ key: 'key', options: { contentType: 'text/*' } });
	expect(Object.keys(form.fields)).not.toContain('Content-Type');
	expect(form.html).toContain('name="Content-Type"');
	await shell(form.curl.replace('TYPE', 'csv'));
	expect(await typeOf('key')).toBe('text/csv');
});

it('a form without a key or a prefix is refused', async () => {
	const { error } = await getForm({});
	expect(error?.message).toBe('Neither a key nor a key prefix is given');
	const nothing = await getForm({ key: '={{ $json.nope }}', keyPrefix: 'in/' });
	expect(nothing.error?.message).toContain('The expression of Key gave nothing for this item');
});

it('a form has the limits of the credential, and its public endpoint', async () => {
	const { error } = await getForm({ key: 'key' }, { privacyLevel: 'private' });
	expect(error?.message).toContain('The Privacy Level of this credential is private');
	const fields = { privacyLevel: 'organizational', publicEndpoint: 'https://files.example.com' };
	const form = await formOf({ key: 'key', expiresIn: 86_400 }, fields);
	expect(form).toMatchObject({
		url: 'https://files.example.com/bucket/',
		cappedBy: 'privacyLevel',
	});
	const elsewhere = await getForm({ bucket: 'other', key: 'key' }, { bucketOnly: true });
	expect(elsewhere.error?.message).toContain('only for bucket “bucket”');
});

it('no part of a form holds the secret key', async () => {
	const form = await formOf({ key: 'key' });
	const policy = Buffer.from(form.fields.policy ?? '', 'base64').toString();
	expect(JSON.stringify([form, policy])).not.toContain(server.credential.secretAccessKey);
	expect(JSON.parse(form.cors)).toMatchObject([{ AllowedMethods: ['POST'] }]);
});

it('a form whose keys are temporary comes with a hint', async () => {
	const keys = { temporaryCredentials: true, sessionToken: 'token' };
	const { hints } = await getForm({ key: 'key' }, keys);
	expect(hints).toMatchObject([{ message: expect.stringContaining('temporary') as string }]);
});
