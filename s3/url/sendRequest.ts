import { request as requestHttp } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Agents } from '../http/Agents';
import { silence } from '../retry/bodyChunks';
import type { LeastProgress } from '../retry/Progress';
import type { FileRequest } from './redirect';

/** Milliseconds for which a server may be silent, and how much it has to send. */
export interface Patience {
	/** Until there is a connection, with TLS. */
	readonly connect: number;
	/** Until the response begins. */
	readonly response: number;
	/** Between two pieces of its body. */
	readonly body: number;
	/** Of its body. */
	readonly least: LeastProgress;
}

/** Reports are often made while somebody waits for them. */
export const PATIENCE: Patience = {
	connect: 10_000,
	response: 300_000,
	body: 120_000,
	least: { bytes: 64 * 1024, within: 300_000 },
};

/**
 * Sends a request once and resolves when its response begins; redirects are not followed.
 * @param signal breaks off the request and the body of its response
 * @throws ProxyError, or what Node throws if there is no response; its code is ETIMEDOUT if none came in time
 */
export function sendRequest(
	{ url, method, headers, body }: FileRequest,
	{ httpAgent, httpsAgent, proxyRefusal }: Agents,
	signal: AbortSignal | undefined,
	patience: Patience,
): Promise<IncomingMessage> {
	const isSecure = url.protocol === 'https:';
	return new Promise((resolve, reject) => {
		const options = { method, headers, ...(signal && { signal }) };
		const request: ClientRequest = isSecure
			? requestHttps(url, { ...options, agent: httpsAgent })
			: requestHttp(url, { ...options, agent: httpAgent });
		const giveUp = () => request.destroy(silence());
		const timer = setTimeout(giveUp, patience.response);
		request.once('socket', (socket) => {
			if (!socket.connecting) return;
			const connectTimer = setTimeout(giveUp, patience.connect);
			const connected = () => {
				clearTimeout(connectTimer);
			};
			socket.once(isSecure ? 'secureConnect' : 'connect', connected).once('close', connected);
		});
		request.once('error', (error) => {
			clearTimeout(timer);
			reject(error);
		});
		request.once('response', (response) => {
			clearTimeout(timer);
			// If nothing tells the length of the body, Node takes a broken connection for its end.
			request.on('error', (error) => response.destroy(error));
			const { statusCode = 0 } = response;
			const refusal = proxyRefusal?.(url.origin, statusCode, response.headers);
			if (refusal === undefined) {
				resolve(response);
				return;
			}
			response.destroy();
			reject(refusal);
		});
		request.end(body);
	});
}
