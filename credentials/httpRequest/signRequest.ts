import type { Readable } from 'node:stream';

import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import type {
	AccessKeysIdentity,
	Connection,
	HttpBasicIdentity,
	SessionIdentity,
} from '../../s3/Connection';
import { identityFor } from '../../s3/identity/identityFor';
import { S3Failure } from '../../s3/S3Failure';
import { agentsFor } from '../../s3/http/agentsFor';
import { checkAllowed } from './policy';
import { checkPasswordSafety } from './basicAuthPolicy';
import { signingTarget, type SigningTarget } from './signingTarget';
import { storeAnswerWithoutRequest } from './redactStored';
import { readConnection, type CredentialFields, type CredentialType } from '../read/readConnection';

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';
const JSON_TYPE = 'application/json';
const HASH_HEADER = 'x-amz-content-sha256';

/** n8n's HTTP Request node still sends the options of the `request` library. */
type RequestOptions = Omit<IHttpRequestOptions, 'body'> & {
	body?: unknown;
	uri?: string;
	form?: Record<string, unknown> | string;
	formData?: unknown;
	rejectUnauthorized?: boolean;
};

type SigningKeys = Pick<AccessKeysIdentity, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>;

/** What is sent, decided before it is signed. */
interface Payload {
	/** Undefined leaves the body as n8n has it: a stream or a form with files. */
	bytes: Buffer | undefined;
	contentType: string | undefined;
}

/**
 * Signs a request of n8n's HTTP Request node, to S3 or any other AWS service, with a credential.
 * Service and region come from the host name, else from the credential. The returned request has
 * its query in the URL and its body as bytes, so that it is sent exactly as it was signed.
 *
 * @throws {S3Failure} when the credential is not usable or the body cannot be signed
 */
export async function signRequest(
	type: CredentialType,
	fields: CredentialFields,
	requestOptions: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	const connection = readConnection(type, fields);
	const request = requestOptions as RequestOptions;
	const url = addressOf(request);
	if (connection.identity.kind === 'httpBasic') {
		return withBasicAuth(request, connection.identity, connection, url);
	}
	const target = signingTarget(url.hostname, connection);
	if (target.service === 's3') url.pathname = strictPath(url.pathname);
	const payload = await payloadOf(request, target.service);
	const method = (request.method ?? 'GET').toUpperCase();
	const headers = headersOf(request, payload);
	checkAllowed(connection, { method, url, headers });
	const keys = await keysOf(connection, connection.identity);
	const signed = await sign(keys, target, { method, url, headers, payload });
	storeAnswerWithoutRequest(signed.authorization ?? '');
	const { body, formData } = request;
	const address = url.href;
	return {
		...request,
		...(request.uri === undefined ? {} : { uri: address }),
		url: address,
		baseURL: undefined,
		qs: undefined,
		method,
		headers: { ...headers, ...signed },
		form: undefined,
		formData: payload.bytes === undefined ? formData : undefined,
		body: payload.bytes === undefined ? body : nonEmpty(payload.bytes),
	} as unknown as IHttpRequestOptions;
}

/** The keys to sign with: the connection's own, or those of a session that all its users share. */
async function keysOf(
	connection: Connection,
	identity: AccessKeysIdentity | SessionIdentity,
): Promise<SigningKeys> {
	if (identity.kind === 'accessKeys') return identity;
	const agents = await agentsFor(connection);
	return await identityFor(identity, { region: connection.region, agents })();
}

function nonEmpty(bytes: Buffer): Buffer | undefined {
	return bytes.length === 0 ? undefined : bytes;
}

/** A password goes to the credential's own server only, whatever URL is entered in the node. */
function withBasicAuth(
	request: RequestOptions,
	{ username, password }: HttpBasicIdentity,
	connection: Connection,
	url: URL,
): IHttpRequestOptions {
	checkPasswordSafety(connection, request, url);
	const method = (request.method ?? 'GET').toUpperCase();
	const headers = namedInLowerCase(request.headers, ['authorization', 'host']);
	checkAllowed(connection, { method, url, headers });
	const token = Buffer.from(`${username}:${password}`).toString('base64');
	const authorization = `Basic ${token}`;
	storeAnswerWithoutRequest(authorization);
	const address = url.href;
	return {
		...request,
		...(request.uri === undefined ? {} : { uri: address }),
		url: address,
		baseURL: undefined,
		qs: undefined,
		sendCredentialsOnCrossOriginRedirect: false,
		headers: { ...headers, authorization },
	} as unknown as IHttpRequestOptions;
}

/** The URL with all of the query in it, encoded as AWS encodes it to verify a signature. */
function addressOf({ baseURL, url, uri, qs }: RequestOptions): URL {
	const address = url || uri || '';
	const absolute = /^https?:\/\//i.test(address) ? address : `${baseURL ?? ''}${address}`;
	if (!URL.canParse(absolute)) {
		throw new S3Failure({
			kind: 'invalid',
			message: 'The URL of the request is not a whole URL',
			advice: 'Enter a URL that begins with https:// or http://.',
		});
	}
	const full = new URL(absolute);
	const query = [...full.searchParams, ...pairsOf(qs)];
	full.search = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
	full.hash = '';
	return full;
}

