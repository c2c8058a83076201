import { bucketKindOf } from '../bucketKinds';
import type { Call } from '../Call';
import { nameOf } from '../errors/failureFrom';
import type { ObjectHead } from '../headers/objectHead';
import { S3Failure } from '../S3Failure';
import type { CopyConnections, CopyRequest } from './CopyRequest';
import { findTarget } from './copyTarget';
import { headObject } from './headObject';

/**
 * Refuses, before anything is changed, to move an object onto itself where it has two names: by a bucket and its
 * access point, or by two URLs of one server. What is moved would be deleted as its own copy.
 * @throws S3Failure if source and target are the same object, as far as can be seen
 */
export async function checkIsAnother(
	{ source, target }: CopyConnections,
	request: CopyRequest,
	call: Call,
): Promise<void> {
	if (!mayBeSameObject(request)) return;
	const there = await findTarget(target, request, call);
	if (there === undefined) return;
	const newest = { ...request.source, versionId: undefined, requestPayer: request.requestPayer };
	// What it fails with, the copy will say.
	const here = await headObject(source, newest, call).catch(() => undefined);
	if (here !== undefined && looksLike(here, there)) throw sameObject(request);
}

/** Whether two names could be of one object: with one key, and one bucket on two servers, or an access point. */
function mayBeSameObject({ source, bucket, key }: CopyRequest): boolean {
	if (source.key !== key) return false;
	const names = [source.bucket, bucket];
	return source.bucket === bucket || names.some((name) => bucketKindOf(name) !== 'general');
}

/** Whether nothing tells two objects apart; what only one server says does not. */
function looksLike(a: ObjectHead, b: ObjectHead): boolean {
	const isSame = (name: 'etag' | 'versionId') =>
		a[name] === undefined || b[name] === undefined || a[name] === b[name];
	return (
		a.size === b.size && a.lastModified === b.lastModified && isSame('etag') && isSame('versionId')
	);
}

function sameObject({ source, bucket, key }: CopyRequest): S3Failure {
	return S3Failure.invalid(
		`Could not move ${nameOf(source.bucket, source.key)}: it and the target ${nameOf(bucket, key)} seem to be the same object, which would be lost`,
		'Nothing was changed. Two URLs of one server have the same objects, and so have an access point and its bucket. Choose another key or bucket; Copy deletes nothing.',
		{ bucket, key },
	);
}
