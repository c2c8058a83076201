/** n8n's protection against requests to internal addresses, in everything that sends requests. */
import { createRequire } from 'node:module';

import { readEgress } from '../../credentials/read/readEgress';
import { AmazonS3 } from '../../nodes/AmazonS3/AmazonS3.node';
import { startSts } from '../servers/sts/server';
import { withServer } from '../servers/withServer';
import { putAll } from './bucket';
import { requestWithCredential, runNode, runPicker } from './n8n';

const bucket = 'bucket';
const server = withServer({ buckets: [bucket] });
const { credential } = server;
const REFUSED = 'n8n’s protection of internal addresses (SSRF) does not allow requests to it';

beforeEach(async () => {
	await putAll(credential, bucket, { key: 'text' });
	server.requests.splice(0);
	process.env.N8N_SSRF_PROTECTION_ENABLED = 'true';
});
afterEach(() => {
	Reflect.deleteProperty(process.env, 'N8N_SSRF_PROTECTION_ENABLED');
	Reflect.deleteProperty(process.env, 'N8N_SSRF_ALLOWED_IP_RANGES');
});

const get = () => ({ operation: 'get', bucket, key: 'key', as: 'text' });

it('the node does not ask a server that n8n blocks, and asks one that it allows', async () => {
	const { error } = await runNode({ parameters: get(), credential });
	expect(error?.message).toContain(REFUSED);
	expect(server.requests).toEqual([]);
	process.env.N8N_SSRF_ALLOWED_IP_RANGES = '127.0.0.1/32';
	expect((await runNode({ parameters: get(), credential })).error).toBeUndefined();
	expect(server.requests).toHaveLength(1);
});

it('the pickers do not ask a server that n8n blocks', async () => {
	for (const method of ['searchBuckets', 'searchKeys'] as const) {
		const picked = runPicker(method, { parameters: { bucket }, credential });
		await expect(picked).rejects.toThrow(REFUSED);
	}
	expect(server.requests).toEqual([]);
});

it('the connection test does not ask a server that n8n blocks', async () => {
	const { amazonS3ConnectionTest } = new AmazonS3().methods.credentialTest;
	const result = await amazonS3ConnectionTest.call(undefined as never, {
		id: '1',
		name: 'x',
		type: 'amazonS3AccessKeysApi',
		data: { ...credential, bucket },
	});
	expect(result).toMatchObject({
		status: 'Error',
		message: expect.stringContaining(REFUSED) as string,
	});
	expect(server.requests).toEqual([]);
});

it('the HTTP Request node gets no session of a service that n8n blocks', async () => {
	const roleArn = 'arn:aws:iam::111122223333:role/loader';
	const sts = await startSts({
		region: 'us-east-1',
		users: [server.users.main],
		roles: [{ arn: roleArn, maxSessionDuration: 3600 }],
	});
	try {
		const role = { ...credential, endpoint: sts.endpoint, assumeRole: true, roleArn };
		const request = { method: 'GET', uri: 'https://sqs.us-east-1.amazonaws.com/' };
		const sent = requestWithCredential('requestWithAuthentication', role, request);
		await expect(sent).rejects.toThrow(REFUSED);
		expect(sts.requests).toEqual([]);
	} finally {
		await sts.stop();
	}
});

it('the ranges that are blocked by default are those of n8n', () => {
	// Of the n8n that is installed here, which the package does not depend on.
	const config = createRequire(require.resolve('n8n-core'))('@n8n/config') as {
		SSRF_DEFAULT_BLOCKED_IP_RANGES: string[];
	};
	expect(readEgress()?.blockedRanges).toEqual(config.SSRF_DEFAULT_BLOCKED_IP_RANGES);
});
