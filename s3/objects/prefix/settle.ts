import type { DeleteRequest, SettledDeletion } from '../deleteObjects';
import type { DeleteResult } from '../deleteObject';
import { S3Failure } from '../../S3Failure';

/** An object or version for which something could not be done. */
export interface Failed {
	key: string;
	versionId: string | undefined;
	/** S3's code, or what kind of failure it is. */
	code: string;
	message: string;
}

/**
 * Waits for all deletions.
 * @throws S3Failure the first failure, if nothing could be deleted
 */
export async function settle(
	settled: AsyncIterable<SettledDeletion>,
	requests: readonly DeleteRequest[],
): Promise<{ done: DeleteResult[]; failed: Failed[] }> {
	const done: DeleteResult[] = [];
	const failed: Failed[] = [];
	let first: S3Failure | undefined;
	for await (const { index, outcome } of settled) {
		if (!(outcome instanceof S3Failure)) {
			done[index] = outcome;
			continue;
		}
		if (outcome.kind === 'cancelled') throw outcome;
		first ??= outcome;
		failed.push(failedOf(outcome, requests[index]));
	}
	if (first !== undefined && failed.length === requests.length) throw first;
	// In the order of the requests, without those that failed.
	return { done: Object.values(done), failed };
}

/** What is told of a failure beside others. */
export const failedOf = (
	failure: S3Failure,
	about: { key: string; versionId?: string | undefined } | undefined,
): Failed => ({
	key: about?.key ?? failure.key ?? '',
	versionId: about?.versionId,
	code: failure.code ?? failure.kind,
	message: failure.message,
});
