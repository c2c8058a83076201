import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INode, INodeExecutionData } from 'n8n-workflow';
import { startN8n } from '../servers/n8n/n8n';
import type { Execution, N8n } from '../servers/n8n/n8n';
import { inARow, node } from '../servers/n8n/sample';
import type { Contender } from './contenders';
import type { Lab, ServerAddress } from './lab';
import { haveMemory } from './memoryAtHand';
import { ProcessMemory } from './ProcessMemory';
import type { Measured } from './Report';

const START = node('Start', 0, 'n8n-nodes-base.manualTrigger', {});
const NODE = 'S3';
const HOUR = 3_600_000;
/** Milliseconds in which n8n, and that of the other contender, writes away what the last execution left. */
const REST = 1000;
/** Milliseconds. Asked more often whether it has ended, n8n would be busy with that. */
const ASK_EVERY = 1000;

/**
 * Keeps V8 from collecting garbage by itself seconds after n8n has had nothing more to do: that would be in
 * the other one's time, or right before it needs the memory.
 */
const LEAVES_GARBAGE = ['--no-memory-reducer'];

let started = 0;

/** A real n8n in which one contender works: each has its own, so that none inherits another's memory. */
export class BenchN8n {
	private readonly credentials = new Map<string, Promise<object>>();
	/** Bytes of memory at rest: the least so far, for n8n gives back what it took only in time. */
	private atRest = Infinity;

	private constructor(
		private readonly folder: string,
		readonly contender: Contender,
		private readonly n8n: N8n,
	) {}

	/**
	 * Starts an n8n, which keeps files in its filesystem mode.
	 * @param inTurn whether it is measured in turn with another
	 */
	static async start(folder: string, contender: Contender, inTurn: boolean): Promise<BenchN8n> {
		const n8n = await startN8n({
			userFolder: join(folder, `n8n-${++started}`),
			env: {
				N8N_RESTRICT_FILE_ACCESS_TO: folder,
				N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
				NODE_OPTIONS: `--require ${join(__dirname, 'collectGarbage.cjs')}`,
			},
			nodeFlags: inTurn ? LEAVES_GARBAGE : [],
		});
		return new BenchN8n(folder, contender, n8n);
	}

	/**
	 * A workflow that ends with the contender's node.
	 * @param items that it begins with; one without anything unless given
	 */
	async workflow(
		server: ServerAddress,
		sources: Partial<INode>[],
		parameters: object,
		items?: INodeExecutionData[],
	): Promise<string> {
		const { type, credentialType } = this.contender;
		const credentials = { [credentialType]: await this.credentialFor(server) };
		const last = node(NODE, sources.length + 1, type, parameters, credentials);
		const workflow = inARow('Bench', [START, ...sources, last]);
		return await this.n8n.createWorkflow({
			...workflow,
			...(items && { pinData: { Start: items } }),
		});
	}

	/** Puts a file into n8n's store, where it stays until `forget`; gives the item that has it. */
	async readFile(path: string): Promise<INodeExecutionData[]> {
		const parameters = { operation: 'read', fileSelector: path, options: {} };
		const read = node('Read', 1, 'n8n-nodes-base.readWriteFile', parameters);
		const workflowId = await this.n8n.createWorkflow(inARow('Read', [START, read]));
		return (await this.execute(workflowId)).itemsOf('Read');
	}

	/** Runs a workflow and measures the contender's node; throws when it fails. */
	async run(workflowId: string): Promise<Measured & { memory: number; execution: Execution }> {
		await this.collectGarbage();
		this.atRest = Math.min(this.atRest, this.n8n.memory());
		const memory = new ProcessMemory(this.n8n.pid);
		try {
			const { seconds, execution } = await this.runAsItIs(workflowId);
			const { start, duration } = execution.timeOf(NODE);
			const grown = memory.peak(start, start + duration) - this.atRest;
			return { seconds, memory: Math.max(0, grown), execution };
		} finally {
			memory.stop();
		}
	}

	/**
	 * Runs a workflow three times: first for the memory, from what is in use, last for the time, with n8n
	 * as it is. In between V8 does what it has put off after a collection of garbage that was forced: the
	 * next one.
	 */
	async measure(workflowId: string): Promise<Measured & { memory: number; execution: Execution }> {
		const { memory } = await this.run(workflowId);
		await this.runAsItIs(workflowId);
		return { ...(await this.runAsItIs(workflowId)), memory };
	}

	/** Runs a workflow and measures the time alone; see `measure`. */
	async runAsItIs(workflowId: string): Promise<Measured & { execution: Execution }> {
		await sleep(REST);
		haveMemory(this.folder);
		const execution = await this.execute(workflowId);
		return { seconds: execution.timeOf(NODE).duration / 1000, execution };
	}

	private async execute(workflowId: string): Promise<Execution> {
		const execution = await this.n8n.run(workflowId, HOUR, ASK_EVERY);
		if (execution.status === 'success') return execution;
		const why = execution.error?.message ?? execution.status;
		throw new Error(`${this.contender.type} failed: ${why}`);
	}

	/** The items that the contender's node gave. */
	static itemsOf(execution: Execution): ReturnType<Execution['itemsOf']> {
		return execution.itemsOf(NODE);
	}

	async file(id: string): Promise<Buffer> {
		return await this.n8n.binary(id);
	}

	/** Loads what the node loads at first use, so that this does not count. */
	async warmUp({ bucket, server, fill }: Lab): Promise<void> {
		await fill('warm/', ['a', 'b', 'c'], 'warm');
		const parameters = this.contender.list(bucket, 'warm/');
		const workflowId = await this.workflow(server, [], parameters);
		for (let i = 0; i < 3; i++) await this.n8n.run(workflowId);
		await this.forget();
	}

	/** Removes the executions that have ended, and their files. */
	async forget(): Promise<void> {
		await this.n8n.api('POST', '/executions/delete', { deleteBefore: new Date() });
	}

	async stop(): Promise<void> {
		await this.n8n.stop();
	}

	/** Makes the next run begin with what is in use, see `collectGarbage.cjs`. */
	private async collectGarbage(): Promise<void> {
		await sleep(REST);
		process.kill(this.n8n.pid, 'SIGUSR2');
		await sleep(REST / 10);
		// While it collects, n8n does not answer.
		await this.n8n.api('GET', '/settings');
	}

	private async credentialFor(server: ServerAddress): Promise<object> {
		const { credentialType, credential } = this.contender;
		const { endpoint } = server;
		const data = credential(server);
		const made =
			this.credentials.get(endpoint) ?? this.n8n.createCredential(endpoint, credentialType, data);
		this.credentials.set(endpoint, made);
		return await made;
	}
}
