import type { S3Failure } from '../S3Failure';

/** A write that ended in a failure. */
export interface FailedWrite {
	/** S3's name of the call, e.g. `PutObject`. */
	operation: string;
	failure: S3Failure;
	/** Whether an earlier request for the same write may have reached the server. */
	sentBefore: boolean;
}

/** What the server says about a write. */
export type WriteState<Found> =
	| { kind: 'done'; found: Found }
	/** It did not take effect, or what is there is somebody else's. */
	| { kind: 'notDone' }
	/** The server does not say, or what is there could be ours or somebody else's. */
	| { kind: 'unknown' };

/** How to find out about one kind of write. */
export interface WriteCheck<Found> {
	/** Whether a request is refused like this because an earlier request has done the write already. */
	conflictsWithItself: (failure: S3Failure) => boolean;
	/** Asks the server. */
	stateOfWrite: () => Promise<WriteState<Found>>;
	/** Words the failure of a write that did not take effect. */
	refused: (failure: S3Failure) => S3Failure;
	/** Words the failure of a write of which nobody knows, see `ambiguousFailure`. */
	ambiguous: (failure: S3Failure) => S3Failure;
}

/**
 * Whether the server may have carried out a request although no good response to it arrived: none at all, an
 * error of the server, or a success that is not of S3, but of something in between.
 */
export const mayHaveReachedServer = ({ kind, status = 0 }: S3Failure): boolean =>
	kind === 'unreachable' ||
	kind === 'unavailable' ||
	(kind === 'corrupt' && status >= 200 && status < 300);

/**
 * Finds out whether a failed write took effect all the same: because the last response was lost, or
 * because an earlier one was lost and the repetition met what the first request had written. Asks the
 * server only if one of the two is possible.
 * @returns what the server has, if the write is done
 * @throws S3Failure worded by the check, if it is not done or nobody knows
 */
export async function resolveAmbiguousWrite<Found>(
	{ operation, failure, sentBefore }: FailedWrite,
	{ conflictsWithItself, stateOfWrite, refused, ambiguous }: WriteCheck<Found>,
): Promise<Found> {
	// A failure of another call, e.g. of one for a session, came up before the write was sent.
	const isLost = failure.operation === operation && mayHaveReachedServer(failure);
	const isRepetition = sentBefore || (failure.attempts ?? 1) > 1;
	if (!isLost && !(isRepetition && conflictsWithItself(failure))) throw refused(failure);
	const state = await stateOfWrite();
	if (state.kind === 'done') return state.found;
	throw state.kind === 'notDone' ? refused(failure) : ambiguous(failure);
}

/**
 * Says that nobody knows whether a write took effect. A failure without a response keeps its own words
 * and gets the doubt in addition; the words of a refusal, which the write itself may have caused, are
 * replaced.
 * @param message replaces the message of a refusal
 * @param doubt what may be the case and what to do about it, as sentences
 */
export function ambiguousFailure(failure: S3Failure, message: string, doubt: string): S3Failure {
	if (!mayHaveReachedServer(failure)) return failure.reworded(message, doubt);
	// A later step, such as a clean-up, may come to the same conclusion again.
	if (failure.advice.endsWith(doubt)) return failure;
	return failure.reworded(failure.message, `${failure.advice} ${doubt}`);
}
