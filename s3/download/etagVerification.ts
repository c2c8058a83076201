import { MiB } from '../bytes';
import type { Call } from '../Call';
import type { RunningChecksum } from '../checksums/crc';
import { startChecksum } from '../checksums/stored';
import { isMd5 } from '../headers/etag';
import type { Download } from './Download';
import { cancelled, notTheMd5 } from './downloadErrors';
import { resumingReader } from './resumingReader';

/**
 * When bytes are compared with an ETag that is the MD5 of the object: if the object is small, whatever its
 * size, or never.
 */
export type VerifyEtag = 'auto' | 'always' | 'never';

/** Bytes of an object that is compared by itself: MD5 takes 2 ms per MiB of n8n's only thread. */
const SMALL_OBJECT = 8 * MiB;

/**
 * Buckets of AWS whose ETags are no MD5s: directory buckets, Object Lambda, and access points of file systems.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html (ETag)
 */
const OTHER_ETAGS = /:|--x-s3$|--ol-s3$|-ext-s3alias$/;

const md5 = () => startChecksum('MD5')?.();

/** Bytes of the largest object that is compared. */
const mostOf = (verifyEtag: VerifyEtag): number =>
	verifyEtag === 'always' ? Infinity : SMALL_OBJECT;

/**
 * Starts the MD5 of an object's bytes, for comparison with the ETag.
 * @returns undefined if the bytes are not to be compared, or the ETag cannot be the MD5 of the whole object:
 * it has another form, or the object is encrypted with a KMS key or with a customer's own
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html (ETag)
 */
export function startEtagMd5(
	download: Download,
	verifyEtag: VerifyEtag,
): RunningChecksum | undefined {
	const { head, input, request } = download;
	const { size, encryption = 'AES256', contentRange } = head;
	const isWanted = verifyEtag !== 'never' && (size ?? 0) <= mostOf(verifyEtag);
	const hasMd5 = isMd5(etagOf(download)) && !OTHER_ETAGS.test(request.bucket);
	const isPlain = encryption === 'AES256' && input.SSECustomerKey === undefined;
	return isWanted && hasMd5 && isPlain && contentRange === undefined ? md5() : undefined;
}

/**
 * Passes the bytes of an object on and compares their MD5 with the ETag. One of which it was not known that it is
 * too large for that is not compared.
 * @throws S3Failure of kind `corrupt` after the last byte when they are damaged
 */
export async function* etagVerifyingReader(
	download: Download,
	chunks: AsyncIterable<Buffer>,
	{ sum, verifyEtag }: { sum: RunningChecksum; verifyEtag: VerifyEtag },
	call: Call,
): AsyncGenerator<Buffer, void, void> {
	let size = 0;
	for await (const chunk of chunks) {
		size += chunk.length;
		if (size <= mostOf(verifyEtag)) sum.update(chunk);
		yield chunk;
	}
	if (size > mostOf(verifyEtag)) return;
	const found = sum.digest().toString('hex');
	if (found !== etagOf(download) && (await areDamaged(download, { found, size }, call))) {
		throw notTheMd5(download);
	}
}

const etagOf = ({ head }: Download): string | undefined => head.etag?.toLowerCase();

/**
 * Whether bytes that do not have the MD5 of the ETag are damaged. On AWS they are. Other servers may have ETags
 * that look like an MD5 and are none, e.g. of objects that were appended to. So the bytes are read again, in two
 * ranges: if they are the same then, they are what the server has, as what damages bytes or cuts them off on
 * the way does not do so at the same byte of the object in responses of other lengths.
 * @param read the MD5 of the bytes, in hexadecimal, and how many there are
 * @throws S3Failure when the bytes cannot be read again
 */
async function areDamaged(
	download: Download,
	{ found, size }: { found: string; size: number },
	call: Call,
): Promise<boolean> {
	const sum = download.s3.connection.endpoint === undefined ? undefined : md5();
	if (sum === undefined) return true;
	const middle = Math.ceil(size / 2);
	const halves = [
		{ start: 0, end: middle },
		{ start: middle, end: size },
	];
	for (const range of halves.filter(({ start, end }) => start < end)) {
		for await (const chunk of resumingReader(download, range, undefined, call)) sum.update(chunk);
	}
	if (call.signal?.aborted === true) throw cancelled(download);
	return sum.digest().toString('hex') !== found;
}
