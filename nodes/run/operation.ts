import {
	updateDisplayOptions,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

import type { S3 } from '../../s3/client/S3';

/** One input item at work. It is also the `call` that the functions of `s3/` take. */
export interface Item {
	readonly node: IExecuteFunctions;
	readonly index: number;
	/** The item's data, `$json` in expressions. */
	readonly json: IDataObject;
	/** What was entered for the parameter of this path: a value, or an expression not worked out yet. */
	entered(name: string): unknown;
	readonly s3: S3;
	/** Aborted when the workflow is cancelled or another item has failed. */
	readonly signal: AbortSignal | undefined;
	/** Shows a sentence above the node's output, once however many items say it. */
	hint(message: string): void;
}

/** All there is to one operation; a registry of them makes a resource. */
export interface Operation {
	readonly option: INodePropertyOptions;
	readonly fields: INodeProperties[];
	/**
	 * Works on one item and gives the items it makes; they are linked to it afterwards.
	 *
	 * @throws {S3Failure} or what n8n throws when it reads a parameter or the item's file
	 */
	execute(item: Item): Promise<INodeExecutionData[]>;
}

/** Operations by the value that a workflow saves. */
export type Registry = Readonly<Record<string, Operation>>;

/**
 * The operation drop-down of a resource, and the fields of each of its operations.
 *
 * @param initial the operation of a new node; n8n does not save it, so it can never change
 */
export function operationsOf<Operations extends Registry>(
	resource: string,
	registry: Operations,
	initial: keyof Operations & string,
): INodeProperties[] {
	const operations = Object.entries(registry);
	const dropDown: INodeProperties = {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: operations.map(([, { option }]) => option),
		default: initial,
	};
	const fields = operations.flatMap(([operation, { fields: own }]) =>
		updateDisplayOptions({ show: { resource: [resource], operation: [operation] } }, own),
	);
	return [dropDown, ...fields];
}
