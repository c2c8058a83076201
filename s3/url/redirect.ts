import { utf8Header } from '../headers/utf8Header';
import { S3Failure } from '../S3Failure';

/** One request to a server that keeps a file. */
export interface FileRequest {
	readonly url: URL;
	readonly method: 'GET' | 'POST';
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string | undefined;
}

const REDIRECTS = [301, 302, 303, 307, 308];
/** They keep method and body of the request. */
const REPEATS = [307, 308];
/** Headers that say nothing about who asks. Every other one may hold a key or a password. */
const FOR_ANY_ORIGIN = ['accept', 'accept-encoding', 'accept-language', 'user-agent'];

/**
 * The request that follows a redirect; undefined if the response is none. Another origin than the one that was
 * asked gets no header that could tell it a secret.
 * @param location header of the response, which many servers send in UTF-8 and not encoded
 * @throws S3Failure of kind `rejected` for a redirect that is not followed
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch
 */
export function redirect(
	{ url, method, headers, body }: FileRequest,
	status: number,
	location: string | undefined,
): FileRequest | undefined {
	if (!REDIRECTS.includes(status) || location === undefined) return undefined;
	const text = utf8Header(location);
	const target = URL.canParse(text, url.href) ? new URL(text, url) : undefined;
	if (target === undefined || !/^https?:$/.test(target.protocol)) {
		throw notFollowed(url, status, 'to something that is not a URL of http:// or https://');
	}
	target.username = '';
	target.password = '';
	const isSameOrigin = target.origin === url.origin;
	const repeats = REPEATS.includes(status) || method === 'GET';
	if (repeats && body !== undefined && !isSameOrigin) {
		throw notFollowed(url, status, `to ${target.origin}, which would get the body`);
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
	};
}

function notFollowed({ origin }: URL, status: number, where: string): S3Failure {
	return new S3Failure({
		kind: 'rejected',
		message: `${origin} redirects the request ${where}`,
		advice: 'Enter the URL at which the file itself is.',
		status,
	});
}
