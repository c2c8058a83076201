import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { EgressRules, Identity, MachineIdentity } from '../../Connection';
import { agentsFor } from '../../http/agentsFor';
import { guarded } from '../../http/guardedAgent';
import type { Session } from '../Session';
import { assumeRoleWithWebIdentity } from './webIdentity';
import { requestContainerSession } from './container';
import { requestInstanceSession } from './instance';

/**
 * For services of the machine itself: straight to them, past every proxy, and also to link-local addresses, which
 * no other request may reach. They are not Node's shared agents, which n8n replaces by ones that use its proxy.
 */
const LOCAL = {
	httpAgent: guarded(new HttpAgent()),
	httpsAgent: guarded(new HttpsAgent({ minVersion: 'TLSv1.2' })),
};

interface MachineContext {
	/** Decides the endpoint of STS. */
	readonly region: string;
	/** For STS alone. */
	readonly egress: EgressRules | undefined;
	/** Milliseconds that one request may take. */
	readonly timeout: number;
	/** Gives milliseconds since 1970. */
	readonly clock: () => number;
}

/** Whether an identity is that of the machine, and not of a credential. */
export function isOfMachine(identity: Identity): identity is MachineIdentity {
	const { kind } = identity;
	return kind === 'webIdentity' || kind === 'container' || kind === 'instance';
}

/**
 * Asks for the keys of the machine's role. The settings of the credential for TLS and proxies are not used: whoever
 * writes one could read what the machine proves itself with.
 * @throws S3Failure
 */
export async function machineSession(
	identity: MachineIdentity,
	{ region, egress, timeout, clock }: MachineContext,
): Promise<Session> {
	const local = { ...LOCAL, timeout, clock };
	if (identity.kind === 'container') return await requestContainerSession(identity, local);
	if (identity.kind === 'instance') return await requestInstanceSession(identity, local);
	const agents = await agentsFor({
		proxy: { kind: 'environment' },
		caCertificate: undefined,
		ignoreSslIssues: false,
		egress,
	});
	return await assumeRoleWithWebIdentity(identity, region, { ...agents, timeout, clock });
}
