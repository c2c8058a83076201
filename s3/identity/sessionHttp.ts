import { request as requestHttp } from 'node:http';
import type {
	ClientRequest,
	IncomingHttpHeaders,
	IncomingMessage,
	RequestOptions,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import { text as textOf } from 'node:stream/consumers';
import { NETWORK, UNKNOWN_NETWORK } from '../errors/networkErrors';
import { explanationOfProxy, ProxyError } from '../errors/proxyError';
import { S3Failure } from '../S3Failure';
import type { Transport } from './Session';

/** Bytes; the answers of these services have a few thousand. */
const LONGEST_ANSWER = 256 * 1024;

/** What a service that lends sessions is called in messages. */
export interface Service {
	/** As in `AssumeRole`. */
	readonly operation: string;
	/** As in `Roles Anywhere`. */
	readonly name: string;
	/** Beginning of a sentence about a failure. */
	readonly purpose: string;
}

/** A POST request, ready to be sent. */
export interface PostRequest {
	readonly url: URL;
	/** Lower-case names; the host as it was signed is among them. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

export interface Answer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly text: string;
}

/**
 * Sends a request once and reads the whole answer; redirects are not followed.
 * @throws S3Failure of kind `unreachable` that names host and cause
 */
export async function post(
	request: PostRequest,
	service: Service,
	transport: Transport,
): Promise<Answer> {
	const timeUp = AbortSignal.timeout(transport.timeout);
	try {
		const response = await send(request, transport, timeUp);
		const { statusCode: status = 0, headers } = response;
		const refusal = transport.proxyRefusal?.(request.url.origin, status, headers);
		if (refusal !== undefined) {
			response.destroy();
			throw refusal;
		}
		const text = await textOf(bounded(response));
		return { status, headers, text };
	} catch (error) {
		if (error instanceof S3Failure) throw error;
		if (error instanceof ProxyError) throw atProxy(error, request.url, service);
		const code = timeUp.aborted ? 'TimeoutError' : codeOf(error);
		throw unreachable(code, request.url, service, transport.proxyTo?.(request.url.origin));
	}
}

function send(
	{ url, headers, body }: PostRequest,
	{ httpAgent, httpsAgent }: Transport,
	signal: AbortSignal,
): Promise<IncomingMessage> {
	return new Promise((resolve, reject) => {
		const options: RequestOptions = {
			method: 'POST',
			headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
			signal,
		};
		const request: ClientRequest =
			url.protocol === 'https:'
				? requestHttps(url, { ...options, agent: httpsAgent })
				: requestHttp(url, { ...options, agent: httpAgent });
		request.once('response', resolve).once('error', reject).end(body);
	});
}

/** Cuts an answer of any other service before it fills the memory. */
async function* bounded(response: IncomingMessage): AsyncGenerator<Buffer> {
	let length = 0;
	for await (const chunk of response as AsyncIterable<Buffer>) {
		yield chunk.subarray(0, LONGEST_ANSWER - length);
		length += chunk.length;
		if (length >= LONGEST_ANSWER) return;
	}
}

function codeOf(error: unknown): string | undefined {
	const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
	const found = code ?? cause?.code;
	return typeof found === 'string' ? found : undefined;
}

function atProxy(error: ProxyError, url: URL, service: Service): S3Failure {
	const { words, advice, code, retryable } = explanationOfProxy(error, url.host);
	return new S3Failure({
		kind: 'unreachable',
		message: `${service.purpose}: ${words}`,
		advice,
		retryable,
		operation: service.operation,
		code,
		status: error.status,
	});
}

function unreachable(
	code: string | undefined,
	url: URL,
	service: Service,
	proxy: string | undefined,
): S3Failure {
	const details = {
		kind: 'unreachable' as const,
		operation: service.operation,
		code,
	};
	if (code === 'ENOTFOUND') {
		return new S3Failure({
			...details,
			message: `${service.purpose}: there is no such ${service.name} endpoint as ${url.hostname}`,
			advice: 'Check the region (or the endpoint) in the credential, and the DNS of this machine.',
		});
	}
	const known = code === undefined ? undefined : NETWORK[code];
	const { words, advice, retryable } = known ?? UNKNOWN_NETWORK;
	const way = proxy === undefined ? '' : ` through the proxy ${proxy}`;
	return new S3Failure({
		...details,
		message: `${service.purpose}: ${url.host}${way} could not be reached, ${words}`,
		advice,
		retryable,
	});
}
