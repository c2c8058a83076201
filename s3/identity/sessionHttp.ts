import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { explanationOfNetwork, systemCodeOf } from '../errors/networkErrors';
import { explanationOfProxy, ProxyError } from '../errors/proxyError';
import type { Agents } from '../http/Agents';
import { sendRequest } from '../http/sendRequest';
import { bodyChunks } from '../retry/bodyChunks';
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
	const { timeout } = http;
	const end = AbortSignal.timeout(timeout);
	try {
		const response = await sendRequest(request, http, undefined, {
			connect: timeout,
			response: timeout,
		});
		const { statusCode: status = 0, headers } = response;
		return { status, headers, text: await readText(beginning(response, end)) };
	} catch (error) {
		if (error instanceof S3Failure) throw error;
		if (error instanceof ProxyError) throw proxyFailure(error, request.url, service);
		const code = systemCodeOf(error) ?? (end.aborted ? 'TimeoutError' : undefined);
		throw networkFailure(code, request.url, service, http.proxyTo?.(request.url.origin));
	}
}

/** The beginning of a response: one of another server could fill the memory. */
async function* beginning(response: IncomingMessage, end: AbortSignal): AsyncGenerator<Buffer> {
	let length = 0;
	for await (const chunk of bodyChunks(response, end)) {
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
