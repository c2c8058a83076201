/** Requests for a session that are made by hand, so that everything about them can be wrong. */
import { createHash, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { PROFILE_ARN, ROLE_ARN, TRUST_ANCHOR_ARN } from './account';
import type { Issued } from './authority';

type Headers = Record<string, string | string[]>;

/** How a request is made; what is not given is as the protocol wants it. */
export interface Making {
	method?: string;
	path?: string;
	/** Of the body; undefined leaves one out. */
	members?: object;
	/** Changes the body before it is signed. */
	body?: (json: string) => string;
	headers?: Headers;
	/** Certificates of the chain header. */
	chain?: readonly Issued[];
	date?: Date;
	/** Of the scope. */
	day?: string;
	region?: string;
	service?: string;
	serial?: (serial: bigint) => string;
	algorithm?: string;
	/** Changes which headers are signed. */
	names?: (names: string[]) => string[];
	/** Changes what is hashed to be signed. */
	canonical?: (request: string) => string;
	signature?: (text: string, key: KeyObject) => Buffer;
	/** Changes headers after they were signed. */
	afterwards?: (headers: Headers) => void;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Signs with the certificate's key, sends, and gives the response. */
export async function send(
	endpoint: string,
	certificate: Issued,
	making: Making,
): Promise<{ status: number; body: string }> {
	const { method = 'POST', path = '/sessions' } = making;
	const arns = { trustAnchorArn: TRUST_ANCHOR_ARN, profileArn: PROFILE_ARN, roleArn: ROLE_ARN };
	const json = JSON.stringify({ ...arns, ...making.members });
	const body = (making.body ?? String)(json);
	const headers: Headers = { ...headersOf(endpoint, certificate, making), ...making.headers };
	headers.authorization = authorizationOf(certificate, making, { method, path, headers, body });
	making.afterwards?.(headers);
	const sent = requestHttp(`${endpoint}${path}`, { method, headers });
	const [response] = (await once(sent.end(body), 'response')) as [IncomingMessage];
	return { status: response.statusCode ?? 0, body: await textOf(response) };
}

function headersOf(endpoint: string, certificate: Issued, { chain, date }: Making): Headers {
	const base64 = ({ certificate: { raw } }: Issued) => raw.toString('base64');
	return {
		'content-type': 'application/json',
		host: new URL(endpoint).host,
		'x-amz-date': (date ?? new Date()).toISOString().replace(/[-:]|\.\d+/g, ''),
		'x-amz-x509': base64(certificate),
		...(chain === undefined ? {} : { 'x-amz-x509-chain': chain.map(base64).join(',') }),
	};
}

function authorizationOf(
	{ certificate, key }: Issued,
	making: Making,
	request: { method: string; path: string; headers: Headers; body: string },
): string {
	const { names: choose = (names: string[]) => names, serial = String } = making;
	const names = choose(Object.keys(request.headers).sort());
	const signed = names.join(';');
	const lines = names.map((name) => `${name}:${[request.headers[name] ?? ''].flat().join(',')}\n`);
	const [pathname, query = ''] = request.path.split('?');
	const canonical = `${request.method}\n${pathname}\n${query}\n${lines.join('')}\n${signed}\n${sha256(request.body)}`;
	const time = String(request.headers['x-amz-date']);
	const { day = time.slice(0, 8), region = 'eu-central-1', service = 'rolesanywhere' } = making;
	const scope = `${day}/${region}/${service}/aws4_request`;
	const type = key.asymmetricKeyType === 'rsa' ? 'RSA' : 'ECDSA';
	const { algorithm = `AWS4-X509-${type}-SHA256` } = making;
	const text = `${algorithm}\n${time}\n${scope}\n${sha256((making.canonical ?? String)(canonical))}`;
	const { signature = (data: string) => sign('sha256', Buffer.from(data), key) } = making;
	const hex = signature(text, key).toString('hex');
	const number = serial(BigInt(`0x${certificate.serialNumber}`));
	return `${algorithm} Credential=${number}/${scope}, SignedHeaders=${signed}, Signature=${hex}`;
}
