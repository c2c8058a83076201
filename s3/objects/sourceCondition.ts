import type { S3 } from '../client/S3';
import { isMd5, quotedEtag } from '../headers/etag';
import type { ObjectHead } from '../headers/objectHead';
import { LruMap } from '../LruMap';
import type { CopyPlan } from './CopyRequest';

/** Sources of a connection that are copied at once. */
const MAX_SOURCES = 64;

/** By connection, what a source was when a copy of it was refused last. */
const refused = new WeakMap<S3, LruMap<string, ObjectHead>>();

/** Connections whose servers refuse the ETag that they name for an object in parts, as OpenStack Swift does. */
const byDate = new WeakSet<S3>();

/** The condition that pins the bytes of a copy to the object that was looked at; a date is one of whole seconds. */
export function sourceCondition({ target, head: { etag, lastModified } }: CopyPlan) {
	const isByDate = byDate.has(target) && !isMd5(etag) && lastModified !== undefined;
	return isByDate
		? { CopySourceIfUnmodifiedSince: new Date(lastModified) }
		: { CopySourceIfMatch: quotedEtag(etag) };
}

/**
 * Takes that a server has refused to copy a source, as if it had been replaced since it was looked at. If it was refused
 * before, and was the same when it was looked at again, its ETag is not what the server compares.
 */
export function noteRefusedSource({ target, request: { source }, head }: CopyPlan): void {
	// AWS compares what it names.
	if (target.connection.endpoint === undefined) return;
	const sources = refused.get(target) ?? new LruMap<string, ObjectHead>(MAX_SOURCES);
	const name = JSON.stringify([source.bucket, source.key, source.versionId]);
	const before = sources.get(name);
	const isSame =
		before?.etag === head.etag &&
		before?.lastModified === head.lastModified &&
		before?.versionId === head.versionId;
	if (before !== undefined && before !== head && isSame) byDate.add(target);
	refused.set(target, sources);
	sources.set(name, head);
}
