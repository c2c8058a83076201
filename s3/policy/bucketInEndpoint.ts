import type { Connection } from '../Connection';
import { S3Failure } from '../S3Failure';

/** Labels of the host name of a provider's region, such as `nyc3.example.com`. */
const LEAST_LABELS = 3;

/**
 * Refuses a bucket that the endpoint has in its host name already, as providers show it: the key would be
 * stored as `bucket/key`. A server may have the name of its bucket by chance; with path style it is meant.
 * @throws S3Failure of kind `invalid`
 */
export function checkBucketInEndpoint(
	{ endpoint, addressingStyle }: Connection,
	bucket: string | undefined,
): void {
	if (bucket === undefined || addressingStyle === 'path') return;
	if (endpoint?.includes(`//${bucket}.`) !== true) return;
	const url = new URL(endpoint);
	const rest = url.hostname.slice(bucket.length + 1);
	if (rest.split('.').length < LEAST_LABELS) return;
	const path = url.pathname.replace(/\/$/, '');
	const right = `${url.protocol}//${rest}${url.port === '' ? '' : `:${url.port}`}${path}`;
	throw S3Failure.invalid(
		`The Endpoint of the credential begins with the bucket “${bucket}”, so keys would get its name in front`,
		`Enter ${right} as Endpoint in the credential. If ${url.hostname} is the server itself, choose Path as Addressing Style (More Settings).`,
		{ bucket },
	);
}
