/** A real n8n in queue mode: the main process hands executions to a worker, through a real Redis. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import { keyBytes } from '../servers/embedded/store';
import { startN8n } from '../servers/n8n/n8n';
import type { N8n } from '../servers/n8n/n8n';
import type { N8nProcess } from '../servers/n8n/process';
import { BUCKET, connectionData, inARow, node, objectNode } from '../servers/n8n/sample';
import { startWorker } from '../servers/n8n/worker';
import type { Program } from '../servers/program';
import { startRedis } from '../servers/redis/redis';
import { startSqs } from '../servers/sqs/server';
import type { SqsServer } from '../servers/sqs/server';

const QUEUES = ['succeeds', 'fails', 'later', 'killed'];
const folder = mkdtempSync(join(tmpdir(), 'n8n-workers-'));

let redis: Program;
let server: EmbeddedServer;
let sqs: SqsServer;
let n8n: N8n;
let worker: N8nProcess;
let env: Record<string, string>;
/** One pair of keys for S3 and SQS. */
let credentials: object;

beforeAll(async () => {
	server = await startEmbedded({ directory: join(folder, 's3') });
	server.store.makeBucket(BUCKET);
	sqs = await startSqs({
		users: [server.users.main],
		region: 'us-east-1',
		queues: QUEUES.map((name) => ({ name })),
	});
	redis = await startRedis();
	env = {
		EXECUTIONS_MODE: 'queue',
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		N8N_ENCRYPTION_KEY: 'the same for all processes',
		// Milliseconds until n8n notices that a worker is gone; minutes unless set.
		QUEUE_WORKER_LOCK_DURATION: '10000',
		QUEUE_WORKER_LOCK_RENEW_TIME: '3000',
		QUEUE_WORKER_STALLED_INTERVAL: '5000',
	};
	n8n = await startN8n({ userFolder: folder, env });
	worker = await startWorker(folder, env);
	const type = 'amazonS3AccessKeysApi';
	credentials = {
		[type]: await n8n.createCredential('Keys', type, connectionData(server)[type]),
	};
});

afterAll(async () => {
	await worker.stop();
	await n8n.stop();
	await redis.stop();
	await sqs.stop();
	await server.stop();
	rmSync(folder, { recursive: true, force: true });
});

const object = (name: string, column: number, operation: string, parameters: object) =>
	objectNode(name, column, operation, parameters, credentials);
const get = (name: string, column: number, key: string) =>
	object(name, column, 'get', { key: { __rl: true, mode: 'key', value: key }, as: 'file' });

/** Activates a workflow of a trigger and one node, and gives its ID. */
async function activate(parameters: object, after: ReturnType<typeof node>): Promise<string> {
	const type = 'n8n-nodes-amazon-s3.amazonS3Trigger';
	const trigger = node('Trigger', 0, type, parameters, credentials);
	const id = await n8n.createWorkflow(inARow('Triggered', [trigger, after]));
	await n8n.activate(id);
	return id;
}

const activateQueue = async (queue: string, after: ReturnType<typeof node>, more: object = {}) =>
	await activate({ watch: 'queue', queueUrl: sqs.urlOf(queue), options: {}, ...more }, after);

const event = (key: string) => ({
	Records: [
		{
			eventVersion: '2.1',
			eventSource: 'aws:s3',
			eventName: 'ObjectCreated:Put',
			s3: { bucket: { name: BUCKET }, object: { key, sequencer: '01' } },
		},
	],
});

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await isSo())) await sleep(200);
}

it('a worker lists files, gets them into n8n’s database, and puts them back, one of them in parts', async () => {
	const sizes = { 'from/large.bin': 20 * 1024 * 1024 + 1, 'from/ü 1.bin': 3 };
	for (const [key, size] of Object.entries(sizes)) server.store.putMany(BUCKET, [key], size);
	const workflow = inARow('There and back', [
		node('Start', 0, 'n8n-nodes-base.manualTrigger', {}),
		object('List', 1, 'list', { prefix: 'from/', returnAll: true, output: 'items' }),
		get('Get', 2, '={{ $json.key }}'),
		object('Put', 3, 'put', {
			key: '=to/{{ $binary.data.fileName }}',
			source: 'binary',
			options: { multipartThresholdMb: 10 },
		}),
	]);
	const execution = await n8n.run(await n8n.createWorkflow(workflow));
	expect(execution.error).toBeUndefined();
	expect(worker.log()).toContain('Worker finished execution');
	expect(execution.itemsOf('Get').map(({ binary }) => binary?.data?.data)).toEqual([
		'database',
		'database',
	]);
	expect(server.requests.some(({ operation }) => operation === 'UploadPart')).toBe(true);
	const sizeOf = (key: string) => server.store.bucket(BUCKET).get(keyBytes(key))?.content?.size;
	expect(sizeOf('to/large.bin')).toBe(sizes['from/large.bin']);
	expect(sizeOf('to/ü 1.bin')).toBe(3);
});

