import { nameOf } from '../errors/failureFrom';
import type { PutRequest } from './PutRequest';
import { S3Failure } from '../S3Failure';

const MiB = 1024 * 1024;

/** Sizes in bytes. */
export interface PartLimits {
	maxParts: number;
	maxPartSize: number;
	/** Used as long as it makes no more than `maxParts` parts. */
	usualPartSize: number;
	/** Larger parts are not held in memory but sent as a stream, one after the other. */
	largestInMemory: number;
	/** Parts of an object of unknown size after which the next ones are twice as large. */
	growEvery: number;
	/** Part sizes are multiples of this. */
	step: number;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const PART_LIMITS: PartLimits = {
	maxParts: 10_000,
	maxPartSize: 5 * 1024 * MiB,
	usualPartSize: 8 * MiB,
	largestInMemory: 32 * MiB,
	growEvery: 1000,
	step: MiB,
};

/**
 * Bytes of each part of an object of this size, all equal but the last (some servers want them equal).
 * @param wanted bytes somebody has asked for; more where `partsLeft` of them are not enough
 * @param partsLeft parts that may still be used
 */
export function partSizeFor(
	size: number,
	wanted: number | undefined,
	limits: PartLimits = PART_LIMITS,
	partsLeft: number = limits.maxParts,
): number {
	const least = wanted ?? limits.usualPartSize;
	if (size <= least * partsLeft) return least;
	return Math.ceil(Math.ceil(size / partsLeft) / limits.step) * limits.step;
}

/**
 * Bytes of the part with this number in an object of unknown size, which grow; undefined from where on
 * they would be too large for memory.
 */
export function growingPartSize(
	partNumber: number,
	wanted: number | undefined,
	{ usualPartSize, growEvery, largestInMemory }: PartLimits = PART_LIMITS,
): number | undefined {
	const size = (wanted ?? usualPartSize) * 2 ** Math.floor((partNumber - 1) / growEvery);
	return size > largestInMemory ? undefined : size;
}

/** @throws S3Failure of kind `invalid` for what S3 cannot hold, however it is cut */
export function checkObjectSize(
	{ bucket, key }: PutRequest,
	size: number | undefined,
	{ maxParts, maxPartSize }: PartLimits,
): void {
	const most = maxParts * maxPartSize;
	if (size === undefined || size <= most) return;
	throw new S3Failure({
		kind: 'invalid',
		message: `Could not put ${nameOf(bucket, key)}: it has ${String(size)} bytes, but S3 holds at most ${String(most)} in one object`,
		advice: 'Split it into several objects; S3 takes 10,000 parts of 5 GiB, which is 48.8 TiB.',
		bucket,
		key,
	});
}
