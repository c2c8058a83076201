/** Copies on radosgw: between two users, and of what is under a customer's own key. */
import { putUserPolicy } from '../docs/userPolicy';
import { startRadosgw, type Radosgw } from '../servers/radosgw/radosgw';
import { newBucket, putAll, send } from './bucket';
import { runNode, type Credential } from './n8n';

let server: Radosgw;
let main: Credential;
let limited: Credential;
let source: string;
let target: string;

beforeAll(async () => {
	server = startRadosgw({ port: 10750, gibibytes: 1 });
	main = { endpoint: server.endpoint, ...server.users.main };
	limited = { endpoint: server.endpoint, ...server.users.limited };
	source = await newBucket(main);
	target = await newBucket(main);
	await putAll(main, source, { key: 'content' });
	await putUserPolicy(main, policyFor(target, { Action: ['s3:GetObject*', 's3:PutObject*'] }));
}, 60_000);
afterAll(() => server.stop());

const keyOf = (byte: number) => Buffer.alloc(32, byte).toString('base64');

const policyFor = (bucket: string, statement: object) => ({
	Version: '2012-10-17',
	Statement: [{ Effect: 'Allow', Resource: [`arn:aws:s3:::${bucket}/*`], ...statement }],
});

const copy = async (copyOnServer: boolean) =>
	await runNode({
		parameters: {
			resource: 'object',
			operation: 'copy',
			sourceBucket: source,
			sourceKey: 'key',
			bucket: target,
			key: 'copy',
			anotherConnection: true,
			targetAuthentication: 'accessKeys',
			options: { copyOnServer },
		},
		credential: main,
		targetCredential: limited,
	});

it.each([
	['other', { encryption: 'customer', encryptionCustomerKey: keyOf(2) }],
	['none', {}],
])(
	'a copy in parts of an object under a customer’s own key, for which radosgw takes the key of the copy, is streamed: %s',
	async (key, encryption) => {
		const inParts = { multipartThresholdMb: 5, partSizeMb: 5 };
		const content = 'x'.repeat(6 * 1024 * 1024);
		const run = async (operation: string, parameters: object) => {
			const about = { resource: 'object', operation, bucket: source, ...parameters };
			const { outputs, error } = await runNode({ parameters: about, credential: main });
			if (error !== undefined) throw error;
			return outputs[0]?.[0]?.json;
		};
		const own = { encryption: 'customer', encryptionCustomerKey: keyOf(1) };
		await run('put', { key: 'secret', source: 'text', text: content, options: own });
		const options = { sourceEncryptionCustomerKey: keyOf(1), ...encryption, ...inParts };
		const copied = { sourceBucket: source, sourceKey: 'secret', key, options };
		expect(await run('copy', copied)).toMatchObject({ copiedBy: 'stream', parts: 2 });
		const reading = 'encryption' in encryption ? { encryptionCustomerKey: keyOf(2) } : {};
		expect(await run('get', { key, as: 'text', options: reading })).toMatchObject({
			text: content,
		});
		const uploads = await send(main, 'GET', `/${source}?uploads`);
		expect(await uploads.text()).not.toContain('<UploadId>');
	},
);

it.each(['copy', 'move', 'append'])(
	'%s takes no other object for one with a percent sign in its key, as radosgw does for parts',
	async (operation) => {
		const content = (byte: string) => byte.repeat(6 * 1024 * 1024);
		const run = async (name: string, parameters: object) => {
			const about = { resource: 'object', operation: name, bucket: source, ...parameters };
			const { outputs, error } = await runNode({ parameters: about, credential: main });
			if (error !== undefined) throw error;
			return outputs[0]?.[0]?.json;
		};
		const inParts = { multipartThresholdMb: 5, partSizeMb: 5 };
		for (const [key, byte] of [
			['a%20b', 'y'],
			['a b', 'n'],
		] as const) {
			await run('put', { key, source: 'text', text: content(byte) });
		}
		const key = operation === 'append' ? 'a%20b' : operation;
		await (operation === 'append'
			? run(operation, { key, source: 'text', text: '+' })
			: run(operation, { sourceBucket: source, sourceKey: 'a%20b', key, options: inParts }));
		const got = await run('get', { key, as: 'text' });
		expect(got?.text).toBe(content('y') + (operation === 'append' ? '+' : ''));
	},
);

it('Copy On the Server copies with the keys of the second user once the policy of the source lets them read', async () => {
	const refused = await copy(true);
	expect(refused.error?.description).toContain('the identity of the second credential');
	expect((await copy(false)).outputs[0]?.[0]?.json).toMatchObject({ copiedBy: 'stream' });
	const reading = {
		Principal: { AWS: ['arn:aws:iam:::user/limited'] },
		Action: ['s3:GetObject', 's3:GetObjectTagging'],
	};
	const body = JSON.stringify(policyFor(source, reading));
	expect((await send(main, 'PUT', `/${source}?policy`, { body })).ok).toBe(true);
	const { outputs, error } = await copy(true);
	expect(error).toBeUndefined();
	expect(outputs[0]?.[0]?.json).toMatchObject({ bucket: target, copiedBy: 'server', size: 7 });
});
