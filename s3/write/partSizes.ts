import { GiB, MiB } from '../bytes';
import type { Connection } from '../Connection';
import { nameOf } from '../errors/failureFrom';
import { S3Failure } from '../S3Failure';
import type { WriteRequest } from './WriteRequest';

/** Bytes of the smallest part that AWS takes, but for the last of an object. */
const MIN_PART_SIZE = 5 * MiB;

/** How objects are cut into parts; sizes in bytes. */
export interface PartLimits {
	/** Parts that one object may have. */
	maxParts: number;
	/** Bytes of the largest part that S3 takes. */
	maxPartSize: number;
	/** Used as long as it makes no more than `maxParts` parts. */
	usualPartSize: number;
	/** Larger parts are not held in memory but sent as streams. */
	largestInMemory: number;
	/** Parts of an object of unknown size after which the next ones are twice as large. */
	growEvery: number;
	/** Part sizes are multiples of this. */
	step: number;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const PART_LIMITS: PartLimits = {
	maxParts: 10_000,
	maxPartSize: 5 * GiB,
	usualPartSize: 8 * MiB,
	largestInMemory: 32 * MiB,
	growEvery: 1000,
	step: MiB,
};

/** Bytes of the part with this number; undefined if no further part is to be held in memory. */
export type PartSizes = (partNumber: number) => number | undefined;

/**
 * Bytes of each part of an object of this size, all equal but the last (some servers want them equal).
 * @param wanted bytes that were asked for; more if `partsLeft` parts of them are not enough
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

/** The sizes of parts of `partSize` bytes each, and what is left of the object for the last one. */
export function equalPartSizes(size: number, partSize: number): PartSizes {
	return (partNumber) => {
		const left = size - (partNumber - 1) * partSize;
		// A source that gives more than it announced must not be cut into empty parts without end.
		return left <= 0 && partNumber > 1 ? Math.max(partSize, 1) : Math.min(partSize, left);
	};
}

/**
 * The sizes of the parts of an object of unknown size, which grow; undefined for the first part that
 * would be too large for memory.
 * @param wanted bytes that were asked for
 */
export function growingPartSizes(
	wanted: number | undefined,
	{ usualPartSize, growEvery, largestInMemory }: PartLimits = PART_LIMITS,
): PartSizes {
	return (partNumber) => {
		const size = (wanted ?? usualPartSize) * 2 ** Math.floor((partNumber - 1) / growEvery);
		return size > largestInMemory ? undefined : size;
	};
}

/** @throws S3Failure of kind `invalid` for a part size that S3 does not take */
export function checkPartSize(
	{ endpoint }: Pick<Connection, 'endpoint'>,
	partSize: number | undefined,
	{ maxPartSize }: PartLimits,
): void {
	if (partSize === undefined) return;
	// Other servers than AWS have other minimums.
	const least = endpoint === undefined ? MIN_PART_SIZE : 1;
	if (Number.isInteger(partSize) && partSize >= least && partSize <= maxPartSize) return;
	throw S3Failure.invalid(
		`A part cannot have ${partSize} bytes`,
		'Choose a part size from 5 MiB to 5 GiB (5120 MiB).',
	);
}

/** @throws S3Failure of kind `invalid` for an object that S3 cannot hold, however it is cut */
export function checkObjectSize(
	{ bucket, key }: Pick<WriteRequest, 'bucket' | 'key'>,
	size: number | undefined,
	{ maxParts, maxPartSize }: PartLimits,
): void {
	const most = maxParts * maxPartSize;
	if (size === undefined || size <= most) return;
	throw S3Failure.invalid(
		`Could not put ${nameOf(bucket, key)}: it has ${size} bytes, but S3 holds at most ${most} in one object`,
		'Split it into several objects; S3 takes 10,000 parts of 5 GiB, which is 48.8 TiB.',
		{ bucket, key },
	);
}
