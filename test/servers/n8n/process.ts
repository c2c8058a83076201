import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../program';
import { COMPILED, installN8n } from './install';
import type { Release } from './install';

/** Milliseconds. */
const START_TIMEOUT = 300_000;
/** n8n closes a connection that is unused, which a process that is busy reading would notice too late. */
export const ALONE = { connection: 'close' };

const QUIET = {
	N8N_AI_ENABLED: 'false',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
};

/** What n8n 1.123 needs on Node 20, and does not do by itself as n8n 2 does. */
const OLD = { N8N_EXPRESSION_ENGINE: 'legacy', N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' };

/** A process of n8n that is ready. */
export interface N8nProcess {
	pid: number;
	/** The file with what n8n wrote to its log. */
	logFile: string;
	/** What n8n wrote to its log. */
	log(): string;
	/** Ends the process as systems do: politely, and after ten seconds at once. */
	stop(): Promise<void>;
}

/**
 * Starts one of n8n's commands on loopback and waits until it is ready.
 * @param options.readyAt URLs that give a 200 then
 * @throws with n8n's log if it does not start within five minutes
 */
export async function startProcess(options: {
	command: 'start' | 'worker';
	release: Release;
	userFolder: string;
	readyAt: readonly string[];
	nodeFlags: readonly string[];
	env: Record<string, string>;
}): Promise<N8nProcess> {
	const { release } = options;
	const { node, n8n } = await installN8n(release);
	const logFile = join(options.userFolder, `${options.command}-${randomUUID()}.log`);
	const output = openSync(logFile, 'w');
	const child = spawn(node, [...options.nodeFlags, n8n, options.command], {
		env: {
			...process.env,
			// With jest's values n8n would behave as in its own tests.
			NODE_ENV: 'production',
			JEST_WORKER_ID: undefined,
			// A fifth of the CPU time of a start. Node 20 does not know it.
			NODE_COMPILE_CACHE: COMPILED,
			...QUIET,
			...(release === 'oldest' ? OLD : {}),
			N8N_USER_FOLDER: options.userFolder,
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			N8N_HOST: '127.0.0.1',
			N8N_RUNNERS_BROKER_PORT: String(await freePort()),
			N8N_SECURE_COOKIE: 'false',
			N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
			...options.env,
		},
		stdio: ['ignore', output, output],
	});
	closeSync(output);
	const log = () => readFileSync(logFile, 'utf8');
	await untilReady(options.readyAt, child, log).catch((error: unknown) => {
		child.kill('SIGKILL');
		throw error;
	});
	return { pid: child.pid ?? 0, logFile, log, stop: async () => await stop(child) };
}

async function untilReady(
	urls: readonly string[],
	child: ChildProcess,
	log: () => string,
): Promise<void> {
	const end = Date.now() + START_TIMEOUT;
	while (Date.now() < end && child.exitCode === null) {
		if ((await Promise.all(urls.map(isOk))).every(Boolean)) return;
		await sleep(300);
	}
	throw new Error(`n8n did not start:\n${log()}`);
}

async function isOk(url: string): Promise<boolean> {
	const response = await fetch(url, { headers: ALONE }).catch(() => undefined);
	return response?.ok === true;
}

async function stop(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const closed = new Promise((resolve) => child.once('close', resolve));
	child.kill('SIGTERM');
	const killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
	await closed;
	clearTimeout(killer);
}
