import { startEmbedded, type EmbeddedServer, type User } from '../servers/embedded';
import type { Credential } from './n8n';

export interface TestServer extends EmbeddedServer {
	/** Of a user who may do everything. */
	credential: Credential;
	credentialOf(user: User): Credential;
}

/** Starts an S3 server for one file of tests. */
export async function startServer(): Promise<TestServer> {
	const server = await startEmbedded();
	const credentialOf = ({ accessKeyId, secretAccessKey }: User): Credential => ({
		endpoint: server.endpoint,
		accessKeyId,
		secretAccessKey,
	});
	return { ...server, credentialOf, credential: credentialOf(server.users.main) };
}
