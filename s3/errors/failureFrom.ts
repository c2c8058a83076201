import { hasHeaderOfS3 } from './headersOfS3';
import { LongResponse } from './LongResponse';
import { meaningOf } from './meaning';
import type { Asked } from './meaning';
import { explanationOfNetwork, systemCodeOf } from './networkErrors';
import { explanationOfProxy, ProxyError } from './proxyError';
import { retryAfterMs } from './retryAfter';
import { serverWords } from './serverWords';
import type { Permission } from '../calls/calls';
import { filledText } from '../jsonFields';
import { S3Failure } from '../S3Failure';
import type { FailureDetails } from '../S3Failure';

/** What was being done when an error came up. */
export interface Attempt {
	/** S3's name of the call, e.g. `GetObject`. */
	operation: string;
	/** What the call does, as in “Could not get the tags of …”. */
	phrase: string;
	/** What it needs; only asked for when it is missing. */
	permissions?: () => readonly Permission[];
	bucket?: string | undefined;
	key?: string | undefined;
	versionId?: string | undefined;
	/** What it has a customer's own key for. */
	ownKey?: 'toRead' | 'toStore' | undefined;
	/** The canned ACL that it was to give. */
	acl?: string | undefined;
	/** Requests that were sent for it, this one included. */
	attempts?: number;
	/** Whether the clock was wrong by which it was signed, and is corrected by now. */
	isClockCorrected?: () => boolean;
	/** As ARNs name the part of AWS; `aws` unless given. */
	partition?: string | undefined;
	/** Scheme and host that was asked, for errors of the network. */
	server: string;
	/** Host and port of the proxy on the way there. */
	proxy?: string | undefined;
}

/** The fields this reads of an error of the SDK or of Node; all may be missing. */
interface ForeignError {
	name?: unknown;
	message?: unknown;
	Code?: unknown;
	/** The header or parameter that an InvalidArgument is about. */
	ArgumentName?: unknown;
	/** A body that is no XML, without secrets. */
	bodyText?: unknown;
	$metadata?: { httpStatusCode?: unknown; requestId?: unknown };
	$response?: { statusCode?: unknown; headers?: Record<string, string> };
}

/** Characters of a body that is none of S3. */
const QUOTED = 200;

/** A text of the server as it is shown; undefined if nothing is left of it. */
const shown = (value: unknown): string | undefined =>
	filledText(serverWords(filledText(value) ?? ''));

/** The server's own words; for an empty message the SDK puts one of its own. */
const wordsOf = ({ message }: { message?: unknown }): string | undefined =>
	message === 'UnknownError' ? undefined : shown(message)?.replace(/\.$/, '');

/** The header or parameter that a server does not take, as the end of a sentence that does not name it yet. */
function argumentOf({ ArgumentName }: ForeignError, words: string): string {
	const name = shown(ArgumentName);
	return name === undefined || words.includes(name) ? '' : ` (${name})`;
}

/** Characters of a key: S3 has none with more, a server may list some. */
const MAX_KEY = 1024;

/** How messages name a target: “key” in bucket “bucket”, bucket “bucket”, or the account. */
export function nameOf(bucket: string | undefined, key: string | undefined): string {
	if (bucket === undefined) return 'the account';
	if (key === undefined) return `bucket “${bucket}”`;
	const shownKey = key.length > MAX_KEY ? `${key.slice(0, MAX_KEY - 1)}…` : key;
	return `“${shownKey}” in bucket “${bucket}”`;
}

/** What a failed call was about, as the beginning of a sentence. */
export function purposeOf({ phrase, bucket, key }: Attempt): string {
	return `Could not ${phrase} ${nameOf(bucket, key)}`;
}

/** The failure of a call. @param words the end of the sentence about it */
function failureOf(
	attempt: Attempt,
	words: string,
	details: Omit<FailureDetails, 'message'>,
): S3Failure {
	const { operation, bucket, key } = attempt;
	const message = `${purposeOf(attempt)}: ${words}`;
	return new S3Failure({ operation, bucket, key, ...details, message });
}

