import type { INodeProperties } from 'n8n-workflow';

import { onlyForTools } from '../parameters/forTools';
import type { Registry } from './operation';

/**
 * What an agent is told of the node as its tool, one field for each operation of a resource. It says what cannot be undone.
 * n8n takes it in place of its own field, which names the operation and says no more.
 */
export const toolDescriptionsOf = (resource: string, registry: Registry): INodeProperties[] =>
	onlyForTools(
		...Object.entries(registry).map(([operation, { option }]) => ({
			displayName: 'Tool Description',
			name: 'toolDescription',
			type: 'string' as const,
			typeOptions: { rows: 3 },
			default: option.description ?? '',
			description:
				'What the agent is told of this tool. Add what it is for and what is in the bucket: the agent goes by that when it chooses a tool.',
			displayOptions: { show: { resource: [resource], operation: [operation] } },
		})),
	);
