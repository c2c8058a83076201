import type { Readable } from 'node:stream';
import { retryAfterMs } from '../errors/retryAfter';
import type { BodyBuffer } from '../memory/BodyBuffer';
import { bodyChunks } from '../retry/bodyChunks';
import type { RequestRate } from '../retry/RequestRate';
import type { NodeHttpHandler } from '../sdk';
import type { Agents } from './Agents';
import type { RangeReader, RangeResponse } from './range/RangeReader';

/** What the SDK asks of a request handler. */
type RequestHandler = Pick<NodeHttpHandler, keyof NodeHttpHandler>;
type Request = Parameters<RequestHandler['handle']>[0];
type Handled = Awaited<ReturnType<RequestHandler['handle']>>;

/** What a call tells the HTTP handler; the SDK passes it on as it is. */
export interface HttpOptions extends NonNullable<Parameters<RequestHandler['handle']>[1]> {
	/** The buffer into which the body of a range (status 206) is read, instead of being given as a stream. */
	body?: BodyBuffer;
}

/** What the handler is made of. */
export interface HttpParts {
	/** The HTTP client: sends a request and gives the body of its response as a stream. */
	handler: RequestHandler;
	/** Makes the response to a request whose body was read into a buffer. */
	emptyResponse: (head: { statusCode: number; headers: Record<string, string> }) => Handled;
	rate: RequestRate;
	ranges: RangeReader;
	/** The error for a response that comes from a proxy and not from the server. */
	proxyRefusal: Agents['proxyRefusal'];
}

/** Sends the requests of a connection no faster than its rate allows, and ranges through their own reader. */
export class PacedHttpHandler implements RequestHandler {
	readonly metadata: RequestHandler['metadata'];

	constructor(private readonly parts: HttpParts) {
		this.metadata = parts.handler.metadata;
	}

	/**
	 * Sends one request. If the body of its response goes into a buffer, it was read when this resolves; what
	 * broke it off is noted in the buffer.
	 * @throws ProxyError, or what Node throws if there is no response
	 */
	async handle(request: Request, options: HttpOptions = {}): Promise<Handled> {
		const { body } = options;
		const { rate, ranges, emptyResponse } = this.parts;
		// The SDK's type also allows the signals of browsers before 2018.
		const signal = options.abortSignal as AbortSignal | undefined;
		let sentAt = await rate.acquire(signal);
		const range = body && (await ranges.readInto(request, body, signal));
		if (range !== undefined) {
			this.tellRate(sentAt, range.head);
			if (range.isRead) return emptyResponse(range.head);
			sentAt = await rate.acquire(signal);
		}
		const handled = await this.send(request, options, sentAt);
		if (body === undefined || handled.response.statusCode !== 206) return handled;
		await readInto(body, handled.response.body as Readable, signal);
		return emptyResponse(handled.response);
	}

	destroy(): void {
		this.parts.handler.destroy();
		this.parts.ranges.destroy();
	}

	updateHttpClientConfig(...args: Parameters<RequestHandler['updateHttpClientConfig']>): void {
		this.parts.handler.updateHttpClientConfig(...args);
	}

	httpHandlerConfigs(): ReturnType<RequestHandler['httpHandlerConfigs']> {
		return this.parts.handler.httpHandlerConfigs();
	}

	/** Sends a request through the HTTP client, when it is its turn. */
	private async send(request: Request, options: HttpOptions, sentAt: number): Promise<Handled> {
		const { handler, proxyRefusal } = this.parts;
		const handled = await handler.handle(request, options);
		const { statusCode, headers } = handled.response;
		const { protocol, hostname, port } = request;
		const url = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`;
		const refusal = proxyRefusal?.(url, statusCode, headers);
		if (refusal !== undefined) {
			(handled.response.body as Readable).destroy();
			throw refusal;
		}
		this.tellRate(sentAt, handled.response);
		return handled;
	}

	/** @param head of the response to the request that was sent then; undefined if it was not understood */
	private tellRate(sentAt: number, head: RangeResponse['head']): void {
		if (head === undefined) return;
		const atLeastMs = retryAfterMs(head.headers['retry-after']) ?? 0;
		this.parts.rate.onResponse(sentAt, head.statusCode, atLeastMs);
	}
}

/** Reads the body of a response into a buffer, and notes what breaks it off. */
async function readInto(
	buffer: BodyBuffer,
	body: Readable,
	signal: AbortSignal | undefined,
): Promise<void> {
	try {
		for await (const chunk of bodyChunks(body, signal)) {
			buffer.filled += chunk.copy(buffer.memory, buffer.filled);
		}
	} catch (error) {
		buffer.failure = error;
	}
}
