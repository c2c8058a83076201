import { setMaxListeners } from 'node:events';
import type { Call } from '../../Call';
import { linkedSignal } from '../../retry/linkedSignal';
import type { Page } from '../listPage';
import { ReadAhead } from './ParallelListing';
import type { FetchPage, Wanted } from './ParallelListing';

/**
 * The pages of a listing in order. Where it is long, later pages are asked for while earlier ones are
 * on their way: guessed from the names seen so far, each guess begins a stretch of its own, which is
 * followed until it reaches the next one. A wrong guess costs a request and nothing else; wrong
 * guesses never cost more than a third of the pages and 32. Where a server throttles, or serves no
 * more by being asked for several pages at once, it goes on with one at a time.
 * @throws what `fetch` throws
 */
export async function* orderedPages(
	fetch: FetchPage,
	wanted: Wanted,
	call: Call,
): AsyncGenerator<Page, void, void> {
	const linked = linkedSignal(call.signal);
	// One for each request that is under way, and each takes its own away again.
	setMaxListeners(0, linked.signal);
	const listing = new ReadAhead(fetch, wanted, { signal: linked.signal });
	try {
		for (;;) {
			const page = listing.take();
			if (page === undefined) await listing.nextAnswer();
			else {
				yield page;
				if (!page.truncated) return;
			}
		}
	} finally {
		linked.abort();
		linked.unlink();
	}
}
