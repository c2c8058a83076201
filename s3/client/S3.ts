import type { Call } from '../Call';
import type { Connection } from '../Connection';
import type { BodyBuffer } from '../memory/BodyBuffer';
import type { MemoryBudget } from '../memory/MemoryBudget';
import type { Calls } from '../sdk';

/** How one call of the S3 API is sent. */
export interface SendOptions extends Call {
	/** Where the body of a range of an object (a response with status 206) is read into, instead of a stream. */
	body?: BodyBuffer;
}

/** A request as the SDK makes it, not signed. */
export interface BuiltRequest {
	readonly method: string;
	/** With the colon. */
	readonly protocol: string;
	readonly hostname: string;
	readonly port?: number | undefined;
	readonly path: string;
	readonly query: Record<string, string | string[] | null>;
	/** Names in lower case. */
	readonly headers: Record<string, string>;
}

/** One connection, ready to be used; shared by everything in the process that uses the same settings. */
export interface S3 {
	readonly connection: Connection;
	/** Bytes that all uploads over this connection may hold in buffers for parts. */
	readonly writeMemory: MemoryBudget;
	/** Bytes that all downloads over this connection may hold in buffers for ranges. */
	readonly readMemory: MemoryBudget;
	/**
	 * Sends one call of the S3 API, in the bucket's own region, retried where that is safe.
	 * A body that is a stream is sent once; a failure with `retryable` may be tried with a new one.
	 * @throws S3Failure
	 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
	 */
	send<Name extends keyof Calls>(
		name: Name,
		input: Calls[Name]['input'],
		options: SendOptions,
	): Promise<Calls[Name]['output']>;
}

/** Makes requests that others send: links and forms. */
interface RequestBuilder {
	/**
	 * Makes the request of a call without signing or sending it, under the same rules as
	 * `send`.
	 * @throws S3Failure
	 */
	build<Name extends keyof Calls>(name: Name, input: Calls[Name]['input']): Promise<BuiltRequest>;
}

/** A connection as it was opened, with what the responses so far have told about it. */
export interface OpenS3 extends S3, RequestBuilder {
	/** Where the bucket is, if that is not the region of the connection. */
	regionFoundFor(bucket: string | undefined): string | undefined;
	/** Whether the server throttles, or transfers wait for memory. */
	isUnderPressure(): boolean;
	/** A sentence for people when requests are signed with the server's time, because ours is wrong. */
	clockWarning(): string | undefined;
}
