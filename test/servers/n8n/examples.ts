/** The workflows of examples/, as a person imports them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INode, INodeCredentials } from 'n8n-workflow';

import { credentialTypeOf } from '../../../nodes/connection/authentication';
import type { Workflow } from './n8n';

const FOLDER = join(__dirname, '..', '..', '..', 'examples');

/** Their names, without the ending. */
export const examples = readdirSync(FOLDER)
	.filter((name) => name.endsWith('.json'))
	.map((name) => name.replace(/\.json$/, ''));

export function readExample(name: string): Workflow {
	return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Workflow;
}

/** The credential types of n8n's own nodes in the examples. */
const OTHERS: Readonly<Record<string, string>> = {
	'n8n-nodes-base.n8n': 'n8nApi',
	'@n8n/n8n-nodes-langchain.lmChatOpenAi': 'openAiApi',
};

/** The workflow after a person has chosen a credential in each node that wants one, by the types. */
export function withCredentials(
	workflow: Workflow,
	credentials: Readonly<Record<string, { id: string; name: string }>>,
): Workflow {
	return {
		...workflow,
		nodes: workflow.nodes.map((node) => {
			const chosen = typesOf(node).map((type) => [type, credentials[type]] as const);
			return { ...node, credentials: Object.fromEntries(chosen) as INodeCredentials };
		}),
	};
}

function typesOf({ type = '', parameters = {} }: Partial<INode>): string[] {
	if (!type.startsWith('n8n-nodes-amazon-s3.'))
		return OTHERS[type] === undefined ? [] : [OTHERS[type]];
	const { authentication, anotherConnection, targetAuthentication } = parameters;
	const source = credentialTypeOf(authentication, 'source').name;
	if (anotherConnection !== true) return [source];
	return [source, credentialTypeOf(targetAuthentication, 'target').name];
}
