import type { IncomingMessage } from 'node:http';
import { S3Error } from './S3Error';
import { decode, queryOf } from './signature';
import { keyText } from './store';
import type { KeyBytes } from './store';

/** What a request is about, as it came over the wire. */
export interface Target {
	method: string;
	rawPath: string;
	rawQuery: string;
	/** Empty: the account. */
	bucket: string;
	/** Empty: the bucket. */
	key: KeyBytes;
	query: Map<string, string>;
	/** By name in lower case, values of several headers joined by commas. */
	headers: Record<string, string | undefined>;
}

/**
 * Reads path, query and headers. Keys are the bytes after the bucket, whatever they look like:
 * nothing is normalised.
 */
export function targetOf(message: IncomingMessage, virtualHostSuffix: string | undefined): Target {
	const url = message.url ?? '/';
	const mark = url.indexOf('?');
	const rawPath = mark === -1 ? url : url.slice(0, mark);
	const rawQuery = mark === -1 ? '' : url.slice(mark + 1);
	const headers = headersOf(message.rawHeaders);
	const query = new Map(queryOf(rawQuery).map(([name, value]) => [keyText(name), keyText(value)]));
	const path = rawPath.slice(1);
	const hostBucket = bucketOfHost(headers.host, virtualHostSuffix);
	const slash = path.indexOf('/');
	const inPath = slash === -1 ? path : path.slice(0, slash);
	const rawKey = slash === -1 ? '' : path.slice(slash + 1);
	return {
		method: message.method ?? '',
		rawPath,
		rawQuery,
		bucket: hostBucket ?? keyText(decode(inPath)),
		key: decode(hostBucket === undefined ? rawKey : path),
		query,
		headers,
	};
}

function headersOf(raw: readonly string[]): Record<string, string | undefined> {
	const headers: Record<string, string> = {};
	for (let index = 0; index + 1 < raw.length; index += 2) {
		const name = (raw[index] ?? '').toLowerCase();
		const value = raw[index + 1] ?? '';
		headers[name] = name in headers ? `${headers[name] ?? ''},${value}` : value;
	}
	return headers;
}

function bucketOfHost(
	host: string | undefined,
	virtualHostSuffix: string | undefined,
): string | undefined {
	if (host === undefined || virtualHostSuffix === undefined) return undefined;
	const name = host.replace(/:\d+$/, '').toLowerCase();
	const suffix = `.${virtualHostSuffix}`;
	return name.endsWith(suffix) ? name.slice(0, -suffix.length) : undefined;
}

const MAX_KEY_BYTES = 1024;

/** @throws S3Error if S3 cannot have such a path */
export function checkKey({ rawPath, key }: Target): void {
	if (/%(?![\da-f]{2})/i.test(rawPath) || !isUtf8(key)) {
		throw new S3Error(400, 'InvalidURI', "Couldn't parse the specified URI.");
	}
	checkKeyLength(key);
}

/** @throws S3Error if the key has more bytes than S3 takes */
export function checkKeyLength(key: KeyBytes): void {
	if (key.length <= MAX_KEY_BYTES) return;
	throw new S3Error(400, 'KeyTooLongError', 'Your key is too long', {
		fields: { Size: String(key.length), MaxSizeAllowed: String(MAX_KEY_BYTES) },
	});
}

function isUtf8(key: KeyBytes): boolean {
	const bytes = Buffer.from(key, 'latin1');
	return Buffer.from(bytes.toString()).equals(bytes);
}
