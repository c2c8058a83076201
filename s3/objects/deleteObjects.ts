import type { Call } from '../Call';
import { CALLS } from '../calls';
import type { S3 } from '../client/S3';
import { failureOfCode, nameOf } from '../errors/failureFrom';
import { checkBucket, checkKey } from '../policy/bucketAndKey';
import { checkBucketOnly } from '../policy/bucketOnly';
import { delayAfterFailure, retry } from '../retry/retry';
import { S3Failure } from '../S3Failure';
import type { Calls } from '../sdk';
import { deleteObject, deletion } from './deleteObject';
import type { DeleteRequest, DeleteResult } from './deleteObject';

export type { DeleteRequest, DeleteResult } from './deleteObject';

/** Keys in one request. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const BATCH_SIZE = 1000;
/** Requests in flight at once. */
const IN_FLIGHT = 8;
/** Codes and statuses with which servers refuse a call that they do not have. */
const UNKNOWN_CALL = ['NotImplemented', 'MethodNotAllowed', 'InvalidArgument'];
const UNKNOWN_CALL_STATUS = [405, 501];

/** What became of one request. */
export type DeleteOutcome = DeleteResult | S3Failure;

/** An object to delete, and all requests that ask for it. */
interface Entry {
	readonly request: DeleteRequest;
	readonly indexes: number[];
}

/** Connections to servers that do not have DeleteObjects. */
const withoutBulk = new WeakSet<S3>();

/**
 * Deletes many objects, a thousand in one request if they are in one bucket. What has a condition, what XML
 * cannot carry, and everything on servers without DeleteObjects is deleted one by one.
 * @returns what became of each request, in their order; never throws for one of them
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
export async function deleteObjects(
	s3: S3,
	requests: readonly DeleteRequest[],
	call: Call,
): Promise<DeleteOutcome[]> {
	const outcomes = new Array<DeleteOutcome>(requests.length);
	const settle = ({ indexes }: Entry, outcome: DeleteOutcome) => {
		for (const index of indexes) outcomes[index] = outcome;
	};
	const batches = batchesOf(s3, requests, settle);
	await inFlight(batches, async (batch) => {
		const unknown = await deleteBatch(s3, batch, settle, call);
		if (unknown) await inFlight(batch, (entry) => deleteOne(s3, entry, settle, call));
	});
	return outcomes;
}

type Settle = (entry: Entry, outcome: DeleteOutcome) => void;

/** Entries that go into one request each; what is refused beforehand is settled at once. */
function batchesOf(s3: S3, requests: readonly DeleteRequest[], settle: Settle): Entry[][] {
	const groups = new Map<string, Map<string, Entry>>();
	requests.forEach((request, index) => {
		const refusal = refusalOf(s3, request);
		if (refusal !== undefined) {
			settle({ request, indexes: [index] }, refusal);
			return;
		}
		const { key, versionId, ifMatch, ...shared } = request;
		const id = JSON.stringify([key, versionId, ifMatch]);
		// What goes by itself has a group of its own.
		const groupId = isSingle(request) ? `${index}` : JSON.stringify(Object.entries(shared).sort());
		const group = groups.get(groupId) ?? new Map<string, Entry>();
		groups.set(groupId, group);
		const entry = group.get(id) ?? { request, indexes: [] };
		group.set(id, entry);
		entry.indexes.push(index);
	});
	return [...groups.values()].flatMap((group) => chunksOf([...group.values()]));
}

function chunksOf(entries: Entry[]): Entry[][] {
	const chunks: Entry[][] = [];
	for (let start = 0; start < entries.length; start += BATCH_SIZE) {
		chunks.push(entries.slice(start, start + BATCH_SIZE));
	}
	return chunks;
}

/** One wrong key must not stop the others, so each is looked at before they are sent together. */
function refusalOf({ connection }: S3, { bucket, key }: DeleteRequest): S3Failure | undefined {
	try {
		checkBucket(bucket);
		checkKey(key, bucket);
		checkBucketOnly(connection, { bucket, key });
		return undefined;
	} catch (error) {
		if (error instanceof S3Failure) return error;
		throw error;
	}
}

/** A condition is checked with the request for one object only; XML 1.0 cannot carry every character. */
const isSingle = ({ key, ifMatch }: DeleteRequest): boolean =>
	ifMatch !== undefined || !isXmlText(key);

/** @see https://www.w3.org/TR/xml/#charsets */
function isXmlText(text: string): boolean {
	for (const character of text) {
		const code = character.codePointAt(0) ?? 0;
		if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return false;
		if (code === 0xfffe || code === 0xffff) return false;
	}
	return true;
}

async function deleteOne(s3: S3, entry: Entry, settle: Settle, call: Call): Promise<void> {
	settle(entry, await deleteObject(s3, entry.request, call).catch(failureIn));
}

/**
 * Deletes the objects of one batch; those that the server failed at are tried again.
 * @returns whether the server does not have the call, so that nothing was deleted
 */
