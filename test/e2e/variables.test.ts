/** The ways to name a bucket only once, as docs/variables.md has them, in a real n8n without a licence. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import type { Release } from '../servers/n8n/install';
import { startN8n } from '../servers/n8n/n8n';
import type { Execution, N8n } from '../servers/n8n/n8n';
import { BUCKET, OTHER_BUCKET, connectionData, inARow, node } from '../servers/n8n/sample';

const S3 = 'n8n-nodes-amazon-s3.amazonS3';
const TYPE = 'amazonS3AccessKeysApi';
const KEYS = ['reports/a.txt', 'reports/b.txt'];
/** What would be found if the bucket of the credential stood in. */
const OF_CREDENTIAL = 'of the credential.txt';

const set = (name: string, column: number, fields: object): Partial<INode> => ({
	...node(name, column, 'n8n-nodes-base.set', {
		mode: 'raw',
		jsonOutput: JSON.stringify(fields),
		options: {},
	}),
	typeVersion: 3.4,
});

describe.each<Release>(['newest', 'oldest'])('the %s n8n', (release) => {
	let folder: string;
	let server: EmbeddedServer;
	let n8n: N8n;

	const start = async (isEnvBlocked: boolean): Promise<void> => {
		const env = { N8N_BLOCK_ENV_ACCESS_IN_NODE: String(isEnvBlocked), S3_TEST_BUCKET: BUCKET };
		n8n = await startN8n({ userFolder: folder, release, env });
	};

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), 'n8n-variables-'));
		server = await startEmbedded();
		for (const bucket of [BUCKET, OTHER_BUCKET]) server.store.makeBucket(bucket);
		server.store.putMany(BUCKET, [...KEYS, 'else.txt'], 10);
		server.store.putMany(OTHER_BUCKET, [OF_CREDENTIAL], 10);
		await start(false);
	});

	afterAll(async () => {
		await n8n.stop();
		await server.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	/** Lists in a workflow whose node “Config” holds bucket and prefix, with another node between it and List. */
	async function list(
		bucket: string,
		prefix = '',
		settings: object = { bucket: OTHER_BUCKET },
	): Promise<Execution> {
		const data = { ...connectionData(server)[TYPE], ...settings };
		const credentials = { [TYPE]: await n8n.createCredential('S3', TYPE, data) };
		const nodes = [
			node('Start', 0, 'n8n-nodes-base.manualTrigger', {}),
			set('Config', 1, { bucket: BUCKET, folder: 'reports/' }),
			set('Customer', 2, { customer: BUCKET }),
			node(
				'List',
				3,
				S3,
				{
					authentication: 'accessKeys',
					resource: 'object',
					operation: 'list',
					bucket: { __rl: true, mode: 'name', value: bucket },
					prefix,
					returnAll: true,
					output: 'items',
					options: {},
				},
				credentials,
			),
		];
		return await n8n.run(await n8n.createWorkflow(inARow('Variables', nodes)));
	}

	const listed = (execution: Execution) => {
		expect(execution.error).toBeUndefined();
		return execution.itemsOf('List').map(({ json }) => json.key);
	};

	it('an empty field takes the bucket of the credential', async () => {
		expect(listed(await list(''))).toEqual([OF_CREDENTIAL]);
	});

	it('a node called Config gives bucket and prefix to a later node, with another node between them', async () => {
		const config = "$('Config').first().json";
		const execution = await list(`={{ ${config}.bucket }}`, `={{ ${config}.folder }}`);
		expect(listed(execution)).toEqual(KEYS);
	});

	it('a credential takes its bucket from the item', async () => {
		const execution = await list('', 'reports/', { bucket: '={{ $json.customer }}' });
		expect(listed(execution)).toEqual(KEYS);
	});

	it('a field of the credential whose expression gives nothing is an error that names it', async () => {
		const { error } = await list(BUCKET, '', { accessKeyId: '={{ $json.missing }}' });
		expect(error?.message).toBe('The expression of Access Key ID in the credential gave nothing');
		expect(error?.description).toContain('Correct the expression');
	});

	it.each(["={{ '' }}", '={{ $vars.endpoint }} ', '={{ $vars.endpoint || null }}'])(
		'an endpoint of the credential whose expression gives nothing does not become AWS: %j',
		async (endpoint) => {
			const { error } = await list(BUCKET, '', { endpoint });
			expect(error?.message).toBe('The expression of Endpoint in the credential gave nothing');
		},
	);

	it('a variable of n8n is empty without a licence, and the node says so instead of taking the bucket of the credential', async () => {
		const execution = await list('={{ $vars.bucket }}');
		expect(execution.itemsOf('List')).toEqual([]);
		expect(execution.error?.message).toBe(
			'The expression of Bucket gave nothing for this item: "{{ $vars.bucket }}"',
		);
		expect(execution.error?.description).toBe('Correct the expression, or leave Bucket empty.');
	});

	it('a variable of the machine names the bucket where the owner of n8n allows it', async () => {
		expect(listed(await list('={{ $env.S3_TEST_BUCKET }}', 'reports/'))).toEqual(KEYS);
	});

	it('a variable of the machine is an error where the owner of n8n does not allow it', async () => {
		await n8n.stop();
		await start(true);
		const execution = await list('={{ $env.S3_TEST_BUCKET }}');
		expect(execution.itemsOf('List')).toEqual([]);
		expect(execution.error?.message).toContain('access to env vars denied');
	});
});
