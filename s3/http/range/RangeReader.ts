import type { BodyBuffer } from '../../memory/BodyBuffer';

/** A signed request as the SDK has it. */
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

/** The head of a response. */
export interface RangeResponse {
	readonly statusCode: number;
	/** Names in lower case. */
	readonly headers: Record<string, string>;
}

/** Reads ranges of objects into memory, past Node's HTTP client. */
export interface RangeReader {
	/** Whether it sends such a request: a plain GET, straight to a server. */
	takes(request: RangeRequest): boolean;
	/**
	 * Sends a request and reads the body of a 206 into the buffer; what broke it off stands in the buffer.
	 * @returns undefined for a response that takes the HTTP client, for which the request is sent again
	 * @throws Error when there is no response; an AbortError when the signal fires before
	 */
	readInto(
		request: RangeRequest,
		body: BodyBuffer,
		signal: AbortSignal | undefined,
	): Promise<RangeResponse | undefined>;
}
