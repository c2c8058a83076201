import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { filterOf } from '../list/filter';
import type { ListedObject } from '../list/ListedEntry';
import { listObjects } from '../list/listObjects';
import { S3Failure } from '../S3Failure';
import { modifiedSeconds } from './marks';
import { serverSeconds } from './serverTime';
import type { Found, WatchRequest } from './WatchRequest';

/** How far a prefix has been read whose keys grow in order. */
export interface GrowingState {
	/** The last key that was read. */
	after: string;
	/** Whether the objects that were there at the beginning are still being read past. */
	beginning?: true;
}

/** What is known at the first poll: nothing. @param existing whether what is there counts as new */
export const firstGrowing = (existing: boolean): GrowingState =>
	existing ? { after: '' } : { after: '', beginning: true };

/**
 * Finds the objects after the last key that was read, at most as many as asked for.
 * @param isTimeOver whether to go on with the next poll
 * @throws S3Failure, also for a directory bucket, whose keys have no order
 */
export async function pollGrowing(
	s3: S3,
	request: WatchRequest,
	before: GrowingState,
	isTimeOver: () => boolean,
	call: Call,
): Promise<Found<GrowingState>> {
	const { bucket, prefix, keyMatches, maxObjects, minAge } = request;
	if (bucket.endsWith('--x-s3')) throw withoutOrder(bucket);
	const matches = filterOf({ keyMatches });
	const { beginning } = before;
	const objects: ListedObject[] = [];
	let { after } = before;
	let time = 0;
	const stateOf = (isEnd: boolean) => ({ after, ...(beginning && !isEnd && { beginning }) });
	const found = (isEnd = false) => ({ objects, state: stateOf(isEnd), time, warnings: [] });
	for await (const page of listObjects(
		s3,
		{ bucket, prefix, startAfter: after, ...request.caller },
		call,
	)) {
		time = serverSeconds(page.serverTime, bucket);
		for (const entry of page.entries) {
			if (!('key' in entry)) continue;
			if (beginning === undefined) {
				// What is younger stands in the way, so that everything comes in order.
				const isYoung = minAge > 0 && modifiedSeconds(entry) > time - minAge;
				if (objects.length === maxObjects || isYoung) return found();
				if (matches(entry)) objects.push(entry);
			}
			after = entry.key;
		}
		if (page.nextStartAfter !== undefined && isTimeOver()) return found();
	}
	return found(true);
}

function withoutOrder(bucket: string): S3Failure {
	return S3Failure.invalid(
		`The keys of the directory bucket “${bucket}” are listed in no order`,
		'Set Order to Any.',
		{ bucket },
	);
}
