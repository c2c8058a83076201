import { Readable } from 'node:stream';
import type { SendOptions } from '../client/S3';
import { firstByteOf } from '../headers/contentRange';
import { bareEtag } from '../headers/etag';
import { S3Failure } from '../S3Failure';
import type { GetObjectCommandOutput } from '../sdk';
import type { ByteRange, Download } from './Download';
import { sameObject } from './Download';
import { brokenOff, replaced } from './downloadErrors';

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
	// Not every server knows If-Match.
	const isSame = (bareEtag(response.ETag) ?? head.etag) === head.etag;
	if (isSame && response.ContentRange?.startsWith(`bytes ${first}-`) === true) return body;
	body.destroy();
	if (!isSame) throw replaced(download);
	throw brokenOff(download, start, new Error('the server ignored the range'));
}

/** The body of a response, which the SDK gives as a Node stream. */
export function bodyOf({ Body: body }: GetObjectCommandOutput): Readable {
	if (body instanceof Readable) return body;
	throw new Error('the SDK gives a Node stream as the body');
}
