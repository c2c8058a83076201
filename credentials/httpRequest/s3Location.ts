import type { Connection } from '../../s3/Connection';
import { isHostOfAws, withoutDot } from '../../s3/partitions';
import { S3Failure } from '../../s3/S3Failure';

/** The endpoints of S3 itself. */
const S3_HOST =
	/^s3(-fips)?(\.dualstack)?([.-][a-z]{2,4}(-[a-z]+)+-\d+)?\.(amazonaws\.com(\.cn)?|amazonaws\.eu)$/;

/**
 * Whether a host is a server that a connection asks by https, or a name below it. All servers of AWS are, but one that
 * the connection itself names with http.
 */
export function isServerWithTls(connection: Connection, hostname: string): boolean {
	const host = withoutDot(hostname);
	const named = serversOf(connection).filter((own) =>
		`.${host}`.endsWith(`.${withoutDot(own.hostname)}`),
	);
	return named.length === 0
		? isHostOfAws(host)
		: named.every(({ protocol }) => protocol === 'https:');
}

/** The servers that a connection names: those of S3 and the one that lends it sessions. */
function serversOf({ endpoint, publicEndpoint, identity }: Connection): URL[] {
	const lender =
		identity.kind === 'assumeRole'
			? identity.stsEndpoint
			: identity.kind === 'rolesAnywhere'
				? identity.endpoint
				: undefined;
	return [endpoint, publicEndpoint, lender]
		.filter((url) => url !== undefined)
		.map((url) => new URL(url));
}

/**
 * Bucket and key of a URL at the S3 endpoint of a connection, as `bucket/key` and decoded; empty for the account.
 * Undefined for any other server, another port or scheme, and for the names below an endpoint of one's own that the
 * connection does not use for buckets: another service may be there.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function s3Location(connection: Connection, url: URL): string | undefined {
	const path = fullyDecoded(url.pathname);
	const endpoint = connection.endpoint === undefined ? undefined : new URL(connection.endpoint);
	if (url.protocol !== (endpoint?.protocol ?? 'https:')) return undefined;
	const isS3 = (host: string) =>
		endpoint === undefined ? S3_HOST.test(host) : host === endpoint.host;
	if (isS3(url.host)) {
		const root = endpoint?.pathname.replace(/\/$/, '') ?? '';
		return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : undefined;
	}
	const bucket = bucketsOf(connection, url.host).find((name) =>
		isS3(url.host.slice(name.length + 1)),
	);
	return bucket === undefined ? undefined : `${bucket}${path}`;
}

/**
 * The buckets that a host name may begin with. A server that knows no such names takes the beginning of the path for
 * the bucket, whatever name it is asked by.
 */
function bucketsOf({ bucket, endpoint, addressingStyle }: Connection, host: string): string[] {
	if (endpoint !== undefined && addressingStyle !== 'virtual') return [];
	const own = bucket !== undefined && host.startsWith(`${bucket}.`) ? [bucket] : [];
	const labels = host.split('.');
	return [...own, ...labels.map((_, at) => labels.slice(0, at).join('.')).slice(1)];
}

/** How often a path may be encoded; no chain of gateways decodes as often. */
const MAX_ENCODED = 8;

/**
 * Decoded until nothing changes any more: a gateway may decode before the server does.
 * @throws S3Failure of kind `refused` for what is encoded again and again, which would take long
 */
export function fullyDecoded(path: string): string {
	let text = path;
	for (let times = 0; times <= MAX_ENCODED; times++) {
		const decoded = text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
			Buffer.from(escapes.replaceAll('%', ''), 'hex').toString(),
		);
		if (decoded === text) return text;
		text = decoded;
	}
	throw S3Failure.refused(
		`No request is signed whose path is percent-encoded more than ${MAX_ENCODED} times`,
		'Encode the path once.',
	);
}
