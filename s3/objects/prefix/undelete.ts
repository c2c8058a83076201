import type { Call } from '../../Call';
import type { S3 } from '../../client/S3';
import { nameOf } from '../../errors/failureFrom';
import { serverWords } from '../../errors/serverWords';
import type { Requester } from '../../headers/requester';
import { USUAL_CLASS } from '../../headers/storageClass';
import { listVersions } from '../../list/listVersions';
import { copyBetween } from '../copyBetween';
import type { CopyRequest } from '../copyBetween';
import { deleteObjects } from '../deleteObjects';
import { inFlight } from '../inFlight';
import { checkReadOnly } from '../../policy/readOnly';
import { S3Failure } from '../../S3Failure';
import { receiptPlans } from './receiptPlans';
import type { Receipt } from './receiptPlans';
import { failedOf } from './settle';
import type { Failed } from './settle';
import { undeletePlans } from './undeletePlan';
import type { UndeletePlan } from './undeletePlan';

/** What is to be brought back: one key, all keys under a prefix, or what a deletion has told of itself. */
export type UndeleteScope =
	{ readonly key: string } | { readonly prefix: string } | { readonly receipt: Receipt };

export interface UndeleteRequest extends Requester {
	bucket: string;
	scope: UndeleteScope;
	/** Bring objects back as they were at this moment; undefined: as they were before they were deleted. */
	asOf?: Date | undefined;
	/** Only find out what would be brought back. */
	dryRun: boolean;
	/** Bytes above which a version is copied in parts; undefined: 5 GiB, which is the most. */
	maxSingleCopy?: number | undefined;
}

/** An object that is there again, or would be. */
interface Restored {
	key: string;
	/** The version that has its content; undefined if only its delete marker is known. */
	versionId: string | undefined;
	/** How: its delete markers were removed, or the version was copied over newer ones. */
	by: 'markersRemoved' | 'versionCopied';
}

export interface Undeletion {
	restored: Restored[];
	failed: Failed[];
}

/** Objects that are brought back before more versions are listed. */
const BATCH = 1000;
/** Copies in flight at once. */
const COPIES_IN_FLIGHT = 16;
/** Keys whose newest version is asked for at once. */
const LOOKS_IN_FLIGHT = 16;

type Failures = Map<UndeletePlan, S3Failure>;

/**
 * Brings deleted objects back in a bucket that keeps versions: delete markers are removed, and with `asOf` a
 * version that newer ones hide is copied over them. No version of an object is lost.
 * @throws S3Failure, also if none of the objects could be brought back
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/RestoringPreviousVersions.html
 */
export async function undelete(s3: S3, request: UndeleteRequest, call: Call): Promise<Undeletion> {
	const { bucket, dryRun } = request;
	if (!dryRun) checkReadOnly(s3.connection, 'DeleteObjects', { bucket });
	const restored: Restored[] = [];
	const failed: Failed[] = [];
	let first: S3Failure | undefined;
	for await (const plans of inBatches(plansOf(s3, request, failed, call))) {
		const failures: Failures = new Map();
		for (const plan of plans) if (plan.failure !== undefined) failures.set(plan, plan.failure);
		await keepNull(s3, request, plans, failures, call);
		if (!dryRun) await carryOut(s3, request, plans, failures, call);
		for (const plan of plans) {
			const failure = failures.get(plan);
			first ??= failure;
			if (failure === undefined) restored.push(restoredBy(plan));
			else failed.push(failedOf(failure, plan));
		}
	}
	if (first !== undefined && restored.length === 0) throw first;
	return { restored, failed };
}

async function* plansOf(
	s3: S3,
	{ scope, asOf, ...request }: UndeleteRequest,
	failed: Failed[],
	call: Call,
): AsyncGenerator<UndeletePlan> {
	if ('receipt' in scope) {
		for await (const plan of receiptPlans(s3, request, scope.receipt, call)) {
			if ('markers' in plan) yield plan;
			else failed.push(plan);
		}
		return;
	}
	const which = 'key' in scope ? { versionsOf: scope.key } : { prefix: scope.prefix };
	yield* undeletePlans(listVersions(s3, { ...request, ...which }, call), asOf);
}

