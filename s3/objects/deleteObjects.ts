import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { checkTarget } from '../policy/target';
import { S3Failure } from '../S3Failure';
import { deleteBatch, isUnmentionedVersion } from './deleteBatch';
import type { DeleteOutcome } from './deleteBatch';
import { deleteObject } from './deleteObject';
import type { DeleteRequest } from './deleteObject';
import { inFlight } from './inFlight';
import { isMissing, markMissing, saysMissing } from './missingCalls';

export type { DeleteRequest } from './deleteObject';

/** Keys in one request. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const BATCH_SIZE = 1000;
/** Batches in flight at once: S3 counts each key, and takes 3,500 deletions a second under one prefix. */
const BATCHES_IN_FLIGHT = 4;
/** Requests for one object each in flight at once. */
const SINGLES_IN_FLIGHT = 32;
/** Codes with which servers refuse a whole request that they cannot read, for one key in it or for all. */
const INVALID = 'InvalidArgument';
const UNREADABLE = [INVALID, 'MalformedXML'];

/** What became of the request with this index. */
export interface SettledDeletion {
	readonly index: number;
	readonly outcome: DeleteOutcome;
}

type Outcomes = ReadonlyMap<DeleteRequest, DeleteOutcome>;

/** Connections whose servers do not say which versions DeleteObjects has deleted. */
const namesNoVersions = new WeakSet<S3>();

/**
 * Deletes many objects, a thousand in one request if they are in one bucket. What has a condition, keys that
 * XML cannot carry, versions on servers that do not say which of them they have deleted together, and everything on
 * servers without DeleteObjects is deleted one by one.
 * Yields what became of each request, in any order, as soon as it is known, and never throws for one of them. If
 * nobody asks for further outcomes, no further request is sent.
 * @param signalOf the signal of the request with this index, and of those that are sent together with it and come later
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
export async function* deleteObjects(
	s3: S3,
	requests: readonly DeleteRequest[],
	call: Call,
	signalOf: (index: number) => AbortSignal | undefined = () => call.signal,
): AsyncGenerator<SettledDeletion> {
	const indexes = indexesByRequest(requests);
	const callOf = (first: DeleteRequest | undefined): Call => {
		const [index = 0] = (first && indexes.get(first)) ?? [];
		return { ...call, signal: signalOf(index) };
	};
	function* settle(outcomes: Iterable<[DeleteRequest, DeleteOutcome]>): Generator<SettledDeletion> {
		for (const [request, outcome] of outcomes) {
			for (const index of indexes.get(request) ?? []) yield { index, outcome };
		}
	}
	const refused = refusalsOf(s3, [...indexes.keys()]);
	yield* settle(refused);
	const { batches, singles } = planOf([...indexes.keys()].filter((one) => !refused.has(one)));
	const refusals = { together: false, alone: false };
	const sendBatch = async (batch: DeleteRequest[]) => {
		const outcomes = await outcomesOf(s3, batch, refusals, callOf(batch[0]));
		singles.push(...batch.filter((one) => !outcomes.has(one)));
		return outcomes;
	};
	for await (const outcomes of inFlight(batches, BATCHES_IN_FLIGHT, sendBatch)) {
		yield* settle(outcomes);
	}
	const sendSingle = async (request: DeleteRequest): Promise<[DeleteRequest, DeleteOutcome]> => [
		request,
		await deleteObject(s3, request, callOf(request)).catch(failureIn),
	];
	for await (const outcome of inFlight(singles, SINGLES_IN_FLIGHT, sendSingle)) {
		refusals.alone ||= outcome[1] instanceof S3Failure;
		yield* settle([outcome]);
	}
	// No key was the reason: the server does not take any such request, as some that have no DeleteObjects.
	if (refusals.together && !refusals.alone) markMissing(s3, 'DeleteObjects');
}

/** Every object once, as S3 would make two delete markers for one that is named twice. */
function indexesByRequest(requests: readonly DeleteRequest[]): Map<DeleteRequest, number[]> {
	const firsts = new Map<string, DeleteRequest>();
	const indexes = new Map<DeleteRequest, number[]>();
	for (const [index, request] of requests.entries()) {
		const id = idOf(request);
		const first = firsts.get(id) ?? request;
		firsts.set(id, first);
		const others = indexes.get(first) ?? [];
		others.push(index);
		indexes.set(first, others);
	}
	return indexes;
}

