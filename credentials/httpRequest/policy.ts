/** What the owner of a credential forbids whoever uses it in the HTTP Request node. */
import type { Connection } from '../../s3/Connection';
import { checkBucketOnly } from '../../s3/policy/bucketOnly';
import { limitOf } from '../../s3/policy/limitOf';
import { checkAcl } from '../../s3/policy/privacyLevel';
import { S3Failure } from '../../s3/S3Failure';
import { effectOf, isDataHeader, type Scope } from './dataRequests';
import { checkDeletedKeys } from './deletedKeys';
import type { RequestOptions } from './RequestOptions';
import { fullyDecoded, isServerWithTls, s3Location } from './s3Location';

/** A request as it will be sent. */
export interface OutgoingRequest {
	readonly method: string;
	readonly url: URL;
	/** Under lower-case names. */
	readonly headers: Readonly<Record<string, string>>;
	/** Undefined if n8n makes it while it sends it. */
	readonly body?: Buffer | undefined;
}

/**
 * What some gateways and servers read otherwise than S3: other separators, control characters, a slash before the
 * bucket, and the parts `.` and `..`.
 */
const AMBIGUOUS = /[\\;\p{Cc}]|^\/|(^|\/)\.\.?(\/|$)/u;

/**
 * First parts of a path at which servers of one's own have their administration, signed as S3 is.
 * @see https://docs.ceph.com/en/latest/radosgw/adminops/
 */
const ADMINISTRATION = ['admin', 'minio'];

/**
 * Refuses what a limit of the connection does not allow. A connection with a limit signs only requests for S3
 * data to its own endpoint that are known here, so that what a server may have besides cannot get round it.
 *
 * @throws {S3Failure} of kind `refused`
 */
export function checkAllowed(connection: Connection, request: OutgoingRequest): void {
	checkScheme(connection, request.url);
	const limit = limitOf(connection);
	if (limit === undefined) return;
	const location = s3Location(connection, request.url);
	if (location === undefined) {
		throw notAllowed(
			limit,
			`so no request to ${request.url.origin} is signed with it`,
			`Request a URL of S3 at ${connection.endpoint ?? 'AWS, by https'}${orVirtual(connection, request.url)}`,
		);
	}
	checkPath(connection, limit, location);
	checkHeaders(connection, limit, request);
	checkEffect(connection, limit, request, scopeOf(location));
	if (isDeletionOfMany(request)) {
		checkDeletedKeys(connection, location.split('/')[0], request.body);
	}
}

/** What else can be done about a bucket in the host name of a server that is not known to take it from there. */
function orVirtual({ endpoint, addressingStyle }: Connection, { host }: URL): string {
	const isBelow = endpoint !== undefined && host.endsWith(`.${new URL(endpoint).host}`);
	return isBelow && addressingStyle !== 'virtual'
		? ', or have Virtual-Hosted chosen as Addressing Style of the credential if the server finds buckets in its host name'
		: '';
}

/**
 * Refuses a proxy that the node names: by plain http, or if the node does not check certificates, it could read the
 * session token and get round the limits of the connection with it.
 *
 * @throws {S3Failure} of kind `refused`
 */
export function checkProxy(connection: Connection, { proxy }: RequestOptions): void {
	const limit = limitOf(connection);
	if (limit === undefined || proxy === undefined) return;
	throw notAllowed(
		limit,
		'so no request through a proxy of the node is signed with it',
		'Remove Proxy from the options of the node; the environment of n8n may name one',
	);
}

/** Temporary keys send their session token along: by plain http everybody on the way could take it. */
function checkScheme(connection: Connection, { protocol, hostname, host }: URL): void {
	if (protocol === 'https:' || !isServerWithTls(connection, hostname)) return;
	throw S3Failure.refused(
		`The request to ${host} is not signed, because it begins with http:// and that server has https`,
		'Begin the URL of the request with https://.',
	);
}

/** @param path bucket and key, decoded */
function checkPath(connection: Connection, limit: string, path: string): void {
	const [bucket = '', ...key] = path.split('/');
	checkBucketOnly(connection, { bucket: bucket || undefined, key: key.join('/') });
	const administers = connection.endpoint !== undefined && ADMINISTRATION.includes(bucket);
	if (!AMBIGUOUS.test(path) && (!administers || bucket === connection.bucket)) return;
	throw notAllowed(
		limit,
		`so no request is signed for the path “${path.slice(0, 80)}”`,
		'Use one slash before the bucket, and a key without backslash, semicolon, “.” or “..” between slashes, and control characters',
	);
}

function scopeOf(location: string): Scope {
	const [bucket, ...key] = location.split('/');
	if (bucket === '') return 'account';
	return key.join('/') === '' ? 'bucket' : 'object';
}

function checkHeaders(connection: Connection, limit: string, { headers }: OutgoingRequest): void {
	const unknown = Object.keys(headers).find((name) => !isDataHeader(name));
	if (unknown !== undefined) {
		throw notAllowed(
			limit,
			`so no request with the header “${unknown.slice(0, 80)}” is signed with it`,
			'Remove the header from the request',
		);
	}
	// Several values of one header are joined by commas.
	for (const source of headers['x-amz-copy-source']?.split(',') ?? []) {
		checkPath(connection, limit, fullyDecoded(source.trim()).replace(/^\//, ''));
	}
	checkAcl(connection, headers['x-amz-acl'], {});
	const grant = Object.keys(headers).find((name) => name.startsWith('x-amz-grant-'));
	if (grant === undefined || !isPrivate(connection)) return;
	throw notAllowed(
		limit,
		`so no request with the header “${grant}” is signed with it`,
		'Remove the grant from the request',
	);
}

function checkEffect(
	connection: Connection,
	limit: string,
	{ method, url }: OutgoingRequest,
	scope: Scope,
): void {
	const parameters = [...url.searchParams.keys()];
	const effect = effectOf(method, scope, parameters);
	if (effect === 'read') return;
	if (connection.readOnly) {
		throw notAllowed(
			'This credential is only for reading',
			'so only GET and HEAD requests for S3 data are signed with it',
			'Use another credential for changes',
		);
	}
	if (effect === 'write' || (effect === 'open' && !isPrivate(connection))) return;
	const query = parameters.length === 0 ? '' : ` with the query “${parameters.join('&')}”`;
	throw notAllowed(
		limit,
		`so no ${method} request${query.slice(0, 80)} is signed with it: it could let others read, or lead elsewhere`,
		'Request objects, or use a node or credential that may do this',
	);
}

const isDeletionOfMany = ({ method, url }: OutgoingRequest): boolean =>
	method === 'POST' && [...url.searchParams.keys()].some((name) => /^delete$/i.test(name));

const isPrivate = ({ privacyLevel }: Connection): boolean =>
	privacyLevel === 'private' || privacyLevel === 'organizational';

function notAllowed(limit: string, consequence: string, advice: string): S3Failure {
	return S3Failure.refused(
		`${limit}, ${consequence}`,
		`${advice}; the owner of the credential can change its limits.`,
	);
}
