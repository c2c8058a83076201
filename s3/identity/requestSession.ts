import { clockWarning, TOLERATED_SKEW } from '../errors/clockSkew';
import { secretsOf } from '../errors/withoutSecrets';
import type { Session } from './Session';
import { exchange } from './sessionHttp';
import type { SessionRequest, SessionResponse, SessionHttp, SessionService } from './sessionHttp';
import {
	incompleteResponse,
	refusalFailure,
	sessionFrom,
	unexpectedResponse,
} from './sessionResponse';
import type { Refusal, RefusalAdvice, SentRequest, SessionFields } from './sessionResponse';

/** How to ask one service for a session. */
export interface SessionProtocol {
	readonly service: SessionService;
	/** The signed request; `time` is what the service's clock shows, as far as we know. */
	sign(time: Date): SessionRequest | Promise<SessionRequest>;
	/**
	 * The session in a response of success, or in words what the response lacks; undefined if it is
	 * not a response of this service.
	 */
	readSession(response: SessionResponse): SessionFields | string | undefined;
	/** Whether the service may refuse with a status of success. */
	readonly refusesInSuccess?: boolean;
	/** The refusal in any other response; undefined if it is not a response of this service. */
	readRefusal(response: SessionResponse): Refusal | undefined;
	advise(refusal: Refusal): RefusalAdvice;
}

/** Milliseconds; no service issues a session for a signature that is further off. */
const IMPOSSIBLE_SKEW = 15 * 60_000;
/** Milliseconds; a smaller difference of clocks may be the time that the response took. */
const MIN_SKEW = 5_000;

/**
 * Asks a service for a session, a second time with the service's time if it refuses the signature because our clock is
 * wrong. After failures that may pass, whoever waits for the session has it asked again.
 * @throws S3Failure that names the service, with its own words, code and request id
 */
export function requestSession(protocol: SessionProtocol, http: SessionHttp): Promise<Session> {
	return requestOnce(protocol, http, 0);
}

/** @param correction milliseconds to add to our clock; 0 until it is found wrong */
async function requestOnce(
	protocol: SessionProtocol,
	http: SessionHttp,
	correction: number,
): Promise<Session> {
	const { service } = protocol;
	const request = await protocol.sign(new Date(http.clock() + correction));
	const response = await exchange(request, service, http);
	const now = http.clock();
	const offset = clockOffset(response, now);
	const secrets = [
		...secretsOf(request.headers),
		...(request.secrets ?? []),
		...(http.proxySecrets ?? []),
	];
	const sent = { request, service, secrets };
	const { status } = response;
	const isSuccess = status >= 200 && status < 300;
	const mayRefuse = status >= 400 || (isSuccess && protocol.refusesInSuccess === true);
	const refusal = mayRefuse ? protocol.readRefusal(response) : undefined;
	if (isSuccess && refusal === undefined) {
		// A session was issued for our time, so a date that is far off cannot be right.
		const isImpossible = correction === 0 && Math.abs(offset) > IMPOSSIBLE_SKEW;
		const session = readSession(protocol, response, sent, now, isImpossible ? 0 : offset);
		return correction === 0 ? session : { ...session, clockWarning: clockWarning(offset) };
	}
	if (refusal === undefined) throw unexpectedResponse(response, sent);
	const isSkewed = Math.abs(offset) > TOLERATED_SKEW && concernsSignature(refusal);
	if (isSkewed && correction === 0) return requestOnce(protocol, http, offset);
	const advice = protocol.advise(refusal);
	throw refusalFailure(
		response,
		refusal,
		isSkewed
			? { ...advice, advice: `${clockWarning(offset)} Correcting for that did not help.` }
			: advice,
		sent,
	);
}

function readSession(
	protocol: SessionProtocol,
	response: SessionResponse,
	sent: SentRequest,
	now: number,
	offset: number,
): Session {
	const fields = protocol.readSession(response);
	if (fields === undefined) throw unexpectedResponse(response, sent);
	const session = typeof fields === 'string' ? fields : sessionFrom(fields, now, offset);
	if (typeof session === 'string') throw incompleteResponse(response, session, sent);
	return session;
}

/** Milliseconds that the service's clock is ahead of ours; 0 if its response has no date. */
function clockOffset({ headers }: SessionResponse, now: number): number {
	const offset = Date.parse(headers.date ?? '') - now;
	return Number.isNaN(offset) || Math.abs(offset) < MIN_SKEW ? 0 : offset;
}

function concernsSignature({ code, message }: Refusal): boolean {
	return /signature|RequestExpired|TimeTooSkewed/i.test(`${code ?? ''} ${message ?? ''}`);
}
