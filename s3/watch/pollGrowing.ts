import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { filterOf } from '../list/filter';
import type { ListedObject } from '../list/ListedEntry';
import { listObjects } from '../list/listObjects';
import type { WatchRequest } from './WatchRequest';

/** How far a prefix has been read whose keys grow in order. */
export interface GrowingState {
	/** The last key that was read. */
	after: string;
	/** Whether the objects that were there at the beginning are still being read past. */
	beginning?: true;
}

export interface GrowingPoll {
	objects: ListedObject[];
	state: GrowingState;
}

/**
 * Finds the objects after the last key that was read, at most as many as asked for.
 * @param before undefined at the first time, when all keys that are there are read past
 * @param isTimeOver whether to go on with the next poll
 * @throws S3Failure
 */
export async function pollGrowing(
	s3: S3,
	request: WatchRequest,
	before: GrowingState | undefined,
	isTimeOver: () => boolean,
	call: Call,
): Promise<GrowingPoll> {
	const { bucket, prefix, maxObjects } = request;
	const matches = filterOf({ keyMatches: request.keyMatches });
	const beginning = before === undefined || before.beginning === true;
	const objects: ListedObject[] = [];
	let after = before?.after ?? '';
	const listing = { bucket, prefix, startAfter: after, ...request.caller };
	for await (const page of listObjects(s3, listing, call)) {
		for (const entry of page.entries) {
			if (!('key' in entry)) continue;
			if (objects.length === maxObjects) return { objects, state: { after } };
			after = entry.key;
			if (!beginning && matches(entry)) objects.push(entry);
		}
		const isLast = page.nextStartAfter === undefined;
		if (!isLast && isTimeOver()) {
			return { objects, state: { after, ...(beginning && { beginning }) } };
		}
	}
	return { objects, state: { after } };
}
