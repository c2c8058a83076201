/** What the owner of a credential forbids whoever uses it in the HTTP Request node. */
import type { Connection } from '../../s3/Connection';
import { checkBucketOnly } from '../../s3/policy/bucketOnly';
import { checkAcl } from '../../s3/policy/privacyLevel';
import { S3Failure } from '../../s3/S3Failure';

/** A request as it will be sent. */
export interface OutgoingRequest {
	readonly method: string;
	readonly url: URL;
	/** Under lower-case names. */
	readonly headers: Readonly<Record<string, string>>;
}

/** The endpoints of S3 itself, without a bucket in the host name. */
const S3_HOST =
	/^s3(-fips)?(\.dualstack)?([.-][a-z]{2,4}(-[a-z]+)+-\d+)?\.(amazonaws\.com(\.cn)?|amazonaws\.eu)$/;

/** Subresources that open a bucket or object to others by the body of a request, which is not read here. */
const OPENING_SUBRESOURCES = ['acl', 'policy', 'publicaccessblock'];

/** Groups of everybody, and of everybody with an AWS account. */
const EVERYBODY = /\/groups\/global\//i;

/**
 * Refuses a request outside the only bucket of a connection, and one that opens something to
 * everybody if the privacy level does not allow that.
 *
 * @throws {S3Failure} of kind `refused`
 */
export function checkAllowed(connection: Connection, request: OutgoingRequest): void {
	if (connection.bucketOnly) checkInBucket(connection, request);
	if (connection.readOnly) checkReads(connection, request);
	const { privacyLevel } = connection;
	if (privacyLevel !== 'private' && privacyLevel !== 'organizational') return;
	checkAcl(connection, headerOrParameter(request, 'x-amz-acl'), {});
	if (!grantsToEverybody(request) && !writesOpeningSubresource(request)) return;
	throw notAllowed(
		`The Privacy Level of this credential is ${privacyLevel}, so the request is not signed: it could open data to everybody`,
		'Remove the grant, ACL or policy from the request; the owner of the credential can change its “Privacy Level”.',
	);
}

/** A service other than S3 may change things by GET, too. */
function checkReads({ endpoint }: Connection, { method, url }: OutgoingRequest): void {
	const reads = method === 'GET' || method === 'HEAD';
	const host = endpoint === undefined ? undefined : new URL(endpoint).host;
	const toS3 =
		host === undefined
			? url.host.split('.').some((_, at, labels) => S3_HOST.test(labels.slice(at).join('.')))
			: url.host === host || url.host.endsWith(`.${host}`);
	if (reads && toS3) return;
	throw notAllowed(
		'This credential is only for reading, so only GET and HEAD requests for S3 data are signed with it',
		'Use another credential for changes; the owner of this one can turn “Read Only” off.',
	);
}

function grantsToEverybody(request: OutgoingRequest): boolean {
	return namesOf(request)
		.filter((name) => name.startsWith('x-amz-grant-'))
		.some((name) => EVERYBODY.test(headerOrParameter(request, name) ?? ''));
}

function writesOpeningSubresource({ method, url }: OutgoingRequest): boolean {
	if (method === 'GET' || method === 'HEAD') return false;
	const parameters = [...url.searchParams.keys()];
	return parameters.some((name) => OPENING_SUBRESOURCES.includes(name.toLowerCase()));
}

function checkInBucket(connection: Connection, request: OutgoingRequest): void {
	const { hostname, host } = request.url;
	const path = fullyDecoded(request.url.pathname);
	const endpoint = connection.endpoint === undefined ? undefined : new URL(connection.endpoint);
	const isS3 = (name: string) =>
		endpoint === undefined ? S3_HOST.test(name) : name === endpoint.host;
	const only = connection.bucket ?? '';
	if (isS3(host)) {
		const root = endpoint?.pathname.replace(/\/$/, '') ?? '';
		const inside = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : '';
		checkPath(connection, inside);
	} else if (!hostname.startsWith(`${only}.`) || !isS3(host.slice(only.length + 1))) {
		throw notAllowed(
			`This credential is only for bucket “${only}”, so no request to ${host} is signed with it`,
			'Request a URL of that bucket, or use another credential; its owner can turn “Only This Bucket” off.',
		);
	} else {
		checkPath(connection, `${only}${path}`);
	}
	const source = headerOrParameter(request, 'x-amz-copy-source');
	if (source !== undefined) checkPath(connection, fullyDecoded(source).replace(/^\//, ''));
}

/** @param path bucket and key, decoded */
function checkPath(connection: Connection, path: string): void {
	const [bucket, ...key] = path.split('/');
	checkBucketOnly(connection, { bucket: bucket || undefined, key: key.join('/') });
}

/** Decoded until nothing changes any more: a gateway may decode before the server does. */
function fullyDecoded(path: string): string {
	const text = path.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
		Buffer.from(escapes.replaceAll('%', ''), 'hex').toString(),
	);
	return text === path ? text : fullyDecoded(text);
}

function namesOf({ url, headers }: OutgoingRequest): string[] {
	return [...Object.keys(headers), ...url.searchParams.keys()].map((name) => name.toLowerCase());
}

/** S3 takes some headers as query parameters, too; several values are joined by commas. */
function headerOrParameter({ url, headers }: OutgoingRequest, name: string): string | undefined {
	const inQuery = [...url.searchParams].filter(([key]) => key.toLowerCase() === name);
	const values = [headers[name], ...inQuery.map(([, value]) => value)];
	return values.filter((value) => value !== undefined).join(',') || undefined;
}

function notAllowed(message: string, advice: string): S3Failure {
	return new S3Failure({ kind: 'refused', message, advice });
}
