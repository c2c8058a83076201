import type { Call } from '../Call';
import type { Download } from './Download';
import { brokenOff, lengthUnknown } from './downloadErrors';
import { headOf } from './parts';

/**
 * Passes the bytes of a body on whose response did not say how many there are: one that was cut off ends like
 * a whole one. So after the end it is asked how long the object is, when no connection is kept any more.
 * @throws S3Failure of kind `corrupt` if there are more or fewer bytes, or the server does not say it then either
 */
export async function* lengthCheckingReader(
	download: Download,
	chunks: AsyncIterable<Buffer>,
	call: Call,
): AsyncGenerator<Buffer, void, void> {
	let length = 0;
	for await (const chunk of chunks) {
		length += chunk.length;
		yield chunk;
	}
	const { ContentLength: size } = await headOf(download, undefined, call);
	if (size === undefined) throw lengthUnknown(download);
	if (length === size) return;
	const sized = { ...download, head: { ...download.head, size } };
	throw brokenOff(sized, length, new Error('the body has another length than the object'));
}
