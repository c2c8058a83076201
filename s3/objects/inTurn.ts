import type { S3 } from '../client/S3';

/** By connection, the work that was begun last on each thing. */
const turns = new WeakMap<S3, Map<string, Promise<unknown>>>();

/**
 * Does work on a thing after all work that was begun on it before over the same connection, however that ended.
 * @param thing names the thing, and what kind of work is done on it
 * @throws what the work throws
 */
export async function inTurn<Result>(
	s3: S3,
	thing: ReadonlyArray<string | undefined>,
	work: () => Promise<Result>,
): Promise<Result> {
	const known = turns.get(s3) ?? new Map<string, Promise<unknown>>();
	turns.set(s3, known);
	const id = JSON.stringify(thing);
	const turn = (known.get(id) ?? Promise.resolve()).then(work, work);
	known.set(id, turn);
	try {
		return await turn;
	} finally {
		if (known.get(id) === turn) known.delete(id);
	}
}
