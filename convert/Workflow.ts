/** What a workflow of n8n is, as far as it matters here: a file of one, or nodes copied from the canvas. */
export interface Workflow {
	nodes: WorkflowNode[];
	/** By the name of the node before, then by kind, e.g. `main`. */
	connections?: Record<string, Record<string, (Connection[] | null)[]>>;
	[other: string]: unknown;
}

export interface WorkflowNode {
	name: string;
	type: string;
	typeVersion?: number;
	parameters?: Parameters;
	[other: string]: unknown;
}

export type Parameters = Record<string, unknown>;

interface Connection {
	node: string;
}
