import type { IPollFunctions, INodeProperties } from 'n8n-workflow';

import type { OpenS3 } from '../../s3/client/S3';
import { S3Failure } from '../../s3/S3Failure';
import type { PrefixRequest } from '../../s3/watch/pollPrefix';
import { openConnection } from '../connection/open';
import { bucketOf } from '../parameters/bucketAndKey';
import { caller } from '../parameters/caller';
import { ofPoll } from '../parameters/ParameterSource';
import { readOneOf } from '../parameters/read';
import { bothFields, readGrace } from './bothFields';
import { pollFields, watchedPrefix } from './pollFields';
import { watching } from './watching';

/** Of the time that n8n gives a poll; the rest is for what n8n does with its result. */
const SHARE_OF_BUDGET = 0.8;
/** Milliseconds, for an n8n that does not say. */
const USUAL_BUDGET_MS = 30_000;

/** Whether a queue is watched besides the bucket. */
export const isBoth = (node: Pick<IPollFunctions, 'getNodeParameter'>): boolean =>
	node.getNodeParameter('watch') === 'both';

/** The connection of a trigger that polls. */
export async function openForPoll(node: IPollFunctions): Promise<OpenS3> {
	const fields = async (type: string) => await node.getCredentials(type);
	return await openConnection({ parameters: ofPoll(node, fieldsOf(node)), fields }, 'source');
}

/**
 * What a poll is to find. Beside a queue that is every write, but not before its event has had time to come.
 *
 * @throws {S3Failure} of kind `invalid` when a field cannot be used
 */
export function pollRequestOf(node: IPollFunctions, s3: OpenS3): PrefixRequest {
	const source = ofPoll(node, fieldsOf(node));
	const both = isBoth(node);
	const { minAge, ...rest } = watching.read(source);
	return {
		bucket: bucketOf(source, s3.connection),
		prefix: watchedPrefix(source),
		growing: !both && readOneOf(source, 'order', ['any', 'growing']) === 'growing',
		changes: both || readOneOf(source, 'event', ['created', 'createdOrChanged']) !== 'created',
		...rest,
		minAge: both ? readGrace(source) : minAge,
		caller: caller.read(source),
	};
}

/** Milliseconds that a poll may take. */
export function budgetOf(node: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): number {
	return SHARE_OF_BUDGET * (node.getPollBudgetMs?.() ?? USUAL_BUDGET_MS);
}

/**
 * Rewords a failure if the time of a poll was over.
 *
 * @param budget milliseconds
 */
export function tooSlow({ bucket }: PrefixRequest, budget: number) {
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

const fieldsOf = (node: IPollFunctions): INodeProperties[] =>
	isBoth(node) ? bothFields : pollFields;
