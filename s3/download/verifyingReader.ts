import type { Call } from '../Call';
import type { Verification } from './checksumVerification';
import type { Download } from './Download';
import { sameObject } from './Download';
import { damaged } from './downloadErrors';
import { bodyOf } from './requestRange';

/**
 * Passes the bytes of an object on and compares them with its checksum.
 * @param onVerified called when they match; not called when that cannot be known
 * @throws S3Failure of kind `corrupt` after the last byte when they do not match
 */
export async function* verifyingReader(
	download: Download,
	chunks: AsyncIterable<Buffer>,
	verification: Verification,
	onVerified: () => void,
	call: Call,
): AsyncGenerator<Buffer, void, void> {
	for await (const chunk of chunks) {
		verification.update(chunk);
		yield chunk;
	}
	if (verification.matches()) onVerified();
	else if (await partSizeWasTried(download, verification, call)) throw damaged(download);
}

/**
 * Whether the checksum, where it is one of the parts' checksums, was compared for the right size of
 * parts. The second part tells it; only an object that fits no likely size costs this request.
 */
async function partSizeWasTried(
	download: Download,
	{ partSizes }: Verification,
	call: Call,
): Promise<boolean> {
	const { s3, head } = download;
	if (partSizes === undefined || partSizes.includes(head.size ?? 0)) return true;
	try {
		const second = await s3.send('GetObject', { ...sameObject(download), PartNumber: 2 }, call);
		bodyOf(second).destroy();
		const [, first, last] = /^bytes (\d+)-(\d+)\//.exec(second.ContentRange ?? '') ?? [];
		const partSize = Number(first);
		// Parts of different sizes end elsewhere.
		const next = Math.min(2 * partSize, head.size ?? 0) - 1;
		return partSizes.includes(partSize) && Number(last) === next;
	} catch (error) {
		if (call.signal?.aborted === true) throw error;
		return false;
	}
}
