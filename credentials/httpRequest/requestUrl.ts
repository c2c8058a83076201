import { S3Failure } from '../../s3/S3Failure';
import { encode, pairsOf, queryString } from './queryString';
import type { RequestOptions } from './RequestOptions';

/**
 * The URL of a request with all of the query in it, encoded as AWS encodes it to verify a signature.
 *
 * @throws {S3Failure} of kind `invalid` when the request has no absolute URL
 */
export function requestUrl({ baseURL, url, uri, qs }: RequestOptions): URL {
	const address = url || uri || '';
	const absolute = /^https?:\/\//i.test(address) ? address : `${baseURL ?? ''}${address}`;
	if (!URL.canParse(absolute)) {
		throw S3Failure.invalid(
			'The URL of the request is not a whole URL',
			'Enter a URL that begins with https:// or http://.',
		);
	}
	const full = new URL(absolute);
	full.search = queryString([...full.searchParams, ...pairsOf(qs)]);
	full.hash = '';
	return full;
}

/** S3 verifies the path of the decoded key, encoded once, so this is also what is sent. */
export function s3Path(pathname: string): string {
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
