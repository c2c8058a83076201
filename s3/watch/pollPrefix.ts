import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import type { ListedObject } from '../list/ListedEntry';
import { listPage } from '../list/listPage';
import { decodeNumbers, encodeNumbers, idOf } from './marks';
import { firstGrowing, growingFrom, pollGrowing } from './pollGrowing';
import type { GrowingState } from './pollGrowing';
import { firstWindow, pollWindow } from './pollWindow';
import { serverSeconds } from './serverTime';
import type { Found, WatchRequest } from './WatchRequest';
import { readState } from './WatchState';
import type { Batch, WatchState } from './WatchState';
import { rewound, withPattern } from './WindowState';
import type { WindowState } from './WindowState';

export type { WatchState } from './WatchState';

/** Seconds: who emitted a batch and ended at once is started again within this time. */
const RECOVERY = 10 * 60;

export interface PrefixRequest extends WatchRequest {
	/** Whether keys grow in order. */
	growing: boolean;
	/** Whether what is there at the first poll counts as new. */
	existing: boolean;
}

/** How a poll is made. */
export interface PollTerms {
	/**
	 * Who polls, if what it emits may be lost when it ends at once: the last batch of another one is emitted again
	 * shortly after. Undefined if what is emitted and the state are stored together.
	 */
	by: string | undefined;
	/** Whether it has just been started. */
	isStart: boolean;
	/** Whether to go on with the next poll. */
	isTimeOver: () => boolean;
	call: Call;
}

/** What a state is for: another bucket, prefix or server begins anew. */
const watchedBy = (s3: S3, { bucket, prefix = '', growing }: PrefixRequest): string =>
	[s3.connection.endpoint ?? 'aws', bucket, prefix, growing ? 'growing' : 'any'].join('\n');

/**
 * Finds the objects that have appeared under a prefix since the last poll, at most as many as asked for.
 * @param stored what the last poll has left; undefined at the first one
 * @throws S3Failure
 */
export async function pollPrefix(
	s3: S3,
	request: PrefixRequest,
	stored: WatchState | undefined,
	terms: PollTerms,
): Promise<Found<WatchState> & Beginning> {
	const of = watchedBy(s3, request);
	const { state: before, warning } = readState(stored, of);
	const lost = await lostBatch(s3, request, before, terms);
	const { state, from, ...found } = request.growing
		? await growingPoll(s3, request, before?.growing, lost, terms)
		: await windowPoll(s3, request, before?.window, lost, terms);
	const last = batchOf(found, from, terms);
	const warnings = [...(warning === undefined ? [] : [warning]), ...found.warnings];
	const isOther = !request.growing && before?.window?.pattern !== request.keyMatches;
	return {
		...found,
		warnings,
		isBeginning: before === undefined || isOther,
		state: { version: 1, of, ...state, ...(last && { last }) },
	};
}

interface Beginning {
	/**
	 * Whether this poll knew of nothing before it, or only of keys that match another pattern. If its state is lost, the
	 * next one takes what has appeared meanwhile for old.
	 */
	isBeginning: boolean;
}

/** What a poll has found, and for keys that grow from where it has read. */
type Polled = Found<Pick<WatchState, 'window' | 'growing'>> & { from?: GrowingState };

async function windowPoll(
	s3: S3,
	request: PrefixRequest,
	before: WindowState | undefined,
	lost: Batch | undefined,
	{ isTimeOver, call }: PollTerms,
): Promise<Polled> {
	const again = new Set(decodeNumbers(lost?.ids ?? ''));
	const { existing, keyMatches } = request;
	const known = withPattern(before ?? firstWindow(existing), keyMatches, existing);
	// All of a batch is emitted again by one poll, so that nothing has to be known of it.
	const all = { ...request, maxObjects: request.maxObjects + again.size };
	const { state, ...found } =
		lost === undefined
			? await pollWindow(s3, request, known, again, isTimeOver, call)
			: await pollWindow(s3, all, rewound(known), again, () => false, call);
	return { ...found, state: { window: state } };
}

async function growingPoll(
	s3: S3,
	request: PrefixRequest,
	before: GrowingState | undefined,
	lost: Batch | undefined,
	{ isTimeOver, call }: PollTerms,
): Promise<Polled> {
	const start = before ?? firstGrowing(request.existing);
	const from = lost?.after === undefined ? start : growingFrom(lost.after, lost.beginning);
	const { state, ...found } = await pollGrowing(s3, request, from, isTimeOver, call);
	return { ...found, state: { growing: state } };
}

/** The last batch, if who emitted it may have ended before anything came of it. */
async function lostBatch(
	s3: S3,
	{ bucket, prefix, caller }: PrefixRequest,
	before: WatchState | undefined,
	{ by, isStart, call }: PollTerms,
): Promise<Batch | undefined> {
	const last = before?.last;
	if (last === undefined || !isStart || by === undefined || last.by === by) return undefined;
	const { serverTime } = await listPage(s3, { bucket, prefix, maxKeys: 1, ...caller }, call);
	return serverSeconds(serverTime, bucket) - last.at <= RECOVERY ? last : undefined;
}

function batchOf(
	{ objects, time: at }: { objects: ListedObject[]; time: number },
	from: GrowingState | undefined,
	{ by }: PollTerms,
): Batch | undefined {
	if (by === undefined || objects.length === 0) return undefined;
	const ids = encodeNumbers(objects.map(({ key }) => idOf(key)));
	return { by, at, ids, ...from };
}
