import { setImmediate as nextTurn } from 'node:timers/promises';

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
import { bothFields, readQueueOfBoth } from './bothFields';
import { EventsAndPolls } from './EventsAndPolls';
import { itemOf, MessageWork, readMessage, type End, type Executions } from './MessageWork';
import { queueFields, readQueueSettings, type QueueSettings } from './queueFields';
import { logWarning } from './logWarning';
import { isBoth } from './pollRequest';
import { beginReceiving, endReceiving } from './receivers';
import { isRestart, triggerOf } from './triggerOf';

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
	/** Present if the bucket is polled, too. */
	readonly shared: EventsAndPolls | undefined;
}

/**
 * Starts the workflow for each message of a queue, until n8n closes the trigger. If the bucket is polled, too, and the
 * workflow was active before, a queue that cannot be used does not keep the polls from going on.
 *
 * @throws {NodeApiError | NodeOperationError} when the queue cannot be used
 */
export async function watchQueue(node: ITriggerFunctions): Promise<ITriggerResponse> {
	try {
		const { queue, s3, settings, shared } = await open(node);
		const data = node.getWorkflowStaticData('node');
		const executions = executionsOf(node, settings, () => shared?.storeWithEvent(data));
		const work = new MessageWork(settings, queue.url, s3.connection, executions, shared?.writes);
		const { maxMessages, hiddenSeconds, together, acknowledge } = settings;
		const consumer = new QueueConsumer(queue, {
			maxMessages,
			hiddenSeconds,
			together,
			deletes: acknowledge !== 'later',
			work: async (messages) => await work.workOn(messages),
			onOutage: (failure) => tellOutage(executions, failure),
		});
		shared?.load(data);
		if (shared !== undefined && isRestart(node)) await consumer.startAnyway();
		else await consumer.start();
		const trigger = triggerOf(node);
		beginReceiving(trigger, async () => await consumer.stop(GRACE));
		return { closeFunction: async () => await endReceiving(trigger) };
	} catch (error) {
		throw toNodeError(node.getNode(), error);
	}
}

/**
 * The objects of a message, for a test in the editor.
 *
 * @throws {NodeApiError | NodeOperationError} also when there is none
 */
export async function testQueue(node: IPollFunctions): Promise<INodeExecutionData[][]> {
	try {
		const { queue, seen, items } = await sampleOfQueue(node, TEST_WAIT);
		if (items === undefined) throw noSample(node, queue, seen);
		return [items];
	} catch (error) {
		throw toNodeError(node.getNode(), error);
	}
}

/** What a test has seen in a queue. */
interface QueueSample {
	queue: Queue;
	/** Messages. */
	seen: number;
	/** The objects of a message; undefined if there is none about one. */
	items: INodeExecutionData[] | undefined;
}

/**
 * Looks for a message about objects. It is given back, as it is to start the workflow all the same; but if a node of the
 * workflow is to acknowledge it, the message stays hidden for as long as it takes to try that.
 *
 * @throws {S3Failure} when the queue cannot be used
 */
export async function sampleOfQueue(
	node: IPollFunctions,
	waitSeconds: number,
): Promise<QueueSample> {
	const watched = await open(node);
	const { queue } = watched;
	const { hiddenSeconds } = watched.settings;
	const request = { maxMessages: TEST_MESSAGES, waitSeconds, hiddenSeconds };
	const messages = await receiveMessages(queue, request, { signal: undefined });
	const held = messages.map((one) => new HeldMessage(queue, one, hiddenSeconds));
	try {
		return { queue, seen: held.length, items: await sampleOf(held, watched) };
	} finally {
		// What cannot be given back comes again by itself.
		await Promise.allSettled(held.map((message) => message.giveBack()));
	}
}

async function sampleOf(
	held: HeldMessage[],
	{ queue, s3, settings }: Watched,
): Promise<INodeExecutionData[] | undefined> {
	for (const [index, message] of held.entries()) {
		await nextTurn();
		const events = readMessage(message, s3.connection, settings).filter(settings.isMeant);
		if (events.length === 0) continue;
		if (settings.acknowledge === 'later') {
			message.letGo();
			held.splice(index, 1);
		}
		const shown = settings.together ? events : events.slice(0, 1);
		return shown.map((event) => ({ json: itemOf({ message, event }, settings, queue.url) }));
	}
	return undefined;
}

async function open(node: IPollFunctions | ITriggerFunctions): Promise<Watched> {
	const both = isBoth(node);
	const parameters = ofPoll(node, both ? bothFields : queueFields);
	const fields = async (type: string) => await node.getCredentials(type);
	const s3 = await openConnection({ parameters, fields }, 'source');
	const settings = both
		? readQueueOfBoth(parameters, s3.connection)
		: readQueueSettings(parameters);
	const shared = both ? EventsAndPolls.of(node) : undefined;
	return { queue: await openQueue(s3.connection, settings), s3, settings, shared };
}

/** Executions of the workflow that a trigger is in. @param onRun called before each */
function executionsOf(
	node: ITriggerFunctions,
	{ maxRun }: QueueSettings,
	onRun: () => void,
): Executions {
	const note = (failure: unknown) => logWarning(node, ...wordsOf(failure));
	return {
		run: async (items) => {
			onRun();
			return await run(node, items, maxRun);
		},
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

function wordsOf(failure: unknown): string[] {
	if (failure instanceof S3Failure) return [`${failure.message}.`, failure.description];
	return [String(failure)];
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
