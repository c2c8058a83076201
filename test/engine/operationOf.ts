import type { INodeParameters } from 'n8n-workflow';

import { resources } from '../../nodes/AmazonS3/resources';
import type { Operation, Registry } from '../../nodes/run/operation';

/**
 * The operation that a node with these parameters runs, and what to call it, such as `object list`.
 *
 * @throws Error if there is none
 */
export function operationOf(parameters: INodeParameters): Operation & { title: string } {
	const { resource, operation } = parameters as { resource: string; operation: string };
	const title = `${resource} ${operation}`;
	const found = (resources as Record<string, Registry>)[resource]?.[operation];
	if (found === undefined) throw new Error(`there is no operation ${title}`);
	return { ...found, title };
}
