import type { Call } from '../Call';
import type { S3 } from '../client/S3';
import { nameOf } from '../errors/failureFrom';
import type { ObjectHead } from '../headers/objectHead';
import { classOf } from '../headers/storageClass';
import { checkAcl } from '../policy/privacyLevel';
import { checkReadOnly } from '../policy/readOnly';
import { S3Failure } from '../S3Failure';
import type { PartLimits } from '../write/partSizes';
import { checkPartSize } from '../write/partSizes';
import type { WriteRequest } from '../write/WriteRequest';
import { copyOnServer } from './copyOnServer';
import { COPY_LIMITS } from './copyParts';
import type { CopyPlan, CopyRequest, CopyResult } from './CopyRequest';
import { resultOf, skippedCopy } from './copyResult';
import { headObject } from './headObject';
import { keptEncryption } from './keptEncryption';
import { againIfReplaced } from './replacedSource';

/** An object that is to be in another storage class. */
export interface StorageClassRequest extends Pick<
	CopyRequest,
	'acl' | 'expectedBucketOwner' | 'multipartThreshold' | 'partSize' | 'requestPayer'
> {
	bucket: string;
	key: string;
	/** The version that is copied, and is the newest then; undefined: the newest. */
	versionId?: string | undefined;
	/** Any class that the server has, e.g. `GLACIER_IR`. */
	storageClass: string;
	/** 32 bytes in base64, if the object is encrypted with a customer's own key (SSE-C). */
	customerKey?: string | undefined;
}

/**
 * Puts an object into another storage class. S3 has no call for that: the server copies the object onto its own
 * key, in parts above 5 GiB. All that can be read of the object is kept, but not its ACL. In a bucket with
 * versions this makes a new version; the old one stays in its class.
 * @returns as of a copy; skipped if the object is in the class already
 * @throws S3Failure, also if the object is archived and not restored
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/sc-howtoset.html
 */
export async function changeStorageClass(
	s3: S3,
	request: StorageClassRequest,
	call: Call,
	limits: PartLimits = COPY_LIMITS,
): Promise<CopyResult> {
	const { bucket, key, storageClass } = request;
	checkReadOnly(s3.connection, 'CopyObject', { bucket, key });
	checkAcl(s3.connection, request.acl, { bucket, key });
	checkPartSize(s3.connection, request.partSize, limits);
	return await againIfReplaced(async (transfer) => {
		const head = await headObject(s3, request, transfer);
		const plan = planOf(s3, request, head);
		if (classOf(head) === storageClass) {
			return skippedCopy(plan, head, `The object is in the class ${storageClass} already`);
		}
		const copied = await copyOnServer(plan, transfer, limits).catch((error: unknown) => {
			throw changesNothing(s3, error) ? noClasses(request, error) : error;
		});
		if (copied === undefined) throw noCopies(request);
		return resultOf(plan, copied, 'server');
	}, call);
}

function planOf(s3: S3, request: StorageClassRequest, head: ObjectHead): CopyPlan {
	const { versionId, customerKey, expectedBucketOwner, ...write } = request;
	const { bucket, key } = write;
	const isGuarded = versionId === undefined && head.etag !== undefined;
	return {
		source: s3,
		target: s3,
		head,
		request: {
			...write,
			source: { bucket, key, versionId, customerKey, expectedBucketOwner },
			expectedBucketOwner,
			metadataDirective: 'keep',
			tagsDirective: 'keep',
			encryption: keptEncryption(head, customerKey),
			objectLock: objectLockOf(head),
			websiteRedirectLocation: head.websiteRedirectLocation,
			// What somebody puts meanwhile is not overwritten.
			...(isGuarded && { overwrite: 'ifMatch', etag: head.etag }),
		},
	};
}

/** A copy takes no lock over. Those that have ended S3 would refuse. */
function objectLockOf(head: ObjectHead): WriteRequest['objectLock'] {
	const until = Date.parse(head.objectLockRetainUntil ?? '');
	const mode = head.objectLockMode as 'GOVERNANCE' | 'COMPLIANCE' | undefined;
	const isRetained = mode !== undefined && until > Date.now();
	if (!isRetained && head.objectLockLegalHold !== true) return undefined;
	return {
		...(isRetained && { mode, retainUntil: new Date(until) }),
		legalHold: head.objectLockLegalHold === true ? true : undefined,
	};
}

/** Whether a server that ignores storage classes has refused a copy onto itself that would change nothing else. */
const changesNothing = ({ connection }: S3, error: unknown): error is S3Failure =>
	connection.endpoint !== undefined &&
	error instanceof S3Failure &&
	error.operation === 'CopyObject' &&
	error.code === 'InvalidRequest';

const noClasses = ({ bucket, key, storageClass }: StorageClassRequest, refusal: S3Failure) =>
	refusal.reworded(
		`Could not change the storage class of ${nameOf(bucket, key)}: the server refuses to copy it onto itself`,
		`Nothing was changed. The server may have no storage classes, or none with the name ${storageClass}.`,
	);

function noCopies({ bucket, key }: StorageClassRequest): S3Failure {
	return new S3Failure({
		kind: 'rejected',
		message: `Could not change the storage class of ${nameOf(bucket, key)}: the server does not copy it by itself`,
		advice:
			'Nothing was changed. The server may have no copies, or none with a lock or an ACL. Put the object again with the option Storage Class.',
		bucket,
		key,
	});
}
