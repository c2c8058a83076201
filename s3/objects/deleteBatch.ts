import type { Call } from '../Call';
import { CALLS } from '../calls/calls';
import { requiredChecksum } from '../checksums/md5';
import type { S3 } from '../client/S3';
import type { Connection } from '../Connection';
import { failureOfCode, nameOf } from '../errors/failureFrom';
import { partitionOf } from '../partitions';
import { delayAfterFailure, retry } from '../retry/retry';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';
import { isRepeated, saysGone, sharedInput } from './deleteObject';
import type { DeleteRequest, DeleteResult } from './deleteObject';

/** What became of one request. */
export type DeleteOutcome = DeleteResult | S3Failure;

/** The code of a request of which the response says nothing. */
const UNMENTIONED = 'Unmentioned';

/** Whether a server has not said what became of a version: some, such as OpenStack Swift, name only the key. */
export const isUnmentionedVersion = (
	{ versionId }: DeleteRequest,
	outcome: DeleteOutcome,
): boolean =>
	versionId !== undefined && outcome instanceof S3Failure && outcome.code === UNMENTIONED;

type Response = Calls['DeleteObjects']['output'];
type DeletedKey = NonNullable<Response['Deleted']>[number];
type RefusedKey = NonNullable<Response['Errors']>[number];

/**
 * Deletes objects by one DeleteObjects; those that the server failed at are sent again by themselves.
 * @param batch from 1 to 1,000 requests that differ in nothing but key and version, none of them twice, with
 * keys that XML can carry
 * @returns what became of each request
 * @throws S3Failure if the server refused them as a whole
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
export async function deleteBatch(
	s3: S3,
	batch: readonly DeleteRequest[],
	call: Call,
): Promise<Map<DeleteRequest, DeleteOutcome>> {
	const outcomes = new Map<DeleteRequest, DeleteOutcome>();
	let left = batch;
	const isOfKey = (error: unknown) => left.some((request) => outcomes.get(request) === error);
	const sendLeft = async (): Promise<void> => {
		const response = await send(s3, left, call);
		const outcomeOf = readResponse(
			response,
			s3.connection,
			outcomes.size > 0 || isRepeated(response),
		);
		for (const request of left) outcomes.set(request, outcomeOf(request));
		left = left.filter((request) => isRetryable(outcomes.get(request)));
		const failure = left[0] && outcomes.get(left[0]);
		if (failure instanceof S3Failure) throw failure;
	};
	try {
		// The SDK has repeated a request that failed as a whole.
		await retry(sendLeft, delayAfterFailure(isOfKey, call), call.signal);
	} catch (error) {
		if (!(error instanceof S3Failure) || outcomes.size === 0) throw error;
		if (!isOfKey(error)) for (const request of left) outcomes.set(request, error);
	}
	return outcomes;
}

const isRetryable = (outcome: DeleteOutcome | undefined): boolean =>
	outcome instanceof S3Failure && outcome.retryable;

async function send(s3: S3, batch: readonly DeleteRequest[], call: Call): Promise<Response> {
	const [first] = batch;
	if (first === undefined) throw new Error('A batch has at least one request');
	const objects = batch.map(({ key, versionId }) => ({ Key: key, VersionId: versionId }));
	const input = {
		...sharedInput(first),
		Delete: { Objects: objects, Quiet: false },
		ChecksumAlgorithm: requiredChecksum(),
	};
	return await s3.send('DeleteObjects', input, call);
}

/** Gives a function that tells what a response says of a request. */
function readResponse(
	{ Deleted = [], Errors = [] }: Response,
	{ region }: Connection,
	repeated: boolean,
) {
	const deleted = new Map(Deleted.map((entry) => [idOf(entry.Key, entry.VersionId), entry]));
	const refused = new Map(Errors.map((entry) => [idOf(entry.Key, entry.VersionId), entry]));
	return (request: DeleteRequest): DeleteOutcome => {
		const id = idOf(request.key, request.versionId);
		const error = refused.get(id);
		if (error !== undefined && !saysGone({ code: error.Code }))
			return failureOf(request, error, region);
		const found = deleted.get(id) ?? error;
		return found === undefined ? notMentioned(request) : resultOf(request, found, repeated);
	};
}

const idOf = (key = '', versionId = ''): string => JSON.stringify([key, versionId]);

function resultOf(
	{ bucket, key, versionId }: DeleteRequest,
	entry: DeletedKey,
	repeated: boolean,
): DeleteResult {
	const { DeleteMarker: deleteMarker = false, DeleteMarkerVersionId: marker } = entry;
	const result = {
		bucket,
		key,
		versionId: versionId ?? marker,
		deleteMarker,
		deleted: true,
	} as const;
	return repeated && deleteMarker && versionId === undefined ? { ...result, repeated } : result;
}

function failureOf(
	{ bucket, key, versionId, ...request }: DeleteRequest,
	error: RefusedKey,
	region: string,
): S3Failure {
	const { phrase, permissions } = CALLS.DeleteObject;
	const input = { ...sharedInput({ bucket, ...request }), Key: key, VersionId: versionId };
	return failureOfCode(
		{ code: error.Code ?? 'UnknownError', message: error.Message },
		{
			operation: 'DeleteObjects',
			phrase,
			permissions: () => permissions(input),
			bucket,
			key,
			partition: partitionOf(region)?.id,
			server: '',
		},
	);
}

/** A server that leaves a key out of its response has not said that it is deleted. */
function notMentioned({ bucket, key }: DeleteRequest): S3Failure {
	return new S3Failure({
		kind: 'corrupt',
		message: `Could not delete ${nameOf(bucket, key)}: the server did not say what became of it`,
		advice: 'Look for the object, and delete it again if it is there.',
		operation: 'DeleteObjects',
		code: UNMENTIONED,
		bucket,
		key,
	});
}
