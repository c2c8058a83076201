import type { Call } from '../Call';
import type { HeadObjectCommandOutput } from '../sdk';
import type { Download } from './Download';
import { sameObject } from './Download';
import { cancelled } from './downloadErrors';

/** Heads of parts that are asked for at the same time. */
const HEADS_IN_FLIGHT = 16;

/** Bytes. S3 takes no parts below 5 MiB but the last; with much smaller ones all time would go into their checksums. */
const SMALLEST_PART = 64 * 1024;

/** The parts in which an object was uploaded. */
export interface Parts {
	count: number;
	/** Bytes of each part but the last, which may be smaller. */
	size: number;
}

/**
 * How large the parts of an object are, which the head of the first one says. To ask for it takes no permission
 * beyond the one to get the object.
 * @param count the number of parts that the checksum of the object names
 * @returns undefined if the server does not say it, they are too small, or the object cannot consist of so many of that size
 * @throws S3Failure of kind `cancelled`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (partNumber)
 */
export async function partsOf(
	download: Download,
	count: number,
	call: Call,
): Promise<Parts | undefined> {
	const total = download.head.size ?? 0;
	if (count === 1) return { count, size: total };
	const { PartsCount: parts, ContentLength: size = 0 } = await headOf(download, 1, call);
	if (size < SMALLEST_PART) return undefined;
	return parts === count && Math.ceil(total / size) === count ? { count, size } : undefined;
}

/**
 * Whether all parts but the last have the size of the first. To know it, the head of each one is asked for: the
 * last one may fit by chance.
 * @returns false also if the server does not say it
 * @throws S3Failure of kind `cancelled`
 */
export async function haveEqualSizes(
	download: Download,
	{ count, size }: Parts,
	call: Call,
): Promise<boolean> {
	// The first part and the object say how large the last of two parts is, or of parts that are all equal.
	for (let part = 2; part < count; part += HEADS_IN_FLIGHT) {
		const parts = Array.from(
			{ length: Math.min(HEADS_IN_FLIGHT, count - part) },
			(_, i) => part + i,
		);
		const heads = await Promise.all(parts.map((number) => headOf(download, number, call)));
		if (heads.some(({ ContentLength: length }) => length !== size)) return false;
	}
	return true;
}

/**
 * What the server says of an object that is being read, or of one part; nothing if the request fails.
 * @throws S3Failure of kind `cancelled`
 */
export async function headOf(
	download: Download,
	partNumber: number | undefined,
	call: Call,
): Promise<Partial<HeadObjectCommandOutput>> {
	try {
		const input = { ...sameObject(download), PartNumber: partNumber };
		return await download.s3.send('HeadObject', input, call);
	} catch {
		if (call.signal?.aborted === true) throw cancelled(download);
		return {};
	}
}
