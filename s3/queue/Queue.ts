import type { Call } from '../Call';
import type { Fields } from '../jsonFields';

/** The calls of SQS that are made. */
export type QueueAction = 'ChangeMessageVisibility' | 'DeleteMessage' | 'ReceiveMessage';

/** How one request is sent. */
export interface QueueCall extends Pick<Call, 'signal' | 'retryFor'> {
	/** Milliseconds that the server may wait before it responds; 0 unless given. */
	readonly waiting?: number;
}

/** A queue of SQS, ready to be used. */
export interface Queue {
	readonly url: string;
	readonly name: string;
	/**
	 * Sends one request about the queue, again after failures that may pass.
	 * @param input without the URL of the queue
	 * @throws S3Failure
	 */
	send(action: QueueAction, input: Fields, call: QueueCall): Promise<Fields>;
}
