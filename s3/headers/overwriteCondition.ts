import { nameOf } from '../errors/failureFrom';
import { S3Failure } from '../S3Failure';
import { bareEtag } from './etag';

/** The condition under which an existing object may be overwritten, as the SDK names it. */
export interface OverwriteCondition {
	IfNoneMatch: string | undefined;
	IfMatch: string | undefined;
}

/** A write that may have such a condition. */
interface ConditionalWrite {
	bucket: string;
	key: string;
	/** `never`: only if there is no object with this key; `ifMatch`: only over the object with `etag`. */
	overwrite?: 'always' | 'never' | 'ifMatch' | undefined;
	/** With or without quotes. */
	etag?: string | undefined;
}

/**
 * The condition of a write. ETags are sent without quotes: AWS takes both forms, Ceph only this one.
 * @throws S3Failure of kind `invalid` if an ETag must match and none is given
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function overwriteCondition(write: ConditionalWrite): OverwriteCondition {
	const { overwrite, bucket, key } = write;
	const etag = bareEtag(write.etag);
	if (overwrite === 'ifMatch' && etag === undefined) {
		throw S3Failure.invalid(
			`No ETag is given for ${nameOf(bucket, key)}`,
			'Enter the ETag that the object has now, e.g. from Get or List.',
			{ bucket, key },
		);
	}
	return {
		IfNoneMatch: overwrite === 'never' ? '*' : undefined,
		IfMatch: overwrite === 'ifMatch' ? etag : undefined,
	};
}
