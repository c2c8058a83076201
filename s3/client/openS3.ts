import { createHash } from 'node:crypto';
import type { Connection } from '../Connection';
import { agentsFor } from '../http/agentsFor';
import { proxyVariables } from '../http/proxy';
import { LruMap } from '../LruMap';
import type { OpenS3 } from './S3';
import { SdkClient } from './SdkClient';

/** Connections kept. The idle sockets of one that is dropped close by themselves; what runs on it finishes. */
const MAX_CONNECTIONS = 64;

const opened = new LruMap<string, Promise<OpenS3>>(MAX_CONNECTIONS);

/**
 * Gives the client for a connection. Equal settings get the same client, with its kept-alive
 * sockets and the bucket regions it has learned; changed settings get a new one at once. What the
 * environment says of proxies is one of them where the connection goes by it.
 */
export function openS3(connection: Connection): Promise<OpenS3> {
	const settings = [connection, proxyVariables(connection.proxy)];
	const id = createHash('sha256').update(JSON.stringify(settings)).digest('hex');
	const known = opened.get(id);
	if (known !== undefined) return known;
	const s3 = newClient(connection);
	// What could not be opened (no file descriptor was left) may be opened the next time.
	s3.catch(() => opened.get(id) === s3 && opened.delete(id));
	opened.set(id, s3);
	return s3;
}

async function newClient(connection: Connection): Promise<SdkClient> {
	const [sdk, agents] = await Promise.all([import('../sdk'), agentsFor(connection)]);
	return new SdkClient(connection, sdk, agents);
}
