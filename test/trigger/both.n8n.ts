/** A real n8n with a bucket and its queue, which loses messages: each object starts the workflow once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAIN } from '../servers/embedded/users';
import { startN8n } from '../servers/n8n/n8n';
import type { N8n } from '../servers/n8n/n8n';
import { connectionData, inARow, node } from '../servers/n8n/sample';
import { withSqs } from '../servers/sqs/withSqs';
import { withServer } from '../servers/withServer';
import { emittedKeys, pollTimes } from './killing';

const bucket = 'incoming';
const queue = 'uploads';
const server = withServer({ bucketsOfEachTest: [bucket] });
const sqs = withSqs({ users: [MAIN], queues: [{ name: queue }], region: 'us-east-1' });
const folder = mkdtempSync(join(tmpdir(), 'n8n-both-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function activate(n8n: N8n): Promise<void> {
	const { amazonS3AccessKeysApi } = connectionData(server);
	const credential = await n8n.createCredential('S3', 'amazonS3AccessKeysApi', {
		...amazonS3AccessKeysApi,
		region: sqs.region,
	});
	const trigger = node(
		'Trigger',
		0,
		'n8n-nodes-amazon-s3.amazonS3Trigger',
		{
			authentication: 'accessKeys',
			watch: 'both',
			bucket: { __rl: true, mode: 'name', value: bucket },
			prefix: 'in/',
			queueUrl: sqs.urlOf(queue),
			pollTimes,
			options: { graceMinutes: 1 },
		},
		{ amazonS3AccessKeysApi: credential },
	);
	const id = await n8n.createWorkflow(
		inARow('Watch', [trigger, node('Nothing', 1, 'n8n-nodes-base.noOp', {})]),
	);
	const { versionId } = await n8n.api<{ versionId: string }>('GET', `/workflows/${id}`);
	await n8n.api('POST', `/workflows/${id}/activate`, { versionId });
	// n8n activates a workflow after it has said so, and saves what the first poll has left after that.
	while (!server.requests.some(({ operation }) => operation === 'ListObjectsV2')) await sleep(200);
	await sleep(3000);
}

/** Puts an object that was written two minutes ago. @returns the message about it */
function write(key: string): object {
	const written = new Date(1000 * Math.floor(Date.now() / 1000 - 120));
	server.store.putMany(bucket, [key]);
	const stored = server.store.bucket(bucket).get(key)!;
	stored.lastModified = written;
	const object = { key, size: 1, eTag: stored.etag, sequencer: String(+written) };
	const s3 = { bucket: { name: bucket }, object };
	const eventTime = written.toISOString();
	const record = { eventVersion: '2.1', eventSource: 'aws:s3', eventName: 'ObjectCreated:Put' };
	return { Records: [{ ...record, eventTime, s3 }] };
}

it('each object starts a workflow of a real n8n once, although every third message is lost', async () => {
	server.store.putMany(bucket, ['in/old']);
	const n8n = await startN8n({ userFolder: folder });
	try {
		await activate(n8n);
		const keys = Array.from({ length: 18 }, (_, n) => `in/${n}-`);
		for (const [index, key] of keys.entries()) {
			const message = write(key);
			if (index % 3 !== 2) sqs.send(queue, message);
			await sleep(500);
		}
		let emitted = new Map<string, number>();
		const end = Date.now() + 60_000;
		while (Date.now() < end && !keys.every((key) => emitted.has(key))) {
			await sleep(1000);
			emitted = await emittedKeys(n8n);
		}
		// One more poll.
		server.requests.length = 0;
		while (!server.requests.some(({ operation }) => operation === 'ListObjectsV2'))
			await sleep(200);
		await sleep(1000);
		emitted = await emittedKeys(n8n);
		expect([...emitted].sort()).toEqual(keys.map((key) => [key, 1]).sort());
		expect(sqs.messagesIn(queue)).toEqual([]);
	} finally {
		await n8n.stop();
	}
});
