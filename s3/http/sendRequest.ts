import { request as requestHttp } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { silence } from '../retry/bodyChunks';
import type { Agents } from './Agents';

/** A request, ready to be sent. */
export interface WholeRequest {
	readonly url: URL;
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string | undefined;
}

/** Milliseconds for which a server may be silent. */
export interface Patience {
	/** Until there is a connection, with TLS. */
	readonly connect: number;
	/** Until the response begins, the connection included. */
	readonly response: number;
}

/**
 * Sends a request once and resolves when its response begins; redirects are not followed.
 * @param signal breaks off the request and the body of its response
 * @throws ProxyError, or what Node throws if there is no response; if none came in time, its code is ETIMEDOUT
 * without a connection and TimeoutError with one
 */
export function sendRequest(
	{ url, method, headers, body }: WholeRequest,
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
		let isConnected = false;
		const giveUp = () => request.destroy(silence(isConnected ? 'TimeoutError' : 'ETIMEDOUT'));
		const timer = setTimeout(giveUp, patience.response);
		request.once('socket', (socket) => {
			isConnected = !socket.connecting;
			if (isConnected) return;
			const connectTimer = setTimeout(giveUp, patience.connect);
			const connected = () => {
				isConnected = true;
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
