/** An SQS for a file of tests, from before its first test until after its last. */
import { setTimeout as sleep } from 'node:timers/promises';

import { openQueue } from '../../../s3/queue/openQueue';
import type { Queue } from '../../../s3/queue/Queue';
import type { Connection } from '../../../s3/Connection';
import { connectionTo } from '../connectionTo';
import { startSqs } from './server';
import type { SqsOptions, SqsServer, SqsUser } from './server';

/** The user of `open`, with what tests deny to them. */
export const user: SqsUser & { denied: Set<string> } = {
	accessKeyId: 'AKIDSQS',
	secretAccessKey: 'secret of SQS',
	denied: new Set(),
};

/** A server whose properties are there when the tests run. */
export interface RunningSqs extends SqsServer {
	connection(settings?: Partial<Connection>): Connection;
	/** Opens a queue as nobody else has. */
	open(queue: string, settings?: Partial<Connection>): Promise<Queue>;
}

/** Numbers that make connections differ. */
let opened = 0;

/** Starts the server before the first test of a file. Each test begins without faults, denials and requests. */
export function withSqs(options: Omit<SqsOptions, 'users'> & Partial<SqsOptions>): RunningSqs {
	const sqs = {} as RunningSqs;
	let started: SqsServer;
	beforeAll(async () => {
		started = await startSqs({ users: [user], ...options });
		const connection = (settings: Partial<Connection> = {}): Connection =>
			connectionTo(
				{ endpoint: 'http://s3.invalid', region: started.region, users: { main: user } },
				{ multipartThreshold: ++opened, ...settings },
			);
		const own = {
			connection,
			open: async (queue: string, settings: Partial<Connection> = {}) =>
				await openQueue(connection(settings), { queue: started.urlOf(queue) }),
		};
		Object.assign(sqs, started, own);
	});
	beforeEach(() => {
		user.denied.clear();
		started.requests.splice(0);
		started.faults.splice(0);
		started.clock.offset = 0;
		started.clear();
	});
	afterAll(async () => await started.stop());
	return sqs;
}

/** Milliseconds that a test waits for something. */
const PATIENCE = 8000;

/** Waits until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
	const end = performance.now() + PATIENCE;
	while (!isSo()) {
		if (performance.now() > end) throw new Error('it did not come to it');
		await sleep(5);
	}
}
