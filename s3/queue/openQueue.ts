import { createHash } from 'node:crypto';
import type { Connection } from '../Connection';
import { agentsFor } from '../http/agentsFor';
import { proxyVariables } from '../http/proxy';
import { LruMap } from '../LruMap';
import { checkTokenReceiver } from '../policy/tokenReceiver';
import type { Queue } from './Queue';
import { queueAddress } from './queueAddress';
import { SqsQueue } from './SqsQueue';

/** Queues kept, with their sockets. */
const MAX_QUEUES = 64;

const opened = new LruMap<string, Promise<Queue>>(MAX_QUEUES);

/** Which queue is meant. */
export interface QueueName {
	/** URL or ARN. */
	readonly queue: string;
	/** URL of a VPC endpoint or of a server of one's own; undefined is that of the queue. */
	readonly endpoint?: string | undefined;
}

/**
 * Gives a queue for the keys, the proxy and the TLS settings of a connection. The limits of the connection are
 * about objects, and no call to a queue reads or changes one: they only say who may get a session token.
 * @throws S3Failure of kind `invalid` when this is not the URL or ARN of a standard queue, `refused` for a server that
 * may not get the token
 */
export async function openQueue(connection: Connection, name: QueueName): Promise<Queue> {
	const { queue, endpoint } = name;
	const address = queueAddress({ queue, endpoint, region: connection.region });
	checkTokenReceiver(connection, address.endpoint);
	const settings = [connection, address, proxyVariables(connection.proxy)];
	const id = createHash('sha256').update(JSON.stringify(settings)).digest('hex');
	const known = opened.get(id);
	if (known !== undefined) return await known;
	const opening = Promise.all([import('../sdk'), agentsFor(connection)]).then(
		([sdk, agents]) => new SqsQueue(connection, address, sdk, agents),
	);
	// What could not be opened (no file descriptor was left) may be opened the next time.
	opening.catch(() => opened.get(id) === opening && opened.delete(id));
	opened.set(id, opening);
	return await opening;
}
