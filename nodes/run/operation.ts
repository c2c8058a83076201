import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';

import type { Call } from '../../s3/Call';
import type { CallName } from '../../s3/calls/calls';
import type { OpenS3 } from '../../s3/client/S3';
import type { S3Failure } from '../../s3/S3Failure';
import type { CredentialSlot } from '../connection/authentication';
import type { ParameterSource } from '../parameters/ParameterSource';
import type { Schema } from './schema';

/** One input item: where its parameters and files are read. */
export interface InputItem extends ParameterSource {
	readonly node: IExecuteFunctions;
	readonly index: number;
}

/**
 * An input item with what is needed to work on it. As a `Call`, its signal is aborted when the workflow is
 * cancelled, or when an item failed and the node stops for that.
 */
export interface Item extends InputItem, Call {
	/** The connection of the node. */
	readonly s3: OpenS3;
	/** Opens another connection of the node; `s3` is that of the slot `source`. */
	connection(slot: CredentialSlot): Promise<OpenS3>;
	/** Resolves when an item may write to what it has found out on its way, after those before it that write to the same. */
	turnFor(target: string): Promise<void>;
	/** Shows a sentence above the node's output, only once if several items have the same. */
	hint(message: string): void;
}

/**
 * The S3 calls that an operation may make, and when it makes each: `always`, or such as `with the option
 * Attributes`. docs/permissions.md is made of them, and every test on the engine fails if another one is made.
 */
export type CallUses = Readonly<Partial<Record<CallName, string>>>;

/** What the editor and the documentation show of an operation. */
interface OperationFields {
	readonly option: INodePropertyOptions;
	readonly fields: INodeProperties[];
	/** Of the `json` of the items it makes: the build publishes it, every engine test checks it. */
	readonly output: Schema;
	readonly calls: CallUses;
	/**
	 * What the run has done, as sentences above the output, by the items that it made.
	 *
	 * @param entered what was entered in the node
	 */
	summaryOf?(made: readonly INodeExecutionData[], entered: ParameterSource['entered']): string[];
	/** Whether its items have the files of the input, also those of items that failed. */
	readonly keepsFiles?: boolean;
}

/** An operation that works on each input item by itself. */
export interface ItemOperation extends OperationFields {
	/**
	 * Works on one item and gives the items that it makes; they are linked to it afterwards.
	 *
	 * @throws {S3Failure} or what n8n throws when it reads a parameter or the item's file
	 */
	execute(item: Item): Promise<INodeExecutionData[]>;
	/**
	 * What an item writes to. Items that write to the same are worked on one after the other, so that the last
	 * one stays.
	 */
	targetsOf?(item: Item): readonly string[] | Promise<readonly string[]>;
	/** Whether an item finds out on its way what it writes to, and then asks for its turn. */
	findsTarget?(item: Item): boolean;
	/** What an item reads that others of the run may write to: it finds what the items before it have written. */
	sourcesOf?(item: Item): readonly string[];
	/** Why an item must not write to what an item before it writes to, if it must not. */
	refusalOf?(item: Item): S3Failure | undefined;
	/** Whether items that write to the same leave what the others have written. */
	readonly addsUp?: boolean;
	/** Bytes of the object that was moved for an item: of large ones fewer are worked on at once. */
	bytesOf?(made: INodeExecutionData[]): number;
}

/** What an input item asks of an operation that works on many. */
export interface ItemRequest<Request> {
	readonly item: Item;
	readonly request: Request;
}

/** What became of an input item: the items that it makes, or why it failed. */
export type ItemResult =
	| { readonly item: Item; readonly items: INodeExecutionData[] }
	| { readonly item: Item; readonly error: unknown };

/** An operation that works on many input items in one request. */
export interface BulkOperation<Request = unknown> extends OperationFields {
	/** Reads what one item asks for. What it throws fails this item alone. */
	read(item: Item): Request;
	/**
	 * Works on all items that could be read, and gives a result for each of them, in any order, as soon as
	 * it is known. The items may have different connections and buckets. What it throws fails the items
	 * that have no result yet.
	 *
	 * @param begin gives the signal for the work on an item: it is aborted when the workflow is cancelled, or when an
	 * item before it has failed and the node stops for that
	 */
	executeAll(
		requests: ReadonlyArray<ItemRequest<Request>>,
		begin: Begin,
	): AsyncIterable<ItemResult>;
}

/** Begins the work on an item, and on those after it that are worked on together with it. */
export type Begin = (index: number) => AbortSignal;

/** What an operation that needs no connection is told of an input item. */
export type Transformed = ParameterSource & Pick<Item, 'hint'>;

/** An operation that only reads what is in each input item, and needs no credential. */
export interface TransformOperation extends OperationFields {
	/**
	 * Gives the items that an input item makes; they are linked to it afterwards.
	 *
	 * @throws {S3Failure} or what n8n throws when it reads a parameter
	 */
	transform(item: Transformed): INodeExecutionData[];
}

/** All there is to one operation; a registry of them makes a resource. */
export type Operation = ItemOperation | BulkOperation | TransformOperation;

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
		own.map((field) => shownFor(field, resource, operation)),
	);
	return [dropDown, ...fields];
}

/**
 * A field for one operation only. n8n looks at conditions in their order, and shows a field at once if one of them is on
 * a field with an expression: the operation has to come first, or the field would be shown in others too.
 */
function shownFor(field: INodeProperties, resource: string, operation: string): INodeProperties {
	const { show, hide } = field.displayOptions ?? {};
	return {
		...field,
		displayOptions: {
			show: { resource: [resource], operation: [operation], ...show },
			...(hide === undefined ? {} : { hide }),
		},
	};
}
