import { retryAfterMs } from '../errors/retryAfter';
import { serverWords } from '../errors/serverWords';
import { withoutSecrets } from '../errors/withoutSecrets';
import { filledText } from '../jsonFields';
import { S3Failure } from '../S3Failure';
import type { Session } from './Session';
import type { SessionRequest, SessionResponse, SessionService } from './sessionHttp';
import { quoted } from './validate';

/** Characters of an unexpected response that are shown. */
const MAX_EXCERPT_LENGTH = 200;
/** Milliseconds to wait when throttled; the quotas of these services are per second. */
const THROTTLED_PAUSE = 1000;

/** A request that was sent, and the service it was sent to. */
export interface SentRequest {
	readonly request: SessionRequest;
	readonly service: SessionService;
	/** What was sent and no failure repeats, whatever the response holds. */
	readonly secrets: readonly string[];
}

/** What a service says to refuse a request. */
export interface Refusal {
	readonly code: string | undefined;
	readonly message: string | undefined;
	readonly requestId: string | undefined;
}

/** What a refusal means, and what to do about it. */
export interface RefusalAdvice {
	readonly kind: 'credentials' | 'denied';
	readonly advice: string;
}

/** Refusals by code and message, and what to do about them; the first that matches counts. */
export type KnownRefusals = ReadonlyArray<
	readonly [refusal: RegExp, advice: string, kind?: RefusalAdvice['kind']]
>;

/** What a refusal means that is a known one. */
export function adviceAmong(
	known: KnownRefusals,
	{ code = '', message = '' }: Refusal,
): RefusalAdvice | undefined {
	const found = known.find(([refusal]) => refusal.test(`${code} ${message}`));
	return found && { advice: found[1], kind: found[2] ?? 'credentials' };
}

const THROTTLED = /^(Throttl|TooManyRequests|RequestLimitExceeded|SlowDown)/;

/** The failure for a request that the service refused, in the service's own words. */
export function refusalFailure(
	response: SessionResponse,
	refusal: Refusal,
	{ kind, advice }: RefusalAdvice,
	{ service, secrets }: SentRequest,
): S3Failure {
	const { status } = response;
	const shown = (text: string | undefined) => text && serverWords(withoutSecrets(text, secrets));
	const code = shown(refusal.code);
	const requestId = shown(refusal.requestId);
	const said = shown(refusal.message) ?? code ?? '';
	const words = said === '' ? `HTTP ${status} without a reason` : said;
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
			retryAfterMs: retryAfterMs(response.headers['retry-after']) ?? THROTTLED_PAUSE,
		});
	}
	if (status >= 500) {
		return new S3Failure({
			...details,
			kind: 'unavailable',
			advice: 'Try again later; it was already tried several times.',
			retryable: true,
			retryAfterMs: retryAfterMs(response.headers['retry-after']),
		});
	}
	return new S3Failure({ ...details, kind, advice });
}

/** The failure for a response that the service does not give: the page of a proxy, half a response. */
export function unexpectedResponse(
	response: SessionResponse,
	{ request, service, secrets }: SentRequest,
): S3Failure {
	const { status, headers, text } = response;
	const said = withoutSecrets(headers['content-type'] ?? 'no content type', secrets);
	const type = serverWords(said.split(';')[0] ?? '');
	// A response of success can hold keys, whatever else is wrong with it.
	const excerpt = status < 300 ? '' : excerptOf(withoutSecrets(text, secrets));
	const isRedirect = status >= 300 && status < 400;
	return new S3Failure({
		kind: status === 429 ? 'throttled' : 'unavailable',
		message: `${service.purpose}: unexpected response (HTTP ${status}, ${type}) from ${request.url.host}${excerpt === '' ? '' : `: ${quoted(excerpt)}`}`,
		advice: isRedirect
			? 'Redirects are not followed with a signature: check endpoint and region in the credential.'
			: `Check the endpoint in ${settingsOf(service)} and whether a proxy answers in place of ${service.name}.`,
		retryable: status === 429 || status >= 500,
		operation: service.operation,
		status,
		retryAfterMs: retryAfterMs(response.headers['retry-after']),
	});
}

/** The failure for a response of success that lacks something. */
export function incompleteResponse(
	{ status }: SessionResponse,
	lack: string,
	{ request, service }: SentRequest,
): S3Failure {
	return new S3Failure({
		kind: 'unavailable',
		message: `${service.purpose}: incomplete response from ${request.url.host}, ${lack}`,
		advice: `Try again; if it stays so, check that the endpoint in ${settingsOf(service)} is that of ${service.name}.`,
		operation: service.operation,
		status,
	});
}

const settingsOf = ({ isOfMachine = false }: SessionService): string =>
	isOfMachine ? 'the environment of n8n' : 'the credential';

/** The fields of a response that holds a session; all may be missing. */
export interface SessionFields {
	readonly accessKeyId?: unknown;
	readonly secretAccessKey?: unknown;
	readonly sessionToken?: unknown;
	readonly expiration?: unknown;
}

/** RFC 3339. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * The session of a response, or what the response lacks.
 * @param now milliseconds since 1970 by our clock
 * @param offset milliseconds that the service's clock is ahead of ours
 */
export function sessionFrom(fields: SessionFields, now: number, offset: number): Session | string {
	const accessKeyId = filledText(fields.accessKeyId);
	const secretAccessKey = filledText(fields.secretAccessKey);
	const sessionToken = filledText(fields.sessionToken);
	const expiration = filledText(fields.expiration) ?? '';
	if (accessKeyId === undefined) return 'it has no access key ID';
	if (secretAccessKey === undefined) return 'it has no secret access key';
	if (sessionToken === undefined) return 'it has no session token';
	if (!DATE_TIME.test(expiration)) return 'it has no expiration time';
	const end = Date.parse(expiration) - offset;
	if (Number.isNaN(end)) return 'its expiration time cannot be read';
	if (end <= now) return 'its session has already expired';
	return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(end) };
}

/** The beginning of a response, without markup. */
function excerptOf(text: string): string {
	return serverWords(text.replace(/<[^<>]*>/g, ' ').trim()).slice(0, MAX_EXCERPT_LENGTH);
}
