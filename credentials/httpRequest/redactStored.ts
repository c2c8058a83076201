import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';

/** Published by Node for every answer, before anybody is given it. */
const ANSWERS = 'http.client.response.finish';
/** Sessions bring new keys each hour; of more than this the ones that signed longest ago are forgotten. */
const MOST_SIGNERS = 10_000;

const signers = new Set<string>();
let watching = false;

/**
 * Keeps this request's headers out of what n8n stores. n8n's HTTP Request node, run by hand, writes
 * the answer into the execution, with all that hangs on it; a file's answer is Node's stream, on
 * which the request hangs with its signature, session token or password. So the answer is status and
 * headers, and the request its method, where they are made JSON. Answers to requests of others stay
 * as they are.
 *
 * @param authorization the header as it will be sent
 */
export function storeAnswerWithoutRequest(authorization: string): void {
	const signer = signerOf(authorization);
	signers.delete(signer);
	signers.add(signer);
	const [oldest] = signers;
	if (signers.size > MOST_SIGNERS && oldest !== undefined) signers.delete(oldest);
	if (watching) return;
	subscribe(ANSWERS, (message) => {
		whenAnswered(message as { request: ClientRequest; response: IncomingMessage });
	});
	watching = true;
}

function whenAnswered({
	request,
	response,
}: {
	request: ClientRequest;
	response: IncomingMessage;
}) {
	const authorization = request.getHeader('authorization');
	if (typeof authorization !== 'string' || !signers.has(signerOf(authorization))) return;
	const { statusCode, headers } = response;
	writtenAs(response, { statusCode, headers });
	writtenAs(request, { method: request.method });
}

/** What an object is made into where it is made JSON; a second copy of this package may say so again. */
function writtenAs(what: object, written: object): void {
	Object.defineProperty(what, 'toJSON', { value: () => written, configurable: true });
}

/** What is the same in all requests with the same keys: the access key of a signature, or all of a password. */
function signerOf(authorization: string): string {
	return /^AWS4-HMAC-SHA256 Credential=[^/]+/.exec(authorization)?.[0] ?? authorization;
}
