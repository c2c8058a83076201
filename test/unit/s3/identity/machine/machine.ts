import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MachineIdentity } from '../../../../../s3/Connection';
import { identityFor } from '../../../../../s3/identity/identityFor';
import type { IdentityContext, SessionProvider } from '../../../../../s3/identity/identityFor';
import type { Session } from '../../../../../s3/identity/Session';
import { SessionCache } from '../../../../../s3/identity/sessionCache';
import { agents } from '../rolesAnywhere/lab';

export const REGION = 'eu-central-1';

/** A provider with a cache of its own. */
export function providerOf(
	identity: MachineIdentity,
	context: Partial<IdentityContext> = {},
): SessionProvider {
	const sessions = new SessionCache<Session>(context.clock);
	return identityFor(identity, { region: REGION, agents, sessions, ...context });
}

/** A new session. */
export const sessionOf = (
	identity: MachineIdentity,
	context: Partial<IdentityContext> = {},
): Promise<Session> => providerOf(identity, context)({ retryFor: 1000 });

/** A folder for the files of a test, which is deleted after the last one. */
export function withFolder(): (name: string, content?: string) => string {
	const folder = mkdtempSync(join(tmpdir(), 'machine-'));
	afterAll(() => {
		rmSync(folder, { recursive: true });
	});
	return (name, content) => {
		const path = join(folder, name);
		if (content !== undefined) writeFileSync(path, content);
		return path;
	};
}
