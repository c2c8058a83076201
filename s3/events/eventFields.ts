import type { Change, ObjectEvent } from './ObjectEvent';

/** An object of JSON whose fields may be anything. */
export type JsonFields = Readonly<Record<string, unknown>>;

/** The fields of a value; none if it is not an object. */
export function fieldsOf(value: unknown): JsonFields {
	const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
	return isObject ? (value as JsonFields) : {};
}

/** A text that is not empty. */
export function textOf(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Bytes; some senders write numbers as text. */
export function sizeOf(value: unknown): number | undefined {
	const size = typeof value === 'number' ? value : Number(textOf(value) ?? NaN);
	return Number.isSafeInteger(size) && size >= 0 ? size : undefined;
}

/** An ETag without quotes. */
export function etagOf(value: unknown): string | undefined {
	return textOf(value)?.replaceAll('"', '');
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
