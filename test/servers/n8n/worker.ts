import { freePort } from '../program';
import { startProcess } from './process';
import type { N8nProcess } from './process';

/**
 * Starts a worker of an n8n in queue mode, the newest one, and waits until it takes executions.
 * @param userFolder of the main process: they share its database and this package
 * @param env the same as for the main process
 */
export async function startWorker(
	userFolder: string,
	env: Record<string, string>,
): Promise<N8nProcess> {
	const port = String(await freePort());
	return await startProcess({
		command: 'worker',
		release: 'newest',
		userFolder,
		readyAt: [`http://127.0.0.1:${port}/healthz/readiness`],
		nodeFlags: [],
		env: { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: port, ...env },
	});
}