/** The server that was asked, as people have to look for it. */
function serverOf({ server, proxy }: Attempt): string {
	return proxy === undefined ? server : `${server} through the proxy ${proxy}`;
}

function statusOf(error: ForeignError): number | undefined {
	const status = error.$metadata?.httpStatusCode ?? error.$response?.statusCode;
	return typeof status === 'number' && status > 0 ? status : undefined;
}

/** The server of a connection, if it is not AWS. */
function endpointOf({ server }: Attempt): URL | undefined {
	return URL.canParse(server) ? new URL(server) : undefined;
}

/** What was asked for, as far as it matters to what a refusal means. */
function askedBy(attempt: Attempt): Asked {
	const { operation, bucket, key, versionId, ownKey, acl, permissions, partition } = attempt;
	return {
		bucket,
		key,
		// A delete marker can be deleted itself.
		versionId: operation === 'DeleteObject' ? undefined : versionId,
		ownKey,
		acl,
		endpoint: endpointOf(attempt),
		hasBody: !isHead(attempt),
		needed: permissions ?? (() => []),
		partition,
	};
}

const WRONG_CLOCK = 'RequestTimeTooSkewed';

/** S3 sends no body with an error to a HEAD. */
const isHead = ({ operation }: Attempt): boolean => operation.startsWith('Head');

