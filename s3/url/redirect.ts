import { utf8Header } from '../headers/utf8Header';
import { S3Failure } from '../S3Failure';
import { FOR_ANY_ORIGIN, nameOfServer } from './serverName';
import type { ServerName } from './serverName';

/** One request to a server that keeps a file. */
export interface FileRequest {
	readonly url: URL;
	readonly method: 'GET' | 'POST';
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string | undefined;
	/** What was in the first request and no error shows. */
	readonly secrets: readonly string[];
}

const REDIRECTS = [301, 302, 303, 307, 308];
/** They keep method and body of the request. */
const REPEATS = [307, 308];

/**
 * The request that follows a redirect; undefined if the response is none. Another origin than the one that was
 * asked gets no header that could tell it a secret.
 * @param location header of the response, which many servers send in UTF-8 and not encoded
 * @throws S3Failure of kind `rejected` for a redirect that is not followed
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch
 */
export function redirect(
	{ url, method, headers, body, secrets }: FileRequest,
	status: number,
	location: string | undefined,
): FileRequest | undefined {
	if (!REDIRECTS.includes(status) || location === undefined) return undefined;
	const from = nameOfServer(url, secrets);
	const text = utf8Header(location);
	const target = URL.canParse(text, url.href) ? new URL(text, url) : undefined;
	if (target === undefined || !/^https?:$/.test(target.protocol)) {
		throw notFollowed(from, status, 'to something that is not a URL of http:// or https://');
	}
	target.username = '';
	target.password = '';
	const isSameOrigin = target.origin === url.origin;
	const repeats = REPEATS.includes(status) || method === 'GET';
	if (repeats && body !== undefined && !isSameOrigin) {
		const { origin } = nameOfServer(target, secrets);
		throw notFollowed(from, status, `to ${origin}, which would get the body`);
	}
	const kept = Object.entries(headers).filter(
		([name]) =>
			(isSameOrigin || FOR_ANY_ORIGIN.includes(name)) && (repeats || !name.startsWith('content-')),
	);
	return {
		url: target,
		method: repeats ? method : 'GET',
		headers: Object.fromEntries(kept),
		body: repeats ? body : undefined,
		secrets,
	};
}

function notFollowed({ origin }: ServerName, status: number, where: string): S3Failure {
	return new S3Failure({
		kind: 'rejected',
		message: `${origin} redirects the request ${where}`,
		advice: 'Enter the URL at which the file itself is.',
		status,
	});
}
