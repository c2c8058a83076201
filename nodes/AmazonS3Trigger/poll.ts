import { NodeOperationError, type INodeExecutionData, type IPollFunctions } from 'n8n-workflow';

import type { OpenS3 } from '../../s3/client/S3';
import type { ListedObject } from '../../s3/list/ListedEntry';
import { newestObjects } from '../../s3/watch/newestObjects';
import { pollGrowing, type GrowingState } from '../../s3/watch/pollGrowing';
import type { WatchRequest } from '../../s3/watch/WatchRequest';
import { openConnection } from '../connection/open';
import { toNodeError } from '../errors/toNodeError';
import { bucketOf } from '../parameters/bucketAndKey';
import { caller } from '../parameters/caller';
import { ofPoll } from '../parameters/ParameterSource';
import { readText } from '../parameters/read';
import { pollFields } from './pollFields';
import { watching } from './watching';

/** Objects that a test in the editor shows at most. */
const SAMPLES = 10;
/** Of the time that n8n gives a poll, the rest is for what becomes of it. */
const SHARE_OF_BUDGET = 0.8;
/** Milliseconds; n8n before 2.36 does not say. */
const USUAL_BUDGET_MS = 30_000;

/**
 * One poll: the objects that have appeared since the last one; null if there are none. A test in the editor gives
 * the newest objects and remembers nothing.
 *
 * @throws {NodeApiError | NodeOperationError}
 */
export async function poll(node: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	try {
		const s3 = await open(node);
		const request = requestFrom(node, s3);
		const objects =
			node.getMode() === 'manual'
				? await samples(node, s3, request)
				: await appeared(node, s3, request);
		return objects.length === 0 ? null : [objects.map((json) => ({ json }))];
	} catch (error) {
		throw toNodeError(node.getNode(), error);
	}
}

async function open(node: IPollFunctions): Promise<OpenS3> {
	const fields = async (type: string) => await node.getCredentials(type);
	return await openConnection({ parameters: ofPoll(node, pollFields), fields }, 'source');
}

function requestFrom(node: IPollFunctions, s3: OpenS3): WatchRequest {
	const source = ofPoll(node, pollFields);
	return {
		bucket: bucketOf(source, s3.connection),
		prefix: readText(source, 'prefix'),
		...watching.read(source),
		caller: caller.read(source),
	};
}

async function samples(
	node: IPollFunctions,
	s3: OpenS3,
	request: WatchRequest,
): Promise<ListedObject[]> {
	const signal = AbortSignal.timeout(budgetOf(node));
	const objects = await newestObjects(s3, request, SAMPLES, { signal });
	if (objects.length > 0) return objects;
	const where = `bucket “${request.bucket}”${request.prefix === undefined ? '' : ` under “${request.prefix}”`}`;
	throw new NodeOperationError(node.getNode(), `There is no object to show in ${where}`, {
		description: 'Put one there, or check Bucket, Prefix and the option Key Matches.',
	});
}

async function appeared(
	node: IPollFunctions,
	s3: OpenS3,
	request: WatchRequest,
): Promise<ListedObject[]> {
	const data = node.getWorkflowStaticData('node');
	const budget = budgetOf(node);
	const end = performance.now() + budget;
	const { objects, state } = await pollGrowing(
		s3,
		request,
		data.state as GrowingState | undefined,
		() => performance.now() > end,
		{ signal: AbortSignal.timeout(budget) },
	);
	data.state = state;
	return objects;
}

/** Milliseconds that the requests of a poll may take. */
function budgetOf(node: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): number {
	return SHARE_OF_BUDGET * (node.getPollBudgetMs?.() ?? USUAL_BUDGET_MS);
}