/** Names and values of a form or query; a list is its name once for each value. */
function pairsOf(fields: Record<string, unknown> | undefined): Array<[string, string]> {
	return Object.entries(fields ?? {}).flatMap(([name, value]) =>
		(Array.isArray(value) ? (value as unknown[]) : [value])
			.filter((single) => single !== undefined && single !== null)
			.map((single): [string, string] => [name, textOf(single)]),
	);
}

function textOf(value: unknown): string {
	return typeof value === 'string' ? value : JSON.stringify(value);
}

/** RFC 3986: everything but letters, digits and `-._~`. */
function encode(text: string): string {
	return encodeURIComponent(text).replace(
		/[!'()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}

/** S3 verifies the path of the decoded key, encoded once; so that is what is sent too. */
function strictPath(pathname: string): string {
	return pathname
		.split('/')
		.map((segment) => encode(decode(segment)))
		.join('/')
		.replaceAll('%2F', '/');
}

/** A percent sign that begins no escape is a percent sign. */
function decode(segment: string): string {
	return segment.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
		try {
			return decodeURIComponent(escapes);
		} catch {
			return escapes;
		}
	});
}

async function payloadOf(request: RequestOptions, service: string): Promise<Payload> {
	const given = headerOf(request.headers, 'content-type');
	const { body, form } = request;
	if (request.formData !== undefined) return unsigned(service, 'a form with files');
	if (form !== undefined || (given?.startsWith('application/x-www-form-urlencoded') ?? false)) {
		return { bytes: formBytes(body, form), contentType: FORM };
	}
	if (body === undefined || body === null || body === '') {
		return { bytes: Buffer.alloc(0), contentType: given };
	}
	if (Buffer.isBuffer(body)) {
		return { bytes: body, contentType: given ?? 'application/octet-stream' };
	}
	if (body instanceof URLSearchParams)
		return { bytes: Buffer.from(String(body)), contentType: FORM };
	if (isStream(body)) {
		if (service === 's3') return { bytes: undefined, contentType: given };
		return { bytes: await collect(body), contentType: given ?? 'application/octet-stream' };
	}
	if (typeof body === 'string') {
		return { bytes: Buffer.from(body), contentType: given ?? 'text/plain; charset=utf-8' };
	}
	if (typeof body === 'object' && 'getHeaders' in body)
		return unsigned(service, 'a form with files');
	return { bytes: Buffer.from(JSON.stringify(body)), contentType: given ?? JSON_TYPE };
}

/** Only S3 takes a body that the signature does not cover. */
function unsigned(service: string, what: string): Payload {
	if (service === 's3') return { bytes: undefined, contentType: undefined };
	throw new S3Failure({
		kind: 'invalid',
		message: `A request to the service ${service} cannot be signed with ${what} as body`,
		advice: 'Send the body as JSON, form-urlencoded, raw text or a single file.',
	});
}

function formBytes(body: unknown, form: RequestOptions['form']): Buffer {
	if (typeof form === 'string') return Buffer.from(form);
	if (form === undefined && typeof body === 'string') return Buffer.from(body);
	if (Buffer.isBuffer(body)) return body;
	const pairs = [...pairsOf(Object(body ?? {}) as Record<string, unknown>), ...pairsOf(form)];
	return Buffer.from(pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&'));
}

function isStream(body: unknown): body is Readable {
	return typeof body === 'object' && body !== null && 'pipe' in body && !('getHeaders' in body);
}

async function collect(stream: Readable): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
	return Buffer.concat(chunks);
}

function headerOf(headers: IDataObject | undefined, name: string): string | undefined {
	const found = Object.entries(headers ?? {}).find(([header]) => header.toLowerCase() === name);
	return found?.[1] === undefined ? undefined : textOf(found[1]);
}

/** The request's headers under lower-case names; what n8n or the signature sets is left out. */
function headersOf(
	request: RequestOptions,
	{ bytes, contentType }: Payload,
): Record<string, string> {
	const leftOut = ['authorization', 'host', 'content-type', 'x-amz-date', 'x-amz-security-token'];
	if (bytes !== undefined) leftOut.push('content-length', HASH_HEADER);
	return {
		...namedInLowerCase(request.headers, leftOut),
		...(contentType === undefined ? {} : { 'content-type': contentType }),
	};
}

function namedInLowerCase(
	headers: IDataObject | undefined,
	leftOut: readonly string[],
): Record<string, string> {
	const kept = Object.entries(headers ?? {})
		.map(([name, value]): [string, unknown] => [name.toLowerCase(), value])
		.filter(([name, value]) => !leftOut.includes(name) && value !== undefined && value !== null)
		.map(([name, value]): [string, string] => [name, textOf(value)]);
	return Object.fromEntries(kept);
}

interface Unsigned {
	method: string;
	url: URL;
	headers: Record<string, string>;
	payload: Payload;
}

/** The headers that the signature adds. Others may add headers after us, so few are signed. */
async function sign(
	{ accessKeyId, secretAccessKey, sessionToken }: SigningKeys,
	{ service, region }: SigningTarget,
	{ method, url, headers, payload }: Unsigned,
): Promise<Record<string, string>> {
	const { Hash, SignatureV4 } = await import('../../s3/sdk');
	const isS3Service = service === 's3';
	const signer = new SignatureV4({
		service,
		region,
		credentials: {
			accessKeyId,
			secretAccessKey,
			...(sessionToken === undefined ? {} : { sessionToken }),
		},
		sha256: Hash.bind(null, 'sha256'),
		applyChecksum: isS3Service,
		uriEscapePath: !isS3Service,
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
