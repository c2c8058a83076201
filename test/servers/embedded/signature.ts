import { createHash, createHmac } from 'node:crypto';

/** What of a request is signed. Texts from the wire hold one character per byte. */
export interface SignedParts {
	method: string;
	/** As sent, before the question mark. */
	rawPath: string;
	/** Decoded; without the signature itself. */
	query: readonly [string, string][];
	/** By name in lower case. */
	headers: Readonly<Record<string, string | undefined>>;
	signedHeaders: readonly string[];
	/** The value of `x-amz-content-sha256`. */
	payload: string;
}

export const ALGORITHM = 'AWS4-HMAC-SHA256';

export const sha256 = (data: string | Buffer): string =>
	createHash('sha256')
		.update(typeof data === 'string' ? Buffer.from(data, 'latin1') : data)
		.digest('hex');
export const hmac = (key: Buffer | string, data: string): Buffer =>
	createHmac('sha256', key).update(data, 'latin1').digest();

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
export function canonicalRequest(parts: SignedParts): string {
	const query = parts.query
		.map(([name, value]): [string, string] => [encode(name), encode(value)])
		.sort(([nameA, valueA], [nameB, valueB]) => order(nameA, nameB) || order(valueA, valueB))
		.map(([name, value]) => `${name}=${value}`);
	const headers = parts.signedHeaders.map(
		(name) => `${name}:${(parts.headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`,
	);
	return [
		parts.method,
		// The key is encoded anew: clients may encode it differently.
		encode(decode(parts.rawPath), true),
		query.join('&'),
		headers.join(''),
		parts.signedHeaders.join(';'),
		parts.payload,
	].join('\n');
}

/** `date` as in `x-amz-date`; `scope` as in the credential, after the access key. */
export function stringToSign(date: string, scope: string, canonical: string): string {
	return [ALGORITHM, date, scope, sha256(canonical)].join('\n');
}

/** The key for signatures of this scope (`20130524/us-east-1/s3/aws4_request`). */
export function signingKey(secretAccessKey: string, scope: string): Buffer {
	return scope
		.split('/')
		.reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secretAccessKey}`));
}

const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** Percent-decoded, one character per byte. */
export function decode(text: string): string {
	return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
		String.fromCharCode(parseInt(hex, 16)),
	);
}

/** Percent-encoded as signatures have it. */
function encode(bytes: string, keepSlash = false): string {
	return bytes.replace(keepSlash ? /[^\w.~/-]/g : /[^\w.~-]/g, (character) => {
		return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
	});
}

/** Names and values of a query, decoded to one character per byte; a `+` is a space. */
export function queryOf(rawQuery: string): [string, string][] {
	return rawQuery
		.replace(/\+/g, '%20')
		.split('&')
		.filter((pair) => pair !== '')
		.map((pair) => {
			const equals = pair.indexOf('=');
			const name = equals === -1 ? pair : pair.slice(0, equals);
			const value = equals === -1 ? '' : pair.slice(equals + 1);
			return [decode(name), decode(value)];
		});
}
