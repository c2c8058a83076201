import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Verified } from './authentication';
import { decodeChunked } from './chunked';
import { receive } from './content';
import type { Received } from './content';
import type { Purpose } from './Exchange';
import { MAX_SINGLE_PUT } from './objects';
import { invalidArgument, notImplemented, S3Error } from './S3Error';
import { sha256 } from './signature';
import type { Target } from './target';

const MAX_DOCUMENT = 8 * 1024 * 1024;
const EMPTY_SHA256 = sha256('');

export interface IncomingBody {
	message: IncomingMessage;
	response: ServerResponse;
	target: Target;
	verified: Verified;
	/** Is told of the bytes that come. */
	count: (bytes: number) => void;
}

/** @throws S3Error if a request without a body is signed for one */
export function checkEmptyBody({ headers }: Target, { payload }: Verified): void {
	const hasBody =
		Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
	if (hasBody || !/^[0-9a-f]{64}$/.test(payload) || payload === EMPTY_SHA256) return;
	throw new S3Error(
		400,
		'XAmzContentSHA256Mismatch',
		"The provided 'x-amz-content-sha256' header does not match what was computed.",
		{ fields: { ClientComputedContentSHA256: payload, S3ComputedContentSHA256: EMPTY_SHA256 } },
	);
}

/** Takes the body of a request in; it must be what was announced. */
export async function receiveBody(
	incoming: IncomingBody,
	purpose: Purpose,
	directory: string | undefined,
): Promise<Received> {
	const { target, verified, message, response } = incoming;
	const { headers } = target;
	const { payload } = verified;
	const chunked = payload.startsWith('STREAMING-');
	const announced = chunked ? decodedLength(headers) : contentLength(headers, payload, purpose);
	if (message.headers.expect !== undefined) response.writeContinue();
	const trailers = new Map<string, string>();
	const raw = counted(incoming);
	const body = chunked
		? decodeChunked(raw, { payload, seed: verified, announced: trailerNames(headers), trailers })
		: raw;
	return await receive(exactly(body, announced), {
		headers: purpose === 'completion' ? withoutChecksums(headers) : headers,
		trailers,
		payload,
		limit: purpose === 'content' ? MAX_SINGLE_PUT : MAX_DOCUMENT,
		directory: purpose === 'content' ? directory : undefined,
	});
}

const withoutChecksums = (headers: Target['headers']): Target['headers'] =>
	Object.fromEntries(
		Object.entries(headers).filter(([name]) => !name.startsWith('x-amz-checksum-')),
	);

function decodedLength(headers: Target['headers']): number {
	const length = headers['x-amz-decoded-content-length'];
	if (length === undefined) throw missingLength();
	if (!/^\d+$/.test(length)) {
		throw invalidArgument('The value of x-amz-decoded-content-length is invalid.');
	}
	return Number(length);
}

function contentLength(headers: Target['headers'], payload: string, purpose: Purpose): number {
	if (payload !== 'UNSIGNED-PAYLOAD' && !/^[0-9a-f]{64}$/.test(payload)) {
		throw invalidArgument(
			'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
		);
	}
	if (payload === 'UNSIGNED-PAYLOAD' && headers['content-encoding']?.includes('aws-chunked')) {
		throw invalidArgument(
			'aws-chunked encoding is not supported when x-amz-content-sha256 UNSIGNED-PAYLOAD is supplied.',
		);
	}
	const { 'content-length': length, 'transfer-encoding': encoding } = headers;
	if (encoding !== undefined) throw notImplemented({ Header: 'Transfer-Encoding' });
	if (length === undefined && purpose === 'content') throw missingLength();
	return Number(length ?? 0);
}

const missingLength = () =>
	new S3Error(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');

const trailerNames = (headers: Target['headers']): string[] =>
	(headers['x-amz-trailer'] ?? '')
		.split(',')
		.map((name) => name.trim().toLowerCase())
		.filter((name) => name !== '');

async function* counted({ message, count }: IncomingBody): AsyncGenerator<Buffer> {
	// An error must not end the connection: there is a response to send.
	const chunks: AsyncIterable<Buffer> = message.iterator({ destroyOnReturn: false });
	for await (const chunk of chunks) {
		count(chunk.length);
		yield chunk;
	}
}

async function* exactly(body: AsyncIterable<Buffer>, announced: number): AsyncGenerator<Buffer> {
	let left = announced;
	for await (const chunk of body) {
		left -= chunk.length;
		if (left < 0) break;
		yield chunk;
	}
	if (left === 0) return;
	throw new S3Error(
		400,
		'IncompleteBody',
		'You did not provide the number of bytes specified by the Content-Length HTTP header',
	);
}
