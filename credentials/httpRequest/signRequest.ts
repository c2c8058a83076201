import type { IHttpRequestOptions } from 'n8n-workflow';

import type {
	AccessKeysIdentity,
	Connection,
	HttpBasicIdentity,
	Identity,
	SessionIdentity,
} from '../../s3/Connection';
import { agentsFor } from '../../s3/http/agentsFor';
import { identityFor } from '../../s3/identity/identityFor';
import { signerFor, type SigningKeys } from '../../s3/identity/signer';
import { S3Failure } from '../../s3/S3Failure';
import { readConnection, type CredentialFields, type CredentialType } from '../read/readConnection';
import { payloadOf, type Payload } from './payload';
import { checkAllowed, checkProxy } from './policy';
import { redactSignedRequests } from './redactStored';
import { lowerCaseHeaders } from './requestHeaders';
import type { RequestOptions } from './RequestOptions';
import { requestUrl, s3Path } from './requestUrl';
import { signingTarget, type SigningTarget } from './signingTarget';

const HASH_HEADER = 'x-amz-content-sha256';

/** For n8n's `httpRequest`, and for its older `request`. */
const NO_REDIRECTS = {
	disableFollowRedirect: true,
	maxRedirects: 0,
	followRedirect: false,
	followAllRedirects: false,
};

/** A request before it is signed. */
interface UnsignedRequest {
	readonly method: string;
	readonly url: URL;
	readonly headers: Readonly<Record<string, string>>;
	readonly payload: Payload;
}

/**
 * Signs a request of n8n's HTTP Request node, to S3 or any other AWS service, with a credential.
 * Service and region come from the host name, else from the credential. The returned request has
 * its query in the URL and its body as bytes, so that it is sent exactly as it was signed.
 *
 * @throws {S3Failure} when the credential is not usable or the body cannot be signed
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function signRequest(
	type: CredentialType,
	fields: CredentialFields,
	requestOptions: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	const connection = readConnection(type, fields);
	const identity = signingIdentity(connection.identity);
	const options = requestOptions as RequestOptions;
	const url = requestUrl(options);
	const target = signingTarget(url.hostname, connection);
	if (target.service === 's3') url.pathname = s3Path(url.pathname);
	const payload = await payloadOf(options, target.service);
	const method = (options.method ?? 'GET').toUpperCase();
	const request = { method, url, headers: headersToSend(options, payload), payload };
	checkAllowed(connection, { ...request, body: payload.bytes });
	checkProxy(connection, options);
	const keys = await signingKeys(connection, identity);
	redactSignedRequests();
	return signedOptions(options, request, await signatureHeaders(keys, target, request));
}

/** @throws {S3Failure} of kind `refused` for a password: only n8n's own credential keeps it from other servers. */
function signingIdentity(identity: Identity): Exclude<Identity, HttpBasicIdentity> {
	if (identity.kind !== 'httpBasic') return identity;
	throw S3Failure.refused(
		'The HTTP Request node does not take a credential with the Scheme HTTP Basic: use n8n’s own Basic Auth credential there',
		'Choose Generic Credential Type as Authentication in the HTTP Request node, then Basic Auth.',
	);
}

/** The keys to sign with: the connection's own, or those of a session that all its users share. */
async function signingKeys(
	connection: Connection,
	identity: AccessKeysIdentity | SessionIdentity,
): Promise<SigningKeys> {
	if (identity.kind === 'accessKeys') return identity;
	const agents = await agentsFor(connection);
	return await identityFor(identity, { ...connection, agents })();
}

/** The headers that were entered, without those that n8n or the signature sets. */
function headersToSend(
	{ headers }: RequestOptions,
	{ bytes, contentType }: Payload,
): Record<string, string> {
	const leftOut = ['authorization', 'host', 'content-type', 'x-amz-date', 'x-amz-security-token'];
	if (bytes !== undefined) leftOut.push('content-length', HASH_HEADER);
	return {
		...lowerCaseHeaders(headers, leftOut),
		...(contentType === undefined ? {} : { 'content-type': contentType }),
	};
}

/** The headers that the signature adds. n8n may add headers after that, so few are signed. */
async function signatureHeaders(
	keys: SigningKeys,
	target: SigningTarget,
	{ method, url, headers, payload }: UnsignedRequest,
): Promise<Record<string, string>> {
	const isS3 = target.service === 's3';
	const signer = signerFor(await import('../../s3/sdk'), keys, {
		...target,
		applyChecksum: isS3,
		uriEscapePath: !isS3,
	});
	const toSign = Object.entries(headers).filter(([name]) => isSignedHeader(name));
	const signed = await signer.sign({
		method,
		protocol: url.protocol,
		hostname: url.hostname,
		path: url.pathname,
		query: queryOf(url),
		headers: {
			...Object.fromEntries(toSign),
			host: url.host,
			...(payload.bytes === undefined ? { [HASH_HEADER]: 'UNSIGNED-PAYLOAD' } : {}),
		},
		body: payload.bytes,
	});
	return Object.fromEntries(Object.entries(signed.headers).filter(([name]) => name !== 'host'));
}

function isSignedHeader(name: string): boolean {
	return name === 'content-type' || name === 'content-md5' || name.startsWith('x-amz-');
}

function queryOf({ searchParams }: URL): Record<string, string | string[]> {
	return Object.fromEntries(
		[...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]),
	);
}

/**
 * The options of n8n with URL, headers and body exactly as they were signed. A redirect is not followed: n8n
 * would send the session token along to the other server, and store the request that has it.
 */
function signedOptions(
	options: RequestOptions,
	{ method, url, headers, payload: { bytes } }: UnsignedRequest,
	signature: Readonly<Record<string, string>>,
): IHttpRequestOptions {
	const { body, formData } = options;
	return {
		...options,
		...(options.uri === undefined ? {} : { uri: url.href }),
		url: url.href,
		baseURL: undefined,
		qs: undefined,
		method,
		headers: { ...headers, ...signature },
		form: undefined,
		formData: bytes === undefined ? formData : undefined,
		body: bytes === undefined ? body : nonEmpty(bytes),
		...NO_REDIRECTS,
	} as unknown as IHttpRequestOptions;
}

function nonEmpty(bytes: Buffer): Buffer | undefined {
	return bytes.length === 0 ? undefined : bytes;
}
