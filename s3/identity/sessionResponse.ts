import { S3Failure } from '../S3Failure';
import { quoted } from './validate';
import type { Answer, PostRequest, Service } from './sessionHttp';
import type { Session } from './Session';

/** Characters of an answer that are shown. */
const SHOWN = 200;
/** Milliseconds; the quotas of these services are per second. */
const THROTTLE_PAUSE = 1000;

/** What was sent to which service. */
interface Exchange {
	readonly sent: PostRequest;
	readonly service: Service;
}

/** What a service says to refuse a request. */
export interface Refusal {
	readonly code: string | undefined;
	readonly words: string | undefined;
	readonly requestId: string | undefined;
}

/** What is known about a code or text of a refusal. */
export interface Explanation {
	readonly kind: 'credentials' | 'denied';
	readonly advice: string;
}

const THROTTLED = /^(Throttl|TooManyRequests|RequestLimitExceeded|SlowDown)/;

/**
 * The failure for a request that the service refused, in its own words.
 * @param sent none of its headers is repeated, whatever the answer holds
 */
export function refused(
	answer: Answer,
	refusal: Refusal,
	{ kind, advice }: Explanation,
	{ sent, service }: Exchange,
): S3Failure {
	const { status } = answer;
	const { code, requestId } = refusal;
	const said = withoutSecrets(refusal.words ?? code ?? '', sent)
		.replace(/\s+/g, ' ')
		.trim();
	const words = said === '' ? `HTTP ${status} without a reason` : said.slice(0, 1000);
	const details = {
		message: `${service.purpose}: ${words.replace(/\.$/, '')}`,
		operation: service.operation,
		code,
		status,
		requestId,
	};
	if (status === 429 || THROTTLED.test(code ?? '')) {
		return new S3Failure({
			...details,
			kind: 'throttled',
			advice: `${service.name} takes only so many requests of an account: try again later.`,
			retryable: true,
			retryAfterMs: retryAfter(answer) ?? THROTTLE_PAUSE,
		});
	}
	if (status >= 500) {
		return new S3Failure({
			...details,
			kind: 'unavailable',
			advice: 'Try again later; it was already tried several times.',
			retryable: true,
			retryAfterMs: retryAfter(answer),
		});
	}
	return new S3Failure({ ...details, kind, advice });
}

/** The failure for an answer that the service would not give: a page of a proxy, half an answer. */
export function unexpected(answer: Answer, { sent, service }: Exchange): S3Failure {
	const { status, headers, text } = answer;
	const type = (headers['content-type'] ?? 'no content type').split(';')[0] ?? '';
	// An answer of success can hold keys, whatever else is wrong with it.
	const start = status >= 300 ? withoutSecrets(text, sent).replace(/<[^>]*>/g, ' ') : '';
	const said = start.replace(/\s+/g, ' ').trim().slice(0, SHOWN);
	const redirected = status >= 300 && status < 400;
	return new S3Failure({
		kind: status === 429 ? 'throttled' : 'unavailable',
		message: `${service.purpose}: unexpected answer (HTTP ${status}, ${type}) from ${sent.url.host}${said === '' ? '' : `: ${quoted(said)}`}`,
		advice: redirected
			? 'Redirects are not followed with a signature: check endpoint and region in the credential.'
			: `Check the endpoint in the credential and whether a proxy answers in place of ${service.name}.`,
		retryable: status === 429 || status >= 500,
		operation: service.operation,
		status,
		retryAfterMs: retryAfter(answer),
	});
}

/** The failure for an answer of success that lacks something. */
export function incomplete(
	{ status }: Answer,
	lack: string,
	{ sent, service }: Exchange,
): S3Failure {
	return new S3Failure({
		kind: 'unavailable',
		message: `${service.purpose}: incomplete answer from ${sent.url.host}, ${lack}`,
		advice: `Try again; if it stays so, check that the endpoint in the credential is that of ${service.name}.`,
		operation: service.operation,
		status,
	});
}

/** The fields of an answer that grants a session; all may be missing. */
export interface Granted {
	readonly accessKeyId?: unknown;
	readonly secretAccessKey?: unknown;
	readonly sessionToken?: unknown;
	readonly expiration?: unknown;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * The session of an answer, or what the answer lacks.
 * @param now milliseconds since 1970 by our clock
 * @param offset milliseconds that the service's clock is ahead of ours
 */
export function sessionOf(granted: Granted, now: number, offset: number): Session | string {
	const { accessKeyId, secretAccessKey, sessionToken, expiration } = granted;
	if (!isFilled(accessKeyId)) return 'it has no access key ID';
	if (!isFilled(secretAccessKey)) return 'it has no secret access key';
	if (!isFilled(sessionToken)) return 'it has no session token';
	if (!isFilled(expiration) || !TIME.test(expiration)) return 'it has no expiration time';
	const end = Date.parse(expiration) - offset;
	if (Number.isNaN(end)) return 'its expiration time cannot be read';
	if (end <= now) return 'its session has already expired';
	return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(end) };
}

const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== '';

function retryAfter({ headers }: Answer): number | undefined {
	const seconds = headers['retry-after'];
	return seconds !== undefined && /^\d+$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

/** Services and proxies may repeat what they were sent; of that nothing secret is shown. */
function withoutSecrets(text: string, { headers }: PostRequest): string {
	const { authorization = '', 'x-amz-security-token': token = '' } = headers;
	const signature = /Signature=([0-9a-f]+)/.exec(authorization)?.[1] ?? '';
	return [authorization, signature, token]
		.filter((secret) => secret !== '')
		.reduce((clean, secret) => clean.replaceAll(secret, '…'), text);
}
