import type { Exchange, S3Response } from './Exchange';
import { findVersion } from './objects';
import { invalidArgument, malformedXml, S3Error } from './S3Error';
import type { Version } from './store';
import { textOf } from './xml';

const DAY = 24 * 60 * 60 * 1000;
const CLASSES = /^(GLACIER|DEEP_ARCHIVE)$/;
/** The header of an object that Intelligent-Tiering has put into an archive. */
const TIER = 'x-amz-archive-status';

/** Whether an object is in an archive from which it was not restored. */
export const isArchived = ({ headers }: Version): boolean =>
	headers[TIER] !== undefined ||
	(CLASSES.test(headers['x-amz-storage-class'] ?? '') &&
		!(headers['x-amz-restore'] ?? '').includes('ongoing-request="false"'));

/** Lets Intelligent-Tiering put an object into an archive, which takes months on AWS. */
export function archive({ headers }: Version, tier: 'ARCHIVE_ACCESS' | 'DEEP_ARCHIVE_ACCESS') {
	headers[TIER] = tier;
}

/** The error for an object that is in an archive and cannot be read. */
export const invalidObjectState = ({ headers }: Version): S3Error =>
	new S3Error(
		403,
		'InvalidObjectState',
		"The operation is not valid for the object's storage class",
		{
			fields: { StorageClass: headers['x-amz-storage-class'] ?? '' },
		},
	);

/** RestoreObject: the restore goes on until `finishRestore`. */
export async function restoreObject(exchange: Exchange): Promise<S3Response> {
	exchange.allow('s3:RestoreObject');
	const { bucket, keyText, versionId } = exchange;
	const version = findVersion(exchange, bucket, keyText, versionId);
	const request = await exchange.xml('RestoreRequest');
	const { headers } = version;
	const storageClass = headers['x-amz-storage-class'] ?? 'STANDARD';
	const isTiered = headers[TIER] !== undefined;
	if (!CLASSES.test(storageClass) && !isTiered) {
		throw new S3Error(
			403,
			'InvalidObjectState',
			"Restore is not allowed for the object's current storage class",
		);
	}
	const days = textOf(request, 'Days');
	if (isTiered && days !== undefined) {
		throw invalidArgument('Days may not be provided for the INTELLIGENT_TIERING storage class');
	}
	if (!isTiered && !(Number(days) >= 1)) throw malformedXml();
	if (isArchived(version) && headers['x-amz-restore'] !== undefined) {
		throw new S3Error(409, 'RestoreAlreadyInProgress', 'Object restore is already in progress');
	}
	const isRestored = !isArchived(version);
	headers['x-amz-restore'] = isRestored ? restoredFor(Number(days)) : 'ongoing-request="true"';
	return { status: isRestored ? 200 : 202 };
}

/** Ends a restore, after hours on AWS. What was in Intelligent-Tiering is not in its archive any more. */
export function finishRestore({ headers }: Version, days: number): void {
	if (headers[TIER] === undefined) headers['x-amz-restore'] = restoredFor(days);
	else {
		delete headers['x-amz-archive-status'];
		delete headers['x-amz-restore'];
	}
}

/** S3 lets the copy expire at the next midnight after its days. */
function restoredFor(days: number): string {
	const expiry = new Date(Math.ceil((Date.now() + days * DAY) / DAY) * DAY);
	return `ongoing-request="false", expiry-date="${expiry.toUTCString()}"`;
}
