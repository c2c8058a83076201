import {
	ManualExecutionCancelledError,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { S3Failure } from '../../s3/S3Failure';
import { toNodeError } from '../errors/toNodeError';

/**
 * What became of the input items of a run. An item that fails becomes an error item if the node is set to
 * continue; if not, the work on all items is stopped.
 */
export class Results {
	private readonly outputs: INodeExecutionData[][];
	/** The failure of the first item in their order. */
	private failure: { index: number; error: unknown } | undefined;
	private readonly stop = new AbortController();

	/** @param count the number of input items */
	constructor(
		private readonly node: IExecuteFunctions,
		readonly count: number,
	) {
		this.outputs = new Array<INodeExecutionData[]>(count);
	}

	/** Aborted when the workflow is cancelled, or when an item failed and the node is not set to continue. */
	get signal(): AbortSignal {
		return this.stop.signal;
	}

	/** Takes the items that an input item made, and links them to it. */
	succeed(index: number, items: INodeExecutionData[]): void {
		this.outputs[index] = linked(items, index);
	}

	/** Takes why an item failed. */
	fail(index: number, error: unknown): void {
		if (this.node.continueOnFail()) {
			this.succeed(index, [errorItem(this.node, error, index)]);
		} else if (!this.isCausedByStop(error)) {
			if (index < (this.failure?.index ?? Infinity)) this.failure = { index, error };
			this.stop.abort(error);
		}
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
		const cancel = () => this.stop.abort(cancelled?.reason);
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

	/** Whether something failed only because the work on all items has been stopped. */
	private isCausedByStop(error: unknown): boolean {
		if (!this.signal.aborted) return false;
		return (
			error === this.signal.reason || (error instanceof S3Failure && error.kind === 'cancelled')
		);
	}
}

/** As n8n's `constructExecutionMetaData` does, which copies every item. */
function linked(items: INodeExecutionData[], index: number): INodeExecutionData[] {
	const pairedItem = { item: index };
	for (const item of items) item.pairedItem = pairedItem;
	return items;
}

/** n8n routes an item to the error output by its `error`, and shows its message in `json`. */
function errorItem(node: IExecuteFunctions, cause: unknown, index: number): INodeExecutionData {
	const error = toNodeError(node.getNode(), cause, index);
	return { json: { error: error.message }, error };
}
