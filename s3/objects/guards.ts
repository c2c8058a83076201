import type { S3 } from '../client/S3';
import { S3Failure } from '../S3Failure';
import { saysMissing } from './missingCalls';

/** A condition that a server may check before a write: of a PutObject, or of the completion of parts. */
export type Guard = 'ifMatch' | 'ifNoneMatch' | 'completion';

/** The calls that carry these conditions. */
const CONDITIONAL = ['PutObject', 'CompleteMultipartUpload'];

/** An ETag that no object has. */
const NO_ETAG = '0'.repeat(32);

/** By connection: a server that learns to check is tried again when its connection is opened anew. */
const known = new WeakMap<S3, Map<Guard, boolean>>();

/** Whether the server of a connection checks a condition; undefined if that is not known. AWS checks all. */
export function isChecked(s3: S3, guard: Guard): boolean | undefined {
	return s3.connection.endpoint === undefined || known.get(s3)?.get(guard);
}

/** Keeps in mind whether the server of a connection checks a condition. */
export function noteChecked(s3: S3, guard: Guard, checks: boolean): void {
	const guards = known.get(s3) ?? new Map<Guard, boolean>();
	known.set(s3, guards.set(guard, checks));
}

/**
 * Writes under a condition, if the server checks it. To find that out, the same is written under a condition
 * that is not met: a server that ignores it has then done what it would do anyway.
 * @param guard undefined if the object has no ETag to compare
 * @param send writes; without an ETag, under no condition
 */
export async function guardedWrite<Made>(
	s3: S3,
	guard: Guard | undefined,
	etag: string | undefined,
	send: (etag: string | undefined) => Promise<Made>,
): Promise<{ made: Made; guarded: boolean }> {
	const checks = guard === undefined ? false : isChecked(s3, guard);
	if (checks === false) return { made: await send(undefined), guarded: false };
	if (guard !== undefined && checks === undefined) {
		const made = await send(NO_ETAG).catch((error: unknown) => unlessRefused(s3, error));
		noteChecked(s3, guard, made === undefined);
		if (made === 'unknown') return { made: await send(undefined), guarded: false };
		if (made !== undefined) return { made, guarded: false };
	}
	return { made: await send(etag), guarded: true };
}

/** Gives undefined if a condition was checked, and “unknown” if the server does not know it. */
function unlessRefused(s3: S3, error: unknown): undefined | 'unknown' {
	if (!(error instanceof S3Failure)) throw error;
	// A source that was replaced before it was copied says nothing of the condition.
	if (!CONDITIONAL.includes(error.operation ?? '')) throw error;
	if (isConflict(error)) return undefined;
	if (saysMissing(s3, error)) return 'unknown';
	throw error;
}

/** Whether somebody else has made, changed or deleted the object meanwhile. */
export const isConflict = ({ kind, code, operation }: S3Failure): boolean =>
	kind === 'precondition' || (code === 'NoSuchKey' && operation !== 'HeadObject');
