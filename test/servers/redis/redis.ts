import { startProgram } from '../program';
import type { Program } from '../program';

/**
 * Starts a Redis on loopback that keeps nothing on disk.
 *
 * @throws with what Redis says, or with the command that installs it if it is missing
 */
export async function startRedis(): Promise<Program> {
	return await startProgram({
		command: 'redis-server',
		packages: 'redis-server',
		log: 'redis.log',
		argumentsIn: ({ folder, port }) =>
			Promise.resolve([
				...['--bind', '127.0.0.1', '--port', String(port), '--dir', folder],
				...['--save', '', '--appendonly', 'no', '--logfile', 'redis.log'],
			]),
	});
}