async function deleteBatch(s3: S3, batch: Entry[], settle: Settle, call: Call): Promise<boolean> {
	const [first] = batch;
	if (first === undefined || withoutBulk.has(s3)) return true;
	if (batch.length === 1) {
		await deleteOne(s3, first, settle, call);
		return false;
	}
	let left = batch;
	const sendLeft = async (): Promise<boolean> => {
		const outcomes = await send(s3, left, call).catch(failureIn);
		if (outcomes instanceof S3Failure) {
			for (const entry of left) settle(entry, outcomes);
			return left === batch && isUnknownCall(s3, outcomes);
		}
		left.forEach((entry, index) => settle(entry, outcomes[index] ?? noOutcome(entry)));
		const failed = left.flatMap((entry, index) => {
			const outcome = outcomes[index];
			return outcome instanceof S3Failure && outcome.retryable ? [{ entry, outcome }] : [];
		});
		left = failed.map(({ entry }) => entry);
		if (failed[0] !== undefined) throw failed[0].outcome;
		return false;
	};
	// What is thrown in the end stands in the outcomes already.
	const retryable = delayAfterFailure((failure) => failure.retryable);
	const unknown = await retry(sendLeft, retryable, call.signal).catch((error: unknown) => {
		failureIn(error);
		return false;
	});
	if (unknown) withoutBulk.add(s3);
	return unknown;
}

/** Sends one DeleteObjects; gives what became of each entry, in their order. */
async function send(s3: S3, batch: Entry[], call: Call): Promise<DeleteOutcome[]> {
	const objects = batch.map(({ request: { key, versionId } }) => ({
		Key: key,
		VersionId: versionId,
	}));
	const [{ request }] = batch as [Entry];
	const input = {
		...deletion(request),
		Delete: { Objects: objects, Quiet: false },
		// MD5 is the checksum that every server understands.
		ChecksumAlgorithm: 'MD5' as const,
	};
	const { Deleted = [], Errors = [] } = await s3.send('DeleteObjects', input, call);
	const idOf = (key: string | undefined, versionId: string | undefined) =>
		JSON.stringify([key ?? '', versionId === '' ? undefined : versionId]);
	const deleted = new Map(Deleted.map((entry) => [idOf(entry.Key, entry.VersionId), entry]));
	const failed = new Map(Errors.map((entry) => [idOf(entry.Key, entry.VersionId), entry]));
	return batch.map((entry) => {
		const { key, versionId } = entry.request;
		const id = idOf(key, versionId);
		const error = failed.get(id) ?? failed.get(idOf(key, undefined));
		if (error !== undefined) return failureOf(entry, error);
		// Some servers leave the version out.
		const found = deleted.get(id) ?? deleted.get(idOf(key, undefined));
		return found === undefined ? noOutcome(entry) : resultOf(entry, found);
	});
}

function resultOf(
	{ request: { bucket, key, versionId } }: Entry,
	deleted: NonNullable<Calls['DeleteObjects']['output']['Deleted']>[number],
): DeleteResult {
	const { DeleteMarker: deleteMarker = false, DeleteMarkerVersionId: marker } = deleted;
	return { bucket, key, versionId: versionId ?? marker, deleteMarker, deleted: true };
}

function failureOf(
	{ request: { bucket, key, versionId } }: Entry,
	error: { Code?: string | undefined; Message?: string | undefined },
): S3Failure {
	const { phrase, permissions } = CALLS.DeleteObject;
	return failureOfCode(
		{ code: error.Code ?? 'UnknownError', message: error.Message },
		{
			operation: 'DeleteObjects',
			phrase,
			permissions: () => permissions({ Bucket: bucket, Key: key, VersionId: versionId }),
			bucket,
			key,
			server: '',
		},
	);
}

/** A server that leaves a key out of its response has not said that it is deleted. */
function noOutcome({ request: { bucket, key } }: Entry): S3Failure {
	return new S3Failure({
		kind: 'corrupt',
		message: `Could not delete ${nameOf(bucket, key)}: the server did not say what became of it`,
		advice: 'Look for the object, and delete it again if it is there.',
		operation: 'DeleteObjects',
		bucket,
		key,
	});
}

/** AWS has the call, so there the same refusal means what it says. */
function isUnknownCall({ connection }: S3, { code, status }: S3Failure): boolean {
	if (connection.endpoint === undefined) return false;
	return UNKNOWN_CALL.includes(code ?? '') || UNKNOWN_CALL_STATUS.includes(status ?? 0);
}

function failureIn(error: unknown): S3Failure {
	if (error instanceof S3Failure) return error;
	throw error;
}

/** Does work for each entry, a few at once. */
async function inFlight<T>(
	entries: readonly T[],
	work: (entry: T) => Promise<void>,
): Promise<void> {
	let next = 0;
	const worker = async () => {
		for (let entry = entries[next++]; entry !== undefined; entry = entries[next++]) {
			await work(entry);
		}
	};
	await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, entries.length) }, worker));
}
