import type { Target } from '../calls/calls';
import type { Connection } from '../Connection';
import { nameOf } from '../errors/failureFrom';
import { S3Failure } from '../S3Failure';

/** Seconds: a week. @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
const MAX_LIFE = 604_800;
/** Seconds that a link to data of the organization lives. */
const MAX_ORGANIZATIONAL_LIFE = 3600;

/**
 * Seconds that a link or form may live under the privacy level of the connection, of the seconds it is to live.
 * @throws S3Failure of kind `invalid` if S3 has no links of that life, `refused` if the level allows none
 */
export function permittedLife(
	{ privacyLevel }: Connection,
	seconds: number,
	{ bucket, key }: Target,
): number {
	const about = { bucket, key };
	if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_LIFE) {
		throw S3Failure.invalid(
			`A link to ${nameOf(bucket, key)} cannot live for ${seconds} seconds`,
			'Set Expires In to a whole number from 1 to 604,800 seconds; that is 7 days, the longest that S3 allows.',
			about,
		);
	}
	if (privacyLevel === 'private') {
		throw S3Failure.refused(
			`The Privacy Level of this credential is private, so no link or form is made for ${nameOf(bucket, key)}`,
			'Use another credential; the owner of this one can change its “Privacy Level”.',
			about,
		);
	}
	return privacyLevel === 'organizational' ? Math.min(seconds, MAX_ORGANIZATIONAL_LIFE) : seconds;
}
