import { bucketKindOf } from '../bucketKinds';
import type { Call } from '../Call';
import { nameOf } from '../errors/failureFrom';
import type { ObjectHead } from '../headers/objectHead';
import { S3Failure } from '../S3Failure';
import type { CopyConnections, CopyRequest } from './CopyRequest';
import { findTarget } from './copyTarget';
import { headObject } from './headObject';

/**
 * Refuses, before anything is changed, to move an object onto itself where it has two names: a bucket and its access point, or a server with two
 * addresses. Its source would be deleted after it was copied, and that is the only object.
 * @throws S3Failure if source and target are the same object, as far as can be seen
 */
export async function checkOtherObject(
	connections: CopyConnections,
	request: CopyRequest,
	call: Call,
): Promise<void> {
	if (!mayBeSameObject(request)) return;
	const { bucket, key, versionId, customerKey, expectedBucketOwner } = request.source;
	const { requestPayer } = request;
	const asked = { bucket, key, versionId, customerKey, requestPayer, expectedBucketOwner };
	const [source, target] = await Promise.all([
		headObject(connections.source, asked, call),
		findTarget(connections.target, request, call),
	]);
	if (target !== undefined && looksLike(source, target)) throw sameObject(request);
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
		`Could not move ${nameOf(source.bucket, source.key)}: ${nameOf(bucket, key)} seems to be the same object, and it would be lost`,
		'Nothing was changed. Two addresses of a server have the same objects, and so have an access point and its bucket. If these are two objects, delete one of them by Delete.',
		{ bucket, key },
	);
}
