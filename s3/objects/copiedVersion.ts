import type { Call } from '../Call';
import { nameOf } from '../errors/failureFrom';
import { isMd5 } from '../headers/etag';
import { S3Failure } from '../S3Failure';
import type { CopyPlan, CopyRequest } from './CopyRequest';
import { findTarget } from './copyTarget';
import { haveSameContent } from './sameContent';

/** What a response says of a copy. */
interface SaidOfCopy {
	/** Of the version that was copied; not every server says it. */
	versionId: string | undefined;
	/** Of the copy, without quotes. */
	etag: string | undefined;
}

/**
 * Compares the version that a server says to have copied with the one that was asked for.
 * @param said undefined if the server does not say it
 * @throws S3Failure if it is another one
 */
export function checkSourceVersion(source: CopyRequest['source'], said: string | undefined): void {
	const { versionId } = source;
	if (versionId === undefined || said === undefined || said === '' || said === versionId) return;
	throw anotherVersion(source);
}

/**
 * Makes sure that a copy is one of the version that was asked for: gofakes3 copies the newest one, whichever it is. A
 * server that does not say which version it has copied is asked for the size of the copy, but only if the ETags of both
 * look like MD5s of other bytes.
 * @throws S3Failure if the copy is there, but of another version
 */
export async function checkCopiedVersion(
	plan: CopyPlan,
	{ versionId: said, etag }: SaidOfCopy,
	call: Call,
): Promise<void> {
	const { request, head, target } = plan;
	checkSourceVersion(request.source, said);
	const isKnown = request.source.versionId === undefined || (said ?? '') !== '';
	if (isKnown || etag === head.etag || !isMd5(etag) || !isMd5(head.etag)) return;
	const found = await findTarget(target, request, call);
	if (found === undefined || found.etag !== etag) return;
	if (haveSameContent(head, found) === false) throw anotherVersion(request.source);
}

function anotherVersion({ bucket, key, versionId = '' }: CopyRequest['source']): S3Failure {
	return S3Failure.corrupt(
		`Could not copy the version ${versionId} of ${nameOf(bucket, key)}: the server has copied another one`,
		'What was copied may be there all the same. This server does not copy old versions: get the version, and put it under the key of the copy.',
		{ operation: 'CopyObject', bucket, key },
	);
}
