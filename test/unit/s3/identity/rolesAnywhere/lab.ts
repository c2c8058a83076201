import { Agent as HttpAgent, createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { identityFor } from '../../../../../s3/identity/identityFor';
import { SessionCache } from '../../../../../s3/identity/sessionCache';
import type { RolesAnywhereIdentity } from '../../../../../s3/Connection';
import type { Session } from '../../../../../s3/identity/Session';
import {
	accountTrusting,
	PROFILE_ARN,
	ROLE_ARN,
	TRUST_ANCHOR_ARN,
} from '../../../../servers/rolesAnywhere/account';
import { issue } from '../../../../servers/rolesAnywhere/authority';
import type { CertificateOptions, Issued } from '../../../../servers/rolesAnywhere/authority';
import { startRolesAnywhere } from '../../../../servers/rolesAnywhere/server';
import type {
	RolesAnywhereOptions,
	RolesAnywhereServer,
} from '../../../../servers/rolesAnywhere/server';

/** A service, an authority that it trusts, and a certificate of that authority. */
export interface Lab {
	readonly root: Issued;
	readonly leaf: Issued;
	readonly service: RolesAnywhereServer;
	/** The fields of a credential, with some changed. */
	identity(changes?: Partial<RolesAnywhereIdentity>): RolesAnywhereIdentity;
	/** A new session, from a cache of its own. */
	session(changes?: Partial<RolesAnywhereIdentity>, options?: SessionOptions): Promise<Session>;
	close(): Promise<void>;
}

interface SessionOptions {
	/** Milliseconds since 1970. */
	readonly clock?: () => number;
	/** Milliseconds. */
	readonly timeout?: number;
	/** Milliseconds. */
	readonly retryFor?: number;
}

export const agents = { httpAgent: new HttpAgent(), httpsAgent: new HttpsAgent() };

/** Starts a service that trusts a new authority. */
export async function openLab(
	options: Partial<RolesAnywhereOptions> = {},
	leafOptions: CertificateOptions = {},
): Promise<Lab> {
	const root = issue({ name: 'Lab Root', ca: true });
	const leaf = issue({ name: 'worker.example', ...leafOptions }, root);
	const service = await startRolesAnywhere({ account: accountTrusting(root), ...options });
	const identity = (changes: Partial<RolesAnywhereIdentity> = {}): RolesAnywhereIdentity => ({
		kind: 'rolesAnywhere',
		trustAnchorArn: TRUST_ANCHOR_ARN,
		profileArn: PROFILE_ARN,
		roleArn: ROLE_ARN,
		region: 'eu-central-1',
		sessionName: undefined,
		durationSeconds: 3600,
		certificate: leaf.pem,
		certificateChain: undefined,
		privateKey: leaf.keyPem,
		passphrase: undefined,
		endpoint: service.endpoint,
		...changes,
	});
	return {
		root,
		leaf,
		service,
		identity,
		session: (changes, { clock, timeout, retryFor = 3000 } = {}) =>
			identityFor(identity(changes), {
				region: 'eu-central-1',
				agents,
				clock,
				timeout,
				sessions: new SessionCache<Session>(clock),
			})({ retryFor }),
		close: () => service.stop(),
	};
}

/** Starts a server that responds in place of the service. */
export async function serve(
	listener: RequestListener,
): Promise<{ endpoint: string; close(): void }> {
	const server = createServer(listener);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		endpoint: `http://127.0.0.1:${port}`,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}
