import type { Call } from '../../Call';
import type { S3 } from '../../client/S3';
import { nameOf } from '../../errors/failureFrom';
import type { Requester } from '../../headers/requester';
import { listVersions } from '../../list/listVersions';
import { S3Failure } from '../../S3Failure';
import { inFlight } from '../inFlight';
import type { Deletion } from './deletePrefix';
import type { Failed } from './settle';
import { NOTHING } from './undeletePlan';
import type { UndeletePlan } from './undeletePlan';

/** What a deletion has told of itself. */
export type Receipt = readonly Deletion[];

interface ReceiptRequest extends Requester {
	readonly bucket: string;
}

type HidingMarker = Deletion & { readonly versionId: string };

/** Keys whose versions are listed at once. */
const KEYS_IN_FLIGHT = 16;

/**
 * Finds out how to bring back what a receipt lists: by the delete markers that it names. Where a marker does not say
 * enough, the versions of its key are looked at.
 * @returns plans, also such that have failed already, and why there is none for an entry
 */
export async function* receiptPlans(
	s3: S3,
	request: ReceiptRequest,
	receipt: Receipt,
	call: Call,
): AsyncGenerator<UndeletePlan | Failed> {
	const markers = receipt.filter(isHidden);
	for (const entry of receipt) if (!isHidden(entry)) yield withoutMarker(request, entry);
	for (const { key, versionId } of markers.filter(isCertain)) {
		yield { key, markers: [versionId], isHidden: false, isUnseen: true, ...NOTHING };
	}
	const doubtful = markers.filter((entry) => !isCertain(entry));
	const look = async (entry: HidingMarker) => await lookAt(s3, request, entry, call);
	yield* inFlight(doubtful, KEYS_IN_FLIGHT, look);
}

/**
 * Whether the delete marker of an entry still hides an object: a deletion of all versions has deleted it as well. To
 * delete a marker without an ID would delete the object.
 */
const isHidden = (entry: Deletion): entry is HidingMarker =>
	entry.deleteMarker === true && (entry.versionId ?? '') !== '' && entry.permanent !== true;

/**
 * Whether a marker can be removed without a look: the version null may be another object by now, and its marker has
 * replaced an object of this version. A request that was repeated may have made several markers.
 */
const isCertain = ({ versionId, repeated }: HidingMarker): boolean =>
	versionId !== 'null' && repeated !== true;

/** Looks for the marker of an entry, and those below it if there may be several. */
async function lookAt(
	s3: S3,
	request: ReceiptRequest,
	entry: HidingMarker,
	call: Call,
): Promise<UndeletePlan | Failed> {
	const { key } = entry;
	const markers: string[] = [];
	try {
		for await (const page of listVersions(s3, { ...request, versionsOf: key }, call)) {
			for (const { versionId, isDeleteMarker, storageClass } of page) {
				const isFound = markers.length > 0 || versionId === entry.versionId;
				if (!isFound) continue;
				if (isDeleteMarker && (markers.length === 0 || entry.repeated === true)) {
					markers.push(versionId);
				} else if (markers.length > 0) {
					return { key, markers, isHidden: false, versionId, storageClass };
				} else {
					return nothingBelow(request, entry);
				}
			}
		}
	} catch (error) {
		if (!(error instanceof S3Failure) || error.kind === 'cancelled') throw error;
		return {
			...NOTHING,
			key,
			versionId: entry.versionId,
			markers: [],
			isHidden: false,
			failure: error,
		};
	}
	return nothingBelow(request, entry);
}

const nothingBelow = ({ bucket }: ReceiptRequest, { key, versionId }: HidingMarker): Failed => ({
	key,
	versionId,
	code: 'noVersion',
	message: `There is no delete marker ${versionId} with a version below it for ${nameOf(bucket, key)}: it was removed or replaced, or the deletion has left no version, as in a bucket whose versions are suspended`,
});

/**
 * What a receipt has that no delete marker hides: it was deleted with its version, or without versions. If it does
 * not even say so, it may be the receipt of a dry run, which deletes nothing.
 */
function withoutMarker(
	{ bucket }: ReceiptRequest,
	{ key, versionId, deleteMarker, permanent }: Deletion,
): Failed {
	const object = nameOf(bucket, key);
	// The last is a marker that hides an object and has no ID.
	const isUnnamed = deleteMarker === undefined || (deleteMarker && permanent !== true);
	return {
		key,
		versionId: versionId || undefined,
		...(isUnnamed
			? {
					code: 'noDeleteMarker',
					message: `The receipt names no delete marker of ${object}: it comes from a dry run, or the object was deleted permanently`,
				}
			: {
					code: 'deletedForGood',
					message: `The receipt has ${object} as deleted permanently, not as hidden by a delete marker`,
				}),
	};
}
