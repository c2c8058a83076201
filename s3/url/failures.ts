import { STATUS_CODES } from 'node:http';
import { nameOf } from '../errors/failureFrom';
import { explanationOfNetwork, systemCodeOf } from '../errors/networkErrors';
import { explanationOfProxy, ProxyError } from '../errors/proxyError';
import { retryAfterMs } from '../errors/retryAfter';
import { serverWords } from '../errors/serverWords';
import { S3Failure } from '../S3Failure';
import type { FailureDetails } from '../S3Failure';
import type { ServerName } from './serverName';

/** The object that a file is to become. */
export interface Target {
	readonly bucket: string;
	/** Undefined if it is made of the name of the file. */
	readonly key: string | undefined;
}

/** What a person can do if there is no response, where it is something else than for an S3 server. */
const ADVICE: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'Check host and port of the URL, and that the server is running.',
	ENOTFOUND: 'Check the URL for typing errors, and the DNS of the machine n8n runs on.',
	EPROTO: 'Check whether the URL should begin with http:// and not https://.',
	ERR_SSL_WRONG_VERSION_NUMBER: 'Check whether the URL should begin with http:// and not https://.',
	ERR_SSL_PACKET_LENGTH_TOO_LONG:
		'Check whether the URL should begin with http:// and not https://.',
	ERR_TLS_CERT_ALTNAME_INVALID: 'Check the host name in the URL.',
	LinkLocalAddress: 'Enter the URL of a file on another server.',
};

/** What a person can do about a status. */
const ADVICE_OF_STATUS: Readonly<Record<number, string>> = {
	401: 'The server asks for a login: enter what it needs in the option Headers.',
	403: 'The server does not allow it: check the URL, which may have expired, and the option Headers.',
	404: 'Check the URL.',
	405: 'Choose another Method.',
	410: 'The file is gone; check the URL.',
	429: 'Too many requests came to the server; run it again later.',
};

/** Statuses after which the same request may succeed. */
const MAY_PASS = [408, 425, 429, 500, 502, 503, 504];

/** What was not done, as the beginning of a sentence. */
const purpose = ({ bucket, key }: Target): string =>
	key === undefined
		? `Could not put an object in ${nameOf(bucket, undefined)}`
		: `Could not put ${nameOf(bucket, key)}`;

/**
 * The failure for what another server did. URLs are named by their origin alone: what follows may be secret.
 * @param words the rest of the sentence
 */
export function failure(
	target: Target,
	words: string,
	details: Omit<FailureDetails, 'message'>,
): S3Failure {
	return new S3Failure({ ...target, ...details, message: `${purpose(target)}: ${words}` });
}

/** A failure of the same kind that says what it is about. */
export function about(target: Target, { message, advice, kind, status }: S3Failure): S3Failure {
	return failure(target, message, { kind, status, advice });
}

/** The failure for a file that the caller does not want any more. */
export const cancelled = (target: Target): S3Failure =>
	S3Failure.cancelled(purpose(target), { ...target });

/**
 * The failure for a response without a file. It is named by its status alone: a phrase of
 * the server could repeat what it was sent.
 */
export function failureOfStatus(
	target: Target,
	{ origin }: ServerName,
	status: number,
	retryAfter: string | undefined,
): S3Failure {
	const advice =
		ADVICE_OF_STATUS[status] ??
		(status >= 500
			? 'The server has a problem; run it again later.'
			: 'Check the URL, and the options Method, Headers and Body.');
	const phrase = STATUS_CODES[status];
	return failure(
		target,
		`${origin} answered with HTTP ${status}${phrase === undefined ? '' : ` ${phrase}`} and not with a file`,
		{
			kind: status >= 500 ? 'unavailable' : 'rejected',
			status,
			advice: `${advice} Nothing was stored.`,
			retryable: MAY_PASS.includes(status),
			retryAfterMs: retryAfterMs(retryAfter),
		},
	);
}

/** The failure if no response came. @param proxy host and port of the proxy on the way */
export function failureOfNetwork(
	target: Target,
	{ origin, host, hostname }: ServerName,
	error: unknown,
	proxy: string | undefined,
): S3Failure {
	if (error instanceof ProxyError) {
		const { words, advice, code, retryable } = explanationOfProxy(error, host);
		const { status } = error;
		return failure(target, words, { kind: 'unreachable', advice, code, status, retryable });
	}
	const { message: reason = '' } = error as { message?: string };
	const code = systemCodeOf(error);
	// What the parser of HTTP refuses is a response, but none of HTTP.
	if (code?.startsWith('HPE_') === true) {
		return failure(target, `the response of ${origin} is not one of HTTP`, {
			kind: 'corrupt',
			code,
			advice: `Check the URL. (${serverWords(reason)})`,
		});
	}
	if (code === 'BlockedAddress') return blocked(target, origin);
	const { words, advice, retryable } = explanationOfNetwork(code, hostname);
	const way = proxy === undefined ? '' : ` through the proxy ${proxy}`;
	return failure(target, `${origin}${way} could not be reached, ${words}`, {
		kind: 'unreachable',
		code,
		advice: ADVICE[code ?? ''] ?? advice,
		retryable,
	});
}

/** The failure for a server that is not asked, as only the owner of the machine can allow it. */
function blocked(target: Target, origin: string): S3Failure {
	const words = `${origin} is at an internal or blocked address`;
	return failure(target, words, {
		kind: 'unreachable',
		code: 'BlockedAddress',
		advice:
			'Ask the owner of this n8n to allow the server: by name in N8N_SSRF_ALLOWED_HOSTNAMES, or by address in N8N_SSRF_ALLOWED_IP_RANGES. N8N_SSRF_PROTECTION_ENABLED=false allows every internal server.',
	});
}

/** The failure for a body that ends before its time. @param bytes that came */
export function brokenOff(
	target: Target,
	{ origin }: ServerName,
	bytes: number,
	size: number | undefined,
	code: string | undefined,
): S3Failure {
	const all = size === undefined ? 'its end' : `all of its ${size} bytes`;
	const why =
		code === 'ETIMEDOUT'
			? 'the server was silent for too long, or sent next to nothing'
			: 'the connection ended';
	return failure(target, `the file at ${origin} broke off after ${bytes} bytes, before ${all}`, {
		kind: 'corrupt',
		code,
		advice: `Run it again: ${why}. Nothing was stored.`,
	});
}
