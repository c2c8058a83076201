/** How something is added to what the SDK does with requests and responses. */
import type { S3Client } from '../sdk';

/** A response before the SDK has read it. */
export interface RawResponse {
	statusCode: number;
	/** Names in lower case. */
	readonly headers: Record<string, string | undefined>;
	/** A stream; bytes once `boundedBodies` has read it. */
	body: unknown;
}

/**
 * Makes a client change the headers of its requests before they are signed. What is added first comes first.
 * @param change gets the SDK's name of the call, e.g. `PutObjectCommand`
 */
export function beforeSigning(
	client: S3Client,
	name: string,
	change: (headers: Record<string, string | undefined>, commandName: string) => void,
): void {
	client.middlewareStack.add(
		(next, { commandName = '' }) =>
			(args) => {
				change((args.request as RawResponse).headers, commandName);
				return next(args);
			},
		{ step: 'build', priority: 'low', name },
	);
}

/**
 * Makes a client look at its responses, or change them, before the SDK reads them. What is added first comes last.
 * @param look gets the SDK's name of the call, and the request as it was sent; what it throws becomes the error
 */
export function beforeReading(
	client: S3Client,
	name: string,
	look: (response: RawResponse, commandName: string, request: unknown) => Promise<void> | void,
): void {
	client.middlewareStack.add(
		(next, { commandName = '' }) =>
			async (args) => {
				const result = await next(args);
				await look(result.response as RawResponse, commandName, args.request);
				return result;
			},
		{ step: 'deserialize', priority: 'low', name },
	);
}
