/** A client for the tests of the server: it sends exactly what it is told, signed by AWS's signer. */
import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import { Agent as TlsAgent, request as requestOverTls } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { EmbeddedServer, User } from './index';

export interface Reply {
	status: number;
	headers: IncomingHttpHeaders;
	body: Buffer;
	text: string;
	/** Of S3's error XML. */
	code: string | undefined;
}

export interface Sent {
	/** Names and values, not encoded. */
	query?: Record<string, string>;
	headers?: Record<string, string>;
	body?: Buffer | string;
	/** `x-amz-content-sha256`; absent: that of the body. */
	payload?: string;
	/** Headers that are added after signing. */
	unsigned?: Record<string, string>;
	user?: User;
	region?: string;
	at?: Date;
	anonymous?: boolean;
	/** Does not say how long the body is. */
	lengthless?: boolean;
	/** Sends `Host` of this bucket under the server's suffix. */
	host?: string;
}

class Sha256 extends Hash {
	constructor(secret?: ConstructorParameters<typeof Hash>[1]) {
		super('sha256', secret);
	}
}

type Send = (method: string, path: string, sent?: Sent) => Promise<Reply>;

function signerOf({ user, region }: { user: User; region: string }): SignatureV4 {
	const { accessKeyId, secretAccessKey, sessionToken } = user;
	return new SignatureV4({
		service: 's3',
		region,
		sha256: Sha256,
		uriEscapePath: false,
		applyChecksum: false,
		credentials: {
			accessKeyId,
			secretAccessKey,
			...(sessionToken === undefined ? {} : { sessionToken }),
		},
	});
}

/** Sends signed requests; `close` ends its connections. */
export interface Client {
	send: Send;
	presign: Presign;
	close(): void;
}

/**
 * Sends requests to this server.
 * @param options.maxSockets connections at most
 * @param options.ca certificate that the server has, or that its certificate is issued by
 */
export function clientOf(
	server: EmbeddedServer,
	options: { maxSockets?: number; ca?: string } = {},
): Client {
	const secure = server.endpoint.startsWith('https:');
	const agent = new (secure ? TlsAgent : Agent)({ keepAlive: true, ...options });
	return {
		send: (method, path, sent = {}) => send(server, agent, method, path, sent),
		presign: (method, path, options) => presign(server, method, path, options),
		close: () => agent.destroy(),
	};
}

const encode = (text: string): string =>
	encodeURIComponent(text).replace(
		/[!'()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);

/** A key as a path has it: everything but slashes encoded. */
export const pathOf = (key: string): string => key.split('/').map(encode).join('/');

const queryString = (query: Record<string, unknown>): string =>
	Object.entries(query)
		.map(([name, value]) => `${encode(name)}=${encode(String(value))}`)
		.join('&');

async function send(
	server: EmbeddedServer,
	agent: Agent,
	method: string,
	path: string,
	sent: Sent,
): Promise<Reply> {
	const { host } = new URL(server.endpoint);
	const body = Buffer.from(sent.body ?? '');
	const { user = server.users.main, region = server.region, query = {}, at = new Date() } = sent;
	const headers: Record<string, string> = {
		host: sent.host ?? host,
		'x-amz-content-sha256': sent.payload ?? createHash('sha256').update(body).digest('hex'),
		...sent.headers,
	};
	const signed = sent.anonymous
		? { headers }
		: await signerOf({ user, region }).sign(
				{ method, protocol: 'http:', hostname: host, path, query, headers },
				{ signingDate: at },
			);
	const search = queryString(query);
	const target = search === '' ? path : `${path}?${search}`;
	const known = body.length > 0 || ['PUT', 'POST'].includes(method);
	const length = known && !sent.lengthless ? { 'content-length': String(body.length) } : {};
	const all = { ...length, ...signed.headers, ...sent.unsigned };
	return await exchange(server, { agent, method, path: target, headers: all }, body);
}

/** Sends what is given without a signature of its own, e.g. a presigned URL. */
async function exchange(
	{ endpoint }: EmbeddedServer,
	options: { agent?: Agent; method: string; path: string; headers: Record<string, string> },
	body: Buffer,
): Promise<Reply> {
	const { hostname, port } = new URL(endpoint);
	return await new Promise((resolve, reject) => {
		const begin = endpoint.startsWith('https:') ? requestOverTls : request;
		const outgoing = begin({ hostname, port, ...options }, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('error', reject);
			response.on('end', () => {
				const received = Buffer.concat(chunks);
				const text = received.toString();
				const { statusCode: status = 0, headers } = response;
				const code = /<Error><Code>([^<]*)</.exec(text)?.[1];
				resolve({ status, headers, body: received, text, code });
			});
		});
		outgoing.on('error', reject);
		if (body.length > 0) outgoing.write(body);
		outgoing.end();
	});
}

interface PresignOptions {
	query?: Record<string, string>;
	at?: Date;
	expiresIn?: number;
	user?: User;
}

type Presign = (
	method: string,
	path: string,
	options?: PresignOptions,
) => Promise<{ path: string; use(sent?: PresignedUse): Promise<Reply> }>;

interface PresignedUse {
	method?: string;
	headers?: Record<string, string>;
	body?: string;
	/** Changes the URL first. */
	tamper?: (path: string) => string;
}

async function presign(
	server: EmbeddedServer,
	method: string,
	path: string,
	{ query = {}, at = new Date(), expiresIn = 60, user = server.users.main }: PresignOptions = {},
) {
	const { host } = new URL(server.endpoint);
	const headers = { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
	const signed = await signerOf({ user, region: server.region }).presign(
		{ method, protocol: 'http:', hostname: host, path, query, headers },
		{ signingDate: at, expiresIn, unsignableHeaders: new Set(['x-amz-content-sha256']) },
	);
	const whole = `${path}?${queryString(signed.query ?? {})}`;
	return {
		path: whole,
		use: ({ method: other = method, headers, body = '', tamper = String }: PresignedUse = {}) =>
			exchange(
				server,
				{
					method: other,
					path: tamper(whole),
					headers: { host, 'content-length': String(body.length), ...headers },
				},
				Buffer.from(body),
			),
	};
}

/** Status and S3's error code. */
export const outcome = ({ status, code }: Reply): [number, string | undefined] => [status, code];

/** As `Content-MD5` has it. */
export const md5 = (data: string | Buffer): string =>
	createHash('md5').update(data).digest('base64');

/** Texts of all elements of a name in a response, entities resolved. */
export function texts(xml: string, name: string): string[] {
	return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((match) =>
		(match[1] ?? '').replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))),
	);
}
