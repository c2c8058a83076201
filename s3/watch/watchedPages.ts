import { isDirectoryBucket } from '../bucketKinds';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { listObjects } from '../list/listObjects';
import type { ListPage, ListRequest } from '../list/listObjects';

/** Pages that are read one after another: with 14,000 objects, all of which are remembered, there are no more. */
export const FEW_PAGES = 14;

/**
 * Lists what is watched and probably few. It is listed again and again, so it is the number of requests that costs: a
 * few pages are read by one request each. Only if there are more, several are read at once, which takes some requests
 * more and much less time.
 * @throws S3Failure
 */
export async function* watchedPages(
	s3: S3,
	request: ListRequest,
	call: Call,
): AsyncGenerator<ListPage, void, void> {
	let pages = 0;
	for await (const page of listObjects(s3, { ...request, sequential: true }, call)) {
		yield page;
		pages += 1;
		const { nextStartAfter: startAfter } = page;
		if (startAfter === undefined) return;
		// A directory bucket cannot be listed from a key on.
		if (pages < FEW_PAGES || isDirectoryBucket(request.bucket)) continue;
		yield* listObjects(s3, { ...request, startAfter }, call);
		return;
	}
}
