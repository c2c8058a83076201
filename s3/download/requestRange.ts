import { Readable } from 'node:stream';
import type { SendOptions } from '../client/S3';
import { firstByteOf, readContentRange } from '../headers/contentRange';
import { strongEtag } from '../headers/etag';
import { S3Failure } from '../S3Failure';
import type { GetObjectCommandOutput } from '../sdk';
import type { ByteRange, Download } from './Download';
import { sameObject } from './Download';
import { brokenOff, replaced, unpinned } from './downloadErrors';

/**
 * Asks for a range of the body of a download, pinned to the ETag of its first response.
 * @returns the body of the response; an empty one if the options say where the bytes are read into
 * @throws S3Failure; of kind `corrupt` if the object was replaced or the server ignores the range
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export async function requestRange(
	download: Download,
	{ start, end }: ByteRange,
	options: SendOptions,
): Promise<Readable> {
	const { s3, head } = download;
	const offset = firstByteOf(head.contentRange);
	const first = offset + start;
	const last = end === undefined ? '' : offset + end - 1;
	const input = { ...sameObject(download), Range: `bytes=${first}-${last}` };
	const response = await s3.send('GetObject', input, options).catch((error: unknown) => {
		throw error instanceof S3Failure && error.kind === 'precondition' ? replaced(download) : error;
	});
	const body = bodyOf(response);
	const problem = problemOf(download, response, start, first);
	if (problem === undefined) return body;
	body.destroy();
	throw problem;
}

/** Bytes of the whole object; undefined if its first response did not say it. */
const totalOf = ({ head: { contentRange, size } }: Download): number | undefined =>
	contentRange === undefined ? size : readContentRange(contentRange)?.total;

/** Why a response is not the range of the object that begins with the byte `first`; not every server knows If-Match. */
function problemOf(
	download: Download,
	{ ETag, ContentRange }: GetObjectCommandOutput,
	start: number,
	first: number,
): S3Failure | undefined {
	const etag = strongEtag(ETag);
	if (etag === undefined && download.head.etag !== undefined) return unpinned(download);
	if (etag !== download.head.etag) return replaced(download);
	const sent = readContentRange(ContentRange);
	if (sent?.first !== first) {
		return brokenOff(download, start, new Error('the server ignored the range'));
	}
	const total = totalOf(download) ?? sent.total;
	if ((sent.total ?? total) === total) return undefined;
	return brokenOff(download, start, new Error('the object has another length'));
}

/** The body of a response, which the SDK gives as a Node stream. */
export function bodyOf({ Body: body }: GetObjectCommandOutput): Readable {
	if (body instanceof Readable) return body;
	throw new Error('the SDK gives a Node stream as the body');
}
