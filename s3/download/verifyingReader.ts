import type { Call } from '../Call';
import type { Verification } from './checksumVerification';
import { nameOf } from '../errors/failureFrom';
import { sameObject, streamOf } from './resumingReader';
import type { Download } from './resumingReader';
import { S3Failure } from '../S3Failure';

/**
 * Passes the bytes of an object on and compares them with its checksum.
 * @param onVerified called when they are the right ones; it is not where that cannot be known
 * @throws S3Failure of kind `corrupt` behind the last byte when they are not
 */
export async function* verifiedBytes(
	download: Download,
	bytes: AsyncIterable<Buffer>,
	verification: Verification,
	onVerified: () => void,
	call: Call,
): AsyncGenerator<Buffer, void, void> {
	for await (const chunk of bytes) {
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
		streamOf(second).destroy();
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

function damaged({ request, head }: Download): S3Failure {
	return new S3Failure({
		kind: 'corrupt',
		message: `Could not get ${nameOf(request.bucket, request.key)}: its bytes do not have the ${head.checksum?.algorithm ?? 'checksum'} that S3 has stored for it`,
		advice:
			'Run it again; if that does not help, a proxy changes what it passes on or the object is damaged.',
		retryable: true,
		operation: 'GetObject',
		bucket: request.bucket,
		key: request.key,
	});
}
