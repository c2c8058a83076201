import { NodeOperationError, type INodeExecutionData, type IPollFunctions } from 'n8n-workflow';

import { newestObjects } from '../../s3/watch/newestObjects';
import { toNodeError } from '../errors/toNodeError';
import { foundBeside } from './bothFields';
import { budgetOf, isBoth, openForPoll, pollRequestOf, tooSlow } from './pollRequest';
import { sampleOfQueue } from './queue';

/** Objects that a test in the editor shows at most. */
const SAMPLES = 10;
/** Seconds that a test waits for a message if there is no object to show. */
const SHORT_WAIT = 2;

/**
 * The newest objects, for a test in the editor; beside a queue, if there are none, those of a message.
 *
 * @throws {NodeApiError | NodeOperationError} also when there is none
 */
export async function sampleOfBucket(node: IPollFunctions): Promise<INodeExecutionData[][]> {
	try {
		const s3 = await openForPoll(node);
		const request = pollRequestOf(node, s3);
		const budget = budgetOf(node);
		const call = { signal: AbortSignal.timeout(budget) };
		const objects = await newestObjects(s3, request, SAMPLES, call).catch(tooSlow(request, budget));
		const both = isBoth(node);
		if (objects.length > 0) {
			return [objects.map((object) => ({ json: both ? foundBeside(object) : object }))];
		}
		const { bucket, prefix } = request;
		const where = `bucket “${bucket}”${prefix === undefined ? '' : ` under “${prefix}”`}`;
		if (both) return await sampleOfMessage(node, where);
		throw new NodeOperationError(node.getNode(), `There is no object to show in ${where}`, {
			description: 'Put one there, or check Bucket, Prefix and the option Key Matches.',
		});
	} catch (error) {
		throw toNodeError(node.getNode(), error);
	}
}

async function sampleOfMessage(
	node: IPollFunctions,
	where: string,
): Promise<INodeExecutionData[][]> {
	const { items } = await sampleOfQueue(node, SHORT_WAIT);
	if (items !== undefined) return [items];
	throw new NodeOperationError(
		node.getNode(),
		`There is no object to show in ${where}, and no message about one in the queue`,
		{ description: 'Put one there, or check Bucket, Prefix and the option Key Matches.' },
	);
}