async function* inBatches(plans: AsyncIterable<UndeletePlan>): AsyncGenerator<UndeletePlan[]> {
	let batch: UndeletePlan[] = [];
	for await (const plan of plans) {
		batch.push(plan);
		if (batch.length < BATCH) continue;
		yield batch;
		batch = [];
	}
	if (batch.length > 0) yield batch;
}

async function carryOut(
	s3: S3,
	request: UndeleteRequest,
	plans: UndeletePlan[],
	failures: Failures,
	call: Call,
): Promise<void> {
	const removed = await removeMarkers(s3, request, plans, failures, call);
	const isDoubtful = (plan: UndeletePlan) =>
		plan.isUnseen === true && !removed.has(plan) && !failures.has(plan);
	await checkThere(s3, request, plans.filter(isDoubtful), failures, call);
	const hidden = plans.filter((plan) => plan.isHidden && !failures.has(plan));
	const copy = async (plan: UndeletePlan) => ({
		plan,
		error: await copyOverNewer(s3, request, plan, call).catch((error: unknown) => error),
	});
	for await (const { plan, error } of inFlight(hidden, COPIES_IN_FLIGHT, copy)) {
		if (error !== undefined) noteFailure(failures, plan, error);
	}
}

/** @returns the plans of which the server says that it has removed a delete marker, which not every server does */
async function removeMarkers(
	s3: S3,
	request: UndeleteRequest,
	plans: readonly UndeletePlan[],
	failures: Failures,
	call: Call,
): Promise<Set<UndeletePlan>> {
	const removed = new Set<UndeletePlan>();
	const { bucket, requestPayer, expectedBucketOwner } = request;
	const shared = { bucket, requestPayer, expectedBucketOwner };
	const markers = plans.flatMap((plan) => plan.markers.map((versionId) => ({ plan, versionId })));
	const deletions = markers.map(({ plan, versionId }) => ({ ...shared, key: plan.key, versionId }));
	for await (const { index, outcome } of deleteObjects(s3, deletions, call)) {
		const plan = markers[index]?.plan;
		if (plan === undefined) continue;
		if (outcome instanceof S3Failure) noteFailure(failures, plan, outcome);
		else if (outcome.deleteMarker === true) removed.add(plan);
	}
	return removed;
}

/** Looks whether objects are there again: to delete a marker that is not there succeeds as well. */
async function checkThere(
	s3: S3,
	{ bucket, requestPayer, expectedBucketOwner }: UndeleteRequest,
	plans: UndeletePlan[],
	failures: Failures,
	call: Call,
): Promise<void> {
	const shared = { bucket, requestPayer, expectedBucketOwner };
	const look = async (plan: UndeletePlan) => ({
		plan,
		error: await isThere(s3, { ...shared, versionsOf: plan.key }, call).then(
			(there) => (there ? undefined : notThere(bucket, plan)),
			(error: unknown) => error,
		),
	});
	for await (const { plan, error } of inFlight(plans, LOOKS_IN_FLIGHT, look)) {
		if (error !== undefined) noteFailure(failures, plan, error);
	}
}

/** Whether the newest version of a key is an object. */
async function isThere(
	s3: S3,
	request: Parameters<typeof listVersions>[1],
	call: Call,
): Promise<boolean> {
	for await (const [newest] of listVersions(s3, request, call)) {
		if (newest !== undefined) return !newest.isDeleteMarker;
	}
	return false;
}

function notThere(bucket: string, { key, markers: [marker = ''] }: UndeletePlan): S3Failure {
	return new S3Failure({
		kind: 'rejected',
		message: `Could not bring back ${nameOf(bucket, key)}: its delete marker ${serverWords(marker)} is not there, and neither is the object`,
		advice:
			'The receipt is that of another bucket, or the object was deleted again or for good after it. List Versions shows what is there; Undelete by Key or Prefix needs no receipt.',
		operation: 'DeleteObjects',
		code: 'noVersion',
		bucket,
		key,
	});
}

