import type { Call } from '../Call';
import type { HeadObjectCommandOutput } from '../sdk';
import type { Download } from './Download';
import { sameObject } from './Download';
import { cancelled } from './downloadErrors';

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
	const { PartsCount: parts, ContentLength: size = 0 } = await headOfPart(download, 1, call);
	if (size < SMALLEST_PART) return undefined;
	return parts === count && Math.ceil(total / size) === count ? { count, size } : undefined;
}

/**
 * Whether all parts but the last have the size of the first, as far as the size of the last one shows it.
 * @throws S3Failure of kind `cancelled`
 */
export async function haveEqualSizes(
	download: Download,
	{ count, size }: Parts,
	call: Call,
): Promise<boolean> {
	if (count <= 2) return true;
	const last = await headOfPart(download, count, call);
	return last.ContentLength === (download.head.size ?? 0) - (count - 1) * size;
}

/** Empty if the request fails: then the object is read without being verified. */
async function headOfPart(
	download: Download,
	partNumber: number,
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
