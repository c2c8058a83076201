import type { Readable } from 'node:stream';
import { MiB } from '../bytes';
import { readBody } from '../http/readBody';
import { isReadableXml } from './readableXml';
import { refusal } from './writeResponses';
import type { S3Client } from '../sdk';
import { beforeReading } from './steps';

/** Bytes of a page of a listing, which has at most 1,000 keys of a kilobyte each from servers that keep to S3. */
export const MAX_LISTING = 16 * MiB;
/**
 * Bytes of a response with an entry for each of 1,000 keys, or for each bucket: keys of 1,024 bytes, URL-encoded, and
 * what stands beside them. A page of S3 rarely has one MiB.
 */
const MAX_LIST = 4 * MiB;
/** Bytes of any other response that is not an object. */
export const MAX_BODY = MiB;

const LISTS = [
	'DeleteObjectsCommand',
	'ListBucketsCommand',
	'ListMultipartUploadsCommand',
	'ListObjectVersionsCommand',
];
/** Responses of success that are read elsewhere. */
const READ_ELSEWHERE = ['GetObjectCommand', 'ListObjectsV2Command'];

/**
 * Makes the client read what a server sends as far as S3 would send it, and throw a LongResponse for more. The
 * SDK gets the bytes, and of a success that it could not read in time nothing is believed.
 */
export function boundedBodies(client: S3Client): void {
	beforeReading(client, 'boundedBodies', async (response, commandName) => {
		const isSuccess = response.statusCode < 300;
		if (isSuccess && READ_ELSEWHERE.includes(commandName)) return;
		const limit = isSuccess && LISTS.includes(commandName) ? MAX_LIST : MAX_BODY;
		const body = await readBody(response.body as Readable, limit);
		const isReadable = isReadableXml(body, !isSuccess);
		if (isSuccess && !isReadable) throw refusal(response);
		// Without a body it is an error by its status.
		response.body =
			isReadable && (isSuccess || mayBeError(body)) ? withoutPrefix(body) : Buffer.alloc(0);
	});
}

/** Bytes in which the first element begins. */
const PROLOGUE = 1024;

/** A document whose names have the prefix of a namespace, without it: the SDK would find none of them. */
function withoutPrefix(body: Buffer): Buffer {
	const begin = body.toString('latin1', 0, PROLOGUE);
	const [, prefix] = /^\s*(?:<\?[^<>]*>\s*)?<([\w.-]{1,20}):/.exec(begin) ?? [];
	if (prefix === undefined) return body;
	const text = body.toString('latin1');
	const shorter = text.replaceAll(`<${prefix}:`, '<').replaceAll(`</${prefix}:`, '</');
	return Buffer.from(shorter, 'latin1');
}

/** Whether a body may be an error of S3: the SDK would take the code of any XML for one. */
function mayBeError(body: Buffer): boolean {
	const text = body.toString().trimStart();
	const [, root] = /<(?:[\w.-]+:)?([\w.-]+)/.exec(text) ?? [];
	return !text.startsWith('<') || root === undefined || /^Error(s|Response)?$/.test(root);
}
