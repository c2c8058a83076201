/** An n8n that files of tests use one after the other, as it takes a processor ten seconds to start one. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Release } from './install';
import { connect, startN8n } from './n8n';
import type { N8n } from './n8n';

/** The variable with the folder that says which of them run. Jest's main process sets it for its workers. */
const FOLDER = 'SHARED_N8N';
/** Milliseconds. */
const PATIENCE = 120_000;

/** What is known of one that runs. */
interface Running {
	url: string;
	session: string;
	pid: number;
	logFile: string;
	userFolder: string;
}

/** Lets the tests of this process and its children share n8n. */
export function beginSharing(): void {
	process.env[FOLDER] = mkdtempSync(join(tmpdir(), 'n8n-shared-'));
}

/** Ends all that are shared. */
export function endSharing(): void {
	const folder = process.env[FOLDER] ?? '';
	for (const file of readdirSync(folder)) {
		const { pid, userFolder } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Running;
		if (isAlive(pid)) process.kill(pid, 'SIGKILL');
		rmSync(userFolder, { recursive: true, force: true });
	}
	rmSync(folder, { recursive: true, force: true });
}

/**
 * Gives an n8n with nothing in it but old executions. `stop` deletes what the tests made in it, and leaves it to the next
 * file of this worker of jest: at one time one file uses it.
 */
export async function sharedN8n(release: Release = 'newest'): Promise<N8n> {
	const worker = process.env.JEST_WORKER_ID ?? '';
	const file = join(process.env[FOLDER] ?? '', `${worker}-${release}.json`);
	const n8n = runningOf(file) ?? (await startOne(file, release));
	return { ...n8n, stop: async () => await empty(n8n) };
}

function runningOf(file: string): N8n | undefined {
	if (!existsSync(file)) return undefined;
	const { url, session, pid, logFile } = JSON.parse(readFileSync(file, 'utf8')) as Running;
	if (!isAlive(pid)) return undefined;
	const log = () => readFileSync(logFile, 'utf8');
	return connect(url, session, { pid, logFile, log, stop: () => Promise.resolve() });
}

async function startOne(file: string, release: Release): Promise<N8n> {
	const userFolder = mkdtempSync(join(tmpdir(), 'n8n-of-worker-'));
	const n8n = await startN8n({ userFolder, release });
	const { url, pid, logFile } = n8n;
	const running: Running = { url, session: n8n.cookie(), pid, logFile, userFolder };
	writeFileSync(file, JSON.stringify(running));
	return n8n;
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

/** Deletes the workflows, which ends their triggers, and the credentials. */
async function empty({ api }: N8n): Promise<void> {
	for (const { id } of await api<Array<{ id: string }>>('GET', '/workflows')) {
		await api('POST', `/workflows/${id}/archive`);
		await deleteWorkflow(api, id);
	}
	for (const { id } of await api<Array<{ id: string }>>('GET', '/credentials')) {
		await api('DELETE', `/credentials/${id}`);
	}
}

/** Deletes a workflow as soon as n8n has ended its triggers: until then it answers 409. */
async function deleteWorkflow(api: N8n['api'], id: string): Promise<void> {
	const end = Date.now() + PATIENCE;
	for (;;) {
		try {
			await api('DELETE', `/workflows/${id}`);
			return;
		} catch (error) {
			if (!String(error).includes(': 409 ') || Date.now() > end) throw error;
			await sleep(500);
		}
	}
}
