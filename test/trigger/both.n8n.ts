/** A real n8n with a queue alone, and with a bucket and its queue, which loses messages: each object starts it once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAIN } from '../servers/embedded/users';
import type { Release } from '../servers/n8n/install';
import { startN8n } from '../servers/n8n/n8n';
import type { N8n } from '../servers/n8n/n8n';
import { connectionData, inARow, node } from '../servers/n8n/sample';
import { startSqs } from '../servers/sqs/server';
import type { SqsServer } from '../servers/sqs/server';
import { withServer } from '../servers/withServer';
import { emittedKeys, pollTimes } from './killing';

const RELEASES: Release[] = ['newest', 'oldest'];
const server = withServer({ buckets: RELEASES });
let sqs: SqsServer;

beforeAll(async () => {
	const queues = RELEASES.flatMap((release) => [{ name: release }, { name: `${release}-alone` }]);
	sqs = await startSqs({ users: [MAIN], queues, region: 'us-east-1' });
});
afterAll(async () => await sqs.stop());

/** The newest request for a listing of a bucket. */
const listingOf = (bucket: string) =>
	server.requests
		.filter((request) => request.operation === 'ListObjectsV2' && request.bucket === bucket)
		.at(-1);

async function nextListing(bucket: string): Promise<void> {
	const before = listingOf(bucket);
	while ([before, undefined].includes(listingOf(bucket))) await sleep(200);
}

/** Activates a workflow with a bucket and its queue, and one with a queue alone. */
async function activate(n8n: N8n, bucket: string): Promise<void> {
	const { amazonS3AccessKeysApi } = connectionData(server);
	const credential = await n8n.createCredential('S3', 'amazonS3AccessKeysApi', {
		...amazonS3AccessKeysApi,
		region: sqs.region,
	});
	const watched = {
		both: {
			bucket: { __rl: true, mode: 'name', value: bucket },
			prefix: 'in/',
			queueUrl: sqs.urlOf(bucket),
			pollTimes,
			options: { graceMinutes: 1 },
		},
		queue: { queueUrl: sqs.urlOf(`${bucket}-alone`) },
	};
	for (const [watch, parameters] of Object.entries(watched)) {
		const trigger = node(
			'Trigger',
			0,
			'n8n-nodes-amazon-s3.amazonS3Trigger',
			{ authentication: 'accessKeys', watch, ...parameters },
			{ amazonS3AccessKeysApi: credential },
		);
		const after = node('Nothing', 1, 'n8n-nodes-base.noOp', {});
		const id = await n8n.createWorkflow(inARow(watch, [trigger, after]));
		await n8n.activate(id);
	}
	// n8n activates a workflow after it has said so, and saves what the first poll has left after that.
	await nextListing(bucket);
	await sleep(3000);
}

/** The message about an object that was written two minutes ago. */
function messageOf(bucket: string, key: string, eTag: string, written: Date): object {
	const object = { key, size: 1, eTag, sequencer: String(+written) };
	const record = { eventVersion: '2.1', eventSource: 'aws:s3', eventName: 'ObjectCreated:Put' };
	const s3 = { bucket: { name: bucket }, object };
	return { Records: [{ ...record, eventTime: written.toISOString(), s3 }] };
}

/** Puts an object that was written two minutes ago. @returns the message about it */
function write(bucket: string, key: string): object {
	const written = new Date(1000 * Math.floor(Date.now() / 1000 - 120));
	server.store.putMany(bucket, [key]);
	const stored = server.store.bucket(bucket).get(key)!;
	stored.lastModified = written;
	return messageOf(bucket, key, stored.etag, written);
}

it.concurrent.each(RELEASES)(
	'each object starts a workflow of the %s n8n once, although every third message is lost, and each of a queue alone',
	async (release) => {
		const folder = mkdtempSync(join(tmpdir(), 'n8n-both-'));
		server.store.putMany(release, ['in/old']);
		const n8n = await startN8n({ userFolder: folder, release });
		try {
			await activate(n8n, release);
			const keys = Array.from({ length: 18 }, (_, n) => `in/${n}-`);
			for (const [index, key] of keys.entries()) {
				const message = write(release, key);
				if (index % 3 !== 2) sqs.send(release, message);
				if (index % 6 === 0) {
					sqs.send(`${release}-alone`, messageOf('other', `${key}alone`, 'e', new Date()));
				}
				await sleep(500);
			}
			const wanted = [...keys, ...['in/0-', 'in/6-', 'in/12-'].map((key) => `${key}alone`)];
			let emitted = new Map<string, number>();
			const end = Date.now() + 60_000;
			while (Date.now() < end && !wanted.every((key) => emitted.has(key))) {
				await sleep(1000);
				emitted = await emittedKeys(n8n);
			}
			await nextListing(release);
			await sleep(1000);
			emitted = await emittedKeys(n8n);
			expect([...emitted].sort()).toEqual(wanted.map((key) => [key, 1]).sort());
			const left = [release, `${release}-alone`].flatMap((queue) => sqs.messagesIn(queue));
			expect(left).toEqual([]);
		} finally {
			await n8n.stop();
			rmSync(folder, { recursive: true, force: true });
		}
	},
);
