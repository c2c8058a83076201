import {
	NodeOperationError,
	type IDataObject,
	type INodeExecutionData,
	type IPollFunctions,
} from 'n8n-workflow';
import { randomUUID } from 'node:crypto';

import type { OpenS3 } from '../../s3/client/S3';
import type { ListedObject } from '../../s3/list/ListedEntry';
import { S3Failure } from '../../s3/S3Failure';
import { newestObjects } from '../../s3/watch/newestObjects';
import { pollPrefix, type PrefixRequest, type WatchState } from '../../s3/watch/pollPrefix';
import { openConnection } from '../connection/open';
import { toNodeError } from '../errors/toNodeError';
import { bucketOf } from '../parameters/bucketAndKey';
import { caller } from '../parameters/caller';
import { ofPoll } from '../parameters/ParameterSource';
import { readOneOf, readText } from '../parameters/read';
import { pollFields } from './pollFields';
import { Polls } from './Polls';
import { watching } from './watching';

/** Objects that a test in the editor shows at most. */
const SAMPLES = 10;
/** Of the time that n8n gives a poll; the rest is for what n8n does with its result. */
const SHARE_OF_BUDGET = 0.8;
/** Milliseconds, for an n8n that does not say. */
const USUAL_BUDGET_MS = 30_000;
/** The same of the time of a poll: after it no further page is listed. */
const SHARE_OF_PAGES = 0.8;

const polls = new Polls();
/** The contexts of polls that have succeeded. The older engine has one for all polls of an activation. */
const contexts = new WeakSet<IPollFunctions>();
/** This run of n8n. */
const RUN = randomUUID();

/**
 * One poll: the objects that have appeared since the last one; null if there are none. A test in the editor gives
 * the newest objects and remembers nothing.
 *
 * @throws {NodeApiError | NodeOperationError}
 */
export async function poll(node: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	try {
		if (node.getMode() === 'manual') return [itemsOf(await samples(node))];
		const trigger = triggerOf(node);
		const isFirst = !contexts.has(node);
		const data = node.getWorkflowStaticData('node');
		const found = await polls.run(
			trigger,
			{ must: isFirst && isSavedByEmitting(data), backsOff: isSavedByEmitting(data) },
			async () => await appeared(node, data, isFirst),
		);
		if (found === undefined) return null;
		contexts.add(node);
		const warning = found.warnings.join(' ');
		if (warning !== '' && polls.mayWarn(trigger)) {
			node.logger.warn(`${node.getNode().name}: ${warning}`);
		}
		return found.output;
	} catch (error) {
		throw toNodeError(node.getNode(), error);
	}
}

function triggerOf(node: IPollFunctions): string {
	const { id, name } = node.getNode();
	return [node.getWorkflow().id, id || name].join(' ');
}

const itemsOf = (objects: ListedObject[]): INodeExecutionData[] =>
	objects.map((json) => ({ json }));

async function samples(node: IPollFunctions): Promise<ListedObject[]> {
	const s3 = await open(node);
	const request = requestFrom(node, s3);
	const budget = budgetOf(node);
	const call = { signal: AbortSignal.timeout(budget) };
	const objects = await newestObjects(s3, request, SAMPLES, call).catch(tooSlow(request, budget));
	if (objects.length > 0) return objects;
	const { bucket, prefix } = request;
	const where = `bucket “${bucket}”${prefix === undefined ? '' : ` under “${prefix}”`}`;
	throw new NodeOperationError(node.getNode(), `There is no object to show in ${where}`, {
		description: 'Put one there, or check Bucket, Prefix and the option Key Matches.',
	});
}

/** What one poll finds, after it has noted what is known from now on. */
async function appeared(node: IPollFunctions, data: IDataObject, isFirst: boolean) {
	const s3 = await open(node);
	const request = requestFrom(node, s3);
	const budget = budgetOf(node);
	const end = performance.now() + SHARE_OF_PAGES * budget;
	const stored = data.state as WatchState | undefined;
	const before = JSON.stringify(stored ?? null);
	const trigger = triggerOf(node);
	const isDurable = !isSavedByEmitting(data);
	if (isDurable && polls.isStale(trigger, before)) return { output: null, warnings: [] };
	const starts = ['init', 'leadershipChange'];
	const { objects, state, warnings } = await pollPrefix(s3, request, stored, {
		by: isDurable ? undefined : RUN,
		isStart: isFirst && starts.includes(node.getActivationMode()),
		isTimeOver: () => performance.now() > end,
		call: { signal: AbortSignal.timeout(budget), retryFor: budget / 2 },
	}).catch(tooSlow(request, budget));
	// n8n saves what has been assigned, and nothing if it is the same.
	if (JSON.stringify(state) !== before) data.state = state;
	const isEmpty = objects.length === 0;
	// When n8n activates a workflow, its durable engine saves nothing of a poll without a result. Without its
	// beginning the next poll would take what has appeared meanwhile for old.
	const mustSave = stored === undefined && isDurable;
	if (mustSave || !isEmpty) polls.noteFound(trigger, before);
	return { output: isEmpty && !mustSave ? null : [itemsOf(objects)], warnings };
}

/**
 * Whether the data of the node are part of the workflow, which n8n saves beside making an execution, and not
 * together with it: these data know whether they have changed.
 */
const isSavedByEmitting = (data: IDataObject): boolean => '__dataChanged' in data;

async function open(node: IPollFunctions): Promise<OpenS3> {
	const fields = async (type: string) => await node.getCredentials(type);
	return await openConnection({ parameters: ofPoll(node, pollFields), fields }, 'source');
}

function requestFrom(node: IPollFunctions, s3: OpenS3): PrefixRequest {
	const source = ofPoll(node, pollFields);
	return {
		bucket: bucketOf(source, s3.connection),
		prefix: readText(source, 'prefix'),
		growing: readOneOf(source, 'order', ['any', 'growing']) === 'growing',
		changes: readOneOf(source, 'event', ['created', 'createdOrChanged']) !== 'created',
		...watching.read(source),
		caller: caller.read(source),
	};
}

/** Milliseconds that a poll may take. */
function budgetOf(node: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): number {
	return SHARE_OF_BUDGET * (node.getPollBudgetMs?.() ?? USUAL_BUDGET_MS);
}

/** @param budget milliseconds */
function tooSlow({ bucket }: PrefixRequest, budget: number) {
	return (error: unknown): never => {
		if (!(error instanceof S3Failure) || error.kind !== 'cancelled') throw error;
		throw new S3Failure({
			kind: 'unreachable',
			message: `Bucket “${bucket}” could not be listed within ${Math.round(budget / 1000)} seconds, the time of a poll`,
			advice: 'Watch a narrower prefix, or find out why the server is slow.',
			retryable: true,
			operation: 'ListObjectsV2',
			bucket,
			cause: error,
		});
	};
}