function codeOf(error: ForeignError, status: number, attempt: Attempt): string | undefined {
	const code = shown(error.Code) ?? shown(error.name);
	// To a HEAD no server says why.
	if (status === 403 && isHead(attempt) && attempt.isClockCorrected?.() === true)
		return WRONG_CLOCK;
	// The SDK names an error without a readable code after its status, or not at all.
	if (status === 304) return 'NotModified';
	if (status === 412) return 'PreconditionFailed';
	if (status === 416) return 'InvalidRange';
	if (code === undefined || /^(Unknown|UnknownError|Error|\d{3})$/.test(code)) return undefined;
	// The name that the SDK gives every 404 without a readable code.
	if (code === 'NotFound' && filledText(error.Code) === undefined && !isHead(attempt))
		return undefined;
	return code;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html */
const isDeleteMarker = (headers: Record<string, string> | undefined): boolean =>
	headers?.['x-amz-delete-marker'] === 'true';

function failureOfResponse(error: ForeignError, status: number, attempt: Attempt): S3Failure {
	const quote = quoteOf(error);
	if (isOfAnother(error, status, attempt)) return notOfS3(status, attempt, quote);
	const code = codeOf(error, status, attempt);
	const said = code === undefined ? undefined : wordsOf(error);
	const headers = error.$response?.headers;
	const { kind, words, advice, retryable } = meaningOf(
		{ status, code, said, location: headers?.location, isDeleted: isDeleteMarker(headers) },
		askedBy(attempt),
	);
	const requestId = shown(error.$metadata?.requestId) ?? shown(headers?.['x-amz-request-id']);
	const about = `${argumentOf(error, words)}${quote === undefined ? '' : `, ${quote}`}`;
	return failureOf(attempt, `${words}${about}`, {
		kind,
		advice,
		retryable: retryable ?? (code === WRONG_CLOCK && attempt.isClockCorrected?.() === true),
		code,
		status,
		requestId,
		attempts: attempt.attempts,
		retryAfterMs: retryAfterMs(headers?.['retry-after']),
	});
}

/**
 * The failure for an error that the server reports inside of a successful response, such as that of one key
 * of many.
 */
export function failureOfCode(
	error: { code: string; message: string | undefined },
	attempt: Attempt,
): S3Failure {
	const code = serverWords(error.code);
	const { kind, words, advice, retryable } = meaningOf(
		{ status: undefined, code, said: wordsOf(error), location: undefined },
		askedBy(attempt),
	);
	return failureOf(attempt, words, { kind, advice, retryable: retryable ?? false, code });
}

function failureOfProxy(problem: ProxyError, attempt: Attempt): S3Failure {
	const host = URL.canParse(attempt.server) ? new URL(attempt.server).host : attempt.server;
	const { words, advice, code, retryable } = explanationOfProxy(problem, host);
	const { status } = problem;
	return failureOf(attempt, words, { kind: 'unreachable', advice, retryable, code, status });
}

const isHtml = (response: ForeignError['$response']): boolean =>
	response?.headers?.['content-type']?.startsWith('text/html') === true;

/** What a proxy, a firewall or a web console refuses with; other statuses say enough by themselves. */
function isOfAnother(error: ForeignError, status: number, attempt: Attempt): boolean {
	const isForeign = isHtml(error.$response) || error.bodyText !== undefined;
	if (!isForeign || filledText(error.Code) !== undefined) return false;
	const refusal = status >= 400 && status < 500 && ![401, 412, 413, 416, 429].includes(status);
	// To a HEAD no server sends a page: there some S3 servers name that type, too, beside headers of S3.
	return refusal && !(isHead(attempt) && hasHeaderOfS3(error.$response?.headers ?? {}));
}

/** The beginning of a body that is no XML, such as JSON of a gateway. */
function quoteOf({ bodyText: body, $response }: ForeignError): string | undefined {
	if (isHtml($response)) return undefined;
	const quoted = wordsOf({ message: body })?.slice(0, QUOTED);
	return quoted === undefined ? undefined : `“${quoted}”`;
}

/** The failure for a response that an S3 server would not give. @param quote what its body is or says */
export function notOfS3(status: number, attempt: Attempt, quote = 'a web page'): S3Failure {
	const success = status < 300;
	const page = success ? '' : `, but ${quote} with HTTP ${status}`;
	return failureOf(attempt, `the response of ${serverOf(attempt)} is not one of S3${page}`, {
		kind: success ? 'corrupt' : 'rejected',
		advice:
			'Check that the endpoint is that of an S3 server, not of its web console, that it begins with https:// if the server speaks TLS, and that no proxy answers in its place.',
		status,
	});
}

/** The failure for a response that is too long, such as an object in place of what was asked for. */
function failureOfLongResponse({ message }: LongResponse, attempt: Attempt): S3Failure {
	return failureOf(attempt, `the response of ${serverOf(attempt)} is ${message}`, {
		kind: 'corrupt',
		advice:
			'Check that the endpoint is that of an S3 server. It may not know this call, and send something else.',
	});
}

function failureOfNetwork(error: ForeignError, attempt: Attempt): S3Failure {
	const code = systemCodeOf(error);
	const { words, advice, retryable } = explanationOfNetwork(code, endpointOf(attempt)?.hostname);
	return failureOf(attempt, `${serverOf(attempt)} could not be reached, ${words}`, {
		kind: 'unreachable',
		advice,
		retryable,
		code,
		attempts: attempt.attempts,
	});
}

/** An error of neither server nor network: something in the request could not be sent as it is. */
function failureOfRequest(error: ForeignError, attempt: Attempt): S3Failure {
	return failureOf(attempt, shown(error.message) ?? 'the request could not be made', {
		kind: 'invalid',
		advice: 'Check the parameters of the node and the credential.',
	});
}

/** The failure for work that the caller stopped. */
export function cancelled(attempt: Attempt): S3Failure {
	const { operation, bucket, key } = attempt;
	return S3Failure.cancelled(purposeOf(attempt), { operation, bucket, key });
}

/**
 * Turns whatever the SDK or Node threw into the one error of `s3/`.
 * Takes code, status, request id and words from it, never headers or URLs that could hold a secret.
 */
export function failureFrom(thrown: unknown, attempt: Attempt): S3Failure {
	if (thrown instanceof S3Failure) return thrown;
	const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as ForeignError;
	if (error.name === 'AbortError') return cancelled(attempt);
	if (thrown instanceof ProxyError) return failureOfProxy(thrown, attempt);
	if (thrown instanceof LongResponse) return failureOfLongResponse(thrown, attempt);
	const status = statusOf(error);
	const isError = status !== undefined && (status >= 300 || filledText(error.Code) !== undefined);
	if (isError) return failureOfResponse(error, status, attempt);
	if (status !== undefined) return notOfS3(status, attempt);
	return systemCodeOf(error) === undefined
		? failureOfRequest(error, attempt)
		: failureOfNetwork(error, attempt);
}
