import type { Exchange, S3Response } from './Exchange';
import { storedVersion } from './objects';
import { invalidArgument, malformedXml, S3Error } from './S3Error';
import type { Version } from './store';
import { childrenOf, textOf } from './xml';
import type { XmlElement } from './xml';

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
	const version = storedVersion(exchange);
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
	const isRestored = !isArchived(version);
	if (!isRestored) version.restore = restoreOf(version, { tier: tierIn(request), days });
	headers['x-amz-restore'] = isRestored ? restoredFor(Number(days)) : 'ongoing-request="true"';
	return { status: isRestored ? 200 : 202 };
}

/** From slow to fast. */
const TIERS = ['Bulk', 'Standard', 'Expedited'];

function tierIn(request: XmlElement): string {
	const [job] = childrenOf(request, 'GlacierJobParameters');
	const tier = (job && textOf(job, 'Tier')) ?? 'Standard';
	if (!TIERS.includes(tier)) throw malformedXml();
	return tier;
}

/**
 * The restore that goes on from now. One that goes on already can be sped up, and not be changed otherwise.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-upgrade-speed.html
 */
function restoreOf({ restore: before }: Version, asked: NonNullable<Version['restore']>) {
	const isFaster = before !== undefined && TIERS.indexOf(asked.tier) > TIERS.indexOf(before.tier);
	if (before === undefined || (isFaster && asked.days === before.days)) return asked;
	throw new S3Error(409, 'RestoreAlreadyInProgress', 'Object restore is already in progress');
}

/** Ends a restore, after hours on AWS. What was in Intelligent-Tiering is not in its archive any more. */
export function finishRestore(version: Version, days: number): void {
	const { headers } = version;
	version.restore = undefined;
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
