/** The role of the machine in a real n8n whose owner has not allowed it, and in one whose owner has. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INodeCredentialTestResult } from 'n8n-workflow';
import { startInstanceMetadata } from '../servers/machine/instanceMetadata';
import type { Lender } from '../servers/machine/service';
import { startN8n } from '../servers/n8n/n8n';
import type { N8n } from '../servers/n8n/n8n';
import { inARow, node } from '../servers/n8n/sample';
import { withServer } from '../servers/withServer';

const S3 = 'n8n-nodes-amazon-s3.amazonS3';
const TYPE = 'amazonS3AmbientApi';
const OFF = 'This n8n does not let credentials use the role of the machine that it runs on';
const bucket = 'bucket';
const folder = mkdtempSync(join(tmpdir(), 'n8n-ambient-'));
const server = withServer({ buckets: [bucket] });
let metadata: Lender;
let n8n: N8n | undefined;

beforeAll(async () => {
	metadata = await startInstanceMetadata({
		onSession: (lent) => server.addUser({ name: 'machine', ...lent }),
	});
});
afterEach(async () => {
	await n8n?.stop();
	n8n = undefined;
});
afterAll(async () => {
	await metadata.stop();
	rmSync(folder, { recursive: true, force: true });
});

/** What n8n says when the credential is tested, and when the node and the HTTP Request node use it. */
async function tryAll(env: Record<string, string>) {
	const started = await startN8n({
		userFolder: folder,
		// A proxy that is not there: the metadata service is asked past it.
		env: {
			AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.endpoint,
			HTTP_PROXY: 'http://127.0.0.1:9',
			NO_PROXY: new URL(server.endpoint).host,
			...env,
		},
	});
	n8n = started;
	const data = { source: 'instance', endpoint: server.endpoint, bucket };
	const saved = await started.createCredential('Machine', TYPE, data);
	const stored = await started.api<object>('GET', `/credentials/${saved.id}?includeData=true`);
	const credentials = { credentials: stored };
	const test = await started.api<INodeCredentialTestResult>(
		'POST',
		'/credentials/test',
		credentials,
	);
	const used = { [TYPE]: { id: saved.id, name: saved.name } };
	const start = node('Start', 0, 'n8n-nodes-base.manualTrigger', {});
	const run = async (name: string, type: string, parameters: object, typeVersion: number) =>
		await started.run(
			await started.createWorkflow(
				inARow(name, [start, { ...node('Last', 1, type, parameters, used), typeVersion }]),
			),
		);
	const put = await run(
		'S3',
		S3,
		{ authentication: 'ambient', operation: 'put', key: 'a', source: 'text', text: 'x' },
		1,
	);
	const http = await run(
		'HTTP',
		'n8n-nodes-base.httpRequest',
		{
			url: `${server.endpoint}/${bucket}/a`,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: TYPE,
			options: { response: { response: { responseFormat: 'text' } } },
		},
		4.2,
	);
	return { test, put, http };
}

it('in n8n as it is installed no credential is the machine, and nobody is asked', async () => {
	const { test, put, http } = await tryAll({});
	expect(test).toMatchObject({ status: 'Error', message: expect.stringContaining(OFF) as string });
	expect(put.error?.message).toContain(OFF);
	expect(http.error?.message).toContain(OFF);
	expect(metadata.requests).toEqual([]);
	expect(server.requests).toEqual([]);
});

it('in an n8n whose owner allows it the node and the HTTP Request node work as the machine', async () => {
	const { test, put, http } = await tryAll({ N8N_AWS_SYSTEM_CREDENTIALS_ACCESS_ENABLED: 'true' });
	expect(test).toMatchObject({
		status: 'OK',
		message: expect.stringContaining('Connected as the role of the instance') as string,
	});
	expect(put.error).toBeUndefined();
	expect(http.itemsOf('Last')[0]?.json.data).toBe('x');
	expect(new Set(server.requests.map(({ user }) => user))).toEqual(new Set(['machine']));
	// One for the test, which asks for a new session, and one for both nodes.
	expect(metadata.lent).toHaveLength(2);
});
