import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';

/** A request and the response to it. */
interface Exchange {
	readonly request: ClientRequest;
	readonly response: IncomingMessage;
}

/** Node publishes every exchange here before it hands the response to anybody. */
const RESPONSES = 'http.client.response.finish';

let isRedacting = false;

/**
 * Keeps signatures and session tokens out of the executions that n8n stores. When the HTTP Request
 * node is run by hand and its response is a file, n8n stores the stream of the response as JSON.
 * On that stream hangs the request with all its headers.
 *
 * From the first call on, every request of this process that has a Signature Version 4, whoever
 * signed it, is only its method when it is made JSON, and its response only status and headers. To
 * tell ours apart, this would have to remember what was signed; so it remembers nothing.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html#built-in-channels
 */
export function redactSignedRequests(): void {
	if (isRedacting) return;
	isRedacting = true;
	subscribe(RESPONSES, (message) => {
		const { request, response } = message as Exchange;
		if (!isSigned(request)) return;
		const { statusCode, headers } = response;
		setJson(response, { statusCode, headers });
		setJson(request, { method: request.method });
	});
}

function isSigned(request: ClientRequest): boolean {
	return String(request.getHeader('authorization')).startsWith('AWS4-HMAC-SHA256 ');
}

/** A second copy of this package in the same process may set it again. */
function setJson(target: object, json: object): void {
	Object.defineProperty(target, 'toJSON', { value: () => json, configurable: true });
}
