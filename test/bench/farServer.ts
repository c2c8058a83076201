import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { DelayProxy } from '../servers/delayProxy';

/**
 * A delay proxy that no work of the bench itself holds up: it has a process of its own.
 * @param roundTrip milliseconds
 */
export async function startFarServer(endpoint: string, roundTrip: number): Promise<DelayProxy> {
	const script = join(__dirname, 'delayProxyProcess.ts');
	const process_ = spawn(process.execPath, ['--import', 'tsx', script, endpoint, `${roundTrip}`], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	const closed = once(process_, 'close');
	const failed = closed.then(() => {
		throw new Error('the delay proxy did not start');
	});
	const [line] = (await Promise.race([once(process_.stdout, 'data'), failed])) as [Buffer];
	failed.catch(() => undefined);
	return {
		endpoint: line.toString().trim(),
		stop: async () => {
			process_.stdin.end();
			await closed;
		},
	};
}
