import type { BodyBuffer } from '../../memory/BodyBuffer';
import type { ResponseHead } from './responseHead';

/** A signed request in the form of the SDK. */
export interface RangeRequest {
	readonly method: string;
	/** With the colon. */
	readonly protocol: string;
	readonly hostname: string;
	readonly port?: number | undefined;
	readonly path: string;
	readonly query?: Record<string, string | string[] | null> | undefined;
	readonly headers: Readonly<Record<string, string>>;
}

/**
 * What came back for a range: either its body was read into the buffer, as far as it came, or nothing of it
 * was and the HTTP client has to send the request again. The head is undefined if it is not understood.
 */
export type RangeResponse =
	| { readonly isRead: true; readonly head: ResponseHead }
	| { readonly isRead: false; readonly head: ResponseHead | undefined };

/** Reads ranges of objects into memory without Node's HTTP client. */
export interface RangeReader {
	/**
	 * Sends a request and reads the body of its response into a buffer; what breaks the body off is noted
	 * in the buffer.
	 * @returns undefined if the HTTP client has to send the request, of which nothing was sent
	 * @throws Error if no response comes; an AbortError if the signal fires before it
	 */
	readInto(
		request: RangeRequest,
		body: BodyBuffer,
		signal: AbortSignal | undefined,
	): Promise<RangeResponse | undefined>;

	/** Closes all connections. */
	destroy(): void;
}
