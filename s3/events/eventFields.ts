import { filledText } from '../jsonFields';
import type { Change, ObjectEvent } from './ObjectEvent';

/** Bytes; some senders write numbers as text. */
export function sizeOf(value: unknown): number | undefined {
	const size = typeof value === 'number' ? value : Number(filledText(value) ?? NaN);
	return Number.isSafeInteger(size) && size >= 0 ? size : undefined;
}

/** An ETag without quotes. */
export function etagOf(value: unknown): string | undefined {
	return filledText(value)?.replaceAll('"', '');
}

/** A time as text or in milliseconds since 1970, in ISO 8601. */
export function timeOf(value: unknown): string | undefined {
	if (typeof value !== 'string' && typeof value !== 'number') return undefined;
	const time = new Date(value);
	return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** The names of events, by what became of the object; the first that matches counts. */
const CHANGES: ReadonlyArray<readonly [RegExp, Change]> = [
	// Of Ceph: an upload that was given up is no object.
	[/AbortMultipartUpload/, 'other'],
	[
		/^(ObjectCreated|ObjectSynced:Create|Object Created|PutObject|CopyObject|CompleteMultipartUpload)/,
		'created',
	],
	[/^(ObjectRemoved|ObjectDeleted|LifecycleExpiration|ObjectLifecycle:Expiration)/, 'deleted'],
	[
		/^(ObjectSynced:Delete|Object Deleted|DeleteObject|LifecycleDeletion|HideMarkerCreated)/,
		'deleted',
	],
	[/^(ObjectRestore:Completed|Object Restore Completed)/, 'restored'],
];

/** What an event means for the object. @param event without `s3:` or `b2:` */
export function changeOf(event: string): Change {
	return CHANGES.find(([names]) => names.test(event))?.[1] ?? 'other';
}

/** An event without the fields that are undefined. */
export function withoutMissing(event: {
	[Name in keyof ObjectEvent]: ObjectEvent[Name] | undefined;
}): ObjectEvent {
	const known = Object.entries(event).filter(([, value]) => value !== undefined);
	return Object.fromEntries(known) as unknown as ObjectEvent;
}
