import { NodeOperationError, type INode } from 'n8n-workflow';

import type { ParameterSource } from '../parameters/ParameterSource';
import { readText } from '../parameters/read';
import type { Operation, Registry } from './operation';

/** The operations of the resources, by the value that a workflow saves. */
export type Resources = Readonly<Record<string, Registry>>;

/**
 * The operation that is chosen in the node.
 *
 * @throws {NodeOperationError} when this version of the node does not have it
 */
export function chosenOperation(
	parameters: ParameterSource,
	resources: Resources,
	node: INode,
): Operation {
	const resource = readText(parameters, 'resource') ?? '';
	const name = readText(parameters, 'operation') ?? '';
	const registry = Object.hasOwn(resources, resource) ? resources[resource] : undefined;
	const operation =
		registry !== undefined && Object.hasOwn(registry, name) ? registry[name] : undefined;
	if (operation !== undefined) return operation;
	throw new NodeOperationError(
		node,
		`This version of the node has no operation “${name}” for the resource “${resource}”`,
		{
			description: 'Choose resource and operation again, or update n8n-nodes-amazon-s3.',
			itemIndex: 0,
		},
	);
}
