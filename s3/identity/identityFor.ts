import { createHash } from 'node:crypto';
import type { Call } from '../Call';
import type { AssumedRoleIdentity, Connection, SessionIdentity } from '../Connection';
import type { Agents } from '../http/Agents';
import { proxyVariables } from '../http/proxy';
import { delayWithinBudget, retry } from '../retry/retry';
import { RetryBudget } from '../RetryBudget';
import { assumeRole } from './assumeRole';
import { isOfMachine, machineSession } from './machine/machineSession';
import { createSession } from './rolesAnywhere/createSession';
import type { Session } from './Session';
import { SessionCache } from './sessionCache';
import type { SessionWish } from './sessionCache';
import type { SessionHttp } from './sessionHttp';

/** Milliseconds that one request for a session may take, the connection included. */
const REQUEST_TIMEOUT = 10_000;

/** The sessions of this process. */
const sharedSessions = new SessionCache<Session>();

/** How the services that issue sessions are reached: sessions of one way are not given to another. */
type Way = Pick<Connection, 'caCertificate' | 'ignoreSslIssues' | 'proxy' | 'egress'>;

export interface IdentityContext extends Partial<Way> {
	/** Region of the connection: decides the endpoint of STS. */
	readonly region: string;
	/** Connections to the services that issue sessions, made of the same settings. */
	readonly agents: Agents;
	/** Milliseconds that one request may take; undefined is 10 seconds. */
	readonly timeout?: number | undefined;
	/** Gives milliseconds since 1970; undefined is the clock of the machine. */
	readonly clock?: (() => number) | undefined;
	/** Where sessions are kept; undefined is the cache that the whole process shares. */
	readonly sessions?: SessionCache<Session> | undefined;
}

/**
 * Gives access keys that are valid for a while, from memory if possible.
 * @throws S3Failure
 */
export type SessionProvider = (wish?: SessionWish) => Promise<Session>;

/**
 * The provider of an identity's sessions. Providers of equal identities share sessions and requests;
 * an identity that differs in anything, down to a passphrase, has its own.
 */
export function identityFor(identity: SessionIdentity, context: IdentityContext): SessionProvider {
	const { sessions = sharedSessions } = context;
	const id = sessionId(identity, context);
	const request = () => askForSession(identity, context);
	return (wish) => sessions.get(id, request, wish);
}

/** Forgets a session that S3 refused, see `SessionCache.forget`; returns whether there is another. */
export function forgetSession(
	identity: SessionIdentity,
	context: Omit<IdentityContext, 'agents'>,
	session: Session,
): boolean {
	const { sessions = sharedSessions } = context;
	return sessions.forget(sessionId(identity, context), session);
}

/** A hash, so that the cache keeps no secret as its key. */
function sessionId(
	identity: SessionIdentity,
	{ region, caCertificate, ignoreSslIssues, proxy }: Omit<IdentityContext, 'agents'>,
): string {
	const variables = proxy === undefined ? [] : proxyVariables(proxy);
	const way = [caCertificate, ignoreSslIssues, proxy, variables];
	// What a credential says of the way does not hold for the role of the machine.
	const settings = [identity, region, ...(isOfMachine(identity) ? [] : way)];
	return createHash('sha256').update(JSON.stringify(settings)).digest('hex');
}

/**
 * Requests a session that is not kept: only a new one proves that the service still issues it.
 * @throws S3Failure
 */
export async function newSession(
	identity: SessionIdentity,
	context: IdentityContext,
	{ signal, retryFor }: Call,
): Promise<Session> {
	const delayAfter = delayWithinBudget(RetryBudget.ofCall(retryFor));
	return await retry(() => askForSession(identity, context), delayAfter, signal);
}

function askForSession(identity: SessionIdentity, context: IdentityContext): Promise<Session> {
	const { region, agents, egress, timeout = REQUEST_TIMEOUT, clock = Date.now } = context;
	const http: SessionHttp = { ...agents, timeout, clock };
	if (isOfMachine(identity)) return machineSession(identity, { region, egress, timeout, clock });
	if (identity.kind === 'rolesAnywhere') return createSession(identity, http);
	const { source } = identity;
	return assumeRole(identity, () => keysOf(source, context), region, http);
}

/** The keys with which a role is assumed; those of the machine are new, so that STS never gets old ones. */
async function keysOf(source: AssumedRoleIdentity['source'], context: IdentityContext) {
	return source.kind === 'accessKeys' ? source : await askForSession(source, context);
}
