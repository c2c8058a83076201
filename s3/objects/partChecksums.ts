import type { S3 } from '../client/S3';
import { storedChecksum } from '../checksums/stored';
import { nameOf } from '../errors/failureFrom';
import { S3Failure } from '../S3Failure';
import type { CompletedPart } from '../sdk';
import type { CopyPlan } from './CopyRequest';

/** Connections whose servers give a part of a copy the checksum of the whole source. */
const mistaken = new WeakSet<S3>();

const CODE = 'ChecksumOfWhole';

/** Whether the server of a connection is not to be asked for checksums of parts that it copies. */
export const mistakesPartChecksums = (s3: S3): boolean => mistaken.has(s3);

/**
 * Looks at the checksum that a server gives a part which it has copied: VersityGW gives each part that of the whole
 * source, of which the checksum of the copy would be made.
 * @throws S3Failure if it is that of the whole
 */
export function checkPartChecksum(
	{ target, request, head }: CopyPlan,
	range: string | undefined,
	part: CompletedPart,
): void {
	const ofPart = storedChecksum(part);
	const { checksum } = head;
	if (range === undefined || ofPart === undefined || checksum?.type !== 'FULL_OBJECT') return;
	if (ofPart.algorithm !== checksum.algorithm || ofPart.value !== checksum.value) return;
	mistaken.add(target);
	const { bucket, key } = request;
	throw new S3Failure({
		kind: 'corrupt',
		message: `Could not copy to ${nameOf(bucket, key)}: the server gives a part the checksum of all of the source`,
		advice: 'Nothing was written. Run it again: it is copied without checksums then.',
		operation: 'UploadPartCopy',
		code: CODE,
		bucket,
		key,
	});
}

/** Copies in parts, and once more without checksums if the server gives them wrong ones. */
export async function againWithoutChecksums<Result>(copy: () => Promise<Result>): Promise<Result> {
	return await copy().catch(async (error: unknown) => {
		if (!(error instanceof S3Failure) || error.code !== CODE) throw error;
		return await copy();
	});
}
