import { backOffMs } from '../retry/backOff';
import { retry } from '../retry/retry';
import { S3Failure } from '../S3Failure';
import { clockWarning, TOLERATED_SKEW } from '../errors/clockSkew';
import { incomplete, refused, sessionOf, unexpected } from './sessionResponse';
import type { Explanation, Granted, Refusal } from './sessionResponse';
import { post } from './sessionHttp';
import type { Answer, PostRequest, Service } from './sessionHttp';
import type { Session, Transport } from './Session';

/** How one service that lends sessions is spoken to. */
export interface Protocol {
	readonly service: Service;
	/** The signed request; `time` is what the service's clock shows, as far as we know. */
	sign(time: Date): PostRequest | Promise<PostRequest>;
	/** What an answer of success grants, or in words what it lacks; undefined: not an answer of this service. */
	grantedIn(answer: Answer): Granted | string | undefined;
	/** Undefined: not an answer of this service. */
	refusalIn(answer: Answer): Refusal | undefined;
	explain(refusal: Refusal): Explanation;
}

/** Milliseconds; no service grants a session for a signature that is further off. */
const IMPOSSIBLE_SKEW = 15 * 60_000;
/** The first included. */
const MAX_ATTEMPTS = 4;
/** Milliseconds since the first attempt after which no other begins. */
const PATIENCE_MS = 25_000;
/** Milliseconds; less is the time that the answer was on its way. */
const NOISE = 5_000;

/**
 * Asks a service for a session, again after failures that may pass, and with the service's time
 * where it refuses the signature because our clock is wrong.
 * @throws S3Failure that names the service, with its own words, code and request id
 */
export function requestSession(protocol: Protocol, transport: Transport): Promise<Session> {
	return retry(() => ask(protocol, transport, 0), patiently(), undefined);
}

/** Tries again after failures that may pass, a few times and not for long. */
function patiently(): (error: unknown, attempts: number) => number | undefined {
	const start = performance.now();
	return (error, attempts) => {
		if (!(error instanceof S3Failure) || !error.retryable) return undefined;
		const waited = performance.now() - start + (error.retryAfterMs ?? 0);
		if (attempts >= MAX_ATTEMPTS || waited > PATIENCE_MS) return undefined;
		return backOffMs(attempts, error.retryAfterMs);
	};
}

/** @param correction milliseconds to add to our clock; 0 where it was not yet found wrong */
async function ask(protocol: Protocol, transport: Transport, correction: number): Promise<Session> {
	const { service } = protocol;
	const sent = await protocol.sign(new Date(transport.clock() + correction));
	const answer = await post(sent, service, transport);
	const now = transport.clock();
	const offset = clockOffset(answer, now);
	const exchange = { sent, service };
	if (answer.status >= 200 && answer.status < 300) {
		const granted = protocol.grantedIn(answer);
		if (granted === undefined) throw unexpected(answer, exchange);
		if (typeof granted === 'string') throw incomplete(answer, granted, exchange);
		const believed = correction === 0 && Math.abs(offset) > IMPOSSIBLE_SKEW ? 0 : offset;
		const session = sessionOf(granted, now, believed);
		if (typeof session === 'string') throw incomplete(answer, session, exchange);
		return correction === 0 ? session : { ...session, clockWarning: clockWarning(offset) };
	}
	const refusal = answer.status < 400 ? undefined : protocol.refusalIn(answer);
	if (refusal === undefined) throw unexpected(answer, exchange);
	const skewed = Math.abs(offset) > TOLERATED_SKEW && concernsSignature(refusal);
	if (skewed && correction === 0) return ask(protocol, transport, offset);
	const explanation = protocol.explain(refusal);
	throw refused(
		answer,
		refusal,
		skewed
			? { ...explanation, advice: `${clockWarning(offset)} Correcting for that did not help.` }
			: explanation,
		exchange,
	);
}

/** Milliseconds that the service's clock is ahead of ours; 0 where its answer has no date. */
function clockOffset({ headers }: Answer, now: number): number {
	const offset = Date.parse(headers.date ?? '') - now;
	return Number.isNaN(offset) || Math.abs(offset) < NOISE ? 0 : offset;
}

function concernsSignature({ code, words }: Refusal): boolean {
	return /signature|RequestExpired|TimeTooSkewed/i.test(`${code ?? ''} ${words ?? ''}`);
}
