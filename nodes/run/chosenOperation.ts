import { NodeOperationError, type INode } from 'n8n-workflow';

import type { ParameterSource } from '../parameters/ParameterSource';
import { readText } from '../parameters/read';
import type { Operation, Registry } from './operation';

/** The operations of the resources, by the value that a workflow saves. */
export type Resources = Readonly<Record<string, Registry>>;

/** What n8n's form has as operation or resource for a call that the node does not know. */
const CUSTOM_API_CALL = '__CUSTOM_API_CALL__';

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
	if ([resource, name].includes(CUSTOM_API_CALL)) throw noApiCall(node);
	throw new NodeOperationError(
		node,
		`This version of the node has no operation “${name}” for the resource “${resource}”`,
		{
			description: 'Choose resource and operation again, or update n8n-nodes-amazon-s3.',
			itemIndex: 0,
		},
	);
}

const noApiCall = (node: INode): NodeOperationError =>
	new NodeOperationError(node, 'A custom API call is made with the HTTP Request node', {
		description:
			'Add an HTTP Request node, set its Authentication to Predefined Credential Type, and choose the credential of this node there.',
		itemIndex: 0,
	});
