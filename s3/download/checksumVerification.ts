import type { RunningChecksum } from '../checksums/crc';
import { startChecksum } from '../checksums/stored';
import type { ObjectHead } from '../headers/objectHead';
import type { Parts } from './parts';

/** Parts of an object at most. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_PARTS = 10_000;

/** Compares all bytes of an object, in their order, with the checksum that S3 has stored for it. */
export interface Verification {
	update(chunk: Buffer): void;
	/** Called once, after the last byte. */
	matches(): boolean;
	/** The parts whose checksums were compared; undefined if the checksum is of all bytes. */
	parts: Parts | undefined;
}

/**
 * The number of parts of an object with a composite checksum: how large they are must be known to compare it.
 * @returns undefined if there is no such checksum, or nothing that pins a further request to the object
 */
export function partCountOf({
	checksum,
	contentRange,
	size,
	etag,
}: ObjectHead): number | undefined {
	if (checksum?.type !== 'COMPOSITE' || contentRange !== undefined) return undefined;
	if (startChecksum(checksum.algorithm) === undefined) return undefined;
	const count = Number(/-(\d+)$/.exec(checksum.value)?.[1] ?? 0);
	const isKnown = count > 0 && count <= MAX_PARTS && size !== undefined && size > 0;
	return isKnown && (count === 1 || etag !== undefined) ? count : undefined;
}

/**
 * @param parts needed for a composite checksum
 * @returns undefined if there is nothing to compare with, as for a range
 */
export function verificationOf(
	{ checksum, contentRange }: ObjectHead,
	parts: Parts | undefined,
): Verification | undefined {
	if (checksum === undefined || contentRange !== undefined) return undefined;
	const start = startChecksum(checksum.algorithm);
	if (start === undefined) return undefined;
	if (checksum.type === 'FULL_OBJECT') return comparison(start(), checksum.value, undefined);
	if (parts === undefined) return undefined;
	const [value = ''] = checksum.value.split('-');
	return comparison(new CompositeChecksum(start, parts.size), value, parts);
}

const comparison = (
	sum: RunningChecksum,
	value: string,
	parts: Parts | undefined,
): Verification => ({
	update: (chunk) => sum.update(chunk),
	matches: () => sum.digest().toString('base64') === value,
	parts,
});

/**
 * The checksum of the checksums of parts of one size.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
class CompositeChecksum implements RunningChecksum {
	private readonly whole: RunningChecksum;
	private part: RunningChecksum;
	/** Bytes until the part is complete. */
	private missing: number;

	constructor(
		private readonly start: () => RunningChecksum,
		private readonly partSize: number,
	) {
		this.whole = start();
		this.part = start();
		this.missing = partSize;
	}

	update(chunk: Buffer): void {
		let left = chunk;
		while (left.length >= this.missing) {
			const end = this.missing;
			this.part.update(left.subarray(0, end));
			this.completePart();
			left = left.subarray(end);
		}
		this.part.update(left);
		this.missing -= left.length;
	}

	digest(): Buffer {
		if (this.missing < this.partSize) this.completePart();
		return this.whole.digest();
	}

	private completePart(): void {
		this.whole.update(this.part.digest());
		this.part = this.start();
		this.missing = this.partSize;
	}
}
