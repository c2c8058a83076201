import { createHash } from 'node:crypto';
import { assumeRole } from './assumeRole';
import { createSession } from './rolesAnywhere/createSession';
import { SessionCache } from './sessionCache';
import type { SessionIdentity } from '../Connection';
import type { Agents } from '../http/Agents';
import type { Session, Transport } from './Session';

/** Milliseconds that one request for a session may take, the connection included. */
const TIMEOUT = 10_000;

/** Sessions of everything in this process. */
const shared = new SessionCache<Session>();

export interface IdentityContext {
	/** Of the connection: decides the endpoint of STS. */
	readonly region: string;
	/** Connections to the services that lend sessions: proxy and trusted authorities. */
	readonly agents: Agents;
	/** Milliseconds that one request may take. */
	readonly timeout?: number | undefined;
	/** Gives milliseconds since 1970. */
	readonly clock?: (() => number) | undefined;
	/** Where sessions are kept; undefined is what all of the process share. */
	readonly sessions?: SessionCache<Session> | undefined;
}

/**
 * Gives access keys that are valid for a while, from memory where possible.
 * The signal ends this caller's waiting only.
 * @throws S3Failure
 */
export type SessionProvider = (call?: {
	readonly signal?: AbortSignal | undefined;
}) => Promise<Session>;

/**
 * The provider of an identity's sessions. Providers of equal identities share sessions and requests;
 * an identity that differs in anything, down to a passphrase, has its own.
 */
export function identityFor(identity: SessionIdentity, context: IdentityContext): SessionProvider {
	const { region, sessions = shared } = context;
	const id = idOf(identity, region);
	const request = () => newSession(identity, context);
	return (call) => sessions.get(id, request, call?.signal);
}

/** Forgets a session that S3 refused, see `SessionCache.forget`; returns whether there is another. */
export function forgetSession(
	identity: SessionIdentity,
	{ region, sessions = shared }: Pick<IdentityContext, 'region' | 'sessions'>,
	session: Session,
): boolean {
	return sessions.forget(idOf(identity, region), session);
}

function idOf(identity: SessionIdentity, region: string): string {
	return createHash('sha256')
		.update(JSON.stringify([identity, region]))
		.digest('hex');
}

/**
 * Asks for a session that is kept by nobody: only a new one proves that the service still grants it.
 * @throws S3Failure
 */
export function newSession(identity: SessionIdentity, context: IdentityContext): Promise<Session> {
	const { region, agents, timeout = TIMEOUT, clock = Date.now } = context;
	const transport: Transport = { ...agents, timeout, clock };
	return identity.kind === 'assumeRole'
		? assumeRole(identity, region, transport)
		: createSession(identity, transport);
}
