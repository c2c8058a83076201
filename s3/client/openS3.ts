import { createHash } from 'node:crypto';
import type { Connection } from '../Connection';
import { agentsFor } from '../http/agentsFor';
import { proxyVariables } from '../http/proxy';
import type { OpenS3 } from './S3';
import { SdkClient } from './SdkClient';

/** Connections kept at once; the one unused for longest goes first. */
const MAX_CONNECTIONS = 64;

const opened = new Map<string, Promise<OpenS3>>();

/**
 * Gives the client for a connection. Equal settings get the same client, with its kept-alive
 * sockets and the bucket regions it has learned; changed settings get a new one at once. What the
 * environment says of proxies is one of them where the connection goes by it.
 */
export function openS3(connection: Connection): Promise<OpenS3> {
	const settings = [connection, proxyVariables(connection.proxy)];
	const id = createHash('sha256').update(JSON.stringify(settings)).digest('hex');
	const known = opened.get(id);
	const s3 = known ?? newClient(connection);
	// What could not be opened (no file descriptor was left) may be opened the next time.
	s3.catch(() => opened.get(id) === s3 && opened.delete(id));
	// Deleting and setting again makes it the youngest.
	opened.delete(id);
	opened.set(id, s3);
	const [oldest] = opened.keys();
	// Its idle sockets close by themselves; what still runs on it finishes.
	if (opened.size > MAX_CONNECTIONS && oldest !== undefined) opened.delete(oldest);
	return s3;
}

async function newClient(connection: Connection): Promise<SdkClient> {
	const [sdk, agents] = await Promise.all([import('../sdk'), agentsFor(connection)]);
	return new SdkClient(connection, sdk, agents);
}
