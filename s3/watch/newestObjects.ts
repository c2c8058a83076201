import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import type { ListedObject } from '../list/ListedEntry';
import { listObjects } from '../list/listObjects';
import type { WatchRequest } from './WatchRequest';

/**
 * Finds the objects that were modified last, the newest first.
 * @param count objects at most
 * @throws S3Failure
 */
export async function newestObjects(
	s3: S3,
	{ bucket, prefix, keyMatches, caller }: WatchRequest,
	count: number,
	call: Call,
): Promise<ListedObject[]> {
	let newest: ListedObject[] = [];
	for await (const page of listObjects(s3, { bucket, prefix, keyMatches, ...caller }, call)) {
		for (const entry of page.entries) if ('key' in entry) newest.push(entry);
		newest.sort((a, b) => timeOf(b) - timeOf(a));
		newest = newest.slice(0, count);
	}
	return newest;
}

const timeOf = ({ lastModified }: ListedObject): number => Date.parse(lastModified ?? '') || 0;
