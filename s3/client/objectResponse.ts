import { Readable } from 'node:stream';
import { SlowResponse } from '../errors/SlowResponse';
import { hasHeaderOfS3 } from '../errors/headersOfS3';
import type { S3Client } from '../sdk';
import { beforeReading } from './steps';
import type { RawResponse } from './steps';
import { errorIn } from './writeResponses';

const READS_OBJECT = new Set(['GetObjectCommand', 'HeadObjectCommand']);
/** Whole objects, and ranges of them. */
const STATUSES = [200, 206];
/** Bytes of an error at most; S3 sends a few hundred. */
const LONGEST_ERROR = 64 * 1024;
/** Milliseconds in which such a beginning has to come, whatever drops of it come. */
const LONGEST_TIME = 300_000;

/**
 * Makes the client take only a response that an S3 server can have sent for an object. A web server, a gateway
 * or a proxy that responds with 200 sends a page of its own or nothing, and some servers send S3's error with
 * status 200: the one is refused, the other becomes the error that it is.
 * @param maxMs milliseconds in which the beginning of a response has to come that may be either
 */
export function objectResponse(client: S3Client, maxMs = LONGEST_TIME): void {
	beforeReading(client, 'objectResponse', async (response, commandName) => {
		if (response.statusCode >= 300 || !READS_OBJECT.has(commandName)) return;
		await check(response, maxMs);
	});
}

/** @throws the error that the response is, or one that `failureFrom` knows as a response that is not one of S3 */
async function check(response: RawResponse, maxMs: number): Promise<void> {
	const { statusCode, headers } = response;
	const hasStatus = STATUSES.includes(statusCode);
	if (hasStatus && (headers.etag ?? headers['last-modified']) !== undefined) return;
	const error = await errorOf(response, maxMs);
	if (error !== undefined) throw error;
	if (hasStatus && hasHeaderOfS3(headers)) return;
	(response.body as Partial<Readable> | undefined)?.destroy?.();
	throw Object.assign(new Error('the response is not an object'), { $response: response });
}

/** The error that the body is, if it is one; the body can be read after it as before. */
async function errorOf(response: RawResponse, maxMs: number): Promise<Error | undefined> {
	const { body } = response;
	if (!(body instanceof Readable)) return undefined;
	const beginning: Buffer[] = [];
	let length = 0;
	const begin = performance.now();
	const chunks = body.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
	let next = await chunks.next();
	while (next.done !== true && length <= LONGEST_ERROR) {
		beginning.push(next.value);
		length += next.value.length;
		if (performance.now() - begin > maxMs) {
			body.destroy();
			throw new SlowResponse(maxMs);
		}
		next = await chunks.next();
	}
	if (next.done !== true) beginning.push(next.value);
	response.body = Readable.from(allOf(beginning, chunks), { objectMode: false });
	const text = Buffer.concat(beginning).toString();
	return next.done === true && isError(text) ? errorIn(response, text) : undefined;
}

async function* allOf(
	beginning: Buffer[],
	rest: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, void> {
	yield* beginning;
	yield* rest;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses */
const isError = (text: string): boolean =>
	/^\s*(<\?xml[^>]*>\s*)?<Error[\s>]/.test(text) && /<Code>[^<]{1,100}<\/Code>/.test(text);