/** Notes the failure of plans whose copy would replace the version null: it would while versions are suspended. */
async function keepNull(
	s3: S3,
	request: UndeleteRequest,
	plans: readonly UndeletePlan[],
	failures: Failures,
	call: Call,
): Promise<void> {
	const endangered = plans.filter(({ hidesNull }) => hidesNull === true);
	if (endangered.length === 0) return;
	const { bucket, expectedBucketOwner } = request;
	const input = { Bucket: bucket, ExpectedBucketOwner: expectedBucketOwner };
	const { Status: status } = await s3
		.send('GetBucketVersioning', input, call)
		.catch((error: unknown) => {
			if (error instanceof S3Failure && error.kind !== 'cancelled') return { Status: undefined };
			throw error;
		});
	if (status === 'Enabled') return;
	for (const plan of endangered) failures.set(plan, wouldReplace(request, plan));
}

function wouldReplace({ bucket }: UndeleteRequest, { key }: UndeletePlan): S3Failure {
	return new S3Failure({
		kind: 'rejected',
		message: `Could not bring back ${nameOf(bucket, key)}: versions are suspended, as far as can be seen, so its newer version null would be lost`,
		advice:
			'Copy the old version to another key, or have the bucket keep versions. To see that it does, the credential needs s3:GetBucketVersioning.',
		operation: 'CopyObject',
		code: 'WouldReplaceVersion',
		bucket,
		key,
	});
}

/**
 * Copies a version onto its own key, with its metadata and tags, and encrypted as it is; the copy is the newest version
 * then.
 */
async function copyOverNewer(
	s3: S3,
	request: UndeleteRequest,
	{ key, versionId, storageClass: listed }: UndeletePlan,
	call: Call,
): Promise<void> {
	// What S3 takes by itself is not sent: other servers may not know classes.
	const storageClass = listed === USUAL_CLASS ? undefined : listed;
	const { bucket, maxSingleCopy, expectedBucketOwner, requestPayer } = request;
	const copy: CopyRequest = {
		source: { bucket, key, versionId, expectedBucketOwner },
		bucket,
		key,
		metadataDirective: 'keep',
		tagsDirective: 'keep',
		storageClass,
		keepEncryption: true,
		multipartThreshold: maxSingleCopy,
		expectedBucketOwner,
		requestPayer,
	};
	await copyBetween({ source: s3, target: s3 }, copy, call).catch((error: unknown) => {
		throw isWithoutReason(error) ? perhapsOwnKey(error, copy.source) : error;
	});
}

/** What a HEAD is refused with for an object under a customer's own key, which a listing does not tell. */
const BAD_REQUEST = 400;

const isWithoutReason = (error: unknown): error is S3Failure =>
	error instanceof S3Failure && error.operation === 'HeadObject' && error.status === BAD_REQUEST;

const perhapsOwnKey = (failure: S3Failure, { bucket, key, versionId }: CopyRequest['source']) =>
	failure.reworded(
		`Could not bring back ${nameOf(bucket, key)}: the server refuses to tell of the version ${serverWords(versionId ?? '')}, as it does if it is encrypted with a customer key (SSE-C)`,
		'Such a version can be copied only with its key: use Copy with Source Version ID, Source Encryption Customer Key and Encryption Customer Key, and the same key of the object as target.',
	);

/** @throws what is not the failure of one object */
function noteFailure(failures: Failures, plan: UndeletePlan, error: unknown): void {
	if (!(error instanceof S3Failure) || error.kind === 'cancelled') throw error;
	failures.set(plan, error);
}

const restoredBy = ({ key, versionId, isHidden }: UndeletePlan): Restored => ({
	key,
	versionId,
	by: isHidden ? 'versionCopied' : 'markersRemoved',
});
