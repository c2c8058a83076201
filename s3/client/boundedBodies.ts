import type { Readable } from 'node:stream';
import { readBody } from '../http/readBody';
import type { S3Client } from '../sdk';

const MiB = 1024 * 1024;

/** Bytes of a page of a listing, which has at most 1,000 keys of a kilobyte each from servers that keep to S3. */
export const MAX_LISTING = 16 * MiB;
/**
 * Bytes of a response with an entry for each of 1,000 keys, or for each bucket: as much as the SDK reads in about
 * 200 ms, in which n8n does nothing else.
 */
const MAX_LIST = 8 * MiB;
/** Bytes of any other response that is not an object. */
const MAX_BODY = MiB;

const LISTS: readonly unknown[] = [
	'DeleteObjectsCommand',
	'ListBucketsCommand',
	'ListMultipartUploadsCommand',
	'ListObjectVersionsCommand',
];
/** Responses of success that are read elsewhere. */
const READ_ELSEWHERE: readonly unknown[] = ['GetObjectCommand', 'ListObjectsV2Command'];

/**
 * Makes the client read what a server sends as far as S3 would send it, and throw a LongResponse for more. The
 * SDK gets the bytes.
 */
export function boundedBodies(client: S3Client): void {
	client.middlewareStack.add(
		(next, { commandName }) =>
			async (args) => {
				const result = await next(args);
				const response = result.response as { statusCode: number; body: unknown };
				const isSuccess = response.statusCode < 300;
				if (isSuccess && READ_ELSEWHERE.includes(commandName)) return result;
				const limit = isSuccess && LISTS.includes(commandName) ? MAX_LIST : MAX_BODY;
				const body = readableXml(await readBody(response.body as Readable, limit));
				response.body = isSuccess || mayBeError(body) ? body : Buffer.alloc(0);
				return result;
			},
		{ step: 'deserialize', priority: 'low', name: 'boundedBodies' },
	);
}

/**
 * Nothing in place of a text with several document types: S3 sends none, XML may have one, and for each of them the
 * SDK's parser reads all of the text.
 */
function readableXml(body: Buffer): Buffer {
	const types = body.toString('latin1').matchAll(/<!doctype/gi);
	return types.next().done === true || types.next().done === true ? body : Buffer.alloc(0);
}

/** Whether a body may be an error of S3: the SDK would take the code of any XML for one. */
function mayBeError(body: Buffer): boolean {
	const text = body.toString().trimStart();
	const [, root] = /<(?:[\w.-]+:)?([\w.-]+)/.exec(text) ?? [];
	return !text.startsWith('<') || root === undefined || /^Error(s|Response)?$/.test(root);
}
