import type { ListedVersion } from '../../list/versionsPage';
import type { S3Failure } from '../../S3Failure';

/** What has to be done so that an object is there again. */
export interface UndeletePlan {
	readonly key: string;
	/** Versions of the delete markers to remove. */
	readonly markers: readonly string[];
	/** The version that is to be the newest; undefined if it is not known. */
	readonly versionId: string | undefined;
	/** Its storage class. */
	readonly storageClass: string | undefined;
	/** Whether newer versions hide it. They stay, and it is copied over them. */
	readonly isHidden: boolean;
	/** Whether one of these is the version null, which is replaced while versions are suspended. */
	readonly hidesNull?: boolean;
	/** Whether only a receipt tells of its markers, which may be gone, or be of another bucket. */
	readonly isUnseen?: boolean;
	/** Why its versions could not be looked at; then nothing is to be done. */
	readonly failure?: S3Failure;
}

/** Of a key without a version, or one that is not known. */
export const NOTHING = { versionId: undefined, storageClass: undefined };

/** What is known of a key while its versions are read, the newest first. */
interface History {
	readonly key: string;
	readonly markers: string[];
	isHidden: boolean;
	hidesNull: boolean;
	/** The newest of that moment, once it is read; without a version if the object was deleted then. */
	wanted: Pick<UndeletePlan, 'versionId' | 'storageClass'> | undefined;
}

/**
 * Finds out how to bring back each key whose newest version is a delete marker, or is newer than `asOf`. Of a
 * key it remembers only what has to be done, however many versions there are.
 * @param pages versions in the order of S3: by key, the newest first
 * @param asOf the moment; undefined: before the object was deleted
 */
export async function* undeletePlans(
	pages: AsyncIterable<ListedVersion[]>,
	asOf: Date | undefined,
): AsyncGenerator<UndeletePlan> {
	let history: History | undefined;
	for await (const page of pages) {
		for (const version of page) {
			if (version.key !== history?.key) {
				yield* planOf(history);
				history = {
					key: version.key,
					markers: [],
					isHidden: false,
					hidesNull: false,
					wanted: undefined,
				};
			}
			if (history.wanted === undefined) read(history, version, asOf);
		}
	}
	yield* planOf(history);
}

function read(history: History, version: ListedVersion, asOf: Date | undefined): void {
	const { versionId, isDeleteMarker, storageClass, lastModified = '' } = version;
	// Without a moment no date counts, not even one that cannot be read.
	const isNewer = asOf !== undefined && !(dateFor(asOf, lastModified) <= asOf.getTime());
	if (isDeleteMarker && (isNewer || asOf === undefined)) history.markers.push(versionId);
	else if (isDeleteMarker) history.wanted = NOTHING;
	else if (isNewer) {
		history.isHidden = true;
		history.hidesNull ||= versionId === 'null';
	} else history.wanted = { versionId, storageClass };
}

/**
 * When a version was made, as exactly as the moment is given: listings of other servers than AWS have milliseconds, and
 * the date that Get gives of the same version has none.
 */
function dateFor(asOf: Date, lastModified: string): number {
	const date = Date.parse(lastModified);
	return asOf.getUTCMilliseconds() === 0 ? date - (date % 1000) : date;
}

function* planOf(history: History | undefined): Generator<UndeletePlan> {
	if (history?.wanted?.versionId === undefined) return;
	const { key, isHidden, hidesNull, wanted } = history;
	const markers = isHidden ? [] : history.markers;
	// Nothing hides it: it is there.
	if (!isHidden && markers.length === 0) return;
	yield { key, markers, isHidden, ...(hidesNull && { hidesNull }), ...wanted };
}
