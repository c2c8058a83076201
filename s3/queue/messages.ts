import { fieldsOf, filledText } from '../jsonFields';
import type { Queue, QueueCall } from './Queue';

/** A message as it was received: hidden from other receivers for a while. */
export interface QueueMessage {
	readonly id: string;
	readonly body: string;
	/** Needed to delete the message, or to hide it for longer. */
	readonly receiptHandle: string;
	/** How often it was received, this time included. */
	readonly receiveCount: number;
}

/** How messages are received. */
export interface ReceiveRequest {
	/** 1 to 10. */
	readonly maxMessages: number;
	/** Seconds that SQS waits for a message if there is none, 0 to 20. */
	readonly waitSeconds: number;
	/** Seconds for which the messages are hidden, 0 to 43,200. */
	readonly hiddenSeconds: number;
}

/**
 * Receives the messages that are there, or the first that comes.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
export async function receiveMessages(
	queue: Queue,
	{ maxMessages, waitSeconds, hiddenSeconds }: ReceiveRequest,
	call: QueueCall,
): Promise<QueueMessage[]> {
	const { Messages: messages } = await queue.send(
		'ReceiveMessage',
		{
			MaxNumberOfMessages: maxMessages,
			WaitTimeSeconds: waitSeconds,
			VisibilityTimeout: hiddenSeconds,
			// The first name is for servers that know the API before 2023 only.
			AttributeNames: ['ApproximateReceiveCount'],
			MessageSystemAttributeNames: ['ApproximateReceiveCount'],
		},
		{ ...call, waiting: 1000 * waitSeconds },
	);
	return Array.isArray(messages) ? messages.map(readMessage) : [];
}

function readMessage(message: unknown): QueueMessage {
	const { MessageId, Body, ReceiptHandle, Attributes } = fieldsOf(message);
	const { ApproximateReceiveCount: count } = fieldsOf(Attributes);
	return {
		id: filledText(MessageId) ?? '',
		body: filledText(Body) ?? '',
		receiptHandle: filledText(ReceiptHandle) ?? '',
		receiveCount: Number(count) || 1,
	};
}

/**
 * Deletes a message for good.
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html
 */
export async function deleteMessage(
	queue: Queue,
	receiptHandle: string,
	call: QueueCall,
): Promise<void> {
	await queue.send('DeleteMessage', { ReceiptHandle: receiptHandle }, call);
}

/**
 * Hides a message from other receivers for so long from now on; 0 gives it back at once.
 * @param seconds 0 to 43,200
 * @throws S3Failure
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 */
export async function hideMessage(
	queue: Queue,
	receiptHandle: string,
	seconds: number,
	call: QueueCall,
): Promise<void> {
	const input = { ReceiptHandle: receiptHandle, VisibilityTimeout: seconds };
	await queue.send('ChangeMessageVisibility', input, call);
}
