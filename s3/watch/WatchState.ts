import { fieldsOf } from '../jsonFields';
import type { Fields } from '../jsonFields';
import type { GrowingState } from './pollGrowing';
import type { WindowState } from './WindowState';

/** What is known of a watched prefix between two polls. It is JSON, and has at most 400,000 characters. */
export type WatchState = {
	version: 1;
	/** What is watched, see `watchedBy`. */
	of: string;
	window?: WindowState;
	growing?: GrowingState;
	/** What was emitted last, if it may have to be emitted again. */
	last?: Batch;
};

export interface Batch {
	/** Who emitted it. */
	by: string;
	/** Server's time in seconds. */
	at: number;
	/** The numbers of its keys. */
	ids: string;
	/** The key before it, and `beginning` of `GrowingState`, if keys grow in order. */
	after?: string;
	beginning?: number;
}

/** What was stored of a prefix. */
export interface Stored {
	/** Undefined if there is nothing, or only of something else. */
	state: WatchState | undefined;
	/** A sentence for people if it cannot be used. */
	warning?: string;
}

const UNREADABLE =
	'What n8n has stored of this node cannot be read, or a newer version of the package has written it: the node begins anew, and what is there now counts as old.';

/** Reads what the last poll has left, wherever it was since. @param of what is watched now */
export function readState(stored: unknown, of: string): Stored {
	if (stored === undefined || stored === null) return { state: undefined };
	const { version, of: watched, window, growing, last } = fieldsOf(stored);
	const isReadable =
		version === 1 &&
		typeof watched === 'string' &&
		(window === undefined || isWindow(fieldsOf(window))) &&
		(growing === undefined || isGrowing(fieldsOf(growing))) &&
		(last === undefined || isBatch(fieldsOf(last)));
	if (!isReadable) return { state: undefined, warning: UNREADABLE };
	if (watched !== of) return { state: undefined };
	return { state: stored as WatchState };
}

const isGrowing = ({ after, beginning }: Fields): boolean =>
	isText(after) && isMissingOr(isNumber, beginning);

const isBatch = ({ by, at, ids, after, beginning }: Fields): boolean =>
	isText(by) &&
	isNumber(at) &&
	isText(ids) &&
	isMissingOr(isText, after) &&
	isMissingOr(isNumber, beginning);

const isWindow = ({ floor, seen, gone, uploads, beginning, pattern, outside, scan }: Fields) =>
	isNumber(floor) &&
	isText(seen) &&
	isMissingOr(isText, gone) &&
	isUploads(uploads) &&
	isMissingOr(isNumber, beginning) &&
	isMissingOr(isText, pattern) &&
	isMissingOr(isOutside, outside) &&
	isMissingOr(isScan, scan);

function isScan(scan: unknown): boolean {
	const { begun, after, floor, seen, uploads, passed, waiting } = fieldsOf(scan);
	return (
		[begun, floor].every(isNumber) &&
		[after, seen].every(isText) &&
		isUploads(uploads) &&
		isMissingOr(isText, passed) &&
		isMissingOr(isNumber, waiting)
	);
}

function isOutside(outside: unknown): boolean {
	const { pattern, beginning } = fieldsOf(outside);
	return isText(pattern) && isNumber(beginning);
}

const isText = (value: unknown): boolean => typeof value === 'string';

const isNumber = (value: unknown): boolean => Number.isFinite(value);

const isUploads = (value: unknown): boolean => value === null || isMissingOr(isText, value);

const isMissingOr = (isRight: (value: unknown) => boolean, value: unknown): boolean =>
	value === undefined || isRight(value);
