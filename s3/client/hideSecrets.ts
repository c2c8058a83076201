import { nameOf } from '../errors/failureFrom';
import { secretsOf, withoutSecrets } from '../errors/withoutSecrets';
import { S3Failure } from '../S3Failure';
import type { S3Client } from '../sdk';

/** What the server says is in these objects of an error, or of a response that reports errors. */
interface Said {
	readonly $metadata?: unknown;
	readonly $response?: { readonly headers?: unknown };
	/** A body that is no XML. */
	readonly $responseBodyText?: unknown;
	readonly Errors?: readonly unknown[];
	readonly UploadId?: unknown;
}

interface Target {
	readonly Bucket?: string | undefined;
	readonly Key?: string | undefined;
}

/** Characters below which a secret may be in the ID of an upload by chance. */
const MIN_SECRET = 8;

/**
 * Makes the client take the secrets of each request out of what the server says about an error, in whatever part
 * of the response.
 * @param more what a proxy on the way is sent besides
 */
export function hideSecrets(client: S3Client, more: readonly string[]): void {
	client.middlewareStack.add(
		(next) => async (args) => {
			const { headers } = args.request as { headers: Record<string, string> };
			const secrets = () => [...secretsOf(headers), ...more];
			try {
				const result = await next(args);
				const { Errors: errors = [], UploadId: uploadId } = result.output as Said;
				// Nearly all responses have neither, so nobody looks for secrets then.
				if (uploadId === undefined && errors.length === 0) return result;
				const sent = secrets();
				checkUploadId(uploadId, sent, args.input as Target);
				for (const error of errors) clean(error, sent, ['Code', 'Message']);
				return result;
			} catch (error) {
				const { $metadata, $response, $responseBodyText: body } = Object(error) as Said;
				const sent = secrets();
				for (const said of [error, $metadata, $response?.headers]) clean(said, sent);
				// The SDK's property for it cannot be written to.
				if (typeof body === 'string') {
					Object.assign(Object(error), { bodyText: withoutSecrets(body, sent) });
				}
				throw error;
			}
		},
		{ step: 'deserialize', priority: 'high', name: 'hideSecrets' },
	);
}

/** An ID is sent on as it is, and an error names it much later: one with a secret in it is not taken. */
function checkUploadId(id: unknown, secrets: readonly string[], input: Target): void {
	const long = secrets.filter(({ length }) => length >= MIN_SECRET);
	if (typeof id !== 'string' || withoutSecrets(id, long) === id) return;
	const { Bucket: bucket, Key: key } = input;
	throw S3Failure.corrupt(
		`Could not begin an upload to ${nameOf(bucket, key)}: its ID repeats a secret of the request`,
		'Check that the endpoint is that of an S3 server.',
		{ operation: 'CreateMultipartUpload', bucket, key },
	);
}

/** Takes secrets out of the texts that an object has, in place: the SDK and its retries know the object. */
function clean(said: unknown, secrets: readonly string[], only?: readonly string[]): void {
	if (typeof said !== 'object' || said === null) return;
	for (const name of only ?? Object.getOwnPropertyNames(said)) {
		const value: unknown = Reflect.get(said, name);
		if (typeof value === 'string') Reflect.set(said, name, withoutSecrets(value, secrets));
	}
}
