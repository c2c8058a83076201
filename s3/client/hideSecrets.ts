import { secretsOf, withoutSecrets } from '../errors/withoutSecrets';
import type { S3Client } from '../sdk';

/** What the server says is in these objects of an error, or of a response that reports errors. */
interface Said {
	readonly $metadata?: unknown;
	readonly $response?: { readonly headers?: unknown };
	readonly Errors?: readonly unknown[];
}

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
				const { Errors: errors = [] } = result.output as Said;
				for (const error of errors) clean(error, secrets(), ['Code', 'Message']);
				return result;
			} catch (error) {
				const { $metadata, $response } = Object(error) as Said;
				for (const said of [error, $metadata, $response?.headers]) clean(said, secrets());
				throw withBodyText(error, secrets());
			}
		},
		{ step: 'deserialize', priority: 'high', name: 'hideSecrets' },
	);
}

/** The error with a body that has no secrets: the SDK keeps that of a body that is no XML where nobody can write. */
function withBodyText(error: unknown, secrets: readonly string[]): unknown {
	const { $responseBodyText: text } = Object(error) as { $responseBodyText?: unknown };
	if (typeof text !== 'string') return error;
	const properties = Object.getOwnPropertyDescriptors(error);
	const $responseBodyText = { value: withoutSecrets(text, secrets) };
	return Object.create(Object.getPrototypeOf(error) as object, {
		...properties,
		$responseBodyText,
	});
}

/** Takes secrets out of the texts that an object has, in place: the SDK and its retries know the object. */
function clean(said: unknown, secrets: readonly string[], only?: readonly string[]): void {
	if (typeof said !== 'object' || said === null) return;
	for (const name of only ?? Object.getOwnPropertyNames(said)) {
		const value: unknown = Reflect.get(said, name);
		if (typeof value === 'string') Reflect.set(said, name, withoutSecrets(value, secrets));
	}
}
