import { listUploads } from '../buckets/listUploads';
import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { isDirectoryBucket } from '../bucketKinds';
import { narrowedPrefix } from '../list/filter';
import { keyGlob } from '../list/keyGlob';
import type { ListedObject } from '../list/ListedEntry';
import { listObjects } from '../list/listObjects';
import { S3Failure } from '../S3Failure';
import { MAX_UPLOAD_PAGES, MAX_UPLOADS } from './limits';
import { OpenUploads } from './OpenUploads';
import { Scan } from './Scan';
import { serverSeconds } from './serverTime';
import { watchedPages } from './watchedPages';
import type { Found, WatchRequest } from './WatchRequest';
import type { WindowState } from './WindowState';

/** Seconds: an upload in one request takes no longer. */
const LONG_PUT = 60 * 60;
/** Seconds: an upload in parts takes no longer. */
const LONG_UPLOAD = 24 * 60 * 60;

/** What is known at the first poll: nothing. @param existing whether what is there counts as new */
export const firstWindow = (existing: boolean): WindowState =>
	existing ? { floor: 0, seen: '' } : { floor: 0, seen: '', beginning: 0 };

/**
 * Finds the objects of a prefix that are not known yet, at most as many as asked for, whatever their keys and dates.
 * @param again numbers of keys that are new, whatever is known of them
 * @param isTimeOver whether to go on with the next poll
 * @throws S3Failure
 */
export async function pollWindow(
	s3: S3,
	request: WatchRequest,
	before: WindowState,
	again: ReadonlySet<number>,
	isTimeOver: () => boolean,
	call: Call,
): Promise<Found<WindowState>> {
	const warnings = new Set<string>();
	const work = { s3, request, again, isTimeOver, call, warnings };
	const first = await scanOnce(work, before);
	const { objects } = first;
	const left = request.maxObjects - objects.length;
	// What was begun by an earlier poll has ended: now the keys before it.
	const goesOn = before.scan !== undefined && first.state.scan === undefined;
	if (!goesOn || left <= 0 || isTimeOver()) return { ...first, warnings: [...warnings] };
	const more = { ...work, request: { ...request, maxObjects: left }, again: new Set<number>() };
	const second = await scanOnce(more, first.state);
	const hasLeft = first.hasLeft || second.hasLeft;
	return { ...second, objects: [...objects, ...second.objects], hasLeft, warnings: [...warnings] };
}

interface Work {
	s3: S3;
	request: WatchRequest;
	again: ReadonlySet<number>;
	isTimeOver: () => boolean;
	call: Call;
	warnings: Set<string>;
}

/** What one scan has found; warnings are noted in the work. */
type Scanned = Omit<Found<WindowState>, 'warnings'>;

async function scanOnce(work: Work, state: WindowState): Promise<Scanned> {
	const { s3, request, call } = work;
	const { bucket, prefix, keyMatches, maxObjects } = request;
	const scan = await scanFrom(work, state);
	// A directory bucket lists in no order: a listing of it cannot go on at a key.
	const isOrdered = !isDirectoryBucket(bucket);
	const objects: ListedObject[] = [];
	let last = state.scan?.after ?? '';
	const listing = { bucket, prefix, keyMatches, startAfter: last, ...request.caller };
	let undated: string | undefined;
	const result = (next: WindowState) => {
		const { now: time, hasLeft } = scan;
		return { objects, state: next, time, hasLeft };
	};
	// With a floor there were more than the few that it is for.
	const list = state.floor === 0 ? watchedPages : listObjects;
	for await (const page of list(s3, listing, call)) {
		scan.setTime(serverSeconds(page.serverTime, bucket));
		for (const entry of page.entries) {
			if (!('key' in entry)) continue;
			const isEnough = objects.length >= maxObjects;
			if (isOrdered && isEnough && scan.hasMetAll) return result(scan.pause(last));
			last = entry.key;
			if (entry.lastModified === undefined) undated ??= last;
			const isNew = scan.meet(entry, isEnough) === 'new';
			if (isNew && request.isKnown?.(entry) !== true) objects.push(entry);
		}
		last = page.nextStartAfter ?? last;
		const isLast = page.nextStartAfter === undefined;
		if (isOrdered && !isLast && work.isTimeOver()) return result(scan.pause(last));
	}
	const end = scan.end();
	for (const warning of warningsOf(end, scan.now, undated)) work.warnings.add(warning);
	return result(end);
}

