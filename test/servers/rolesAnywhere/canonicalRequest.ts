import { createHash } from 'node:crypto';
import type { Received } from './received';

/** Where a client may go wrong; undefined is as the protocol wants it. */
export interface Deviation {
	readonly query?: string;
	readonly host?: string;
	readonly body?: string;
	/** In place of the blank line after the headers. */
	readonly blankLine?: string;
}

export const sha256 = (data: string | Buffer): string =>
	createHash('sha256').update(data).digest('hex');

/**
 * What is hashed to be signed.
 * @param signed names of headers, with semicolons between
 */
export function canonicalRequest(
	received: Received,
	signed: string,
	deviation: Deviation = {},
): string {
	const { method, path } = received;
	const { pathname, searchParams } = new URL(path, 'http://service');
	const { query = canonicalQuery(searchParams), blankLine = '\n' } = deviation;
	const { host = received.headers.host ?? '', body = received.body } = deviation;
	const headers: Record<string, string> = { ...received.headers, host };
	const lines = signed
		.split(';')
		.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
	return `${method}\n${pathname}\n${query}\n${lines.join('')}${blankLine}${signed}\n${sha256(body)}`;
}

function canonicalQuery(parameters: URLSearchParams): string {
	return [...parameters]
		.map(([name, value]) => `${encode(name)}=${encode(value)}`)
		.sort()
		.join('&');
}

/** RFC 3986: everything but letters, digits and `-._~`. */
function encode(text: string): string {
	return encodeURIComponent(text).replace(
		/[!'()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}
