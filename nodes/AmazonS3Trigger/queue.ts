import {
	NodeOperationError,
	type IDataObject,
	type INodeExecutionData,
	type IPollFunctions,
	type IRun,
	type ITriggerFunctions,
	type ITriggerResponse,
} from 'n8n-workflow';

import type { OpenS3 } from '../../s3/client/S3';
import { HeldMessage } from '../../s3/queue/HeldMessage';
import { receiveMessages } from '../../s3/queue/messages';
import { openQueue } from '../../s3/queue/openQueue';
import type { Queue } from '../../s3/queue/Queue';
import { QueueConsumer } from '../../s3/queue/QueueConsumer';
import { S3Failure } from '../../s3/S3Failure';
import { openConnection } from '../connection/open';
import { toNodeError } from '../errors/toNodeError';
import { ofPoll } from '../parameters/ParameterSource';
import { itemOf, MessageWork, readMessage, type End, type Executions } from './MessageWork';
import { queueFields, readQueueSettings, type QueueSettings } from './queueFields';

/** Milliseconds that n8n waits for executions when it deactivates the workflow; they go on after that. */
const GRACE = 10_000;
/** Seconds that a test waits for a message. */
const TEST_WAIT = 20;
/** Messages that a test looks at. */
const TEST_MESSAGES = 10;

/** A queue that is being watched. */
interface Watched {
	readonly queue: Queue;
	readonly s3: OpenS3;
	readonly settings: QueueSettings;
}

/**
 * Starts the workflow for each message of a queue, until n8n closes the trigger.
 *
 * @throws {NodeApiError | NodeOperationError} when the queue cannot be used
 */
export async function watchQueue(node: ITriggerFunctions): Promise<ITriggerResponse> {
	try {
		const { queue, s3, settings } = await open(node);
		const executions = executionsOf(node, settings);
		const work = new MessageWork(settings, queue.url, s3.connection, executions);
		const { maxMessages, hiddenSeconds, together, acknowledge } = settings;
		const consumer = new QueueConsumer(queue, {
			maxMessages,
			hiddenSeconds,
			together,
			deletes: acknowledge !== 'later',
			work: async (messages) => await work.workOn(messages),
			onOutage: (failure) => tellOutage(executions, failure),
		});
		await consumer.start();
		return { closeFunction: async () => await consumer.stop(GRACE) };
	} catch (error) {
		throw toNodeError(node.getNode(), error);
	}
}

/**
 * The objects of a message, for a test in the editor. The message is given back, as it is to start the workflow all the
 * same; but if a node of the workflow is to acknowledge it, the message stays hidden for as long as it takes to try that.
 *
 * @throws {NodeApiError | NodeOperationError} also when there is none
 */
export async function sampleOfQueue(node: IPollFunctions): Promise<INodeExecutionData[][]> {
	try {
		const watched = await open(node);
		const { hiddenSeconds } = watched.settings;
		const request = { maxMessages: TEST_MESSAGES, waitSeconds: TEST_WAIT, hiddenSeconds };
		const messages = await receiveMessages(watched.queue, request, { signal: undefined });
		const held = messages.map((one) => new HeldMessage(watched.queue, one, hiddenSeconds));
		try {
			return [sampleOf(node, held, watched)];
		} finally {
			// What cannot be given back comes again by itself.
			await Promise.allSettled(held.map((message) => message.giveBack()));
		}
	} catch (error) {
		throw toNodeError(node.getNode(), error);
	}
}

/** @throws {NodeOperationError} if no message is about an object */
function sampleOf(
	node: IPollFunctions,
	held: HeldMessage[],
	{ queue, s3, settings }: Watched,
): INodeExecutionData[] {
	for (const [index, message] of held.entries()) {
		const events = readMessage(message, s3.connection).filter(settings.isMeant);
		if (events.length === 0) continue;
		if (settings.acknowledge === 'later') {
			message.letGo();
			held.splice(index, 1);
		}
		const shown = settings.together ? events : events.slice(0, 1);
		return shown.map((event) => ({ json: itemOf({ message, event }, settings, queue.url) }));
	}
	throw noSample(node, queue, held.length);
}

async function open(node: IPollFunctions | ITriggerFunctions): Promise<Watched> {
	const parameters = ofPoll(node, queueFields);
	const settings = readQueueSettings(parameters);
	const fields = async (type: string) => await node.getCredentials(type);
	const s3 = await openConnection({ parameters, fields }, 'source');
	return { queue: await openQueue(s3.connection, settings), s3, settings };
}

/** Executions of the workflow that a trigger is in. */
function executionsOf(node: ITriggerFunctions, { maxRun }: QueueSettings): Executions {
	const note = (failure: unknown) => {
		node.logger.warn(`Amazon S3 Trigger: ${wordsOf(failure)}`, { node: node.getNode().name });
	};
	return {
		run: async (items) => await run(node, items, maxRun),
		report: (failure) => {
			note(failure);
			// Older versions of n8n have no such function.
			if ('saveFailedExecution' in node) {
				node.saveFailedExecution(toNodeError(node.getNode(), failure));
			}
		},
		note,
	};
}

/**
 * Runs the workflow. When n8n runs it in another process, it may never hear of the end: so the time is limited.
 */
async function run(node: ITriggerFunctions, items: IDataObject[], maxMs: number): Promise<End> {
	let timer: NodeJS.Timeout | undefined;
	const tooLate = new Promise<End>((resolve) => {
		timer = setTimeout(() => resolve('unknown'), maxMs);
		timer.unref();
	});
	try {
		const done = node.helpers.createDeferredPromise<IRun | undefined>();
		node.emit(
			[items.map((json) => ({ json }))],
			undefined,
			done as Parameters<typeof node.emit>[2],
		);
		return await Promise.race([done.promise.then(endOf), tooLate]);
	} catch {
		// n8n notes why it could not run the workflow.
		return 'failed';
	} finally {
		clearTimeout(timer);
	}
}

/** A workflow that waits is kept by n8n, which goes on with it: so far it has succeeded. */
function endOf(finished: IRun | undefined): End {
	if (finished === undefined) return 'failed';
	const { status, data } = finished;
	const hasFailed = ['error', 'crashed', 'canceled'].includes(status);
	return hasFailed || data.resultData.error !== undefined ? 'failed' : 'succeeded';
}

/** What may pass is noted; what needs somebody is a failed execution, too. */
function tellOutage(executions: Executions, failure: unknown): void {
	if (failure instanceof S3Failure && failure.retryable) executions.note(failure);
	else executions.report(failure);
}

function wordsOf(failure: unknown): string {
	if (failure instanceof S3Failure) return `${failure.message}. ${failure.description}`;
	return String(failure);
}

function noSample(node: IPollFunctions, { name }: Queue, seen: number): NodeOperationError {
	const words =
		seen === 0
			? `No message came from queue “${name}” within ${TEST_WAIT} seconds`
			: `No message of queue “${name}” is about an object that this node takes`;
	return new NodeOperationError(node.getNode(), words, {
		description:
			seen === 0
				? 'Put an object into the bucket and test again. If nothing comes, check the notifications of the bucket and the policy of the queue.'
				: 'Test messages and other events are left out; check the options Events, Prefix and Key Matches.',
	});
}
