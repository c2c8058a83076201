import { adviceInContainer, explanationOfNetwork, NOT_TLS, UNTRUSTED } from './networkErrors';
import type { NetworkExplanation } from './networkErrors';

/** A failure at a proxy: the request has not reached the server. */
export class ProxyError extends Error {
	override readonly name = 'ProxyError';
	/** Makes the SDK try again. */
	readonly $retryable: object | undefined;

	/**
	 * @param proxy its host and port
	 * @param status of its response, with which it refuses the request; undefined if there was none
	 * @param code of Node or OpenSSL if there was no response; undefined if the response was not one of an
	 *   HTTP proxy
	 */
	constructor(
		readonly proxy: string,
		readonly status: number | undefined,
		readonly code: string | undefined,
	) {
		super(`the proxy ${proxy} failed`);
		this.$retryable = status !== undefined && status >= 500 ? {} : undefined;
	}
}

/**
 * What a failure at a proxy means to a person.
 * @param host host and port of the server that the request was for
 * @returns `words` as the end of a sentence about the request, and what to do about it
 */
export function explanationOfProxy(
	{ proxy, status, code }: ProxyError,
	host: string,
): { words: string; advice: string; code: string | undefined; retryable: boolean } {
	if (status === 407) {
		return {
			words: `the proxy ${proxy} asks for a valid user name and password`,
			advice:
				'Enter Proxy User and Proxy Password in the credential, or correct those in HTTPS_PROXY or HTTP_PROXY.',
			code: 'ProxyAuthenticationRequired',
			retryable: false,
		};
	}
	if (status !== undefined) {
		return {
			words: `the proxy ${proxy} did not connect to ${host} (HTTP ${String(status)})`,
			advice: `Ask whoever runs the proxy to allow ${host}, or bypass the proxy: by Proxy in the credential, or by NO_PROXY.`,
			code: 'ProxyRefused',
			retryable: status >= 500,
		};
	}
	if (code === undefined) {
		return {
			words: `the proxy ${proxy} does not answer as an HTTP proxy does`,
			advice:
				'Check host and port of the proxy in the credential (or in HTTPS_PROXY and HTTP_PROXY): something else seems to listen there.',
			code: 'NotAProxy',
			retryable: false,
		};
	}
	const explanation = explanationOfNetwork(code, undefined);
	return {
		words: `the proxy ${proxy} could not be reached, ${explanation.words}`,
		advice: adviceOn(explanation, code === 'ECONNREFUSED' ? hostnameOf(proxy) : undefined),
		code,
		retryable: explanation.retryable,
	};
}

function adviceOn(explanation: NetworkExplanation, refusing: string | undefined): string {
	if (explanation === NOT_TLS) {
		return 'Begin the URL of the proxy with http:// instead of https://.';
	}
	if (explanation === UNTRUSTED) return explanation.advice;
	return `Check the proxy in the credential (or HTTPS_PROXY and HTTP_PROXY) and that it is running.${adviceInContainer(refusing)}`;
}

/** @param host name or address, and port */
function hostnameOf(host: string): string | undefined {
	return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : undefined;
}
