import { ACCESS_DENIED, REQUEST_TIMEOUT, SERVER_FAILED, SLOW_DOWN } from './errorCodes';
import type { Explanation } from './errorCodes';

/** What a status means when the server gave no code that is known. */
export function explanationOfStatus(status: number): Explanation {
	if (status === 403) return ACCESS_DENIED;
	if (status === 401)
		return {
			kind: 'credentials',
			words: 'the server does not accept these credentials',
			advice: 'Check user name and password, or the keys, in the credential.',
		};
	if (status === 404)
		return {
			kind: 'notFound',
			words: 'there is nothing at this address',
			advice:
				'Check the endpoint, bucket and key: a proxy or ingress without a route to the S3 server responds like this.',
		};
	if (status === 408) return REQUEST_TIMEOUT;
	if (status === 413)
		return {
			kind: 'rejected',
			words: 'the request is larger than a proxy in front of the server takes',
			advice:
				'Raise the limit of the proxy (client_max_body_size of nginx), or lower multipart threshold and part size.',
		};
	if (status === 414 || status === 431)
		return {
			kind: 'rejected',
			words: 'the URL or a header of the request is longer than the server takes',
			advice: 'Use a shorter prefix or key, or less metadata and fewer tags.',
		};
	if (status === 429) return SLOW_DOWN;
	if (status >= 500) return SERVER_FAILED;
	if (status >= 300 && status < 400)
		return {
			kind: 'rejected',
			words: 'the server sends the request somewhere else',
			advice: 'Check the region in the credential, or the endpoint.',
		};
	return {
		kind: 'rejected',
		advice: 'Check the parameters of the node and the credential.',
	};
}
