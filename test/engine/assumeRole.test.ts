/** Keys that only lend a role: the node works with what STS grants for them. */
import { AmazonS3 } from '../../nodes/AmazonS3/AmazonS3.node';
import type { User } from '../servers/embedded';
import { startGateway, type Gateway } from '../servers/sts/gateway';
import { startSts, type StsServer } from '../servers/sts/server';
import { withServer } from '../servers/withServer';
import { runNode, runPicker, type Credential } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const ROLE_ARN = 'arn:aws:iam::111122223333:role/loader';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket] });
withBinaryStore();
let sts: StsServer;
let gateway: Gateway;
/** What sessions may do; everything unless a test says otherwise. */
let limits: Partial<User> = {};
let credential: Credential;

beforeAll(async () => {
	sts = await startSts({
		region: server.region,
		// who knows nothing of S3 itself
		users: [server.users.limited],
		roles: [{ arn: ROLE_ARN, externalId: 'the-external-id', maxSessionDuration: 3600 }],
		onSession: (lent) => server.addUser({ name: 'loader', ...lent, ...limits }),
	});
	gateway = await startGateway(server.endpoint, sts.endpoint);
	credential = {
		...server.credentialOf(server.users.limited),
		endpoint: gateway.endpoint,
		region: server.region,
		bucket,
		assumeRole: true,
		roleArn: ROLE_ARN,
		externalId: 'the-external-id',
		roleSessionName: 'nightly-load',
		roleDurationSeconds: 1800,
	};
});
afterAll(async () => {
	await gateway.stop();
	await sts.stop();
});

const run = async (operation: string, parameters: object, fields: object = {}, count = 1) =>
	await runNode({
		items: Array.from({ length: count }, (_, n) => ({ json: { n } })),
		parameters: { resource: 'object', operation, ...parameters },
		credential: { ...credential, ...fields },
	});

it('one session serves many items of several executions, with what the credential asks for', async () => {
	const key = '=key/{{ $json.n }}';
	const put = await run('put', { key, source: 'text', text: '={{ $json.n }}' }, {}, 100);
	expect(put.error).toBeUndefined();
	const list = await run('list', { returnAll: true });
	expect(list.outputs[0]).toHaveLength(100);
	const locator = { __rl: true, mode: 'key', value: key };
	const get = await run('get', { key: locator, as: 'text' }, {}, 100);
	expect(get.outputs[0]?.map(({ json }) => json.text)).toEqual(
		Array.from({ length: 100 }, (_, n) => String(n)),
	);
	expect(sts.requests).toEqual([
		{
			Action: 'AssumeRole',
			Version: '2011-06-15',
			RoleArn: ROLE_ARN,
			RoleSessionName: 'nightly-load',
			ExternalId: 'the-external-id',
			DurationSeconds: '1800',
		},
	]);
	const users = new Set(server.requests.slice(-200).map(({ user }) => user));
	expect(users).toEqual(new Set(['loader']));
});

it('a role with another session name has a session of its own', async () => {
	const before = sts.requests.length;
	expect((await run('list', {}, { roleSessionName: 'daily-load' })).error).toBeUndefined();
	expect(sts.requests.slice(before).map(({ RoleSessionName }) => RoleSessionName)).toEqual([
		'daily-load',
	]);
});

it.each([
	[{ externalId: 'wrong' }, /with exactly the external ID .*AccessDenied · 403/],
	[{ externalId: '' }, /if it asks for one, enter it .*AccessDenied · 403/],
	[{ secretAccessKey: 'wrong' }, /Enter the secret access key .*SignatureDoesNotMatch · 403/],
])('the node says what is wrong with %j', async (fields, advice) => {
	const { error } = await run('list', {}, fields);
	expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '403' });
	expect(error?.message).toContain(`Could not assume role “${ROLE_ARN}”`);
	expect(error?.description).toMatch(advice);
	const shown = JSON.stringify(error, Object.getOwnPropertyNames(error));
	expect(shown).not.toContain(credential.secretAccessKey);
});

it('the rules of the credential hold for the role, too', async () => {
	const before = server.requests.length;
	const other = await run('list', { bucket: 'another-bucket' }, { bucketOnly: true });
	expect(other.error?.message).toContain('This credential is only for bucket');
	expect(server.requests).toHaveLength(before);
});

it.each([
	['searchBuckets', {}],
	['searchKeys', { operation: 'get', bucket }],
] as const)(
	'%s says that the role is refused, not that the keys may not list',
	async (list, parameters) => {
		const refused = { ...credential, bucket: '', externalId: 'wrong' };
		await expect(runPicker(list, { parameters, credential: refused })).rejects.toMatchObject({
			message: expect.stringContaining(`Could not assume role “${ROLE_ARN}”`) as string,
			description: expect.stringContaining('with exactly the external ID') as string,
		});
	},
);

it('the first run of a node says what the connection test found of a role that may not list buckets', async () => {
	const fields = { ...credential, bucket: '', multipartThresholdMb: 51 };
	limits = { allow: [{ actions: ['s3:PutObject'], resources: [`${bucket}/*`] }] };
	const { amazonS3ConnectionTest } = new AmazonS3().methods.credentialTest;
	const tested = await amazonS3ConnectionTest.call(undefined as never, {
		id: '1',
		name: 'x',
		type: 'amazonS3AccessKeysApi',
		data: fields,
	});
	expect(tested.message).toContain('may not list buckets');
	const { hints } = await run('put', { bucket, key: 'k', source: 'text', text: 'x' }, fields);
	expect(hints.map(({ message }) => message)).toContainEqual(
		expect.stringContaining('may not list buckets, so the field Bucket has no list'),
	);
	limits = {};
});
