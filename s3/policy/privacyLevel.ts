import type { Opening, Target } from '../calls/calls';
import type { Connection, PrivacyLevel } from '../Connection';
import { nameOf } from '../errors/failureFrom';
import { S3Failure } from '../S3Failure';

/**
 * Canned ACLs that open an object to nobody but AWS itself and the owner of the bucket. Any other is
 * taken for a public one, because other servers have more of them (`public-read-delivered`).
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
 */
const CLOSED_ACLS = ['private', 'bucket-owner-read', 'bucket-owner-full-control', 'aws-exec-read'];

/** Groups of everybody, and of everybody with an AWS account. */
const EVERYBODY = /\/groups\/global\//i;

/** Whether a privacy level forbids anything. */
export const isLimited = (level: PrivacyLevel): level is 'private' | 'organizational' =>
	level === 'private' || level === 'organizational';

/**
 * Refuses an ACL or grant that the privacy level of the connection does not allow: `organizational` none to
 * everybody, `private` none to anybody.
 * @throws S3Failure of kind `refused`
 */
export function checkOpening(
	connection: Connection,
	{ acl, grants }: Opening,
	target: Partial<Target>,
): void {
	checkAcl(connection, acl, target);
	const { privacyLevel } = connection;
	const forbidden =
		privacyLevel === 'private'
			? grants.length > 0
			: privacyLevel === 'organizational' && grants.some((grant) => EVERYBODY.test(grant));
	if (!forbidden) return;
	throw S3Failure.refused(
		`The Privacy Level of this credential is ${privacyLevel}, so this grant is not allowed${of(target)}`,
		'Remove the grant; the owner of the credential can change its “Privacy Level”.',
		target,
	);
}

/**
 * Refuses a canned ACL that opens something to everybody, in whatever letter case, if the privacy level of
 * the connection does not allow that.
 * @throws S3Failure of kind `refused`
 */
export function checkAcl(
	{ privacyLevel }: Connection,
	acl: string | undefined,
	target: Partial<Target>,
): void {
	if (!isLimited(privacyLevel)) return;
	const name = acl?.trim().toLowerCase() ?? '';
	if (name === '' || CLOSED_ACLS.includes(name)) return;
	throw S3Failure.refused(
		`The Privacy Level of this credential is ${privacyLevel}, so the ACL “${name.slice(0, 80)}” is not allowed${of(target)}`,
		'Choose the ACL Private, Bucket Owner Read or Bucket Owner Full Control, or none; the owner of the credential can change its “Privacy Level”.',
		target,
	);
}

/**
 * Refuses a copy to another connection if the privacy level does not allow that: `private` to none,
 * `organizational` only to connections that are limited themselves.
 * @throws S3Failure of kind `refused`
 */
export function checkCopyTo(
	{ privacyLevel }: Connection,
	target: Connection,
	source: Partial<Target>,
): void {
	const forbidden =
		privacyLevel === 'private' ||
		(privacyLevel === 'organizational' && !isLimited(target.privacyLevel));
	if (!forbidden) return;
	throw S3Failure.refused(
		`The Privacy Level of this credential is ${privacyLevel}, so a copy to this other connection is not allowed${of(source)}`,
		privacyLevel === 'private'
			? 'Copy within the connection; the owner of the credential can change its “Privacy Level”.'
			: 'Copy to a credential whose “Privacy Level” is Private or Organizational; the owner of the credential can change it.',
		source,
	);
}

const of = ({ bucket, key }: Partial<Target>): string =>
	bucket === undefined ? '' : ` for ${nameOf(bucket, key)}`;
