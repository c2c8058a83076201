import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';

import type { ListedObject } from '../../s3/list/ListedEntry';
import { pollPrefix, type WatchState } from '../../s3/watch/pollPrefix';
import { toNodeError } from '../errors/toNodeError';
import { foundBeside } from './bothFields';
import { EventsAndPolls } from './EventsAndPolls';
import { logWarning } from './logWarning';
import { budgetOf, isBoth, openForPoll, pollRequestOf, tooSlow } from './pollRequest';
import { Polls } from './Polls';
import { endReceiving, isReceiving } from './receivers';
import { isRestart, isSavedByEmitting, triggerOf } from './triggerOf';

/** Of the time of a poll: after it no further page is listed. */
const SHARE_OF_PAGES = 0.8;

const polls = new Polls();
/** The contexts of polls that have succeeded. The older engine has one for all polls of an activation. */
const contexts = new WeakSet<IPollFunctions>();
/** The contexts of all polls. */
const begun = new WeakSet<IPollFunctions>();
/** This run of n8n. */
const RUN = randomUUID();

/** What a poll has for n8n: null if nothing has appeared. */
interface Result {
	output: INodeExecutionData[][] | null;
	warnings: string[];
}

const ELSEWHERE =
	'Another process of n8n receives the messages of the queue and knows what they have started. This one does not list the bucket.';

/**
 * One poll: the objects that have appeared since the last one; null if there are none.
 *
 * @throws {NodeApiError | NodeOperationError}
 */
export async function poll(node: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const isVeryFirst = !begun.has(node);
	begun.add(node);
	try {
		const trigger = triggerOf(node);
		const isFirst = !contexts.has(node);
		const data = node.getWorkflowStaticData('node');
		if (isBoth(node) && data.state !== undefined && !isReceiving(trigger)) {
			warn(node, [ELSEWHERE]);
			return null;
		}
		const found = await polls.run(
			trigger,
			{ must: isFirst && isSavedByEmitting(data), backsOff: isSavedByEmitting(data) },
			async () => await appeared(node, data, isFirst),
		);
		if (found === undefined) return null;
		contexts.add(node);
		warn(node, found.warnings);
		return found.output;
	} catch (error) {
		const failure = toNodeError(node.getNode(), error);
		if (isVeryFirst && isBoth(node) && (await mayPass(node, failure))) return null;
		throw failure;
	}
}

function warn(node: IPollFunctions, warnings: readonly string[]): void {
	if (warnings.length === 0 || !polls.mayWarn(triggerOf(node))) return;
	logWarning(node, ...warnings);
}

/** What one poll finds, after it has noted what is known from now on. */
async function appeared(
	node: IPollFunctions,
	data: IDataObject,
	isFirst: boolean,
): Promise<Result> {
	const stored = data.state as WatchState | undefined;
	const before = JSON.stringify(stored ?? null);
	const trigger = triggerOf(node);
	const shared = isBoth(node) ? EventsAndPolls.of(node) : undefined;
	const s3 = await openForPoll(node);
	const request = pollRequestOf(node, s3);
	const budget = budgetOf(node);
	const start = performance.now();
	const isDurable = !isSavedByEmitting(data);
	if (isDurable && polls.isStale(trigger, before)) return { output: null, warnings: [] };
	const lastNote = shared?.beginPoll(data, before) ?? 0;
	const isKnown = shared && ((object: ListedObject) => shared.writes.wasTold(object));
	const found = await pollPrefix(s3, { ...request, isKnown }, stored, {
		by: isDurable ? undefined : RUN,
		isStart: isFirst && isRestart(node),
		isTimeOver: () => performance.now() > start + SHARE_OF_PAGES * budget,
		call: { signal: AbortSignal.timeout(budget), retryFor: budget / 2 },
	}).catch(tooSlow(request, budget));
	const { state, warnings } = found;
	const after = JSON.stringify(state);
	// n8n saves what has been assigned, and nothing if it is the same.
	if (after !== before) data.state = state;
	let items: IDataObject[] = found.objects;
	if (shared !== undefined) {
		const startedAt = found.time - Math.ceil((performance.now() - start) / 1000) - 1;
		items = shared.endPoll(found.objects, startedAt).map(foundBeside);
		const isWhole = stored?.window?.scan === undefined && state.window?.scan === undefined;
		if (isWhole && !found.hasLeft) shared.forgetLater(after, lastNote, startedAt - request.minAge);
		shared.storeWithPoll(data);
	}
	// When n8n activates a workflow, its durable engine saves nothing of a poll without a result. Without its
	// beginning the next poll would take what has appeared meanwhile for old.
	const mustSave = found.isBeginning && isDurable;
	if (mustSave || items.length > 0) polls.noteFound(trigger, before);
	const isEmpty = items.length === 0 && !mustSave;
	return { output: isEmpty ? null : [items.map((json) => ({ json }))], warnings };
}

/**
 * Whether the first poll of an activation may fail because events start the workflow all the same: if the workflow was
 * active before. Otherwise the activation fails, and no events are received.
 */
async function mayPass(node: IPollFunctions, failure: Error): Promise<boolean> {
	if (isRestart(node)) {
		logWarning(node, failure.message);
		return true;
	}
	// Later polls of the durable engine, which all have a context of their own, have a time.
	const { getPollBudgetMs } = node as Partial<IPollFunctions>;
	if (getPollBudgetMs === undefined) await endReceiving(triggerOf(node));
	return false;
}
