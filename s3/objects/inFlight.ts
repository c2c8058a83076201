/**
 * Does work on each entry, several at once, and yields the results as they come. If nobody asks for further
 * results, no further work is begun.
 * @param most entries that are worked on at once
 * @throws what the work on an entry throws
 */
export async function* inFlight<Entry, Result>(
	entries: readonly Entry[],
	most: number,
	work: (entry: Entry) => Promise<Result>,
): AsyncGenerator<Result> {
	const running = new Set<Promise<Ended<Result>>>();
	const begin = (entry: Entry) => {
		const ended: Promise<Ended<Result>> = work(entry).then((result) => ({ result, ended }));
		running.add(ended);
	};
	for (const entry of entries) {
		begin(entry);
		if (running.size >= most) yield await next(running);
	}
	while (running.size > 0) yield await next(running);
}

/** The result of work, and the promise that it came from. */
interface Ended<Result> {
	readonly result: Result;
	readonly ended: Promise<Ended<Result>>;
}

/** Waits for the first that ends. The race handles the rejections of the others, too. */
async function next<Result>(running: Set<Promise<Ended<Result>>>): Promise<Result> {
	const { result, ended } = await Promise.race(running);
	running.delete(ended);
	return result;
}
