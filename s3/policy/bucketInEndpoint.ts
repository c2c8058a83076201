import type { Connection } from '../Connection';
import { S3Failure } from '../S3Failure';

/** Labels of the host name of a provider's region, such as `nyc3.example.com`. */
const LEAST_LABELS = 3;

/**
 * Refuses a bucket that the endpoint has in its host name or path already, as providers show it: the key would be
 * stored as `bucket/key`. A server may have the name of its bucket by chance; with path style it is meant.
 * @param owner where the endpoint is entered
 * @throws S3Failure of kind `invalid`
 */
export function checkBucketInEndpoint(
	{ endpoint, addressingStyle }: Pick<Connection, 'endpoint' | 'addressingStyle'>,
	bucket: string | undefined,
	owner = 'the Endpoint of the credential',
): void {
	if (endpoint === undefined || bucket === undefined || addressingStyle === 'path') return;
	const url = new URL(endpoint);
	const right = withoutBucketInHost(url, bucket) ?? withoutBucketInPath(url, bucket);
	if (right === undefined) return;
	throw S3Failure.invalid(
		`The bucket “${bucket}” is in ${owner} already, so keys would get its name in front`,
		`Enter ${right} in place of ${endpoint}. If that is the server itself, choose Path as Addressing Style (More Settings).`,
		{ bucket },
	);
}

function withoutBucketInHost(url: URL, bucket: string): string | undefined {
	// Names of hosts are in lower case.
	if (!url.hostname.startsWith(`${bucket.toLowerCase()}.`)) return undefined;
	const rest = url.hostname.slice(bucket.length + 1);
	if (rest.split('.').length < LEAST_LABELS) return undefined;
	const path = url.pathname.replace(/\/$/, '');
	return `${url.protocol}//${rest}${url.port === '' ? '' : `:${url.port}`}${path}`;
}

function withoutBucketInPath({ origin, pathname }: URL, bucket: string): string | undefined {
	const path = pathname.replace(/\/$/, '');
	return path.endsWith(`/${bucket}`) ? `${origin}${path.slice(0, -bucket.length - 1)}` : undefined;
}
