import { mkdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'flatted';
import type { INode, INodeExecutionData, IRunExecutionData } from 'n8n-workflow';
import { freePort } from '../program';
import { isTooBusy, whenFree } from './busy';
import { addPackage } from './install';
import type { Release } from './install';
import { ALONE, startProcess } from './process';
import type { N8nProcess } from './process';

/** Milliseconds. */
const RUN_TIMEOUT = 300_000;
const ASK_EVERY = 200;

export const OWNER = {
	email: 'owner@example.com',
	password: 'Password-1',
	firstName: 'Sam',
	lastName: 'Owner',
};

export interface Workflow {
	name: string;
	nodes: Partial<INode>[];
	connections: object;
	settings?: object;
	/** What nodes give instead of running, by their names. */
	pinData?: Record<string, INodeExecutionData[]>;
}

export interface Execution {
	status: string;
	/** The items of a node's output. */
	itemsOf(node: string, output?: number): INodeExecutionData[];
	/** The items that each run of a node in a loop gave. */
	runsOf(node: string): INodeExecutionData[][];
	/** When a node began, in milliseconds since 1970, and for how many of them it ran; throws if it did not. */
	timeOf(node: string): { start: number; duration: number };
	error: { message: string; description?: string } | undefined;
}

/** A real n8n with this package in it, and its owner signed in. */
export interface N8n extends N8nProcess {
	url: string;
	api<Data>(method: string, path: string, body?: object): Promise<Data>;
	/** The cookie of the owner's session, as `name=value`. */
	cookie(): string;
	createCredential(name: string, type: string, data: object): Promise<{ id: string; name: string }>;
	createWorkflow(workflow: Workflow): Promise<string>;
	/** What an execution that has ended gave. */
	execution(id: string): Promise<Execution>;
	/**
	 * Runs a workflow from its manual trigger to its end, or from another one if it has none.
	 * @param timeout milliseconds; five minutes unless given
	 * @param askEvery milliseconds between two questions whether it has ended, or a tenth of the time that
	 * has passed, if that is more; each costs n8n 20 to 50 milliseconds of CPU
	 */
	run(workflowId: string, timeout?: number, askEvery?: number): Promise<Execution>;
	/** Lets the trigger of a workflow start it, as in n8n's editor *Publish* does; n8n begins a little after that. */
	activate(workflowId: string): Promise<void>;
	/** How the executions of a workflow ended, or that they run, the newest first. */
	statuses(workflowId: string): Promise<string[]>;
	/** The content of a file in n8n's store. */
	binary(id: string): Promise<Buffer>;
	/** Bytes of memory that the n8n process has now. */
	memory(): number;
}

/**
 * Starts n8n on loopback with a folder of its own.
 * @param options.port 0 or absent: any free one
 * @param options.nodeFlags of the Node that it runs on
 * @param options.release `newest` unless given
 * @param options.hasPackage whether the package was put into the folder when n8n was started there before
 */
export async function startN8n(options: {
	userFolder: string;
	port?: number;
	env?: Record<string, string>;
	nodeFlags?: readonly string[];
	release?: Release;
	hasPackage?: boolean;
}): Promise<N8n> {
	const { release = 'newest', nodeFlags = [] } = options;
	mkdirSync(options.userFolder, { recursive: true });
	if (options.hasPackage !== true) addPackage(options.userFolder);
	const port = options.port ?? (await freePort());
	const url = `http://127.0.0.1:${String(port)}`;
	const n8n = await startProcess({
		command: 'start',
		release,
		nodeFlags,
		userFolder: options.userFolder,
		// The REST API of the editor is ready a little later.
		readyAt: [`${url}/healthz/readiness`, `${url}/rest/settings`],
		env: { N8N_PORT: String(port), ...options.env },
	});
	return connect(url, await whenFree(async () => await signIn(url)), n8n);
}

/**
 * A real n8n that runs already.
 * @param session its owner's, as `cookie()` gives it
 */
export function connect(url: string, session: string, n8n: N8nProcess): N8n {
	const api = async <Data>(method: string, path: string, body?: object): Promise<Data> =>
		await request<Data>(`${url}/rest${path}`, method, session, body);
	return {
		url,
		api,
		cookie: () => session,
		createCredential: async (name, type, data) =>
			await api('POST', '/credentials', { name, type, data }),
		createWorkflow: async (workflow) =>
			(
				await api<{ id: string }>('POST', '/workflows', {
					settings: { executionOrder: 'v1' },
					active: false,
					...workflow,
				})
			).id,
		execution: async (id) => readExecution(await api('GET', `/executions/${id}`)),
		run: async (workflowId, timeout = RUN_TIMEOUT, askEvery = ASK_EVERY) =>
			await runWorkflow(api, workflowId, timeout, askEvery),
		activate: async (workflowId) => {
			const { versionId } = await api<{ versionId: string }>('GET', `/workflows/${workflowId}`);
			await api('POST', `/workflows/${workflowId}/activate`, { versionId });
		},
		statuses: async (workflowId) => {
			const filter = encodeURIComponent(JSON.stringify({ workflowId }));
			const { results } = await api<{ results: Array<{ status: string }> }>(
				'GET',
				`/executions?filter=${filter}`,
			);
			return results.map(({ status }) => status);
		},
		binary: async (id) => {
			const query = new URLSearchParams({ id, action: 'download' });
			const response = await fetch(`${url}/rest/binary-data?${query.toString()}`, {
				headers: { cookie: session, ...ALONE },
			});
			if (!response.ok) throw new Error(`n8n has no file ${id}: ${String(response.status)}`);
			return Buffer.from(await response.arrayBuffer());
		},
		memory: () => residentBytes(n8n.pid),
		...n8n,
	};
}

/** Makes the owner on a new n8n, signs in on one that has been used; gives the session's cookie. */
async function signIn(url: string): Promise<string> {
	const post = async (path: string, body: object) =>
		await fetch(`${url}/rest${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...ALONE },
			body: JSON.stringify(body),
		});
	const made = await post('/owner/setup', OWNER);
	const { email, password } = OWNER;
	const response = made.ok ? made : await post('/login', { emailOrLdapLoginId: email, password });
	const cookie = response.headers.getSetCookie().find((value) => value.startsWith('n8n-auth='));
	if (cookie === undefined) throw new Error(`n8n lets nobody in: ${await response.text()}`);
	return cookie.split(';')[0] ?? '';
}

async function request<Data>(
	url: string,
	method: string,
	cookie: string,
	body?: object,
): Promise<Data> {
	const response = await fetch(url, {
		method,
		headers: { cookie, 'content-type': 'application/json', ...ALONE },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	const text = await response.text();
	if (!response.ok) throw new Error(`${method} ${url}: ${String(response.status)} ${text}`);
	return (JSON.parse(text) as { data: Data }).data;
}

async function runWorkflow(
	api: N8n['api'],
	workflowId: string,
	timeout: number,
	askEvery: number,
): Promise<Execution> {
	const workflow = await api<Workflow & { id: string }>('GET', `/workflows/${workflowId}`);
	const [trigger] = [
		...workflow.nodes.filter(({ type }) => type === 'n8n-nodes-base.manualTrigger'),
		...workflow.nodes.filter(({ type }) => type?.endsWith('Trigger')),
	];
	const { executionId } = await api<{ executionId: string }>(
		'POST',
		`/workflows/${workflowId}/run`,
		{
			workflowData: workflow,
			triggerToStartFrom: { name: trigger?.name },
		},
	);
	const begin = Date.now();
	while (Date.now() < begin + timeout) {
		const path = `/executions/${executionId}`;
		const execution = await api<{ status: string; data: string }>('GET', path).catch(
			(error: unknown) => {
				if (isTooBusy(error)) return undefined;
				throw error;
			},
		);
		if (execution !== undefined && hasEnded(execution)) return readExecution(execution);
		await sleep(Math.max(askEvery, (Date.now() - begin) / 10));
	}
	throw new Error(`Execution ${executionId} does not end.`);
}

/** n8n 1 says that an execution has ended a little before it has stored what came of it. */
function hasEnded({ status, data }: { status: string; data: string }): boolean {
	return !['new', 'running', 'waiting'].includes(status) && parse(data) !== undefined;
}

function readExecution({ status, data }: { status: string; data: string }): Execution {
	const { resultData } = parse(data) as IRunExecutionData;
	return {
		status,
		itemsOf: (node, output = 0) => resultData.runData[node]?.[0]?.data?.main?.[output] ?? [],
		runsOf: (node) => (resultData.runData[node] ?? []).map(({ data }) => data?.main?.[0] ?? []),
		timeOf: (node) => {
			const run = resultData.runData[node]?.[0];
			if (run === undefined) throw new Error(`The node ${node} did not run.`);
			return { start: run.startTime, duration: run.executionTime };
		},
		error: resultData.error as Execution['error'],
	};
}

/**
 * Bytes of memory that a process has now.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export function residentBytes(pid: number): number {
	const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
	return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}
