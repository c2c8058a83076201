/**
 * What the owner of a credential forbids whoever uses it, decided before any request. One function
 * for each thing that an operation could let out: a new kind of operation gets its rule here.
 */
import type { Connection } from '../Connection';
import type { Attempt } from '../errors/failureFrom';
import { nameOf } from '../errors/failureFrom';
import { S3Failure } from '../S3Failure';

/** What a rule needs to know of a request. */
type Request = Pick<Attempt, 'bucket' | 'key'> & { readonly operation?: string | undefined };

/**
 * Canned ACLs that open an object to nobody but AWS itself and the owner of the bucket. Any other is
 * taken for a public one, because other servers have more of them (`public-read-delivered`).
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
 */
const CLOSED_ACLS = ['private', 'bucket-owner-read', 'bucket-owner-full-control', 'aws-exec-read'];

/**
 * Refuses another bucket than the connection's, and the list of all buckets, where it is only for one.
 * @throws S3Failure of kind `refused`
 */
export function checkBucketOnly(connection: Connection, request: Request): void {
	const only = connection.bucketOnly ? connection.bucket : undefined;
	if (only === undefined) return;
	const { bucket, key } = request;
	if (bucket !== only) {
		throw refused(
			`This credential is only for bucket “${only}”${bucket === undefined ? '' : `, not for “${bucket}”`}`,
			'Use that bucket, or another credential; its owner can turn “Only This Bucket” off.',
			request,
		);
	}
	if (key === undefined || !leavesBucket(key)) return;
	throw refused(
		`This credential is only for bucket “${only}”, and the key “${key}” could lead out of it`,
		'Use a key without “..” at its beginning.',
		request,
	);
}

/** With the bucket in the path, a gateway that resolves `..` would ask for another one. */
function leavesBucket(key: string): boolean {
	let depth = 0;
	for (const segment of key.split('/')) {
		if (segment === '..') depth -= 1;
		else if (segment !== '' && segment !== '.') depth += 1;
		if (depth < 0) return true;
	}
	return false;
}

/**
 * Refuses a canned ACL that opens something to everybody, in whatever letter case, where the privacy
 * level of the connection does not allow that.
 * @throws S3Failure of kind `refused`
 */
export function checkAcl(
	{ privacyLevel }: Connection,
	acl: string | undefined,
	request: Request,
): void {
	if (privacyLevel !== 'private' && privacyLevel !== 'organizational') return;
	const name = acl?.trim().toLowerCase() ?? '';
	if (name === '' || CLOSED_ACLS.includes(name)) return;
	throw refused(
		`The Privacy Level of this credential is ${privacyLevel}, so the ACL “${name.slice(0, 80)}” is not allowed${request.bucket === undefined ? '' : ` for ${nameOf(request.bucket, request.key)}`}`,
		'Choose the ACL Private, Bucket Owner Read or Bucket Owner Full Control, or none; the owner of the credential can change its “Privacy Level”.',
		request,
	);
}

function refused(message: string, advice: string, request: Request): S3Failure {
	return new S3Failure({ kind: 'refused', message, advice, ...request });
}
