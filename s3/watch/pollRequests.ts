import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { filterOf } from '../list/filter';
import { nameOfEntry } from '../list/ListedEntry';
import { listedPrefix } from '../list/listObjects';
import { listPage, MAX_KEYS } from '../list/listPage';
import type { PageStart } from '../list/listPage';
import type { PrefixRequest } from './pollPrefix';
import { MANY } from './Scan';
import { FEW_PAGES } from './watchedPages';

export interface PollRequests {
	/** Requests, if nothing has appeared since the last poll. */
	requests: number;
	/** Objects that it lists; undefined if it reads only those that are new. */
	objects: number | undefined;
	/** Whether there are more objects, which were not counted. */
	isMore: boolean;
}

/**
 * Counts what a poll of a prefix takes, by listing it with one request for each page. If there are more than a few
 * pages it stops: a poll then sends several requests at once, of which nobody knows the number before.
 * @throws S3Failure
 */
export async function pollRequests(
	s3: S3,
	request: Pick<PrefixRequest, 'bucket' | 'prefix' | 'keyMatches' | 'caller' | 'growing'>,
	call: Call,
): Promise<PollRequests> {
	if (request.growing) return { requests: 1, objects: undefined, isMore: false };
	const matches = filterOf(request);
	const { bucket, caller } = request;
	const same = { maxKeys: MAX_KEYS, bucket, prefix: listedPrefix(request), ...caller };
	let objects = 0;
	let remembered = 0;
	let from: Omit<PageStart, 'maxKeys'> = {};
	for (let pages = 1; ; pages += 1) {
		const { entries, truncated, nextToken } = await listPage(s3, { ...same, ...from }, call);
		objects += entries.length;
		remembered += entries.filter(matches).length;
		const last = entries.at(-1);
		const isEnd = !truncated || last === undefined;
		if (isEnd || pages === FEW_PAGES) {
			const forUploads = remembered >= MANY ? 1 : 0;
			return { requests: pages + forUploads, objects, isMore: !isEnd };
		}
		from = { startAfter: nameOfEntry(last), continuationToken: nextToken };
	}
}
