/** A real n8n that is killed while objects come. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '../faults/random';
import { whenFree } from '../servers/n8n/busy';
import type { Release } from '../servers/n8n/install';
import { startN8n } from '../servers/n8n/n8n';
import type { N8n } from '../servers/n8n/n8n';
import { connectionData, inARow, node } from '../servers/n8n/sample';

/** The bucket that n8n watches. */
export interface Incoming {
	server: Parameters<typeof connectionData>[0];
	bucket: string;
	put(keys: string[]): Promise<void>;
}

/** What became of what was put. */
export interface Emitted {
	/** Keys that are in no execution. */
	lost: string[];
	/** Keys in more than one. */
	repeated: string[];
	/** Keys that were there before the workflow was active, and are in an execution. */
	old: string[];
}

export const NOTHING: Emitted = { lost: [], repeated: [], old: [] };

/** Each minute at each of these seconds: n8n refuses only single expressions for less than a minute. */
export const pollTimes = {
	item: [0, 10, 20, 30, 40, 50].map((second) => ({
		mode: 'custom',
		cronExpression: `${second} * * * * *`,
	})),
};
const OLD = 'in/old';
/** Milliseconds for which n8n is waited for; what is in no execution then is lost. */
const PATIENCE = 180_000;

/** Puts objects while an n8n is killed twice at random and started again, and looks at all executions at the end. */
export async function killAgainAndAgain(
	{ server, bucket, put }: Incoming,
	{ seed, ...options }: { release: Release; env?: Record<string, string>; seed: number },
): Promise<Emitted> {
	const userFolder = mkdtempSync(join(tmpdir(), 'n8n-trigger-'));
	const random = randomFrom(seed);
	const written: string[] = [];
	const putNew = async (count: number) => {
		const keys = Array.from({ length: count }, () => `in/${random(2 ** 32).toString(36)}`);
		written.push(...keys);
		await put(keys);
	};
	await put([OLD]);
	let n8n = await startN8n({ userFolder, ...options });
	try {
		await activate(n8n, server, bucket);
		for (let round = 0; round < 2; round++) {
			await putNew(1 + random(20));
			await sleep(random(14_000));
			await kill(n8n);
			await putNew(1 + random(20));
			n8n = await startN8n({ userFolder, hasPackage: true, ...options });
		}
		await putNew(1500);
		let emitted = await emittedKeys(n8n);
		const end = Date.now() + PATIENCE;
		while (Date.now() < end && !written.every((key) => emitted.has(key))) {
			await sleep(2000);
			emitted = await emittedKeys(n8n);
		}
		return {
			lost: written.filter((key) => !emitted.has(key)),
			repeated: [...emitted].filter(([, count]) => count > 1).map(([key]) => key),
			old: [OLD].filter((key) => emitted.has(key)),
		};
	} finally {
		await kill(n8n);
		rmSync(userFolder, { recursive: true, force: true });
	}
}

/** Kills an n8n, if it lives. */
async function kill({ pid }: N8n): Promise<void> {
	try {
		process.kill(pid, 'SIGKILL');
		for (;;) {
			await sleep(50);
			process.kill(pid, 0);
		}
	} catch {
		// There is no such process any more.
	}
}

/** How often each key is in what executions were begun with. */
export async function emittedKeys(n8n: N8n): Promise<Map<string, number>> {
	const counts = new Map<string, number>();
	for (const id of await executions(n8n)) {
		const { data } = await whenFree(
			async () => await n8n.api<{ data: string }>('GET', `/executions/${id}`),
		);
		const keys = new Set([...data.matchAll(/"(in\/[^"]+)"/g)].map(([, key = '']) => key));
		for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return counts;
}

async function executions(n8n: N8n): Promise<string[]> {
	const { results } = await whenFree(
		async () => await n8n.api<{ results: { id: string }[] }>('GET', '/executions?limit=100'),
	);
	return results.map(({ id }) => id);
}

async function activate(n8n: N8n, server: Incoming['server'], bucket: string): Promise<void> {
	const { amazonS3AccessKeysApi } = connectionData(server);
	const credential = await whenFree(
		async () => await n8n.createCredential('S3', 'amazonS3AccessKeysApi', amazonS3AccessKeysApi),
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
	const workflow = inARow('Watch', [trigger, node('Nothing', 1, 'n8n-nodes-base.noOp', {})]);
	const id = await whenFree(async () => await n8n.createWorkflow(workflow));
	await whenFree(async () => await n8n.activate(id));
	// n8n 2 activates a workflow after it has said so.
	const end = Date.now() + PATIENCE;
	while (!(await hasSavedBeginning(n8n, id))) {
		if (Date.now() > end) throw new Error(`n8n does not poll:\n${n8n.log()}`);
		await sleep(500);
	}
}

/** Whether n8n has saved what the first poll has left: in the workflow, or with an execution. */
async function hasSavedBeginning(n8n: N8n, workflowId: string): Promise<boolean> {
	const { staticData } = await whenFree(
		async () => await n8n.api<{ staticData?: object }>('GET', `/workflows/${workflowId}`),
	);
	return JSON.stringify({ staticData }).includes('"state"') || (await executions(n8n)).length > 0;
}