it('the trigger polls in the main process, and a worker runs the workflow', async () => {
	const everyFiveSeconds = Array.from({ length: 12 }, (_, n) => ({
		mode: 'custom',
		cronExpression: `${5 * n} * * * * *`,
	}));
	server.requests.length = 0;
	const id = await activate(
		{
			bucket: { __rl: true, mode: 'name', value: BUCKET },
			prefix: 'incoming/',
			pollTimes: { item: everyFiveSeconds },
		},
		get('After', 1, '={{ $json.key }}'),
	);
	const listings = () =>
		server.requests.filter(({ operation }) => operation === 'ListObjectsV2').length;
	// What the second poll finds was not there when the workflow was activated.
	await until(() => listings() > 0);
	server.store.putMany(BUCKET, ['incoming/a.txt']);
	await until(async () => (await n8n.statuses(id)).includes('success'));
	server.store.putMany(BUCKET, ['incoming/b.txt']);
	await until(async () => (await n8n.statuses(id)).length === 2);
	await until(async () => (await n8n.statuses(id)).every((status) => status === 'success'));
	const got = server.requests.filter(({ operation }) => operation === 'GetObject');
	expect(got.map(({ key }) => key)).toEqual(['incoming/a.txt', 'incoming/b.txt']);
	await n8n.api('POST', `/workflows/${id}/deactivate`, {});
});

it('a message is deleted when a worker has run the workflow with success', async () => {
	const { id } = sqs.send('succeeds', event('key'));
	const workflowId = await activateQueue('succeeds', node('After', 1, 'n8n-nodes-base.noOp', {}));
	await until(() => sqs.deletedFrom('succeeds').includes(id));
	expect(await n8n.statuses(workflowId)).toEqual(['success']);
});

it('a message whose workflow fails in a worker stays in the queue, and comes again later', async () => {
	const message = sqs.send('fails', event('key'));
	const fail = node('After', 1, 'n8n-nodes-base.stopAndError', { errorMessage: 'not this one' });
	const workflowId = await activateQueue('fails', fail);
	await until(async () => (await n8n.statuses(workflowId)).includes('error'));
	const hidden = () => message.hiddenUntil - Date.now();
	await until(() => hidden() > 0 && hidden() < 30_500);
	expect(sqs.deletedFrom('fails')).toEqual([]);
	await n8n.api('POST', `/workflows/${workflowId}/deactivate`, {});
});

it('a node that runs in a worker acknowledges a message', async () => {
	const { id } = sqs.send('later', event('key'));
	const acknowledge = node(
		'After',
		1,
		'n8n-nodes-amazon-s3.amazonS3',
		{
			authentication: 'accessKeys',
			resource: 'queue',
			operation: 'acknowledge',
			queueUrl: '={{ $json.queueUrl }}',
			receiptHandle: '={{ $json.receiptHandle }}',
		},
		credentials,
	);
	const workflowId = await activateQueue('later', acknowledge, { acknowledge: 'later' });
	await until(() => sqs.deletedFrom('later').includes(id));
	await until(async () => (await n8n.statuses(workflowId)).includes('success'));
});

it('a message whose worker is killed comes again, and the next worker runs its workflow', async () => {
	server.store.putMany(BUCKET, ['slow.txt'], 10);
	const stall = { kind: 'stall' } as const;
	server.faults.add({ operation: 'GetObject', key: 'slow.txt', times: 1, effect: stall });
	server.requests.length = 0;
	const message = sqs.send('killed', event('slow.txt'));
	const workflowId = await activateQueue('killed', get('After', 1, '={{ $json.key }}'));
	await until(() => server.requests.some(({ operation }) => operation === 'GetObject'));
	process.kill(worker.pid, 'SIGKILL');
	worker = await startWorker(folder, env);
	await until(async () => (await n8n.statuses(workflowId)).includes('error'));
	expect(sqs.deletedFrom('killed')).toEqual([]);
	const hidden = () => message.hiddenUntil - Date.now();
	await until(() => hidden() < 30_500);
	sqs.advance(31_000);
	await until(() => sqs.deletedFrom('killed').includes(message.id));
	expect(message.receiveCount).toBe(2);
	expect(await n8n.statuses(workflowId)).toEqual(['success', 'error']);
});