/** The same text for requests that ask for the same. */
const idOf = (request: object): string =>
	JSON.stringify(Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1)));

/** One wrong key must not stop the others, so each is looked at before they are sent together. */
function refusalsOf(
	{ connection }: S3,
	requests: readonly DeleteRequest[],
): Map<DeleteRequest, S3Failure> {
	const refusals = new Map<DeleteRequest, S3Failure>();
	for (const request of requests) {
		const { bucket, key } = request;
		try {
			checkTarget(connection, { bucket, key });
		} catch (error) {
			refusals.set(request, failureIn(error));
		}
	}
	return refusals;
}

/** What goes together, and what goes alone. */
function planOf(requests: readonly DeleteRequest[]): {
	batches: DeleteRequest[][];
	singles: DeleteRequest[];
} {
	const groups = new Map<string, DeleteRequest[]>();
	const singles: DeleteRequest[] = [];
	for (const request of requests) {
		const { key, versionId, ifMatch, ...shared } = request;
		if (ifMatch !== undefined || !isXmlText(key)) {
			singles.push(request);
			continue;
		}
		// Under MFA delete one version without a code has the whole request refused.
		const id = idOf({ ...shared, isVersion: versionId !== undefined });
		const group = groups.get(id) ?? [];
		group.push(request);
		groups.set(id, group);
	}
	const batches = [...groups.values()].flatMap(chunksOf);
	singles.push(...batches.filter(({ length }) => length === 1).flat());
	return { batches: batches.filter(({ length }) => length > 1), singles };
}

function chunksOf(requests: DeleteRequest[]): DeleteRequest[][] {
	const chunks: DeleteRequest[][] = [];
	for (let start = 0; start < requests.length; start += BATCH_SIZE) {
		chunks.push(requests.slice(start, start + BATCH_SIZE));
	}
	return chunks;
}

/** XML 1.0 cannot carry most control characters. @see https://www.w3.org/TR/xml/#charsets */
const isXmlText = (key: string): boolean => !/[\p{Cc}\ufffe\uffff]/u.test(key);

interface Refusals {
	/** Whether a request for several objects was refused as invalid. */
	together: boolean;
	/** Whether one for an object alone has failed, for whatever reason. */
	alone: boolean;
}

/** What became of the objects of a batch, but for those that have to go one by one. */
async function outcomesOf(
	s3: S3,
	batch: DeleteRequest[],
	refusals: Refusals,
	call: Call,
): Promise<Outcomes> {
	const isOfVersions = batch[0]?.versionId !== undefined;
	if (isMissing(s3, 'DeleteObjects') || (isOfVersions && namesNoVersions.has(s3))) return new Map();
	try {
		return withoutUnmentioned(s3, await deleteBatch(s3, batch, call));
	} catch (error) {
		const failure = failureIn(error);
		if (saysMissing(s3, failure)) markMissing(s3, 'DeleteObjects');
		else if (!isUnreadable(s3, failure)) return new Map(batch.map((one) => [one, failure]));
		else refusals.together ||= failure.code === INVALID;
		return new Map();
	}
}

/**
 * What a server has said of a batch. A version that it has not named may be deleted or not; it can be deleted once more
 * by itself, as nothing else has its ID.
 */
function withoutUnmentioned(s3: S3, outcomes: Outcomes): Outcomes {
	const mentioned = [...outcomes].filter(([one, outcome]) => !isUnmentionedVersion(one, outcome));
	if (mentioned.length < outcomes.size) namesNoVersions.add(s3);
	return new Map(mentioned);
}

/** AWS says the same of a request that is wrong one by one, too. */
const isUnreadable = ({ connection }: S3, { code }: S3Failure): boolean =>
	connection.endpoint !== undefined && UNREADABLE.includes(code ?? '');

function failureIn(error: unknown): S3Failure {
	if (error instanceof S3Failure) return error;
	throw error;
}
