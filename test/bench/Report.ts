/** What ran. `plain` is this package's `s3/` in a bare Node process, as the SDK's own tools run there. */
export type ContenderName = 'ours' | 'builtIn' | 'awsCli' | 'curl' | 'plain' | 'sdk';

type Operation = 'put' | 'get' | 'list' | 'listToFile' | 'load' | 'firstUse';

export type KeySet = 'even' | 'skewed';

/** What one run was about; runs with the same task are compared. */
export interface Task {
	operation: Operation;
	/** Bytes of the object. */
	bytes?: number;
	/** Small objects. */
	items?: number;
	/** Keys listed. */
	keys?: number;
	keySet?: KeySet;
	/** Milliseconds between client and server and back. */
	roundTrip?: number;
	/** What ours was set to; n8n's own node knows no such thing. */
	concurrency?: number | undefined;
}

export interface Measured {
	/** Of the node in n8n, of the whole command elsewhere. */
	seconds: number;
	/** Of user and system together, in a bare Node process only. */
	cpuSeconds?: number;
	/** Bytes by which the process grew at its peak; of a command of its own all that it had. */
	memory?: number | undefined;
}

export type Quantity = keyof Measured;

export interface Run extends Measured {
	contender: ContenderName;
	task: Task;
}

/** Where and how it was measured. */
export interface Machine {
	cpu: string;
	cores: number;
	memory: number;
	system: string;
	node: string;
	n8n: string;
	server: string;
	awsCli: string | undefined;
	curl: string | undefined;
}

/** Everything that a run of the bench found; what it prints and draws comes from this alone. */
export interface Report {
	date: string;
	command: string;
	/** Version of this package. */
	version: string;
	machine: Machine;
	runs: Run[];
	/** Cases that did not come to their end. */
	failures: { case: string; message: string }[];
}
