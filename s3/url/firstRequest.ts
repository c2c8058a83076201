import { decodedLogin } from '../http/proxy';
import { S3Failure } from '../S3Failure';
import type { FileRequest } from './redirect';
import { secretsOfFile } from './serverName';

/** A file on another server, as a person asks for it. */
export interface UrlRequest {
	url: string;
	/** Undefined: GET. */
	method?: FileRequest['method'] | undefined;
	headers?: Record<string, string> | undefined;
	/** Sent with a POST, in UTF-8. */
	body?: string | undefined;
}

/** Unless others are given. Compressed bytes would be stored as they come. */
const USUAL_HEADERS = {
	accept: '*/*',
	'accept-encoding': 'identity',
	'user-agent': 'n8n-nodes-amazon-s3',
};

/** What a person cannot give: they say how a message is cut, or which part of the file is wanted. */
const OWN_HEADERS =
	/^(connection|content-length|expect|host|keep-alive|proxy-.*|range|if-range|te|trailer|transfer-encoding|upgrade)$/;

/**
 * The first request for a file. What is secret in it is in no message.
 * @throws S3Failure of kind `invalid` for a URL or a header that cannot be sent
 */
export function firstRequest({
	url: given,
	method = 'GET',
	headers = {},
	body,
}: UrlRequest): FileRequest {
	const url = URL.canParse(given) ? new URL(given) : undefined;
	if (url === undefined || !/^https?:$/.test(url.protocol)) {
		throw S3Failure.invalid(
			'The URL is not one of http:// or https://',
			'Enter a whole URL such as https://example.com/reports/2026.pdf.',
		);
	}
	const login = loginOf(url);
	url.username = '';
	url.password = '';
	const sent = { ...(login && { authorization: login }), ...checkedHeaders(headers) };
	return {
		url,
		method,
		headers: {
			...USUAL_HEADERS,
			...sent,
			...(method === 'POST' && { 'content-length': String(Buffer.byteLength(body ?? '')) }),
		},
		body: method === 'POST' ? (body ?? '') : undefined,
		secrets: secretsOfFile(url, sent, method === 'POST' ? body : undefined),
	};
}

/** User name and password of a URL as a header. */
function loginOf({ username, password }: URL): string | undefined {
	if (username === '' && password === '') return undefined;
	const login = `${decodedLogin(username)}:${decodedLogin(password)}`;
	return `Basic ${Buffer.from(login).toString('base64')}`;
}

function checkedHeaders(headers: Record<string, string>): Record<string, string> {
	const entries = Object.entries(headers).map(([given, value]): [string, string] => {
		const name = given.trim().toLowerCase();
		if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) {
			throw S3Failure.invalid(
				'The name of a header has characters that HTTP does not allow',
				'Use letters, digits and dashes for the names in Headers.',
			);
		}
		if (OWN_HEADERS.test(name)) {
			throw S3Failure.invalid(
				`The header ${name} cannot be given`,
				'Remove it from Headers: it is set automatically, or would ask for a part of the file only.',
			);
		}
		if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
			throw S3Failure.invalid(
				`The header ${name} has a character that HTTP cannot carry`,
				'Use characters of ISO 8859-1 without line breaks for the values in Headers.',
			);
		}
		return [name, value.trim()];
	});
	const names = entries.map(([name]) => name);
	const twice = names.find((name, at) => names.indexOf(name) !== at);
	if (twice === undefined) return Object.fromEntries(entries);
	throw S3Failure.invalid(
		`The header ${twice} is given twice`,
		'Remove one of the two from Headers: HTTP does not tell upper from lower case.',
	);
}
