import { request as requestHttp } from 'node:http';
import type {
	ClientRequest,
	IncomingHttpHeaders,
	IncomingMessage,
	RequestOptions,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import { text as readText } from 'node:stream/consumers';
import { explanationOfNetwork, systemCodeOf } from '../errors/networkErrors';
import { explanationOfProxy, ProxyError } from '../errors/proxyError';
import type { Agents } from '../http/Agents';
import { S3Failure } from '../S3Failure';

/** Bytes; the responses of these services have a few thousand. */
const MAX_RESPONSE_BYTES = 256 * 1024;

/** How the services that issue sessions are reached. */
export interface SessionHttp extends Agents {
	/** Gives milliseconds since 1970. */
	readonly clock: () => number;
	/** Milliseconds that one request may take. */
	readonly timeout: number;
}

/** The names of a service that issues sessions, for messages. */
export interface SessionService {
	/** As in `AssumeRole`. */
	readonly operation: string;
	/** As in `Roles Anywhere`. */
	readonly name: string;
	/** Beginning of a sentence about a failure. */
	readonly purpose: string;
	/** Whether the environment says how it is reached, and not the credential. */
	readonly isOfMachine?: boolean;
	/** What to do if nothing answers; undefined if that depends on the cause alone. */
	readonly unreachable?: string;
}

/** A request, ready to be sent. */
export interface SessionRequest {
	readonly method: 'GET' | 'POST' | 'PUT';
	readonly url: URL;
	/** Lower-case names; the host as it was signed is among them. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
	/** What no failure repeats, besides what is secret in the headers. */
	readonly secrets?: readonly string[];
}

/** A response that was read whole. */
export interface SessionResponse {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly text: string;
}

/**
 * Sends a request once and reads the whole response; redirects are not followed.
 * @throws S3Failure of kind `unreachable` that names host and cause
 */
export async function exchange(
	request: SessionRequest,
	service: SessionService,
	http: SessionHttp,
): Promise<SessionResponse> {
	const timeout = AbortSignal.timeout(http.timeout);
	const { origin } = request.url;
	const way = { isConnected: false };
	try {
		const response = await send(request, http, timeout, way);
		const { statusCode: status = 0, headers } = response;
		const refusal = http.proxyRefusal?.(origin, status, headers);
		if (refusal !== undefined) {
			response.destroy();
			throw refusal;
		}
		return { status, headers, text: await readText(limited(response)) };
	} catch (error) {
		if (error instanceof S3Failure) throw error;
		if (error instanceof ProxyError) throw proxyFailure(error, request.url, service);
		const late = way.isConnected ? 'TimeoutError' : 'ETIMEDOUT';
		const code = timeout.aborted ? late : systemCodeOf(error);
		throw networkFailure(code, request.url, service, http.proxyTo?.(origin));
	}
}

function send(
	{ method, url, headers, body }: SessionRequest,
	{ httpAgent, httpsAgent }: SessionHttp,
	signal: AbortSignal,
	way: { isConnected: boolean },
): Promise<IncomingMessage> {
	return new Promise((resolve, reject) => {
		const length = method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
		const options: RequestOptions = { method, headers: { ...headers, ...length }, signal };
		const request: ClientRequest =
			url.protocol === 'https:'
				? requestHttps(url, { ...options, agent: httpsAgent })
				: requestHttp(url, { ...options, agent: httpAgent });
		request.once('socket', (socket) => {
			way.isConnected = !socket.connecting;
			if (socket.connecting) socket.once('connect', () => (way.isConnected = true));
		});
		request.once('response', resolve).once('error', reject).end(body);
	});
}

/** The beginning of a response: one of another server could fill the memory. */
async function* limited(response: IncomingMessage): AsyncGenerator<Buffer> {
	let length = 0;
	for await (const chunk of response as AsyncIterable<Buffer>) {
		yield chunk.subarray(0, MAX_RESPONSE_BYTES - length);
		length += chunk.length;
		if (length >= MAX_RESPONSE_BYTES) return;
	}
}

function proxyFailure(error: ProxyError, url: URL, service: SessionService): S3Failure {
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

function networkFailure(
	code: string | undefined,
	url: URL,
	service: SessionService,
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
			advice:
				service.unreachable ??
				'Check the region (or the endpoint) in the credential, and the DNS of this machine.',
		});
	}
	const { words, advice, retryable } = explanationOfNetwork(code, url.hostname);
	const way = proxy === undefined ? '' : ` through the proxy ${proxy}`;
	return new S3Failure({
		...details,
		message: `${service.purpose}: ${url.host}${way} could not be reached, ${words}`,
		advice: service.unreachable ?? advice,
		retryable,
	});
}
