/** A real n8n that is killed while objects come: what was put is in an execution, whatever engine polls. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../faults/random';
import { startN8n } from '../servers/n8n/n8n';
import type { N8n } from '../servers/n8n/n8n';
import { connectionData, inARow, node } from '../servers/n8n/sample';
import { withServer } from '../servers/withServer';

const bucket = 'incoming';
const server = withServer({ bucketsOfEachTest: [bucket] });

/** How the newest n8n polls durably. */
const DURABLE = {
	N8N_SCHEDULER_ENABLED: 'true',
	N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
	N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'true',
	N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
};

/** Each minute at each of these seconds: n8n refuses only single expressions for less than a minute. */
const pollTimes = {
	item: [0, 10, 20, 30, 40, 50].map((second) => ({
		mode: 'custom',
		cronExpression: `${second} * * * * *`,
	})),
};
const folder = mkdtempSync(join(tmpdir(), 'n8n-trigger-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function kill({ pid }: N8n): Promise<void> {
	process.kill(pid, 'SIGKILL');
	for (;;) {
		await sleep(50);
		try {
			process.kill(pid, 0);
		} catch {
			return;
		}
	}
}

/** How often each key is in what executions were begun with. */
async function emittedKeys(n8n: N8n): Promise<Map<string, number>> {
	const { results } = await n8n.api<{ results: { id: string }[] }>('GET', '/executions?limit=100');
	const counts = new Map<string, number>();
	for (const { id } of results) {
		const { data } = await n8n.api<{ data: string }>('GET', `/executions/${id}`);
		const keys = new Set([...data.matchAll(/"(in\/[^"]+)"/g)].map(([, key = '']) => key));
		for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return counts;
}

async function activate(n8n: N8n): Promise<void> {
	const { amazonS3AccessKeysApi } = connectionData(server);
	const credential = await n8n.createCredential(
		'S3',
		'amazonS3AccessKeysApi',
		amazonS3AccessKeysApi,
	);
	const trigger = node(
		'Trigger',
		0,
		'n8n-nodes-amazon-s3.amazonS3Trigger',
		{
			authentication: 'accessKeys',
			watch: 'poll',
			bucket: { __rl: true, mode: 'name', value: bucket },
			prefix: 'in/',
			order: 'any',
			event: 'createdOrChanged',
			pollTimes,
			options: {},
		},
		{ amazonS3AccessKeysApi: credential },
	);
	const id = await n8n.createWorkflow(
		inARow('Watch', [trigger, node('Nothing', 1, 'n8n-nodes-base.noOp', {})]),
	);
	const { versionId } = await n8n.api<{ versionId: string }>('GET', `/workflows/${id}`);
	await n8n.api('POST', `/workflows/${id}/activate`, { versionId });
	// n8n 2 activates a workflow after it has said so, and saves what the first poll has left after that.
	while (!server.requests.some(({ operation }) => operation === 'ListObjectsV2')) await sleep(200);
	await sleep(3000);
}

it.each([
	['the older engine of n8n', 'newest', {}, 1],
	['the durable engine of n8n', 'newest', DURABLE, 2],
	['the oldest n8n', 'oldest', {}, 3],
] as const)(
	'what is put while %s is killed again and again is in an execution, and nothing old is',
	async (_, release, env, seed) => {
		const random = randomFrom(seed);
		const userFolder = join(folder, String(seed));
		const start = async () => await startN8n({ userFolder, release, env });
		const put = (count: number) => {
			const keys = Array.from({ length: count }, () => `in/${random(2 ** 32).toString(36)}`);
			server.store.putMany(bucket, keys);
			written.push(...keys);
		};
		const written: string[] = [];
		server.store.putMany(bucket, ['in/old']);
		let n8n = await start();
		try {
			await activate(n8n);
			for (let round = 0; round < 2; round++) {
				put(1 + random(20));
				await sleep(random(14_000));
				await kill(n8n);
				put(1 + random(20));
				n8n = await start();
			}
			put(1500);
			let emitted = new Map<string, number>();
			const end = Date.now() + 90_000;
			while (Date.now() < end && !written.every((key) => emitted.has(key))) {
				await sleep(2000);
				emitted = await emittedKeys(n8n);
			}
			expect(written.filter((key) => !emitted.has(key))).toEqual([]);
			expect(emitted.has('in/old')).toBe(false);
			const repeated = [...emitted].filter(([, count]) => count > 1);
			if (env === DURABLE) expect(repeated).toEqual([]);
		} finally {
			await kill(n8n);
		}
	},
);
