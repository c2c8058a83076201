import type { RunningChecksum } from '../checksums/crc';
import { startChecksum } from '../checksums/stored';
import { likelyPartSizes } from './likelyPartSizes';
import type { ObjectHead } from '../headers/objectHead';

/** Compares all bytes of an object, in their order, with the checksum that S3 has of it. */
export interface Verification {
	update(chunk: Buffer): void;
	/** To be asked once, when all bytes have come. */
	matches(): boolean;
	/** The part sizes that were tried, in bytes, where the checksum is one of the parts' checksums. */
	partSizes: readonly number[] | undefined;
}

/** Undefined where there is nothing to compare with, as for a range. */
export function verificationOf(head: ObjectHead): Verification | undefined {
	const { checksum, contentRange, size } = head;
	if (checksum === undefined || contentRange !== undefined) return undefined;
	const start = startChecksum(checksum.algorithm);
	if (start === undefined) return undefined;
	if (checksum.type === 'FULL_OBJECT') return comparison([start()], checksum.value, undefined);
	const [, value = '', parts] = /^([^-]+)-(\d+)$/.exec(checksum.value) ?? [];
	const partSizes = likelyPartSizes(size ?? 0, Number(parts ?? 0));
	if (partSizes.length === 0) return undefined;
	const candidates = partSizes.map((partSize) => new CompositeChecksum(start, partSize));
	return comparison(candidates, value, partSizes);
}

function comparison(
	candidates: RunningChecksum[],
	value: string,
	partSizes: readonly number[] | undefined,
): Verification {
	return {
		update: (chunk) => {
			for (const candidate of candidates) candidate.update(chunk);
		},
		matches: () => candidates.some((candidate) => candidate.digest().toString('base64') === value),
		partSizes,
	};
}

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
