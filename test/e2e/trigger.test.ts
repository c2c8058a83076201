/** The trigger in n8n's editor: its form, its test, and a workflow that runs when an object is put. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer } from '../servers/embedded';
import type { N8n } from '../servers/n8n/n8n';
import { BUCKET, connectionData, inARow, node } from '../servers/n8n/sample';
import { sharedN8n } from '../servers/n8n/shared';
import { newestExecution, openEditor } from './editor';
import type { Editor } from './editor';
import { Walk } from './Walk';

/** Every five seconds. */
const seconds = Array.from({ length: 12 }, (_, n) => 5 * n);
let server: EmbeddedServer;
let n8n: N8n;
let editor: Editor;
let workflowId: string;
/** The credential, as nodes refer to it. */
let credentials: object;

beforeAll(async () => {
	server = await startEmbedded();
	server.store.makeBucket(BUCKET);
	n8n = await sharedN8n();
	const { id, name } = await n8n.createCredential(
		'Sample',
		'amazonS3AccessKeysApi',
		connectionData(server).amazonS3AccessKeysApi,
	);
	const parameters = {
		bucket: { __rl: true, mode: 'name', value: BUCKET },
		prefix: 'incoming/',
		pollTimes: {
			item: seconds.map((second) => ({ mode: 'custom', cronExpression: `${second} * * * * *` })),
		},
	};
	credentials = { amazonS3AccessKeysApi: { id, name } };
	const type = 'n8n-nodes-amazon-s3.amazonS3Trigger';
	const trigger = node('Trigger', 0, type, parameters, credentials);
	workflowId = await n8n.createWorkflow(
		inARow('Watch', [trigger, node('Nothing', 1, 'n8n-nodes-base.noOp', {})]),
	);
	editor = await openEditor(n8n, workflowId);
});

afterAll(async () => {
	await editor.close();
	await n8n.stop();
	await server.stop();
});

/** Waits until the form says something of requests. */
async function requestsSay(words: string): Promise<void> {
	await editor.page.getByTestId('empty-fields-notice').filter({ hasText: words }).waitFor();
}

it('the form of the trigger says what its polls take, and counts again when it is changed', async () => {
	const { page } = editor;
	const walk = new Walk(page, 'trigger');
	await walk.picture('canvas');
	server.store.putMany(
		BUCKET,
		Array.from({ length: 1001 }, (_, n) => `many/${n}`),
	);
	await editor.nodeOnCanvas('Trigger').dblclick();
	await requestsSay('About 17,280 requests a day for “incoming/”: 1 request for each');
	await page.getByTestId('empty-fields-notice').scrollIntoViewIfNeeded();
	await walk.picture('requests');
	const prefix = editor.field('prefix').locator('input');
	await prefix.fill('');
	// Typed while it is being counted for the letters before.
	server.faults.add({ operation: 'ListObjectsV2', effect: { kind: 'latency', ms: 300 } });
	await prefix.pressSequentially('many/', { delay: 150 });
	await requestsSay(
		'About 34,560 requests a day for “many/”: 2 requests for each of 17,280 polls a day',
	);
	server.faults.clear();
	await walk.picture('requests-many');
	await prefix.fill('incoming/');
	await requestsSay('“incoming/”');
	await page.getByTestId('ndv-close-button').click();
});

it('a test of the trigger says that there is no object, and then gives the newest', async () => {
	const { page } = editor;
	await editor.nodeOnCanvas('Trigger').dblclick();
	await page.getByTestId('node-execute-button').click();
	await page.getByText('There is no object to show in bucket').first().waitFor();
	await editor.picture('trigger-nothing');
	server.store.putMany(BUCKET, ['incoming/a.txt', 'incoming/b.txt']);
	const items = await editor.execute('Trigger');
	await editor.picture('trigger-test');
	expect(items.map(({ json }) => json.key)).toEqual(['incoming/a.txt', 'incoming/b.txt']);
});

it('an active workflow runs when an object is put', async () => {
	server.requests.length = 0;
	await n8n.activate(workflowId);
	// n8n activates a workflow after it has said so.
	while (!server.requests.some(({ operation }) => operation === 'ListObjectsV2')) await sleep(200);
	await sleep(2000);
	server.store.putMany(BUCKET, ['incoming/new.txt']);
	let keys: unknown[] = [];
	while (!keys.includes('incoming/new.txt')) {
		await sleep(500);
		const execution = await newestExecution(n8n);
		keys = execution.itemsOf('Nothing').map(({ json }) => json.key);
	}
	expect(keys).toEqual(['incoming/new.txt']);
});

it('the form of a bucket and its queue has the fields of both, and counts what polls take', async () => {
	const parameters = {
		watch: 'both',
		bucket: { __rl: true, mode: 'name', value: BUCKET },
		prefix: 'incoming/',
		queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/uploads',
		pollTimes: { item: [{ mode: 'everyHour', minute: 0 }] },
	};
	const type = 'n8n-nodes-amazon-s3.amazonS3Trigger';
	const trigger = node('Trigger', 0, type, parameters, credentials);
	const both = await openEditor(n8n, await n8n.createWorkflow(inARow('Both', [trigger])));
	const { page } = both;
	const walk = new Walk(page, 'both');
	await walk.picture('canvas');
	await both.nodeOnCanvas('Trigger').getByText(`uploads + ${BUCKET}/incoming/`).waitFor();
	await both.nodeOnCanvas('Trigger').dblclick();
	const counted = page.getByTestId('empty-fields-notice');
	await counted.filter({ hasText: 'About 24 requests a day for “incoming/”' }).waitFor();
	await walk.picture('form');
	await page.getByText('Polls find the objects whose message was lost').waitFor();
	for (const name of ['bucket', 'prefix', 'queueUrl', 'acknowledge']) {
		await both.field(name).first().waitFor();
	}
	for (const name of ['order', 'event']) expect(await both.field(name).count()).toBe(0);
	const add = page.getByTestId('ndv').getByPlaceholder('Add option');
	await add.scrollIntoViewIfNeeded();
	await add.click();
	await page.getByText('Wait for Messages (Minutes)').first().waitFor();
	await walk.picture('options');
	await both.close();
});
