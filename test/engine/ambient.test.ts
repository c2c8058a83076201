/** The role of the machine that n8n runs on, as the node, its connection test and the HTTP Request node use it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AmazonS3 } from '../../nodes/AmazonS3/AmazonS3.node';
import { startContainerAgent, type ContainerAgent } from '../servers/machine/containerAgent';
import { startInstanceMetadata } from '../servers/machine/instanceMetadata';
import type { Lender } from '../servers/machine/service';
import { startSts, type StsOptions, type StsServer } from '../servers/sts/server';
import { withServer } from '../servers/withServer';
import { putAll } from './bucket';
import { requestWithCredential, runNode, runPicker } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const SWITCH = 'N8N_AWS_SYSTEM_CREDENTIALS_ACCESS_ENABLED';
const ROLE = 'arn:aws:iam::111122223333:role/pod';
const OTHER_ROLE = 'arn:aws:iam::111122223333:role/other';
const OFF = 'This n8n does not let credentials use the role of the machine that it runs on';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket], region: 'eu-central-1' });
withBinaryStore();

type Source = 'webIdentity' | 'container' | 'instance';
const sources: Source[] = ['webIdentity', 'container', 'instance'];

const folder = mkdtempSync(join(tmpdir(), 'ambient-'));
const before = { ...process.env };
const users: Array<StsOptions['users'][number]> = [];
let metadata: Lender;
let agent: ContainerAgent;
let sts: StsServer;
let token: string;

beforeEach(async () => {
	const lends = (name: string) => ({
		onSession: (lent: { accessKeyId: string; secretAccessKey: string; sessionToken: string }) => {
			server.addUser({ name, ...lent });
			users.push(lent);
		},
	});
	token = `pod-token-${Math.random()}`;
	metadata = await startInstanceMetadata(lends('instance'));
	agent = await startContainerAgent({ ...lends('container'), token: () => token });
	sts = await startSts({
		region: server.region,
		users,
		roles: [
			{ arn: ROLE, subject: 'pod', maxSessionDuration: 3600 },
			{ arn: OTHER_ROLE, maxSessionDuration: 3600 },
		],
		webIdentities: new Map([[token, 'pod']]),
		...lends('webIdentity'),
	});
	writeFileSync(join(folder, 'token'), `${token}\n`);
	for (const name of Object.keys(process.env)) {
		if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
	}
	Object.assign(process.env, {
		[SWITCH]: 'true',
		AWS_ENDPOINT_URL_STS: sts.endpoint,
		AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.endpoint,
		...environmentOf('webIdentity'),
		...environmentOf('container'),
	});
});
afterEach(async () => {
	for (const name of Object.keys(process.env)) {
		if (name.startsWith('AWS_') || name === SWITCH) Reflect.deleteProperty(process.env, name);
	}
	Object.assign(process.env, before);
	await Promise.all([metadata, agent, sts].map((service) => service.stop()));
});
afterAll(() => {
	rmSync(folder, { recursive: true });
});

function environmentOf(source: Source): Record<string, string> {
	const tokenFile = join(folder, 'token');
	return {
		webIdentity: { AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile },
		container: {
			AWS_CONTAINER_CREDENTIALS_FULL_URI: agent.url,
			AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
		},
		instance: {},
	}[source];
}

/** A credential of another kind has keys; one of this kind has none. */
const credential = (fields: object = {}) => ({
	endpoint: server.endpoint,
	accessKeyId: '',
	secretAccessKey: '',
	region: server.region,
	bucket,
	...fields,
});
const ambient = (parameters: object = {}) => ({
	authentication: 'ambient',
	resource: 'object',
	...parameters,
});
const put = { operation: 'put', key: '={{ $json.n }}', source: 'text', text: 'x' };

async function run(parameters: object, fields: object = {}, count = 1) {
	return await runNode({
		items: Array.from({ length: count }, (_, n) => ({ json: { n } })),
		parameters: ambient(parameters),
		credential: credential(fields),
	});
}

async function save(fields: object, type = 'amazonS3AmbientApi') {
	const { amazonS3ConnectionTest } = new AmazonS3().methods.credentialTest;
	const data = credential(fields);
	return await amazonS3ConnectionTest.call(undefined as never, { id: '1', name: 'x', type, data });
}

/** Requests of all kinds that have left the machine. */
const sent = () =>
	[metadata.requests, agent.requests, sts.requests, server.requests].map(({ length }) => length);
const NOTHING = [0, 0, 0, 0];

