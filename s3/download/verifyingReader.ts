import type { Call } from '../Call';
import type { Verification } from './checksumVerification';
import type { Download } from './Download';
import { damaged } from './downloadErrors';
import { haveEqualSizes } from './parts';

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
	const { parts } = verification;
	if (verification.matches()) onVerified();
	// Parts of different sizes were compared at the wrong places, which says nothing of the bytes.
	else if (parts === undefined || (await haveEqualSizes(download, parts, call))) {
		throw damaged(download);
	}
}
