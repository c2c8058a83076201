import {
	ManualExecutionCancelledError,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { S3Failure } from '../../s3/S3Failure';
import { toNodeError } from '../errors/toNodeError';

/**
 * What became of the input items of a run. An item that fails becomes an error item if the node is set to
 * continue, or is a tool of an agent; if not, the work on all items after it is stopped, and the error of the first one
 * is thrown.
 */
export class Results {
	private readonly outputs: INodeExecutionData[][];
	private readonly failed = new Set<number>();
	/** The failure of the first item in their order. */
	private failure: { index: number; error: unknown } | undefined;
	private readonly stop = new AbortController();
	/** By the index of the item. */
	private readonly inFlight = new Map<number, AbortController>();

	/**
	 * @param count the number of input items
	 * @param keepsFiles whether error items have the files of their input items
	 */
	constructor(
		private readonly node: IExecuteFunctions,
		readonly count: number,
		private readonly keepsFiles = false,
	) {
		this.outputs = new Array<INodeExecutionData[]>(count);
	}

	/**
	 * Aborted when the workflow is cancelled, or when an item failed and the node is not set to continue: then
	 * no further item is begun, and the work on all items together ends.
	 */
	get signal(): AbortSignal {
		return this.stop.signal;
	}

	/**
	 * Begins the work on an item alone. Its signal is aborted when the workflow is cancelled, or when an item
	 * before it failed and the node is not set to continue: what comes after that one cannot matter any more.
	 */
	begin(index: number): AbortSignal {
		const controller = new AbortController();
		if (this.isOver(index)) controller.abort(this.signal.reason);
		else this.inFlight.set(index, controller);
		return controller.signal;
	}

	/** Takes the items that an input item made, and links them to it. */
	succeed(index: number, items: INodeExecutionData[]): void {
		this.inFlight.delete(index);
		this.outputs[index] = linked(items, index);
	}

	/** What the input items made that did not fail. */
	made(): INodeExecutionData[] {
		return this.outputs.filter((_, index) => !this.failed.has(index)).flat();
	}

	/** Takes why an item failed. */
	fail(index: number, error: unknown): void {
		if (continuesAfterFailure(this.node)) {
			this.failed.add(index);
			this.succeed(index, [errorItem(this.node, error, index, this.keepsFiles)]);
			return;
		}
		this.inFlight.delete(index);
		if (this.isCausedByStop(error)) return;
		if (index < (this.failure?.index ?? Infinity)) this.failure = { index, error };
		this.stop.abort(error);
		for (const [other, controller] of this.inFlight) if (other > index) controller.abort(error);
	}

	/**
	 * Does the work on the items, and gives what they made in their order. The work is stopped when the
	 * workflow is cancelled.
	 *
	 * @throws {NodeApiError | NodeOperationError} of the first item in their order that failed
	 * @throws {ManualExecutionCancelledError}
	 */
	async collect(work: () => Promise<void>): Promise<INodeExecutionData[]> {
		const cancelled = this.node.getExecutionCancelSignal();
		const cancel = () => {
			this.stop.abort(cancelled?.reason);
			for (const controller of this.inFlight.values()) controller.abort(cancelled?.reason);
		};
		if (cancelled?.aborted === true) cancel();
		cancelled?.addEventListener('abort', cancel, { once: true });
		try {
			await work();
		} finally {
			cancelled?.removeEventListener('abort', cancel);
		}
		if (cancelled?.aborted === true) {
			throw new ManualExecutionCancelledError(this.node.getExecutionId());
		}
		if (this.failure !== undefined) {
			throw toNodeError(this.node.getNode(), this.failure.error, this.failure.index);
		}
		return this.outputs.flat();
	}

	/** Whether an item cannot matter any more: the workflow was cancelled, or an item before it has failed. */
	private isOver(index: number): boolean {
		const isCancelled = this.node.getExecutionCancelSignal()?.aborted === true;
		return isCancelled || index > (this.failure?.index ?? Infinity);
	}

	/** Whether something failed only because the work on all items has been stopped. */
	private isCausedByStop(error: unknown): boolean {
		if (!this.signal.aborted) return false;
		return (
			error === this.signal.reason || (error instanceof S3Failure && error.kind === 'cancelled')
		);
	}
}

/**
 * Whether a failure becomes an item. Of a tool that throws n8n 1.123 ends the execution, and older versions of its agent
 * tell the model nothing at all. An item tells it what happened and what to do.
 */
function continuesAfterFailure(node: IExecuteFunctions): boolean {
	const { type, onError } = node.getNode();
	return node.continueOnFail() || (type.endsWith('Tool') && onError !== 'stopWorkflow');
}

/** As n8n's `constructExecutionMetaData` does, which copies every item. */
function linked(items: INodeExecutionData[], index: number): INodeExecutionData[] {
	const pairedItem = { item: index };
	for (const item of items) item.pairedItem = pairedItem;
	return items;
}

/**
 * The item for one that failed. n8n sends an item to the error output if it has nothing but an error and a
 * message, and adds the input's JSON; on the other output the item stays as it is. With the property `error`
 * n8n would replace its JSON.
 *
 * @see https://docs.n8n.io/integrations/creating-nodes/build/reference/error-handling/
 */
function errorItem(
	node: IExecuteFunctions,
	cause: unknown,
	index: number,
	keepsFiles: boolean,
): INodeExecutionData {
	const { message: error, description } = toNodeError(node.getNode(), cause, index);
	const { json, binary } = node.getInputData()[index] ?? { json: {} };
	const input = node.getNode().onError === 'continueErrorOutput' ? {} : json;
	const message = typeof description === 'string' ? { message: description } : {};
	return {
		json: { ...input, error, ...message },
		...(keepsFiles && binary !== undefined && { binary }),
	};
}