describe.each([undefined, 'false'])('with the switch of n8n %j', (value) => {
	beforeEach(() => {
		Reflect.deleteProperty(process.env, SWITCH);
		if (value !== undefined) process.env[SWITCH] = value;
	});

	it.each(['automatic', ...sources])(
		`with the switch ${String(value)} the node sends nothing with the source %s, and says who can allow it`,
		async (source) => {
			const { error } = await run(put, { source });
			expect(error).toMatchObject({ name: 'NodeOperationError' });
			expect(error?.message).toContain(OFF);
			expect(error?.description).toContain(`${SWITCH}=true`);
			expect(sent()).toEqual(NOTHING);
		},
	);

	it(`with the switch ${String(value)} the pickers send nothing`, async () => {
		for (const method of ['searchBuckets', 'searchKeys'] as const) {
			const picked = runPicker(method, {
				parameters: ambient({ bucket }),
				credential: credential(),
			});
			await expect(picked).rejects.toThrow(OFF);
		}
		expect(sent()).toEqual(NOTHING);
	});

	it.each(['amazonS3AmbientApi', 'amazonS3TargetAmbientApi'])(
		`with the switch ${String(value)} the connection test of %s sends nothing`,
		async (type) => {
			const { status, message } = await save({}, type);
			expect(status).toBe('Error');
			expect(message).toContain(OFF);
			expect(message).toContain(`${SWITCH}=true`);
			expect(sent()).toEqual(NOTHING);
		},
	);

	it.each(['requestWithAuthentication', 'httpRequestWithAuthentication'] as const)(
		`with the switch ${String(value)} %s of the HTTP Request node sends nothing`,
		async (helper) => {
			const url = `${server.endpoint}/${bucket}`;
			const request = { method: 'GET', uri: url, url };
			const response = requestWithCredential(helper, credential(), request, 'ambient');
			await expect(response).rejects.toThrow(OFF);
			expect(sent()).toEqual(NOTHING);
		},
	);

	it(`with the switch ${String(value)} a role is not assumed as the machine either`, async () => {
		const { error } = await run(put, { moreSettings: true, assumeRole: true, roleArn: OTHER_ROLE });
		expect(error?.message).toContain(OFF);
		expect(sent()).toEqual(NOTHING);
	});
});

it.each(sources)('many items of the node work with one session of %s', async (source) => {
	const { error, outputs } = await run(put, { source }, 50);
	expect(error).toBeUndefined();
	expect(outputs[0]).toHaveLength(50);
	expect(new Set(server.requests.map(({ user }) => user))).toEqual(new Set([source]));
	const lent = { webIdentity: sts.lent, container: agent.lent, instance: metadata.lent };
	expect(lent[source]).toHaveLength(1);
});

it.each<[Source, Source[]]>([
	['webIdentity', []],
	['container', ['webIdentity']],
	['instance', ['webIdentity', 'container']],
])('the automatic source is %s if the environment has nothing of %j', async (source, without) => {
	for (const name of without.flatMap((one) => Object.keys(environmentOf(one)))) {
		Reflect.deleteProperty(process.env, name);
	}
	expect((await run(put)).error).toBeUndefined();
	expect(server.requests[0]?.user).toBe(source);
});

it('a source that fails is not replaced by the next one', async () => {
	rmSync(join(folder, 'token'));
	const { error } = await run(put);
	expect(error?.message).toContain('the token file');
	expect(sent()).toEqual(NOTHING);
});

it('the role of the machine assumes another role', async () => {
	const role = { source: 'instance', moreSettings: true, assumeRole: true, roleArn: OTHER_ROLE };
	expect((await run(put, role)).error).toBeUndefined();
	expect(metadata.lent).toHaveLength(1);
	expect(sts.lent).toMatchObject([{ roleArn: OTHER_ROLE }]);
	expect(server.requests.at(-1)?.user).toBe('webIdentity');
});

it.each<[Source, string]>([
	['webIdentity', `role ${ROLE}`],
	['container', 'the role of the container'],
	['instance', 'the role of the instance'],
])('the connection test works with a new session of %s, and says so', async (source, who) => {
	await run(put, { source });
	expect(await save({ source })).toEqual({
		status: 'OK',
		message: `Connected as ${who} at ${server.endpoint}: the objects of bucket “${bucket}” can be listed. Reading and writing them was not tested.`,
	});
	const lent = { webIdentity: sts.lent, container: agent.lent, instance: metadata.lent };
	expect(lent[source]).toHaveLength(2);
});

it.each(['requestWithAuthentication', 'httpRequestWithAuthentication'] as const)(
	'%s of the HTTP Request node signs as the machine',
	async (helper) => {
		const url = `${server.endpoint}/${bucket}`;
		const request = { method: 'GET', uri: url, url, qs: { 'list-type': '2' } };
		const fields = credential({ source: 'container' });
		const response = await requestWithCredential(helper, fields, request, 'ambient');
		expect(response).toContain('<ListBucketResult');
		expect(server.requests[0]?.user).toBe('container');
	},
);

it('an endpoint that is link-local is refused to the role of the machine as well', async () => {
	const endpoint = 'http://169.254.169.254';
	const { error } = await run(put, { source: 'instance', endpoint });
	expect(error?.message).toContain('link-local addresses are never asked');
});

it('a copy goes to a connection with the role of the machine', async () => {
	await putAll({ ...server.credential, region: server.region }, bucket, { a: 'x' });
	const { error } = await runNode({
		parameters: {
			resource: 'object',
			operation: 'copy',
			sourceKey: { __rl: true, mode: 'key', value: 'a' },
			key: 'b',
			anotherConnection: true,
			targetAuthentication: 'ambient',
		},
		credential: { ...server.credential, region: server.region, bucket },
		targetCredential: credential({ source: 'container' }),
	});
	expect(error).toBeUndefined();
	expect(server.requests.some(({ user }) => user === 'container')).toBe(true);
});
