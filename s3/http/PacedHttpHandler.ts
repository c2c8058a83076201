import type { Readable } from 'node:stream';
import type { BodyBuffer } from '../memory/BodyBuffer';
import type { RequestRate } from '../retry/RequestRate';
import type { NodeHttpHandler } from '../sdk';
import type { Agents } from './Agents';
import type { RangeReader } from './range/RangeReader';
import { readInto } from './readBody';

type Handle = NodeHttpHandler['handle'];
type Request = Parameters<Handle>[0];
type Handled = Awaited<ReturnType<Handle>>;

/** What a call tells the HTTP handler; the SDK passes it on as it is. */
export interface HttpOptions extends NonNullable<Parameters<Handle>[1]> {
	/** Where the body of a range (status 206) is read into. */
	body?: BodyBuffer;
}

/** What the handler is made of. */
export interface HttpParts {
	/** Sends a request and gives the body of its response as a stream. */
	handler: NodeHttpHandler;
	/** Makes the response to a request whose body was read into a buffer. */
	emptyResponse: (head: { statusCode: number; headers: Record<string, string> }) => Handled;
	rate: RequestRate;
	ranges: RangeReader;
	/** The error for a response that comes from a proxy and not from the server. */
	proxyRefusal: Agents['proxyRefusal'];
}

/** Sends requests no faster than the rate of their connection, and tells it what became of them. */
export class PacedHttpHandler {
	readonly metadata: NodeHttpHandler['metadata'];

	constructor(private readonly parts: HttpParts) {
		this.metadata = parts.handler.metadata;
	}

	/**
	 * Sends one request. The body of a range that goes into a buffer is read when this resolves; what broke it
	 * off stands in the buffer.
	 * @throws ProxyError, or what Node throws when there is no response
	 */
	async handle(request: Request, options: HttpOptions = {}): Promise<Handled> {
		const { body } = options;
		const read = body && (await this.readRange(request, body, options));
		if (read !== undefined) return read;
		const handled = await this.send(request, options);
		if (body !== undefined && handled.response.statusCode === 206) {
			await readInto(body, handled.response.body as Readable);
			return this.parts.emptyResponse(handled.response);
		}
		return handled;
	}

	destroy(): void {
		this.parts.handler.destroy();
	}

	updateHttpClientConfig(
		...[key, value]: Parameters<NodeHttpHandler['updateHttpClientConfig']>
	): void {
		this.parts.handler.updateHttpClientConfig(key, value);
	}

	httpHandlerConfigs(): ReturnType<NodeHttpHandler['httpHandlerConfigs']> {
		return this.parts.handler.httpHandlerConfigs();
	}

	/** Undefined for a request that takes the HTTP client. */
	private async readRange(
		request: Request,
		body: BodyBuffer,
		options: HttpOptions,
	): Promise<Handled | undefined> {
		const signal = signalOf(options);
		const { ranges, rate } = this.parts;
		// A turn of the rate is for one request.
		if (!ranges.takes(request)) return undefined;
		const sentAt = await rate.acquire(signal);
		const response = await ranges.readInto(request, body, signal);
		if (response === undefined) return undefined;
		rate.onResponse(sentAt, response.statusCode, retryAfterOf(response.headers));
		return this.parts.emptyResponse(response);
	}

	private async send(request: Request, options: HttpOptions): Promise<Handled> {
		const { handler, rate, proxyRefusal } = this.parts;
		const sentAt = await rate.acquire(signalOf(options));
		const handled = await handler.handle(request, options);
		const { statusCode, headers } = handled.response;
		const { protocol, hostname, port } = request;
		const url = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`;
		const refusal = proxyRefusal?.(url, statusCode, headers);
		if (refusal !== undefined) {
			(handled.response.body as Readable).destroy();
			throw refusal;
		}
		rate.onResponse(sentAt, statusCode, retryAfterOf(headers));
		return handled;
	}
}

/** The SDK's type also allows the signals of browsers before 2018. */
const signalOf = ({ abortSignal }: HttpOptions): AbortSignal | undefined =>
	abortSignal as AbortSignal | undefined;

/** Milliseconds that the server asks to wait; 0 where it does not. */
const retryAfterOf = (headers: Record<string, string | undefined>): number =>
	1000 * (Number(headers['retry-after']) || 0);
