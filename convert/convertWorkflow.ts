import type { Converted, Origin } from './Converted';
import { renamedFields } from './expressions';
import { OBJECT_FIELDS } from './listed';
import { DEFAULTS, OPERATIONS } from './operations';
import type { Parameters, Workflow, WorkflowNode } from './Workflow';

/** A workflow with nodes of this package in place of n8n's, and what a person has to know of each. */
export interface Conversion {
	workflow: Workflow;
	/** One line for each, with the name of the node. */
	notes: string[];
}

const OUR_TYPE = 'n8n-nodes-amazon-s3.amazonS3';
const THEIR_TYPE = /^n8n-nodes-base\.(awsS3|s3)(Tool)?$/;

/**
 * Puts nodes of this package in the place of n8n's AWS S3 and S3 nodes. Names, places and connections of the
 * nodes stay, and so do all other nodes, but for expressions with names of fields that have changed.
 *
 * @throws Error if the text is no workflow
 */
export function convertWorkflow(input: unknown): Conversion {
	const workflow = checked(input);
	const notes: string[] = [];
	const renamed = new Map<string, Readonly<Record<string, string>>>();
	const nodes = workflow.nodes.map((node) => {
		const converted = convertNode(node);
		if (converted === undefined) return node;
		const all = [...converted.notes, ...pinnedNote(workflow, node)];
		notes.push(...all.map((note) => `${node.name}: ${note}`));
		if (converted.renamed !== undefined) renamed.set(node.name, converted.renamed);
		return replaced(node, converted);
	});
	return { workflow: withNewNames({ ...workflow, nodes }, renamed), notes };
}

/** Pinned data takes the place of what a node gives, and is what the old node gave. */
function pinnedNote({ pinData }: Workflow, { name }: WorkflowNode): string[] {
	const pinned = (pinData as Record<string, unknown[]> | undefined)?.[name] ?? [];
	return pinned.length > 0
		? ['Its pinned data is that of n8n’s node. Unpin it, run the node, and pin anew.']
		: [];
}

function checked(input: unknown): Workflow {
	const { nodes } = (input ?? {}) as Partial<Workflow>;
	if (!Array.isArray(nodes)) {
		throw new Error(
			'This is no workflow of n8n: it has no nodes. Copy nodes, or export the workflow.',
		);
	}
	return input as Workflow;
}

function convertNode({ type, typeVersion, parameters = {} }: WorkflowNode): Converted | undefined {
	const [, theirs] = THEIR_TYPE.exec(type) ?? [];
	if (theirs === undefined) return undefined;
	const origin: Origin = theirs === 's3' ? 's3' : typeVersion === 1 ? 'awsS3V1' : 'awsS3V2';
	const { resource = 'file', operation = DEFAULTS[resource] } = parameters as {
		resource?: string;
		operation?: string;
	};
	const name = `${resource}:${operation ?? ''}`;
	const convert = OPERATIONS[name];
	if (convert === undefined) return unknownOperation(name);
	return convert(parameters, origin, isTool(type));
}

const isTool = (type: string): boolean => type.endsWith('Tool');

const unknownOperation = (name: string): Converted => ({
	resource: 'object',
	operation: 'get',
	parameters: {},
	options: {},
	notes: [`The operation ${name} is not known. Choose one by hand.`],
});

/** The node after the conversion; a credential has to be chosen anew, as n8n's have other fields. */
function replaced(node: WorkflowNode, converted: Converted): WorkflowNode {
	const kept = { ...node };
	delete kept.credentials;
	const { resource, operation, parameters, options } = converted;
	const tool = isTool(node.type) ? 'Tool' : '';
	return {
		...kept,
		type: `${OUR_TYPE}${tool}`,
		typeVersion: 1,
		parameters: {
			...toolDescriptionOf(node.parameters),
			authentication: 'accessKeys',
			resource,
			operation,
			...parameters,
			options,
		},
	};
}

/** What somebody wrote for the agent. Without it our node says by itself what it does. */
const toolDescriptionOf = ({ descriptionType, toolDescription }: Parameters = {}): Parameters =>
	descriptionType === 'manual' ? { toolDescription } : {};

/** Nodes that hand on items as they are. */
const HANDING_ON =
	/^n8n-nodes-base\.(if|filter|switch|limit|sort|noOp|wait|removeDuplicates|splitInBatches)$/;

/** Whether a node, after the conversion, gives the object that it reads, with the names that a list has of it. */
const isDownload = ({ type, parameters }: WorkflowNode): boolean =>
	type === OUR_TYPE && parameters?.resource === 'object' && parameters.operation === 'get';

/** Expressions on the items of converted nodes get the new names of their fields. */
function withNewNames(
	workflow: Workflow,
	renamed: ReadonlyMap<string, Readonly<Record<string, string>>>,
): Workflow {
	const direct = namesOfItems(workflow, renamed);
	const nodes = workflow.nodes.map((node) => {
		let { parameters } = node;
		const own = direct.get(node.name);
		if (own !== undefined) parameters = rename(parameters, own, INPUT);
		for (const [name, names] of renamed) {
			parameters = rename(parameters, names, itemsOf(name));
		}
		return parameters === undefined ? node : { ...node, parameters };
	});
	return { ...workflow, nodes };
}

const rename = (
	parameters: Parameters | undefined,
	names: Readonly<Record<string, string>>,
	items: string,
) => renamedFields(parameters, names, items) as Parameters | undefined;

/** How expressions name the item that comes into a node. */
const INPUT = '(?:\\$json|\\$input\\.(?:item|first\\(\\)|last\\(\\)|all\\(\\)\\[\\d+\\])\\.json)';

/** How expressions name the items of a node: `$('Name').item.json`, `$node["Name"].json`, `$items("Name")[0].json`. */
function itemsOf(node: string): string {
	const name = node.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
	const quoted = `(?:'${name}'|"${name}"|\`${name}\`)`;
	const item = '(?:\\.\\w+(?:\\([^()]*\\))?(?:\\[\\d+\\])?)*?';
	return `(?:(?:\\$\\(${quoted}\\)|\\$node\\[${quoted}\\])${item}|\\$items\\(${quoted}\\)\\[\\d+\\])\\.json`;
}

/** The new names of fields in the items that come into a node, for nodes into which none but such items come. */
function namesOfItems(
	{ nodes, connections = {} }: Workflow,
	renamed: ReadonlyMap<string, Readonly<Record<string, string>>>,
): Map<string, Readonly<Record<string, string>>> {
	const before = predecessors(connections);
	const into = new Map<string, Readonly<Record<string, string>>>();
	const outOf = new Map(renamed);
	// Once for each node is enough for the longest row of nodes that hand items on.
	for (let round = 0; round < nodes.length; round++) {
		for (const node of nodes) {
			const { name, type } = node;
			const sources = (before.get(name) ?? []).map((source) => outOf.get(source));
			const [first] = sources.filter((names) => names !== undefined);
			// What a loop has worked on comes back into it.
			const all = type.endsWith('.splitInBatches') || sources.every((names) => names === first);
			if (first === undefined || !all) continue;
			into.set(name, first);
			if (HANDING_ON.test(type) || (first === OBJECT_FIELDS && isDownload(node))) {
				outOf.set(name, first);
			}
		}
	}
	return into;
}

function predecessors(connections: NonNullable<Workflow['connections']>): Map<string, string[]> {
	const before = new Map<string, string[]>();
	for (const [source, { main = [] }] of Object.entries(connections)) {
		for (const { node } of main.flatMap((output) => output ?? [])) {
			before.set(node, [...(before.get(node) ?? []), source]);
		}
	}
	return before;
}
