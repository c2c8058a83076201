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

/** A request as a call asks for it, not signed, and without what the SDK adds to requests. */
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
	/**
	 * How the endpoint wants it signed: `sigv4` for a service and a region, or a scheme that the SDK has for special
	 * buckets. The service is `s3`, but that of Object Lambda is another one.
	 */
	readonly signing: {
		readonly scheme: string | undefined;
		readonly service: string | undefined;
		readonly region: string | undefined;
	};
}

/** What links and forms are for, and for how long. */
export interface LinkTerms {
	readonly bucket: string;
	readonly key: string;
	/** Seconds, 1 to 604,800. */
	readonly expiresIn: number;
	/** URL under which others reach the server; undefined is that of the connection. */
	readonly publicEndpoint?: string | undefined;
}

/** Why a link ends before it was asked to: with the session that signs it, or for the connection's settings. */
export type LinkCap = 'session' | 'privacyLevel';

/** A request that anyone can send until it expires. */
export interface PresignedRequest {
	readonly url: string;
	/** Headers that are part of the signature: they have to be sent exactly like this. */
	readonly headers: Record<string, string>;
}

/** Signs links and forms that all end at the same time. */
export interface LinkSigner {
	readonly expiresAt: Date;
	/** Undefined if they live as long as they were asked to. */
	readonly cappedBy: LinkCap | undefined;
	/** Sentences for people about what could make the links fail. */
	readonly warnings: readonly string[];
	/** Makes the request of a call for the public endpoint, as `OpenS3` does. */
	build<Name extends keyof Calls>(name: Name, input: Calls[Name]['input']): Promise<BuiltRequest>;
	/** @throws S3Failure of kind `invalid` if the bucket's endpoint takes other signatures */
	presign(request: BuiltRequest): Promise<PresignedRequest>;
	/**
	 * The fields by which a form proves that it may be sent: the policy and its signature.
	 * @param conditions of the policy, without those that the signature needs
	 * @throws S3Failure of kind `invalid` if the bucket's endpoint takes other signatures
	 */
	signForm(
		request: BuiltRequest,
		conditions: readonly PolicyCondition[],
	): Promise<Record<string, string>>;
}

/**
 * What a field of a form must be, or begin with, or how many bytes its file may have.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export type PolicyCondition =
	| Readonly<Record<string, string>>
	| readonly ['eq' | 'starts-with', field: string, value: string]
	| readonly ['content-length-range', min: number, max: number];

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

/** A connection as it was opened, with what the responses so far have told about it. */
export interface OpenS3 extends S3 {
	/**
	 * Makes the request of a call that others send, without signing it, under the same rules as `send`.
	 * @param endpoint URL of the server; undefined is that of the connection
	 * @throws S3Failure
	 */
	build<Name extends keyof Calls>(
		name: Name,
		input: Calls[Name]['input'],
		endpoint?: string,
	): Promise<BuiltRequest>;
	/**
	 * Gets ready to sign links and forms, with keys that are valid for as long as possible and for the region of
	 * the bucket, for which Amazon S3 is asked once.
	 * @throws S3Failure, of kind `refused` if the connection is not for links, `invalid` for such a life
	 */
	signerFor(terms: LinkTerms, call: Call): Promise<LinkSigner>;
	/** Where the bucket is, if that is not the region of the connection. */
	regionFoundFor(bucket: string | undefined): string | undefined;
	/** Whether the server throttles, or transfers wait for memory. */
	isUnderPressure(): boolean;
	/** A sentence for people when requests are signed with the server's time, because ours is wrong. */
	clockWarning(): string | undefined;
}