/** A scan that begins or goes on, with the uploads that are open if it needs them. */
async function scanFrom(work: Work, state: WindowState): Promise<Scan> {
	const { changes, minAge } = work.request;
	const scan = new Scan(state, {
		changes,
		minAge,
		again: work.again,
		...(state.outside && { isOutside: leftOutBy(state.outside.pattern) }),
	});
	if (!scan.needsUploads) return scan;
	const start = performance.now();
	const uploads = await openUploads(work);
	scan.setUploads(uploads, Math.ceil((performance.now() - start) / 1000));
	return scan;
}

/** Whether a pattern leaves out a key. */
function leftOutBy(keyMatches: string): (key: string) => boolean {
	const matches = keyGlob(keyMatches);
	return (key) => !matches(key);
}

/** The uploads that are open; null if they cannot be listed. */
async function openUploads({ s3, request, call, warnings }: Work): Promise<OpenUploads | null> {
	const { bucket } = request;
	const prefix = narrowedPrefix(request);
	const uploads: { key: string; begun: number }[] = [];
	let pages = 0;
	try {
		for await (const page of listUploads(s3, { bucket, prefix, ...request.caller }, call)) {
			for (const { key, begun = '' } of page) {
				uploads.push({ key, begun: Math.floor((Date.parse(begun) || 0) / 1000) });
			}
			pages += 1;
			if (pages === MAX_UPLOAD_PAGES) break;
		}
	} catch (error) {
		if (!(error instanceof S3Failure) || !cannotList(error)) throw error;
		return null;
	}
	if (uploads.length > MAX_UPLOADS) {
		const [oldest] = uploads.sort((a, b) => a.begun - b.begun);
		const least = pages === MAX_UPLOAD_PAGES ? 'At least ' : '';
		warnings.add(
			`${least}${uploads.length} multipart uploads are open in bucket “${bucket}”, the oldest to “${oldest?.key ?? ''}”; only the ${MAX_UPLOADS} that were begun last are waited for. Abort old ones with Bucket → Clean Up Uploads.`,
		);
	}
	return OpenUploads.of(uploads);
}

/** Whether the server does not have that call, or does not permit it. If the bucket is not there, its listing says so. */
const cannotList = ({ kind, status }: S3Failure): boolean =>
	['denied', 'rejected', 'notFound'].includes(kind) || status === 501;

/** What may be missed because not everything can be remembered. */
function warningsOf(
	{ floor, uploads }: WindowState,
	now: number,
	undated: string | undefined,
): string[] {
	if (floor === 0) return [];
	if (undated !== undefined) return [withoutDates(undated)];
	const since = new Date(floor * 1000).toISOString();
	if (floor > now) {
		return [
			`The clock of the server went back behind ${since}: what is written before it shows that time again is missed. To begin anew at once, activate the workflow with another prefix, and then with this one again.`,
		];
	}
	const enough = typeof uploads === 'string' ? LONG_PUT : LONG_UPLOAD;
	if (now - floor >= enough) return [];
	const advice =
		typeof uploads === 'string'
			? 'Watch a narrower prefix.'
			: 'Permit s3:ListBucketMultipartUploads, with which open uploads are known, or watch a narrower prefix.';
	return [
		`So many objects were written that only those since ${since} are remembered: an object whose upload was begun before then is missed. ${advice}`,
	];
}

const withoutDates = (key: string): string =>
	`The server does not say when “${key}” was modified, and there are more objects than are remembered: those without a date are missed. Watch a narrower prefix.`;
