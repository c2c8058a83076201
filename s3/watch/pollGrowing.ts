import { isDirectoryBucket } from '../bucketKinds';
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
	/** Server's time in seconds: what was there then is read past; 0: until now. Undefined once that is done. */
	beginning?: number;
}

/** @param beginning undefined once what was there is read past */
export const growingFrom = (after: string, beginning: number | undefined): GrowingState => ({
	after,
	...(beginning !== undefined && { beginning }),
});

/** What is known at the first poll: nothing. @param existing whether what is there counts as new */
export const firstGrowing = (existing: boolean): GrowingState =>
	existing ? { after: '' } : { after: '', beginning: 0 };

/**
 * Finds the objects after the last key that was read, at most as many as asked for.
 * @param isTimeOver whether to go on with the next poll
 * @returns also from where it has read
 * @throws S3Failure, also for a directory bucket, whose keys have no order
 */
export async function pollGrowing(
	s3: S3,
	request: WatchRequest,
	before: GrowingState,
	isTimeOver: () => boolean,
	call: Call,
): Promise<Found<GrowingState> & { from: GrowingState }> {
	const { bucket, prefix, keyMatches, maxObjects, minAge } = request;
	if (isDirectoryBucket(bucket)) throw withoutOrder(bucket);
	const matches = filterOf({ keyMatches });
	const objects: ListedObject[] = [];
	let { after, beginning } = before;
	let time = 0;
	const isNew = (entry: ListedObject) =>
		beginning === undefined || modifiedSeconds(entry) > beginning;
	const isYoung = (entry: ListedObject) => minAge > 0 && modifiedSeconds(entry) > time - minAge;
	const found = (isEnd = false) => ({
		objects,
		state: growingFrom(after, isEnd ? undefined : beginning),
		from: growingFrom(before.after, beginning),
		time,
		hasLeft: !isEnd,
		warnings: [],
	});
	const listing = { bucket, prefix, startAfter: after, ...request.caller };
	for await (const page of listObjects(s3, listing, call)) {
		time = serverSeconds(page.serverTime, bucket);
		if (beginning === 0) beginning = time;
		for (const entry of page.entries) {
			if (!('key' in entry)) continue;
			// More may have come before all that was there is read past.
			if (isNew(entry)) {
				// What is younger stands in the way, so that everything comes in order.
				if (objects.length === maxObjects || isYoung(entry)) return found();
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
